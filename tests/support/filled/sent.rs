//! What the engine would have kept of each row that was sent.

use std::collections::BTreeMap;
use std::time::Duration;

use isthmus_model::ids::MappingVersion;
use isthmus_model::plan::{Action, FieldChange, Operation};
use isthmus_model::value::Value;
use isthmus_store::{NewOutboxRow, Ordinal, RequestNumber, WriteTransaction};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::filled::fate::{Fate, Object, cause};
use crate::filled::{Filling, REQUEST};

/// What was sent for a row and what the org answered, as the engine keeps it.
pub(super) fn send(
    tx: &WriteTransaction<'_>,
    run: &Filling,
    operation: &Operation,
    ordinal: Ordinal,
    fate: Fate,
    at: Timestamp,
) -> isthmus_store::Result<()> {
    let (fields, target_id) = match &operation.action {
        Action::Create { fields, .. } => (fields, None),
        Action::Update { fields, target_id, .. } => (fields, Some(*target_id)),
        _ => return Ok(()),
    };
    if !fate.is_sent() {
        return Ok(());
    }
    let values = |of: fn(&FieldChange) -> &Value| -> BTreeMap<String, Value> {
        fields.iter().map(|change| (change.field.clone(), of(change).clone())).collect()
    };
    let body = fields.iter().map(|change| (change.field.clone(), json!(change.after.display())));
    let request = RequestNumber(ordinal.0 / REQUEST + 1);
    let id = tx.insert_outbox(&NewOutboxRow {
        run: run.id,
        ordinal,
        lane: run.lane,
        mapping_version: MappingVersion(1),
        request,
        org: run.right,
        object: operation.target_object.clone(),
        target_id,
        key: None,
        base: if target_id.is_some() { values(|change| &change.before) } else { BTreeMap::new() },
        desired: values(|change| &change.after),
        payload: serde_json::Value::Object(body.collect()),
        intended_at: at,
    })?;
    let timeout = SignedDuration::try_from(Duration::from_secs(120)).unwrap_or_default();
    let ends = at.saturating_add(timeout).unwrap_or(at);
    tx.mark_request_sent(run.id, request, at, ends)?;
    if let Some(answer) = answer(operation, ordinal.0, fate) {
        tx.record_answer(id, None, &answer, at)?;
    }
    tx.mark_outbox_done(id)
}

/// The org's answer for a row (REST API Developer Guide, "Create Multiple Records"); `None` where it was lost.
fn answer(operation: &Operation, number: u32, fate: Fate) -> Option<serde_json::Value> {
    let object =
        if operation.target_object == "Account" { Object::Account } else { Object::Contact };
    match fate {
        Fate::AnswerLost => None,
        Fate::Created | Fate::Updated => {
            Some(json!({ "id": object.record('R', number), "success": true, "errors": [] }))
        }
        _ => {
            let cause = cause(object, number, fate);
            let error = json!({
                "statusCode": cause.code, "message": cause.message, "fields": cause.fields,
            });
            Some(json!({ "success": false, "errors": [error] }))
        }
    }
}
