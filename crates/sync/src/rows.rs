//! Small readings of mappings and rows that every step shares: which fields are read, which keys name a row.

use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_formula::convert::convert;
use isthmus_model::canonical::{Fingerprint, canonical, fingerprint};
use isthmus_model::ids::{RecordId, Side};
use isthmus_model::mapping::{FieldPair, MatchRule, ObjectMapping};
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, FieldSchema, ObjectSchema};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;

use crate::side::Selection;

/// The field that says who modified a row last.
pub(crate) const MODIFIED_BY: &str = "LastModifiedById";

/// Mapped fields of one side in mapping order, then match fields that are not mapped; of the right side, which is
/// written, also who modified the row last.
pub(crate) fn selection(mapping: &ObjectMapping, side: Side) -> Selection {
    let object = match side {
        Side::Left => &mapping.left,
        Side::Right => &mapping.right,
    };
    let mut fields: Vec<FieldName> = Vec::new();
    for field in mapping.fields.iter().map(|field| &field.pair).chain(mapping.match_rule.pairs()) {
        let name = &schema_of(field, side).name;
        if !fields.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            fields.push(name.clone());
        }
    }
    let modified_by = object.field(MODIFIED_BY).filter(|_| side == Side::Right);
    if let Some(field) = modified_by
        && !fields.iter().any(|known| known.eq_ignore_ascii_case(&field.name))
    {
        fields.push(field.name.clone());
    }
    Selection { object: Arc::clone(object), fields: fields.into() }
}

/// One side of a pair.
pub(crate) fn schema_of(pair: &FieldPair, side: Side) -> &FieldSchema {
    match side {
        Side::Left => &pair.left,
        Side::Right => &pair.right,
    }
}

/// A snapshot without rows.
pub(crate) fn empty(selection: &Selection) -> Snapshot {
    Snapshot {
        object: selection.object.name.clone(),
        fields: Arc::clone(&selection.fields),
        rows: Vec::new(),
    }
}

/// A row's value of a field, null where it was not read.
pub(crate) fn value_of<'a>(rows: &Snapshot, row: &'a SnapshotRow, field: &str) -> &'a Value {
    const NULL: &Value = &Value::Null;
    rows.position(field).and_then(|position| row.values.get(position)).unwrap_or(NULL)
}

/// True when our own user modified the row last; also where the side cannot say who did.
pub(crate) fn last_modified_by_us(
    rows: &Snapshot,
    row: &SnapshotRow,
    own: Option<RecordId>,
) -> bool {
    match (own, value_of(rows, row, MODIFIED_BY)) {
        (Some(own), Value::Id(user)) => *user == own,
        _ => true,
    }
}

/// What one side holds of the mapped fields, as that side would store it.
pub(crate) fn mapped_values(
    mapping: &ObjectMapping,
    rows: &Snapshot,
    row: &SnapshotRow,
    side: Side,
) -> BTreeMap<FieldName, Value> {
    mapping
        .fields
        .iter()
        .map(|field| schema_of(&field.pair, side))
        .map(|schema| (schema.name.clone(), canonical(value_of(rows, row, &schema.name), schema)))
        .collect()
}

/// Fingerprint of the mapped values of one side, in mapping order.
pub(crate) fn mapped_fingerprint(
    mapping: &ObjectMapping,
    values: &BTreeMap<FieldName, Value>,
    side: Side,
) -> Fingerprint {
    const NULL: &Value = &Value::Null;
    fingerprint(mapping.fields.iter().map(|field| {
        let schema = schema_of(&field.pair, side);
        (values.get(&schema.name).unwrap_or(NULL), schema)
    }))
}

/// Fingerprint of what the org says of an object: a quarantined row is tried again when it changes.
pub(crate) fn describe_fingerprint(object: &ObjectSchema) -> Fingerprint {
    use sha2::{Digest, Sha256};
    let encoded = serde_json::to_vec(object).unwrap_or_default();
    let digest = Sha256::digest(&encoded);
    let mut short = [0_u8; 16];
    short.copy_from_slice(&digest[..16]);
    Fingerprint(short)
}

/// The key by which a left row's partner is looked up on the right; `None` when a part of it is blank.
pub(crate) fn lookup_key(rows: &Snapshot, row: &SnapshotRow, rule: &MatchRule) -> Option<RowKey> {
    let part = |pair: &FieldPair| {
        let left = value_of(rows, row, &pair.left.name);
        let converted = convert(left, &pair.left, &pair.right).ok()?;
        let value = canonical(&converted, &pair.right);
        (!value.is_blank()).then(|| (pair.right.name.clone(), value))
    };
    match rule {
        MatchRule::UniqueKey(pair) => {
            part(pair).map(|(field, value)| RowKey::External { field, value })
        }
        MatchRule::FieldSet(pairs) => {
            let fields: Option<Vec<(FieldName, Value)>> = pairs.iter().map(part).collect();
            fields.map(|fields| RowKey::Fields { fields })
        }
    }
}

/// Rows by id.
pub(crate) fn by_id(rows: &Snapshot) -> BTreeMap<RecordId, &SnapshotRow> {
    rows.rows.iter().map(|row| (row.id, row)).collect()
}

/// Adds rows that are not there yet; fields must be the same.
pub(crate) fn merge(into: &mut Snapshot, more: Snapshot) {
    let known: std::collections::BTreeSet<RecordId> = into.rows.iter().map(|row| row.id).collect();
    into.rows.extend(more.rows.into_iter().filter(|row| !known.contains(&row.id)));
}
