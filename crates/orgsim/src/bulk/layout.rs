//! The header line of an ingest file: what each column sets (wire reference 7.1, "Relationship columns").

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::schema::{Field, FieldType, Object, Schema};

/// The documented text for a column that the object does not have; only the first one is named.
pub(crate) const NO_FIELD: &str = "InvalidBatch : Field name not found : ";

/// The longest header line, in characters.
const HEADER_CHARACTERS_MAX: usize = 32_000;

/// The cell that clears a field; an empty one leaves it as it is.
const CLEARED: &str = "#N/A";

/// What one column sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// The row's own id.
    Id,
    /// A field.
    Field {
        /// Exact API name.
        name: String,
        kind: FieldType,
    },
    /// A lookup, by a key of its parent.
    Parent {
        /// The relationship's name.
        relationship: String,
        /// The parent's object, where several are possible.
        object: Option<String>,
        /// The parent's key field.
        key: String,
    },
}

/// The columns of a file in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) columns: Vec<Column>,
}

/// One line as a write takes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    /// The id, where the line has one.
    pub(crate) id: Option<String>,
    /// Fields and parents; null for a cleared one.
    pub(crate) body: Map<String, Value>,
}

impl Layout {
    /// Reads a header. `required` are columns that must be there: `Id`, or the key of an upsert.
    ///
    /// # Errors
    /// The job's `errorMessage`.
    pub(crate) fn read(
        schema: &Schema,
        object: &Object,
        header: &[Cow<'_, str>],
        required: Option<&str>,
    ) -> Result<Self, String> {
        let length: usize = header.iter().map(|name| name.chars().count() + 1).sum();
        if length > HEADER_CHARACTERS_MAX {
            return Err(format!(
                "InvalidBatch : The header line has more than {HEADER_CHARACTERS_MAX} characters"
            ));
        }
        let columns: Vec<Column> =
            header.iter().map(|name| column(schema, object, name)).collect::<Result<_, _>>()?;
        let names: Vec<String> = header.iter().map(|name| name.to_lowercase()).collect();
        if let Some(missing) = required.filter(|name| !names.contains(&name.to_lowercase())) {
            return Err(format!("{NO_FIELD}{missing}"));
        }
        Ok(Self { columns })
    }

    /// The layout of a delete: the column `Id` and no other.
    ///
    /// # Errors
    /// The job's `errorMessage`.
    pub(crate) fn of_delete(header: &[Cow<'_, str>]) -> Result<Self, String> {
        match header.iter().find(|name| !name.eq_ignore_ascii_case("Id")) {
            Some(other) => Err(format!("{NO_FIELD}{other}")),
            None => Ok(Self { columns: vec![Column::Id; header.len()] }),
        }
    }

    /// What a line's cells say.
    pub(crate) fn line(&self, cells: &[Cow<'_, str>]) -> Line {
        let mut line = Line::default();
        for (column, cell) in self.columns.iter().zip(cells) {
            if cell.is_empty() {
                continue;
            }
            let cleared = *cell == CLEARED;
            match column {
                Column::Id => line.id = Some(cell.trim().to_owned()),
                Column::Field { name, .. } if cleared => {
                    line.body.insert(name.clone(), Value::Null);
                }
                Column::Field { name, kind } => {
                    line.body.insert(name.clone(), value(*kind, cell));
                }
                Column::Parent { relationship, .. } if cleared => {
                    line.body.insert(relationship.clone(), Value::Null);
                }
                Column::Parent { relationship, object, key } => {
                    let mut parent = Map::new();
                    if let Some(object) = object {
                        parent.insert("attributes".to_owned(), json!({ "type": object }));
                    }
                    parent.insert(key.clone(), Value::from(&**cell));
                    line.body.insert(relationship.clone(), Value::Object(parent));
                }
            }
        }
        line
    }
}

/// A cell as JSON; CSV knows two more words for a checkbox.
pub(crate) fn value(kind: FieldType, cell: &str) -> Value {
    match (kind, cell.trim()) {
        (FieldType::Boolean, "1") => Value::Bool(true),
        (FieldType::Boolean, "0") => Value::Bool(false),
        _ => Value::from(cell),
    }
}

fn column(schema: &Schema, object: &Object, header: &str) -> Result<Column, String> {
    let not_found = || format!("{NO_FIELD}{header}");
    let Some((relationship, key)) = header.split_once('.') else {
        let field = object.field(header).ok_or_else(not_found)?;
        return match field.kind {
            FieldType::Id => Ok(Column::Id),
            FieldType::Base64 => Err(not_found()),
            kind => Ok(Column::Field { name: field.name.clone(), kind }),
        };
    };
    let (wanted, relationship) = match relationship.split_once(':') {
        Some((wanted, relationship)) => (Some(wanted), relationship),
        None => (None, relationship),
    };
    let lookup = object
        .relationship(relationship)
        .ok_or_else(|| format!("InvalidBatch : Unable to find relationship: {relationship}"))?;
    let parent = parent(schema, lookup, relationship, wanted)?.ok_or_else(not_found)?;
    let key = parent
        .field(key)
        .filter(|key| key.external_id || key.id_lookup || key.kind == FieldType::Id)
        .ok_or_else(not_found)?;
    Ok(Column::Parent {
        relationship: lookup.relationship_name.clone().unwrap_or_default(),
        object: wanted.map(|_| parent.name.clone()),
        key: key.name.clone(),
    })
}

/// The object that a relationship column names its key in: named exactly where the lookup has several.
fn parent<'schema>(
    schema: &'schema Schema,
    lookup: &Field,
    relationship: &str,
    wanted: Option<&str>,
) -> Result<Option<&'schema Object>, String> {
    let polymorphic = lookup.reference_to.len() > 1;
    match wanted {
        Some(_) if !polymorphic => Err(format!(
            "InvalidBatch : type is not needed for non polymorphic foreign key references: {relationship}"
        )),
        None if polymorphic => Err(format!(
            "InvalidBatch : type is needed for polymorphic foreign key references: {relationship}"
        )),
        _ => Ok(lookup
            .reference_to
            .iter()
            .find(|name| wanted.is_none_or(|wanted| name.eq_ignore_ascii_case(wanted)))
            .and_then(|name| schema.object(name))),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::json;

    use super::{Layout, Line};
    use crate::schema::standard;

    fn read(object: &str, header: &[&str]) -> Result<Layout, String> {
        let schema = standard::schema();
        let header: Vec<Cow<'_, str>> = header.iter().map(|name| Cow::Borrowed(*name)).collect();
        Layout::read(&schema, schema.object(object).expect("an object"), &header, None)
    }

    #[test]
    fn each_bad_column_has_its_documented_text() {
        for (object, header, message) in [
            ("Account", "Nmae", "InvalidBatch : Field name not found : Nmae"),
            ("Account", "\u{feff}Id", "InvalidBatch : Field name not found : \u{feff}Id"),
            (
                "Account",
                "Parents.ERP_Key__c",
                "InvalidBatch : Unable to find relationship: Parents",
            ),
            ("Account", "Parent.Nmae", "InvalidBatch : Field name not found : Parent.Nmae"),
            (
                "Account",
                "Parent.Description",
                "InvalidBatch : Field name not found : Parent.Description",
            ),
            (
                "Account",
                "Account:Parent:X",
                "InvalidBatch : Field name not found : Account:Parent:X",
            ),
            (
                "Account",
                "Account:Parent.ERP_Key__c",
                "InvalidBatch : type is not needed for non polymorphic foreign key references: Parent",
            ),
            ("Case", "Owner:User.Username", "InvalidBatch : Unable to find relationship: User"),
        ] {
            assert_eq!(read(object, &[header]), Err(message.to_owned()), "{header}");
        }
    }

    #[test]
    fn a_polymorphic_lookup_names_its_object_and_any_other_does_not() {
        let layout =
            read("Case", &["User:Owner.Username", "Account.ERP_Key__c", "Subject", "Status"])
                .expect("a layout");
        let cells = ["a@b.c", "K-1", "", "#N/A"].map(Cow::Borrowed);
        let expected = json!({
            "Owner": { "attributes": { "type": "User" }, "Username": "a@b.c" },
            "Account": { "ERP_Key__c": "K-1" },
            "Status": null,
        });
        let body = expected.as_object().expect("a map").clone();
        assert_eq!(layout.line(&cells), Line { id: None, body });
    }
}
