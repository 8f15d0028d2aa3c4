//! Which fields tell records of an object apart: keys first, then what every record has, nothing long.

use isthmus_contract::record::RecordColumn;
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

/// Columns besides name and last change.
const MOST_COLUMNS: usize = 5;

/// Longest text of a column that is read at a glance.
const SHORT_TEXT: u32 = 255;

/// What a table of records shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The name field, where the object has one.
    pub(super) name: Option<String>,
    /// The columns after the name.
    pub(super) shown: Vec<RecordColumn>,
    /// The stamp of the last change, where the object has one.
    pub(super) changed: Option<String>,
}

impl Columns {
    pub(super) fn of(schema: &ObjectSchema) -> Self {
        let name = schema.fields.iter().find(|field| field.name_field);
        let mut ranked: Vec<(u8, &FieldSchema)> = schema
            .fields
            .iter()
            .filter(|field| !field.name_field && is_short(field))
            .filter_map(|field| Some((rank(field)?, field)))
            .collect();
        // The sort is stable: within a rank the order of describe stays.
        ranked.sort_by_key(|(rank, _)| *rank);
        let column = |(_, field): (u8, &FieldSchema)| RecordColumn {
            field: field.name.clone(),
            label: field.label.clone(),
        };
        let changed = ["LastModifiedDate", "SystemModstamp"]
            .into_iter()
            .find_map(|stamp| schema.field(stamp))
            .map(|field| field.name.clone());
        Self {
            name: name.map(|field| field.name.clone()),
            shown: ranked.into_iter().take(MOST_COLUMNS).map(column).collect(),
            changed,
        }
    }
}

/// Keys tell records apart, required fields are never empty, and what people write tells more than what the org fills.
fn rank(field: &FieldSchema) -> Option<u8> {
    let own_text = field.updateable && !matches!(field.kind, FieldType::Boolean);
    match () {
        () if field.external_id => Some(0),
        () if field.unique => Some(1),
        () if field.required_on_create() => Some(2),
        () if field.auto_number => Some(3),
        () if own_text => Some(4),
        () => None,
    }
}

fn is_short(field: &FieldSchema) -> bool {
    match field.kind {
        FieldType::String
        | FieldType::Picklist
        | FieldType::Combobox
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url => field.length <= SHORT_TEXT,
        FieldType::Boolean
        | FieldType::Int
        | FieldType::Long
        | FieldType::Double
        | FieldType::Currency
        | FieldType::Percent
        | FieldType::Date
        | FieldType::DateTime
        | FieldType::Time => true,
        _ => false,
    }
}
