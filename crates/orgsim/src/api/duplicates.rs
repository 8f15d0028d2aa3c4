//! Duplicate rules: rows that look like one that is there already (wire reference 3.2).

use serde_json::{Value, json};

use crate::api::error::ApiError;
use crate::api::transaction::Transaction;
use crate::rows::{Row, RowId};
use crate::schema::Object;
use crate::setup::{DuplicateAction, DuplicateRule};
use crate::soql::record_url;

/// The words of every duplicate rule whose administrator wrote none.
const MESSAGE: &str = "Use one of these records?";

/// Refuses a row that an active rule finds again. `own_id` is the row itself on update.
///
/// # Errors
/// `DUPLICATES_DETECTED` with the `duplicateResult`; not for alerts when the caller allows saving.
pub(crate) fn check(
    transaction: &Transaction<'_>,
    object: &Object,
    row: &Row,
    own_id: Option<&str>,
) -> Result<(), ApiError> {
    let rules = transaction.setup.duplicate_rules.iter().filter(|rule| {
        rule.object == object.name && rule.active && (own_id.is_none() || rule.on_update)
    });
    for rule in rules {
        let tolerated =
            rule.action == DuplicateAction::Alert && transaction.options.allow_duplicates;
        let found = duplicates(transaction, object, rule, row, own_id);
        if !found.is_empty() && !tolerated {
            let error = ApiError::data("DUPLICATES_DETECTED", MESSAGE, &[]);
            let result = result(transaction, object, rule, &found);
            return Err(ApiError { duplicates: Some(result), ..error });
        }
    }
    Ok(())
}

fn duplicates(
    transaction: &Transaction<'_>,
    object: &Object,
    rule: &DuplicateRule,
    row: &Row,
    own_id: Option<&str>,
) -> Vec<RowId> {
    let key = |row: &Row| -> Option<Vec<String>> {
        rule.fields.iter().map(|field| Some(folded(row.get(field)?))).collect()
    };
    let (Some(wanted), Some(table)) = (key(row), transaction.tables.get(&object.name)) else {
        return Vec::new();
    };
    let live = table.all().filter(|(_, stored)| stored.deleted_date.is_none());
    live.filter(|(id, stored)| Some(&***id) != own_id && key(&stored.row).as_ref() == Some(&wanted))
        .map(|(id, _)| id.clone())
        .collect()
}

fn folded(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_lowercase())
}

fn result(
    transaction: &Transaction<'_>,
    object: &Object,
    rule: &DuplicateRule,
    found: &[RowId],
) -> Value {
    let version = &transaction.options.version;
    let records = found.iter().map(|id| {
        let attributes =
            json!({ "type": object.name, "url": record_url(version, &object.name, id) });
        let mut record = json!({ "attributes": attributes, "Id": &**id });
        if transaction.options.show_duplicates
            && let Some(stored) = transaction.stored(object, id)
        {
            for field in &rule.fields {
                record[field] = stored.row.get(field).cloned().unwrap_or_default();
            }
        }
        json!({
            "additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0, "record": record,
        })
    });
    let records: Vec<Value> = records.collect();
    json!({
        "allowSave": rule.action == DuplicateAction::Alert,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": object.name,
        "errorMessage": MESSAGE,
        "matchResults": [{
            "entityType": object.name,
            "errors": [],
            "matchEngine": "ExactMatchEngine",
            "matchRecords": records,
            "rule": rule.name,
            "size": found.len(),
            "success": true,
        }],
    })
}
