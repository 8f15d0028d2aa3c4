//! How the fake keeps and shows its rows, and how it refuses.

use isthmus_model::canonical::canonical;
use isthmus_model::cause::Cause;
use isthmus_model::ids::RecordId;
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, ObjectSchema};
use isthmus_model::value::Value;

use crate::side::fake::{FakeOrg, FakeRow};
use crate::side::{RefusalClass, RowRefusal, RowResult, SideError, SideErrorKind};

pub(super) fn shown(id: RecordId, row: &FakeRow, field: &str) -> Value {
    match field {
        "Id" => Value::Id(id),
        "LastModifiedById" if row.modified_by_us => Value::Id(FakeOrg::own_user_id()),
        "LastModifiedById" => Value::Id(RecordId::parse("005000000000099").unwrap()),
        _ => row.values.get(field).cloned().unwrap_or_default(),
    }
}

/// Stores values as an org does: trimmed, cut to scale, empty text as null.
pub(super) fn store<'v>(
    schema: &ObjectSchema,
    row: &mut FakeRow,
    values: impl Iterator<Item = (&'v str, &'v Value)>,
) {
    for (name, value) in values {
        let field = schema.field(name).unwrap_or_else(|| panic!("no field {name}"));
        row.values.insert(field.name.clone(), canonical(value, field));
    }
}

pub(super) fn has_key(row: &FakeRow, key: &RowKey) -> bool {
    let holds =
        |field: &FieldName, value: &Value| row.values.get(field).map(folded) == Some(folded(value));
    match key {
        RowKey::External { field, value } => holds(field, value),
        RowKey::Fields { fields } => fields.iter().all(|(field, value)| holds(field, value)),
    }
}

pub(super) fn folded(value: &Value) -> String {
    value.display().to_lowercase()
}

pub(super) fn refused_row(class: RefusalClass, code: &str) -> RowResult {
    RowResult::Refused(RowRefusal { class, cause: fake_cause(code) })
}

pub(super) fn side_error(kind: SideErrorKind, code: &str) -> SideError {
    SideError { kind, cause: fake_cause(code) }
}

fn fake_cause(code: &str) -> Cause {
    Cause {
        code: code.to_owned(),
        message: format!("the fake org says {code}"),
        fields: Vec::new(),
        remedy: "tell the test".to_owned(),
    }
}
