//! New records with their children, all or nothing ("sObject Tree").

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use isthmus_model::ids::RecordId;
use isthmus_model::schema::{FieldName, ObjectName};
use isthmus_model::value::Value;
use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value as Json;

use crate::client::{Call, Client, decode};
use crate::error::{ApiError, Error};
use crate::row::EncodedFields;
use crate::soql::Name;

const ROUTE: &str = "composite/tree";

/// The most records in one call, children included.
pub const MAX_RECORDS: usize = 200;
/// The deepest tree: the records and four levels of children.
pub const MAX_LEVELS: usize = 5;
/// The most kinds of objects in one call.
pub const MAX_OBJECTS: usize = 5;

/// A record to create, with the children that come with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeRecord {
    /// The object.
    pub object: ObjectName,
    /// Its name within the call; comes back with its id.
    pub reference: String,
    /// The values.
    pub values: Vec<(FieldName, Value)>,
    /// Children by the name of their relationship (`Contacts`).
    pub children: BTreeMap<String, Vec<TreeRecord>>,
}

/// What became of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeResult {
    /// All records exist now, by reference.
    Created(BTreeMap<String, RecordId>),
    /// Nothing was created: these records were refused, by reference.
    Refused(BTreeMap<String, Vec<ApiError>>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    has_errors: bool,
    results: Vec<Json>,
}

impl Client {
    /// Creates records of one object with their children.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many records, levels or objects, or a reference that comes twice; [`Error::Mismatch`]
    /// when the results do not fit.
    pub async fn create_tree(&self, records: &[TreeRecord]) -> Result<TreeResult, Error> {
        let Some(first) = records.first() else { return Ok(TreeResult::Created(BTreeMap::new())) };
        let references = check(records)?;
        if let Some(other) = records.iter().find(|record| record.object != first.object) {
            let reason = format!("{} stands beside {}", other.object, first.object);
            return Err(Error::invalid(ROUTE, reason));
        }
        let object = Name::parse(&first.object)?;
        let body = Body { records: encoded(records)? };
        let path = self.data_path(&format!("composite/tree/{object}"));
        let call = Call::new(Method::POST, path, ROUTE).json(&body)?;
        match self.send(call.writing(self.write_options())?).await {
            Ok(response) => created(decode(ROUTE, &response)?, &references),
            // 400 with the results of the records at fault, instead of the usual array.
            Err(Error::Api { status, errors }) => match refused(&errors) {
                Some(by_reference) => Ok(TreeResult::Refused(by_reference)),
                None => Err(Error::Api { status, errors }),
            },
            Err(error) => Err(error),
        }
    }
}

fn created(answer: Answer, sent: &BTreeSet<&str>) -> Result<TreeResult, Error> {
    if answer.has_errors {
        return Err(Error::mismatch(ROUTE, "errors under a status of success"));
    }
    let mut ids = BTreeMap::new();
    for result in answer.results {
        let text = |key: &str| result.get(key).and_then(Json::as_str).unwrap_or_default();
        let id = RecordId::parse(text("id")).map_err(|cause| Error::mismatch(ROUTE, cause))?;
        ids.insert(text("referenceId").to_owned(), id);
    }
    if ids.len() != sent.len() || !ids.keys().all(|reference| sent.contains(reference.as_str())) {
        let reason = format!("{} records were sent, {} came back", sent.len(), ids.len());
        return Err(Error::mismatch(ROUTE, reason));
    }
    Ok(TreeResult::Created(ids))
}

/// The refusals by reference; `None` for an error that is no tree's.
fn refused(errors: &[ApiError]) -> Option<BTreeMap<String, Vec<ApiError>>> {
    let mut by_reference: BTreeMap<String, Vec<ApiError>> = BTreeMap::new();
    for error in errors {
        let reference = error.raw.get("referenceId").and_then(Json::as_str)?;
        by_reference.entry(reference.to_owned()).or_default().push(error.clone());
    }
    Some(by_reference)
}

struct Body<'a> {
    records: Vec<Encoded<'a>>,
}

struct Encoded<'a> {
    record: &'a TreeRecord,
    fields: Vec<(&'a str, Box<serde_json::value::RawValue>)>,
    children: Vec<(&'a str, Body<'a>)>,
}

fn encoded(records: &[TreeRecord]) -> Result<Vec<Encoded<'_>>, Error> {
    records
        .iter()
        .map(|record| {
            Name::parse(&record.object)?;
            let fields = EncodedFields::new(&record.values)?.into_fields();
            let children = record.children.iter().map(|(relationship, children)| {
                Name::parse(relationship)?;
                Ok((relationship.as_str(), Body { records: encoded(children)? }))
            });
            Ok(Encoded { record, fields, children: children.collect::<Result<_, Error>>()? })
        })
        .collect()
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("records", &self.records)?;
        map.end()
    }
}

impl Serialize for Encoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let (kind, reference) = (&self.record.object, &self.record.reference);
        let attributes = BTreeMap::from([("type", kind), ("referenceId", reference)]);
        map.serialize_entry("attributes", &attributes)?;
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        for (relationship, children) in &self.children {
            map.serialize_entry(relationship, children)?;
        }
        map.end()
    }
}

/// The references of all records, each once, within the limits of a call.
fn check(records: &[TreeRecord]) -> Result<BTreeSet<&str>, Error> {
    let (mut references, mut objects) = (BTreeSet::new(), BTreeSet::new());
    let mut level: Vec<&TreeRecord> = records.iter().collect();
    let (mut levels, mut total) = (0, 0);
    while !level.is_empty() {
        (levels, total) = (levels + 1, total + level.len());
        for record in &level {
            objects.insert(record.object.to_ascii_lowercase());
            if !references.insert(record.reference.as_str()) {
                let reason = format!("the reference {} comes twice", record.reference);
                return Err(Error::invalid(ROUTE, reason));
            }
        }
        level = level.iter().flat_map(|record| record.children.values().flatten()).collect();
    }
    if total > MAX_RECORDS || levels > MAX_LEVELS || objects.len() > MAX_OBJECTS {
        let reason = format!(
            "{total} records of {} objects on {levels} levels, at most {MAX_RECORDS} of {MAX_OBJECTS} on {MAX_LEVELS}",
            objects.len()
        );
        return Err(Error::invalid(ROUTE, reason));
    }
    Ok(references)
}

#[cfg(test)]
mod tests;
