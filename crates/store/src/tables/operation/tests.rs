//! Plans and outcomes: pages, filters, counts.

use isthmus_model::cause::Cause;
use isthmus_model::ids::RunId;
use isthmus_model::plan::{Action, PlanCounts};
use isthmus_model::run::{Outcome, RunCounts};

use crate::error::{Error, Result};
use crate::ledger::WriteTransaction;
use crate::tables::operation::{
    ActionKind, CauseCount, NewOperation, OperationFilter, Ordinal, OutcomeKind, PlannedOperation,
};
use crate::testing::{Bench, create, mapping, moment, operation, record};

fn cause(code: &str) -> Cause {
    Cause {
        code: code.to_owned(),
        message: "m".to_owned(),
        fields: Vec::new(),
        remedy: "r".to_owned(),
    }
}

/// Ten operations: odd ones create in wave 0, even ones are held in wave 1.
fn planned() -> (Bench, RunId) {
    let (bench, _, lane, run) = Bench::with_run();
    let plan = |tx: &WriteTransaction<'_>| -> Result<()> {
        for number in 1..=10 {
            let hold =
                Action::Hold { target_id: Some(record("001", 99)), cause: cause("parent_missing") };
            let held = operation(number, hold);
            let (wave, operation) = if number % 2 == 1 { (0, create(number)) } else { (1, held) };
            let new = NewOperation { ordinal: Ordinal(number), wave, operation: &operation };
            tx.insert_operation(run, lane, new)?;
        }
        Ok(())
    };
    bench.ledger.write(plan).unwrap();
    (bench, run)
}

fn ordinals(rows: &[PlannedOperation]) -> Vec<u32> {
    rows.iter().map(|row| row.ordinal.0).collect()
}

#[test]
fn a_plan_is_read_back_as_it_was_stored_page_by_page() {
    let (bench, run) = planned();
    let read = bench.ledger.read();
    let all = OperationFilter::default();
    let first = read.operations_page(run, &all, None, 4).unwrap();
    assert_eq!(ordinals(&first), [1, 2, 3, 4]);
    assert_eq!(first[0].operation, create(1));
    let rest = read.operations_page(run, &all, Some(Ordinal(4)), 100).unwrap();
    assert_eq!(ordinals(&rest), [5, 6, 7, 8, 9, 10]);
    let found = read.operation_of_source(run, &mapping(), record("001", 3)).unwrap().unwrap();
    assert_eq!(found, first[2]);
    assert_eq!(read.last_wave(run).unwrap(), Some(1));
    let counts = PlanCounts { rows_read: 10, creates: 5, held: 5, ..PlanCounts::default() };
    assert_eq!(read.plan_counts(run).unwrap(), counts);
    assert_eq!(read.plan_counts_by_mapping(run).unwrap(), [(mapping(), counts)]);
}

#[test]
fn a_run_carries_out_only_what_is_undecided() {
    let (bench, run) = planned();
    let created = Outcome::Created { target_id: record("001", 501) };
    bench.ledger.write(|tx| tx.set_outcome(run, Ordinal(1), &created, moment(20))).unwrap();
    let read = bench.ledger.read();
    let open = read.operations_page(run, &OperationFilter::undecided(0), None, 10).unwrap();
    assert_eq!(ordinals(&open), [3, 5, 7, 9]);
    let done = read.operation(run, Ordinal(1)).unwrap().unwrap();
    assert_eq!((done.outcome, done.decided_at), (Some(created), Some(moment(20))));
}

#[test]
fn reports_filter_by_outcome_cause_action_and_mapping() {
    let (bench, run) = planned();
    bench
        .ledger
        .write(|tx| {
            for number in [2, 4] {
                let held = Outcome::Held { cause: cause("parent_missing") };
                tx.set_outcome(run, Ordinal(number), &held, moment(20))?;
            }
            let refused = Outcome::Quarantined { cause: cause("REQUIRED_FIELD_MISSING") };
            tx.set_outcome(run, Ordinal(3), &refused, moment(20))
        })
        .unwrap();
    let read = bench.ledger.read();
    let page =
        |filter: &OperationFilter| ordinals(&read.operations_page(run, filter, None, 100).unwrap());
    assert_eq!(page(&OperationFilter::with_outcome(OutcomeKind::Held)), [2, 4]);
    assert_eq!(page(&OperationFilter::with_outcome(OutcomeKind::Quarantined)), [3]);
    let by_cause = OperationFilter {
        cause_code: Some("parent_missing".to_owned()),
        ..OperationFilter::with_outcome(OutcomeKind::Held)
    };
    assert_eq!(page(&by_cause), [2, 4]);
    let creates = OperationFilter {
        actions: vec![ActionKind::Create, ActionKind::Update],
        mapping: Some(mapping()),
        ..OperationFilter::default()
    };
    assert_eq!(page(&creates), [1, 3, 5, 7, 9]);
    let counts = read.outcome_counts(run).unwrap();
    assert_eq!(counts.decided, RunCounts { held: 2, failed: 1, ..RunCounts::default() });
    assert_eq!(counts.undecided, 7);
    let causes = read.cause_counts(run).unwrap();
    let count = |outcome, code: &str, rows| CauseCount { outcome, code: code.to_owned(), rows };
    assert_eq!(
        causes,
        [
            count(OutcomeKind::Held, "parent_missing", 2),
            count(OutcomeKind::Quarantined, "REQUIRED_FIELD_MISSING", 1)
        ]
    );
}

#[test]
fn a_decided_operation_is_not_planned_again() {
    let (bench, run) = planned();
    let update = Action::Unchanged { target_id: Some(record("001", 7)), link: None };
    let replacement = operation(1, update);
    bench.ledger.write(|tx| tx.replace_operation(run, Ordinal(1), &replacement)).unwrap();
    let outcome = Outcome::Unchanged { target_id: None };
    bench.ledger.write(|tx| tx.set_outcome(run, Ordinal(1), &outcome, moment(20))).unwrap();
    let refused = bench.ledger.write(|tx| tx.replace_operation(run, Ordinal(1), &create(1)));
    assert!(matches!(refused.unwrap_err(), Error::Missing(_)));
    let stored = bench.ledger.read().operation(run, Ordinal(1)).unwrap().unwrap();
    assert_eq!(stored.operation, replacement);
}

#[test]
fn an_ordinal_is_used_once() {
    let (bench, run) = planned();
    let lane = bench.ledger.read().run(run).unwrap().unwrap().lane;
    let operation = create(1);
    let new = NewOperation { ordinal: Ordinal(1), wave: 0, operation: &operation };
    let refused = bench.ledger.write(|tx| tx.insert_operation(run, lane, new));
    assert!(matches!(refused.unwrap_err(), Error::Duplicate(_)));
    assert_eq!(bench.ledger.write(|tx| tx.clear_operations(run)).unwrap(), 10);
}
