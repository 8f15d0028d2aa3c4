//! sObject Tree: parents with their children in one call, all or none (wire reference 5.4).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::api::transaction::Transaction;
use crate::api::{Answered, body, save};
use crate::org::Org;
use crate::schema::{Field, Object};
use crate::wire::{ApiRequest, ApiResponse};

/// Most rows of one call.
const RECORDS_MAX: usize = 200;

/// Most objects of one call.
const TYPES_MAX: usize = 5;

/// Deepest row, the roots being the first level.
const LEVELS_MAX: usize = 5;

/// `POST /composite/tree/X`.
pub(crate) fn tree(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    name: &str,
) -> Answered {
    if request.method != "POST" {
        return Err(ApiError::no_method(&request.method, "POST"));
    }
    let body = body::object(request)?;
    let roots = body::list(&body, "records")?;
    let object = org.schema.object(name).ok_or_else(ApiError::no_resource)?.clone();
    let mut size = Size::default();
    for root in roots {
        measure(root, 1, &mut size)?;
    }
    size.check()?;
    let mark = journal.mark();
    let mut planting = Planting {
        transaction: Transaction::begin(org, journal).heeding(request),
        planted: Vec::new(),
        failed: Vec::new(),
    };
    for root in roots {
        planting.plant(&object, root, None);
    }
    if planting.failed.is_empty() {
        let results = planting.planted;
        return Ok(ApiResponse::json(201, json!({ "hasErrors": false, "results": results })));
    }
    let failed = std::mem::take(&mut planting.failed);
    planting.transaction.roll_back(mark);
    Ok(ApiResponse::json(400, json!({ "hasErrors": true, "results": failed })))
}

#[derive(Default)]
struct Size {
    references: BTreeSet<String>,
    types: BTreeSet<String>,
    levels: usize,
}

impl Size {
    fn check(&self) -> Result<(), ApiError> {
        let limits = [
            (self.references.len(), RECORDS_MAX, "records"),
            (self.types.len(), TYPES_MAX, "types"),
            (self.levels, LEVELS_MAX, "levels"),
        ];
        match limits.iter().find(|(size, most, _)| size > most) {
            Some((_, most, what)) => {
                let message = format!("A tree may hold at most {most} {what}");
                Err(ApiError::call(400, "LIMIT_EXCEEDED", message))
            }
            None => Ok(()),
        }
    }
}

fn measure(record: &Value, level: usize, size: &mut Size) -> Result<(), ApiError> {
    let attributes = record.get("attributes");
    let text = |name: &str| attributes.and_then(|own| own.get(name)).and_then(Value::as_str);
    let (Some(kind), Some(reference)) = (text("type"), text("referenceId")) else {
        let message = "Each record needs attributes with type and referenceId";
        return Err(ApiError::call(400, "INVALID_INPUT", message));
    };
    if !size.references.insert(reference.to_owned()) {
        let message = format!("Duplicate ReferenceId provided in the request: {reference}");
        return Err(ApiError::call(400, "INVALID_INPUT", message));
    }
    size.types.insert(kind.to_lowercase());
    size.levels = size.levels.max(level);
    for child in children(record).into_iter().flat_map(|(_, children)| children) {
        measure(child, level + 1, size)?;
    }
    Ok(())
}

/// The lists of children of a record by relationship name.
fn children(record: &Value) -> Vec<(&String, &Vec<Value>)> {
    let members = record.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| Some((name, value.get("records")?.as_array()?))).collect()
}

struct Planting<'org> {
    transaction: Transaction<'org>,
    planted: Vec<Value>,
    failed: Vec<Value>,
}

impl Planting<'_> {
    /// Inserts a record under its parent, then its children; children of a record that failed are left out.
    fn plant(&mut self, object: &Object, record: &Value, parent: Option<(&Field, &str)>) {
        let reference = record["attributes"]["referenceId"].clone();
        let lists = children(record);
        let own = record.as_object().cloned().unwrap_or_default();
        let mut own: Map<String, Value> = own
            .into_iter()
            .filter(|(name, _)| !lists.iter().any(|(list, _)| *list == name))
            .collect();
        if let Some((field, id)) = parent {
            own.insert(field.name.clone(), Value::from(id));
        }
        let id = match save::insert(&mut self.transaction, object, &own, None) {
            Ok(id) => id,
            Err(error) => {
                let errors = [error.as_row_error()];
                self.failed.push(json!({ "referenceId": reference, "errors": errors }));
                return;
            }
        };
        self.planted.push(json!({ "referenceId": reference, "id": &*id }));
        for (relationship, records) in lists {
            let schema = self.transaction.schema;
            let found = schema.objects.iter().find_map(|child| {
                let field = child.fields.iter().find(|field| {
                    field.child_relationship_name.as_deref() == Some(relationship.as_str())
                        && field.reference_to.contains(&object.name)
                })?;
                Some((child, field))
            });
            let Some((child, field)) = found else {
                let error = ApiError::no_column(relationship, &object.name);
                let errors = [error.as_row_error()];
                self.failed.push(json!({ "referenceId": reference, "errors": errors }));
                continue;
            };
            for record in records {
                self.plant(child, record, Some((field, &id)));
            }
        }
    }
}
