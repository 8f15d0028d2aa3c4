//! Formulas and roll-ups: kept true with every change of the rows they are computed from, so that reads need not compute.

use serde_json::Value;

use crate::api::journal::Change;
use crate::api::transaction::Transaction;
use crate::rows::{Row, RowId, Stored, text};
use crate::schema::Object;
use crate::setup::{Formula, RollUp, Setup};

/// True when the org computes any field.
pub(crate) fn are_used(setup: &Setup) -> bool {
    !setup.formulas.is_empty() || !setup.roll_ups.is_empty()
}

/// Sets the formula fields of a row.
pub(crate) fn compute(transaction: &Transaction<'_>, object: &Object, row: &mut Row) {
    for formula in transaction.setup.formulas.iter().filter(|own| own.object == object.name) {
        let value = formula.expression.evaluate(&|path| read(transaction, object, row, path));
        if value.is_null() {
            row.remove(&formula.field);
        } else {
            row.insert(formula.field.clone(), value);
        }
    }
}

/// Lets roll-ups on the row's parents and formulas of its children follow a change. `before` is the row before it.
pub(crate) fn follow(
    transaction: &mut Transaction<'_>,
    object: &Object,
    id: &RowId,
    before: Option<&Row>,
) {
    let roll_ups: Vec<RollUp> =
        transaction.setup.roll_ups.iter().filter(|own| own.child == object.name).cloned().collect();
    for roll_up in roll_ups {
        let after = transaction.stored(object, id).map(|stored| &stored.row);
        let parents = [before, after].map(|row| row.and_then(|row| text(row, &roll_up.reference)));
        let mut parents: Vec<RowId> = parents.into_iter().flatten().map(RowId::from).collect();
        parents.dedup();
        parents.iter().for_each(|parent| roll(transaction, &roll_up, parent));
    }
    follow_formulas(transaction, object, id);
}

/// Computes every formula and roll-up of the org anew, as when one was just defined.
pub(crate) fn compute_all(transaction: &mut Transaction<'_>) {
    for roll_up in transaction.setup.roll_ups.clone() {
        for (_, id) in live_ids(transaction, &roll_up.object) {
            roll(transaction, &roll_up, &id);
        }
    }
    for formula in transaction.setup.formulas.clone() {
        for (object, id) in live_ids(transaction, &formula.object) {
            recompute(transaction, object, &id);
        }
    }
}

fn live_ids<'org>(transaction: &Transaction<'org>, name: &str) -> Vec<(&'org Object, RowId)> {
    let Some(object) = transaction.schema.object(name) else { return Vec::new() };
    let Some(table) = transaction.tables.get(&object.name) else { return Vec::new() };
    let live = table.all().filter(|(_, stored)| stored.deleted_date.is_none());
    live.map(|(id, _)| (object, id.clone())).collect()
}

/// A formula sees the row's own fields and those of one parent.
fn read(transaction: &Transaction<'_>, object: &Object, row: &Row, path: &str) -> Value {
    let Some((relationship, field)) = path.split_once('.') else {
        return row.get(path).cloned().unwrap_or_default();
    };
    let parent = object.relationship(relationship).and_then(|lookup| text(row, &lookup.name));
    let parent = parent.and_then(|id| transaction.live_anywhere(id));
    parent.and_then(|parent| parent.get(field)).cloned().unwrap_or_default()
}

fn follow_formulas(transaction: &mut Transaction<'_>, object: &Object, id: &RowId) {
    let over_parents = transaction.setup.formulas.iter();
    let over_parents: Vec<Formula> =
        over_parents.filter(|own| own.expression.reads_parent()).cloned().collect();
    for formula in over_parents {
        let Some(child) = transaction.schema.object(&formula.object) else { continue };
        let lookups = child.fields.iter().filter(|field| field.reference_to.contains(&object.name));
        for lookup in lookups {
            for child_id in transaction.rows_holding(child, lookup, &Value::from(&**id)) {
                recompute(transaction, child, &child_id);
            }
        }
    }
}

/// Puts a row again when its formulas changed; stamps stay.
fn recompute(transaction: &mut Transaction<'_>, object: &Object, id: &RowId) {
    let Some(stored) = transaction.stored(object, id).cloned() else { return };
    let mut row = stored.row.clone();
    compute(transaction, object, &mut row);
    if row != stored.row {
        transaction.put(object, id, Stored { row, ..stored }, Change::SideEffect);
    }
}

/// Sets one roll-up on one parent; the system's stamp moves when the value does.
fn roll(transaction: &mut Transaction<'_>, roll_up: &RollUp, parent: &RowId) {
    let schema = transaction.schema;
    let (Some(object), Some(child)) =
        (schema.object(&roll_up.object), schema.object(&roll_up.child))
    else {
        return;
    };
    let Some(reference) = child.field(&roll_up.reference) else { return };
    let Some(stored) = transaction.stored(object, parent).cloned() else { return };
    let children = transaction.rows_holding(child, reference, &Value::from(&**parent));
    let numbers: Vec<f64> = children
        .iter()
        .filter_map(|id| transaction.stored(child, id)?.row.get(roll_up.source.as_ref()?)?.as_f64())
        .collect();
    let value = roll_up.value(children.len(), &numbers);
    if stored.deleted_date.is_some()
        || stored.row.get(&roll_up.field).unwrap_or(&Value::Null) == &value
    {
        return;
    }
    let mut row = stored.row;
    if value.is_null() {
        row.remove(&roll_up.field);
    } else {
        row.insert(roll_up.field.clone(), value);
    }
    row.insert("SystemModstamp".to_owned(), Value::from(transaction.stamp.as_str()));
    transaction.put(object, parent, Stored { row, deleted_date: None }, Change::SideEffect);
}
