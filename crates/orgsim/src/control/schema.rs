//! Changes to objects and fields through the control endpoint, for tests of drift and lost permissions.
//!
//! `{"object", "field", …}` changes a field: `nillable`, `createable`, `updateable`, `unique`, `external_id`, `length`,
//! `restricted_picklist`, `picklist_values` (an array of values), and `remove: true`, which hides the field as a lost
//! field permission does. `{"object", …}` changes an object: `createable`, `updateable`, `deletable`, `replicateable`,
//! `queryable: false`, which hides the whole object as a lost object permission does, and `rows_visible: false`, which
//! hides its rows but not the object. `restore: true` puts the object or field back as a fresh org has it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, read};
use crate::org::Org;
use crate::router::request::Request;
use crate::rows::Table;
use crate::schema::standard;
use crate::schema::{Field, Object, PicklistValue};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    object: String,
    field: Option<String>,
    #[serde(default)]
    restore: bool,
    #[serde(default)]
    remove: bool,
    nillable: Option<bool>,
    createable: Option<bool>,
    updateable: Option<bool>,
    deletable: Option<bool>,
    replicateable: Option<bool>,
    queryable: Option<bool>,
    rows_visible: Option<bool>,
    unique: Option<bool>,
    external_id: Option<bool>,
    restricted_picklist: Option<bool>,
    length: Option<u32>,
    picklist_values: Option<Vec<String>>,
}

/// Applies one change.
pub(super) fn change(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let change: Change = read(request)?;
    match change.field.as_deref() {
        Some(field) => change_field(org, &change, field)?,
        None => change_object(org, &change)?,
    }
    org.schema.changed = Some(org.clock.now());
    Ok(json!({ "object": change.object, "field": change.field }))
}

fn change_object(org: &mut Org, change: &Change) -> Result<(), Refused> {
    let name = &change.object;
    if change.restore || change.queryable == Some(true) {
        restore_object(org, name)?;
    }
    if change.remove || change.queryable == Some(false) {
        org.schema.objects.retain(|object| !object.name.eq_ignore_ascii_case(name));
        return Ok(());
    }
    let object = object_mut(org, name)?;
    set(&mut object.createable, change.createable);
    set(&mut object.updateable, change.updateable);
    set(&mut object.deletable, change.deletable);
    set(&mut object.replicateable, change.replicateable);
    let object = object.clone();
    match change.rows_visible {
        Some(false) => hide_rows(org, &object),
        Some(true) => show_rows(org, &object),
        None => {}
    }
    Ok(())
}

fn change_field(org: &mut Org, change: &Change, name: &str) -> Result<(), Refused> {
    if change.restore {
        return restore_field(org, &change.object, name);
    }
    let object = object_mut(org, &change.object)?;
    let position = object.fields.iter().position(|field| field.name.eq_ignore_ascii_case(name));
    let position = position.ok_or_else(|| format!("{} has no field {name}", change.object))?;
    if change.remove {
        object.fields.remove(position);
        return Ok(());
    }
    apply(change, &mut object.fields[position]);
    Ok(())
}

fn apply(change: &Change, field: &mut Field) {
    set(&mut field.nillable, change.nillable);
    set(&mut field.createable, change.createable);
    set(&mut field.updateable, change.updateable);
    set(&mut field.unique, change.unique);
    set(&mut field.external_id, change.external_id);
    set(&mut field.restricted_picklist, change.restricted_picklist);
    set(&mut field.length, change.length);
    if let Some(values) = &change.picklist_values {
        field.picklist_values = values.iter().map(|value| picklist_value(value)).collect();
    }
}

fn picklist_value(value: &str) -> PicklistValue {
    PicklistValue {
        value: value.to_owned(),
        label: value.to_owned(),
        active: true,
        default_value: false,
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn object_mut<'a>(org: &'a mut Org, name: &str) -> Result<&'a mut Object, Refused> {
    let found = org.schema.objects.iter_mut().find(|object| object.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| format!("there is no object {name}"))
}

fn fresh_object(name: &str) -> Result<Object, Refused> {
    standard::schema()
        .object(name)
        .cloned()
        .ok_or_else(|| format!("a fresh org has no object {name}"))
}

fn restore_object(org: &mut Org, name: &str) -> Result<(), Refused> {
    let fresh = fresh_object(name)?;
    org.schema.objects.retain(|object| object.name != fresh.name);
    let position = org.schema.objects.partition_point(|object| object.name < fresh.name);
    org.schema.objects.insert(position, fresh);
    Ok(())
}

fn restore_field(org: &mut Org, object: &str, name: &str) -> Result<(), Refused> {
    let fresh = fresh_object(object)?;
    let field = fresh.field(name).ok_or_else(|| format!("a fresh {object} has no field {name}"))?;
    let object = object_mut(org, object)?;
    match object.fields.iter_mut().find(|own| own.name == field.name) {
        Some(own) => *own = field.clone(),
        None => object.fields.push(field.clone()),
    }
    Ok(())
}

/// Takes the rows out of the user's sight: the table stands aside until it is shown again.
fn hide_rows(org: &mut Org, object: &Object) {
    if org.faults.unshared.contains_key(&object.name) {
        return;
    }
    let empty = Table::new(object, &org.id);
    if let Some(mut table) = org.tables.insert(object.name.clone(), empty) {
        table.untrack();
        org.faults.unshared.insert(object.name.clone(), table);
    }
}

fn show_rows(org: &mut Org, object: &Object) {
    if let Some(table) = org.faults.unshared.remove(&object.name) {
        org.tables.insert(object.name.clone(), table);
    }
}
