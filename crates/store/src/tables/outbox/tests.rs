//! Intents through their states.

use std::collections::BTreeMap;

use isthmus_model::ids::{LaneId, MappingVersion, OutboxId, RunId};
use isthmus_model::plan::RowKey;
use isthmus_model::value::Value;
use serde_json::json;

use crate::error::Error;
use crate::tables::operation::{NewOperation, Ordinal};
use crate::tables::outbox::{NewOutboxRow, OutboxRetry, OutboxState, RequestNumber};
use crate::testing::{Bench, create, moment, org, record};

fn intent(run: RunId, lane: LaneId, number: u32, request: u32) -> NewOutboxRow {
    let value = Value::Text(format!("K-{number}"));
    NewOutboxRow {
        run,
        ordinal: Ordinal(number),
        lane,
        mapping_version: MappingVersion(1),
        request: RequestNumber(request),
        org: org('F'),
        object: "Account".to_owned(),
        target_id: None,
        key: Some(RowKey::External { field: "ERP_Key__c".to_owned(), value: value.clone() }),
        base: BTreeMap::new(),
        desired: BTreeMap::from([("ERP_Key__c".to_owned(), value)]),
        payload: json!({"attributes": {"type": "Account"}, "ERP_Key__c": format!("K-{number}")}),
        intended_at: moment(30),
    }
}

fn with_intents() -> (Bench, LaneId, RunId, Vec<OutboxId>) {
    let (bench, _, lane, run) = Bench::with_run();
    let ids = bench
        .ledger
        .write(|tx| {
            let mut ids = Vec::new();
            for number in 1..=4 {
                let operation = create(number);
                let new = NewOperation { ordinal: Ordinal(number), wave: 0, operation: &operation };
                tx.insert_operation(run, lane, new)?;
                ids.push(tx.insert_outbox(&intent(run, lane, number, number.div_ceil(2)))?);
            }
            Ok(ids)
        })
        .unwrap();
    (bench, lane, run, ids)
}

#[test]
fn an_intent_goes_from_stored_to_sent_to_answered_to_done() {
    let (bench, lane, run, ids) = with_intents();
    let request = RequestNumber(1);
    let sent = bench.ledger.write(|tx| tx.mark_request_sent(run, request, moment(31), moment(151)));
    assert_eq!(sent.unwrap(), 2);
    let row = bench.ledger.read().outbox(ids[0]).unwrap().unwrap();
    assert_eq!((row.state, row.attempt), (OutboxState::Sent, 1));
    assert_eq!((row.sent_at, row.request_ends_at), (Some(moment(31)), Some(moment(151))));
    assert_eq!(row.intent, intent(run, lane, 1, 1));
    let target = record("001", 77);
    let answer = json!({"id": target, "success": true});
    bench
        .ledger
        .write(|tx| {
            tx.record_answer(ids[0], Some(target), &answer, moment(32))?;
            tx.mark_outbox_done(ids[0])
        })
        .unwrap();
    let row = bench.ledger.read().outbox(ids[0]).unwrap().unwrap();
    assert_eq!((row.state, row.answer), (OutboxState::Done, Some(answer)));
    assert_eq!(row.intent.target_id, Some(target));
    assert_eq!(bench.ledger.read().count_open_outbox(lane).unwrap(), 3);
    assert_eq!(bench.ledger.read().last_request(run).unwrap(), Some(RequestNumber(2)));
}

#[test]
fn a_kill_after_sending_leaves_unknown_outcomes_and_surely_unsent_rows() {
    let (bench, lane, run, ids) = with_intents();
    let request = RequestNumber(1);
    bench.ledger.write(|tx| tx.mark_request_sent(run, request, moment(31), moment(151))).unwrap();
    let bench = bench.after_kill();
    assert_eq!(bench.ledger.write(|tx| tx.mark_sent_unknown(lane)).unwrap(), 2);
    let open = bench.ledger.read().open_outbox_page(lane, None, 10).unwrap();
    let states: Vec<OutboxState> = open.iter().map(|row| row.state).collect();
    use OutboxState::{Intended, Unknown};
    assert_eq!(states, [Unknown, Unknown, Intended, Intended]);
    let next = bench.ledger.read().open_outbox_page(lane, Some(ids[1]), 1).unwrap();
    assert_eq!(next[0].id, ids[2]);
    assert_eq!(bench.ledger.read().outbox_of_request(run, request).unwrap().len(), 2);
    assert_eq!(bench.ledger.read().outbox_page(run, Some(ids[0]), 2).unwrap().len(), 2);
}

#[test]
fn a_retry_is_the_next_attempt_with_its_own_values() {
    let (bench, _, run, ids) = with_intents();
    let desired = BTreeMap::from([("Name".to_owned(), Value::from("edited"))]);
    let payload = json!({"Name": "edited"});
    let retry = OutboxRetry {
        request: RequestNumber(9),
        desired: &desired,
        payload: &payload,
        at: moment(60),
    };
    bench
        .ledger
        .write(|tx| {
            tx.mark_request_sent(run, RequestNumber(1), moment(31), moment(151))?;
            tx.mark_request_unknown(run, RequestNumber(1))?;
            tx.retry_outbox(ids[0], retry)
        })
        .unwrap();
    let row = bench.ledger.read().outbox_of_operation(run, Ordinal(1)).unwrap().remove(0);
    assert_eq!((row.state, row.attempt), (OutboxState::Intended, 2));
    assert_eq!((row.intent.desired, row.intent.payload), (desired.clone(), payload.clone()));
    assert_eq!((row.sent_at, row.answer, row.intent.request), (None, None, RequestNumber(9)));
    bench.ledger.write(|tx| tx.mark_outbox_done(ids[0])).unwrap();
    let refused = bench.ledger.write(|tx| tx.retry_outbox(ids[0], retry));
    assert!(matches!(refused.unwrap_err(), Error::Missing(_)));
}

#[test]
fn an_intent_without_its_operation_is_refused() {
    let (bench, _, lane, run) = Bench::with_run();
    let refused = bench.ledger.write(|tx| tx.insert_outbox(&intent(run, lane, 5, 1)));
    assert!(matches!(refused.unwrap_err(), Error::Constraint(_)));
}
