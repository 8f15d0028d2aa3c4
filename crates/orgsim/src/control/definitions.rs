//! New objects and fields through the control endpoint, as an administrator makes them.
//!
//! `POST /__orgsim/objects` `{"object":"Machine__c", "label"?, "label_plural"?, "key_prefix"?, "fields"?:[…]}` makes a
//! custom object with a name, an owner and the stamps. `POST /__orgsim/fields` `{"object", "fields":[…]}` adds fields
//! to any object. A field is `{"name", "type", "label"?, "length"?, "precision"?, "scale"?, "values"?, "restricted"?,
//! "required"?, "unique"?, "case_sensitive"?, "external_id"?, "reference_to"?, "relationship"?, "children"?,
//! "master_detail"?}`; `type` is describe's, without `id`, `address` and `encryptedstring`. A location gets its two
//! components, and a master-detail goes with its parent and never moves.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, read};
use crate::org::Org;
use crate::router::request::Request;
use crate::schema::build::{
    base64, checkbox, combobox, currency, date, date_time, email, identity, integer, lookup,
    multi_picklist, number, object as blank, owner, percent, phone, picklist, stamps, text,
    text_area, time, url,
};
use crate::schema::{Field, FieldType};
use crate::setup::{add_object, reindex};

/// Digits of a number whose definition names none, in all and behind the point.
const DIGITS: (u32, u32) = (18, 2);

/// Characters of a text whose definition names none.
const CHARACTERS: u32 = 255;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewObject {
    object: String,
    label: Option<String>,
    label_plural: Option<String>,
    key_prefix: Option<String>,
    #[serde(default)]
    fields: Vec<NewField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFields {
    object: String,
    fields: Vec<NewField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a definition has these switches, each on its own"
)]
struct NewField {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    label: Option<String>,
    length: Option<u32>,
    precision: Option<u32>,
    scale: Option<u32>,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    restricted: bool,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    case_sensitive: bool,
    #[serde(default)]
    external_id: bool,
    #[serde(default)]
    reference_to: Vec<String>,
    relationship: Option<String>,
    children: Option<String>,
    #[serde(default)]
    master_detail: bool,
}

/// Makes an object.
pub(super) fn add_objects(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let new: NewObject = read(request)?;
    if org.schema.object(&new.object).is_some() {
        return Err(format!("there is an object {} already", new.object));
    }
    let label = new.label.unwrap_or_else(|| label(&new.object));
    let plural = new.label_plural.unwrap_or_else(|| format!("{label}s"));
    let prefix = new.key_prefix.map_or_else(|| free_prefix(org), Ok)?;
    if org.schema.by_key_prefix(&prefix).is_some() || prefix.len() != 3 {
        return Err(format!("{prefix} is no free key prefix"));
    }
    let name = text("Name", "Name", 80).naming().id_lookup().defaulted();
    let made = blank(&new.object, &label, &plural, &prefix)
        .with(identity("Record"))
        .with([name, owner(&["Group", "User"])])
        .with(stamps());
    add_object(org, made);
    put_fields(org, &new.object, &new.fields)?;
    Ok(json!({ "object": new.object, "key_prefix": prefix }))
}

/// Adds fields to an object.
pub(super) fn add_fields(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let new: NewFields = read(request)?;
    let names: Vec<String> = new.fields.iter().map(|field| field.name.clone()).collect();
    put_fields(org, &new.object, &new.fields)?;
    Ok(json!({ "object": new.object, "fields": names }))
}

fn put_fields(org: &mut Org, object: &str, new: &[NewField]) -> Result<(), Refused> {
    let mut fields = Vec::new();
    for field in new {
        fields.extend(definition(field)?);
    }
    let name = {
        let objects = &mut org.schema.objects;
        let object = objects.iter_mut().find(|own| own.name.eq_ignore_ascii_case(object));
        let object = object.ok_or("there is no such object")?;
        if let Some(known) = fields.iter().find(|field| object.field(&field.name).is_some()) {
            return Err(format!("{} has a field {} already", object.name, known.name));
        }
        object.fields.extend(fields);
        object.name.clone()
    };
    reindex(org, &name);
    org.schema.changed = Some(org.clock.now());
    Ok(())
}

/// The field as describe will show it, behind the components that it is made of.
fn definition(new: &NewField) -> Result<Vec<Field>, Refused> {
    let label = new.label.clone().unwrap_or_else(|| label(&new.name));
    let name = new.name.as_str();
    let mut parts = Vec::new();
    let mut field = plain(new, &label)?;
    field.nillable = !(new.required || new.master_detail || field.kind == FieldType::Boolean);
    field.restricted_picklist = new.restricted;
    field.case_sensitive = new.case_sensitive;
    field.unique = new.unique;
    if new.external_id {
        field = field.external_id();
    }
    if field.kind == FieldType::Location {
        let base = name.trim_end_matches("__c");
        let part = |own: &str| {
            let component =
                number(&format!("{base}__{own}__s"), &format!("{label} ({own})"), 18, 15);
            Field { custom: true, ..component.part_of(name) }
        };
        parts.extend([part("Latitude"), part("Longitude")]);
        field = Field { sortable: false, ..field.read_only() };
    }
    if new.master_detail {
        field = field.create_only().deleted_with_parent();
    }
    field.child_relationship_name.clone_from(&new.children);
    parts.push(field);
    Ok(parts)
}

fn plain(new: &NewField, label: &str) -> Result<Field, Refused> {
    let (name, length) = (new.name.as_str(), new.length.unwrap_or(CHARACTERS));
    let (precision, scale) = (new.precision.unwrap_or(DIGITS.0), new.scale.unwrap_or(DIGITS.1));
    let values: Vec<&str> = new.values.iter().map(String::as_str).collect();
    Ok(match new.kind.as_str() {
        "string" => text(name, label, length),
        "textarea" => text_area(name, label, length),
        "boolean" => checkbox(name, label),
        "int" => integer(name, label, new.precision.unwrap_or(9)),
        "double" => number(name, label, precision, scale),
        "currency" => currency(name, label, precision, scale),
        "percent" => percent(name, label, precision, scale),
        "date" => date(name, label),
        "datetime" => date_time(name, label),
        "time" => time(name, label),
        "email" => email(name, label),
        "phone" => phone(name, label),
        "url" => url(name, label),
        "picklist" => picklist(name, label, CHARACTERS, &values),
        "multipicklist" => multi_picklist(name, label, &values),
        "combobox" => combobox(name, label, length, &values),
        "base64" => base64(name, label),
        "location" => Field { kind: FieldType::Location, ..number(name, label, 0, 0) },
        "reference" => {
            let targets: Vec<&str> = new.reference_to.iter().map(String::as_str).collect();
            let usual = name.strip_suffix("__c").map(|base| format!("{base}__r"));
            let relationship = new.relationship.clone().or(usual);
            let relationship = relationship.ok_or("name the relationship of a standard field")?;
            if targets.is_empty() {
                return Err(format!("reference_to of {name} names no object"));
            }
            lookup(name, label, &targets, &relationship)
        }
        other => return Err(format!("there is no field type {other} to be made")),
    })
}

/// The first prefix of custom objects that no object has.
fn free_prefix(org: &Org) -> Result<String, Refused> {
    let letters = ('0'..='9').chain('A'..='Z').chain('a'..='z');
    let mut free = letters.map(|letter| format!("a0{letter}"));
    let free = free.find(|prefix| org.schema.by_key_prefix(prefix).is_none());
    free.ok_or_else(|| "no key prefix is free".to_owned())
}

fn label(name: &str) -> String {
    name.trim_end_matches("__c").replace('_', " ")
}
