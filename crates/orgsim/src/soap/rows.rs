//! `undelete()` and `merge()`: unpacked, handed to the data API's own functions, and packed again.

use serde_json::{Map, Value};

use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::api::merge::{Merged, merge as merge_rows};
use crate::api::undelete::undelete as undelete_row;
use crate::org::Org;
use crate::soap::Answered;
use crate::soap::envelope::Fault;
use crate::xml::{Element, element};

/// Rows of one undelete (SOAP API Developer Guide, `undelete()`).
const UNDELETED_MAX: usize = 200;

/// Merges of one call (SOAP API Developer Guide, `merge()`).
const MERGES_MAX: usize = 10;

/// One result for each id, in their order.
pub(crate) fn undelete(org: &mut Org, call: &Element) -> Answered {
    let ids: Vec<&str> = call.all("ids").map(|id| id.text.trim()).collect();
    check_count(ids.len(), UNDELETED_MAX)?;
    let results = ids.into_iter().map(|id| {
        let mut journal = Journal::default();
        let outcome = undelete_row(org, &mut journal, id);
        journal.commit(&mut org.counters);
        match outcome {
            Ok(id) => format!("<result>{}{}</result>", element("id", id), element("success", true)),
            Err(error) => refused(&error),
        }
    });
    Ok(results.collect())
}

/// One result for each request, in their order.
pub(crate) fn merge(org: &mut Org, call: &Element) -> Answered {
    let requests: Vec<&Element> = call.all("request").collect();
    check_count(requests.len(), MERGES_MAX)?;
    let results = requests.into_iter().map(|request| {
        let mut journal = Journal::default();
        let outcome = merge_one(org, &mut journal, request);
        journal.commit(&mut org.counters);
        match outcome {
            Ok(merged) => shown(&merged),
            Err(error) => refused(&error),
        }
    });
    Ok(results.collect())
}

fn merge_one(org: &mut Org, journal: &mut Journal, request: &Element) -> Result<Merged, ApiError> {
    let missing =
        |what: &str| ApiError::data("MISSING_ARGUMENT", format!("{what} not specified"), &[]);
    let master = request.child("masterRecord").ok_or_else(|| missing("masterRecord"))?;
    // The partner form names the object in an element, the enterprise form in xsi:type.
    let object = master.text_of("type").or(master.kind.as_deref());
    let object = object.ok_or_else(|| missing("type"))?.to_owned();
    let id = master.text_of("Id").ok_or_else(|| missing("Id"))?.to_owned();
    let mut fields: Map<String, Value> = master
        .children
        .iter()
        .filter(|field| !["type", "Id", "fieldsToNull"].contains(&field.name.as_str()))
        .map(|field| (field.name.clone(), Value::from(field.text.as_str())))
        .collect();
    fields
        .extend(master.all("fieldsToNull").map(|name| (name.text.trim().to_owned(), Value::Null)));
    let losers: Vec<String> =
        request.all("recordToMergeIds").map(|id| id.text.trim().to_owned()).collect();
    merge_rows(org, journal, &object, (&id, &fields), &losers)
}

fn shown(merged: &Merged) -> String {
    let ids = |name: &str, ids: &[crate::rows::RowId]| {
        ids.iter().map(|id| element(name, id)).collect::<String>()
    };
    format!(
        "<result>{}{}{}{}</result>",
        element("id", &merged.master),
        ids("mergedRecordIds", &merged.merged),
        element("success", true),
        ids("updatedRelatedIds", &merged.updated_related)
    )
}

fn refused(error: &ApiError) -> String {
    let fields = error.fields.iter().flatten().map(|field| element("fields", field));
    format!(
        "<result><errors>{}{}{}</errors><id xsi:nil=\"true\"/>{}</result>",
        fields.collect::<String>(),
        element("message", &error.message),
        element("statusCode", error.code),
        element("success", false)
    )
}

fn check_count(count: usize, most: usize) -> Result<(), Fault> {
    if count <= most {
        return Ok(());
    }
    let message =
        format!("record limit reached. cannot submit more than {most} records into this call");
    Err(Fault::of_kind("ApiFault", "EXCEEDED_ID_LIMIT", &message))
}
