//! Lists: any page of any filter, found by words and ids, counted; and no filter reads the rows themselves.

use isthmus_model::cause::Cause;
use isthmus_model::ids::RunId;
use isthmus_model::plan::{Action, FieldChange, Operation, RowKey};
use isthmus_model::run::Outcome;
use isthmus_model::value::Value;

use crate::tables::operation::filter::{Conditions, borrowed};
use crate::tables::operation::list::{BY_MAPPING, BY_TEXT, ListPage};
use crate::tables::operation::{
    ActionKind, CauseGroup, NewOperation, OperationFilter, Ordinal, OutcomeFilter, OutcomeKind,
};
use crate::testing::{Bench, create, mapping, moment, operation, record};

fn cause(message: &str) -> Cause {
    Cause {
        code: "parent_missing".to_owned(),
        message: message.to_owned(),
        fields: Vec::new(),
        remedy: "r".to_owned(),
    }
}

fn named(number: u32, name: &str) -> Operation {
    let key = RowKey::External { field: "K__c".to_owned(), value: Value::Null };
    let change = FieldChange {
        field: "Name".to_owned(),
        before: Value::Null,
        after: Value::Text(name.to_owned()),
    };
    operation(number, Action::Create { key, fields: vec![change], waits_for: Vec::new() })
}

/// Nine operations: three by key, three by name, three held.
fn planned() -> (Bench, RunId) {
    let (bench, _, lane, run) = Bench::with_run();
    let hold = |message: &str| Action::Hold { target_id: None, cause: cause(message) };
    let operations = [
        create(1),
        named(2, "MÜLLER & Söhne"),
        operation(3, hold("the parent waits")),
        create(4),
        named(5, "50% _off_"),
        operation(6, hold("The Parent is GONE")),
        create(7),
        named(8, &format!("{}end", "x".repeat(10_000))),
        operation(9, hold("the parent waits")),
    ];
    bench
        .ledger
        .write(|tx| {
            for (ordinal, operation) in (1..).map(Ordinal).zip(&operations) {
                tx.insert_operation(run, lane, NewOperation { ordinal, wave: 0, operation })?;
            }
            Ok(())
        })
        .unwrap();
    (bench, run)
}

fn list(bench: &Bench, run: RunId, filter: &OperationFilter, page: (u64, u32)) -> (Vec<u32>, u64) {
    let page = ListPage { offset: page.0, limit: page.1 };
    let found = bench.ledger.read().operations_list(run, filter, " ", page).unwrap();
    (found.rows.iter().map(|row| row.ordinal.0).collect(), found.total)
}

fn search(bench: &Bench, run: RunId, filter: &OperationFilter, text: &str) -> (Vec<u32>, u64) {
    let page = ListPage { offset: 0, limit: 10 };
    let found = bench.ledger.read().operations_list(run, filter, text, page).unwrap();
    (found.rows.iter().map(|row| row.ordinal.0).collect(), found.total)
}

#[test]
fn any_page_comes_with_the_number_of_all_rows() {
    let (bench, run) = planned();
    let all = OperationFilter::default();
    assert_eq!(list(&bench, run, &all, (0, 4)), (vec![1, 2, 3, 4], 9));
    assert_eq!(list(&bench, run, &all, (8, 4)), (vec![9], 9));
    assert_eq!(list(&bench, run, &all, (9, 4)), (vec![], 9));
    assert_eq!(list(&bench, run, &all, (u64::MAX, 4)), (vec![], 9));
    assert_eq!(list(&bench, RunId(99), &all, (0, 4)), (vec![], 0));
    let holds = OperationFilter { actions: vec![ActionKind::Hold], ..OperationFilter::default() };
    assert_eq!(list(&bench, run, &holds, (1, 1)), (vec![6], 3));
    let two = OperationFilter {
        actions: vec![ActionKind::Hold, ActionKind::Create],
        mapping: Some(mapping()),
        ..OperationFilter::default()
    };
    assert_eq!(list(&bench, run, &two, (6, 10)), (vec![7, 8, 9], 9));
    assert_eq!(list(&bench, run, &two, (u64::MAX, 10)), (vec![], 9));
}

#[test]
fn rows_are_found_by_a_part_of_their_name_whatever_its_case_and_signs() {
    let (bench, run) = planned();
    for (words, found) in [
        ("müller", vec![2]),
        ("SÖHNE", vec![2]),
        ("%", vec![5]),
        ("_OFF_", vec![5]),
        ("k-4", vec![4]),
        ("  k-4 ", vec![4]),
        ("parent is gone", vec![6]),
        ("' OR 1=1 --", vec![]),
        ("xxx", vec![8]),
    ] {
        assert_eq!(search(&bench, run, &OperationFilter::default(), words).0, found, "{words}");
    }
}

#[test]
fn rows_are_found_by_either_record_id_in_its_short_and_its_long_form() {
    let (bench, run) = planned();
    let target_id = record("003", 77);
    let created = Outcome::Created { target_id };
    bench.ledger.write(|tx| tx.set_outcome(run, Ordinal(4), &created, moment(20))).unwrap();
    assert_eq!(search(&bench, run, &OperationFilter::default(), target_id.as_str()), (vec![4], 1));
    assert_eq!(
        search(&bench, run, &OperationFilter::default(), &target_id.as_str()[..15]),
        (vec![4], 1)
    );
    assert_eq!(
        search(&bench, run, &OperationFilter::default(), record("001", 9).as_str()),
        (vec![9], 1)
    );
}

#[test]
fn a_decided_row_is_found_by_what_became_of_it() {
    let (bench, run) = planned();
    let refused = Outcome::Quarantined { cause: cause("Name: value too long") };
    let created = Outcome::Created { target_id: record("003", 1) };
    bench
        .ledger
        .write(|tx| {
            tx.set_outcome(run, Ordinal(2), &refused, moment(20))?;
            tx.set_outcome(run, Ordinal(6), &created, moment(20))
        })
        .unwrap();
    assert_eq!(search(&bench, run, &OperationFilter::default(), "too long"), (vec![2], 1));
    assert_eq!(search(&bench, run, &OperationFilter::default(), "is gone"), (vec![], 0));
    let failed = OperationFilter {
        outcome: Some(OutcomeFilter::Is(OutcomeKind::Quarantined)),
        ..OperationFilter::default()
    };
    assert_eq!(list(&bench, run, &failed, (0, 10)), (vec![2], 1));
    let undecided =
        OperationFilter { outcome: Some(OutcomeFilter::Undecided), ..OperationFilter::default() };
    assert_eq!(list(&bench, run, &undecided, (5, 10)), (vec![8, 9], 7));
}

#[test]
fn a_row_that_was_checked_again_is_found_by_its_new_values() {
    let (bench, run) = planned();
    let new = named(2, "Meier");
    bench.ledger.write(|tx| tx.replace_operation(run, Ordinal(2), &new)).unwrap();
    assert_eq!(search(&bench, run, &OperationFilter::default(), "meier"), (vec![2], 1));
    assert_eq!(search(&bench, run, &OperationFilter::default(), "müller"), (vec![], 0));
}

#[test]
fn stopped_rows_are_grouped_with_the_first_row_of_each_group() {
    let (bench, run) = planned();
    let read = bench.ledger.read();
    let group = |rows, first, messages_differ| CauseGroup {
        mapping: mapping(),
        outcome: OutcomeKind::Held,
        code: "parent_missing".to_owned(),
        rows,
        first: Ordinal(first),
        messages_differ,
    };
    assert_eq!(read.hold_groups(run).unwrap(), [group(3, 3, true)]);
    assert_eq!(read.cause_groups(run).unwrap(), []);
    let held = Outcome::Held { cause: cause("the parent waits") };
    bench
        .ledger
        .write(|tx| {
            tx.set_outcome(run, Ordinal(3), &held, moment(20))?;
            tx.set_outcome(run, Ordinal(9), &held, moment(20))
        })
        .unwrap();
    assert_eq!(bench.ledger.read().cause_groups(run).unwrap(), [group(2, 3, false)]);
}

#[test]
fn a_source_record_is_known_by_its_mapping() {
    let (bench, run) = planned();
    let read = bench.ledger.read();
    assert!(read.has_operation_of_source(run, &mapping(), record("001", 3)).unwrap());
    assert!(!read.has_operation_of_source(run, &mapping(), record("001", 30)).unwrap());
}

/// A list of 100,000 rows must not read the rows: they are a hundred times what the index holds of them.
#[test]
fn every_filter_is_answered_from_an_index_alone() {
    let (bench, run) = planned();
    let filter = OperationFilter {
        outcome: Some(OutcomeFilter::Is(OutcomeKind::Held)),
        actions: vec![ActionKind::Hold, ActionKind::Create],
        mapping: Some(mapping()),
        cause_code: Some("x".to_owned()),
        ..OperationFilter::default()
    };
    let Conditions { sql, mut values } = Conditions::of(&filter);
    values.push((":run", Box::new(run.0)));
    for (index, columns) in
        [(BY_MAPPING, "ordinal"), (BY_TEXT, "ordinal, name_text, cause_text, source_id, target_id")]
    {
        let explain = format!(
            "EXPLAIN QUERY PLAN SELECT {columns} FROM plan_operation {index} WHERE run_id = :run{sql}"
        );
        let steps: Vec<String> = bench
            .ledger
            .read()
            .all(&explain, borrowed(&values).as_slice(), |row| row.get("detail"))
            .unwrap();
        assert!(steps.iter().all(|step| step.contains("COVERING INDEX")), "{steps:?}");
    }
}

#[test]
fn mappings_are_counted_in_the_order_in_which_they_are_written() {
    let (bench, _, lane, run) = Bench::with_run();
    let of = |mapping: &str, number| Operation {
        mapping: isthmus_model::mapping::MappingName::new(mapping),
        ..create(number)
    };
    let unchanged = |mapping: &str, number| Operation {
        action: Action::Unchanged { target_id: None, link: None },
        ..of(mapping, number)
    };
    let operations =
        [of("Site", 1), unchanged("Account", 2), of("Account", 3), unchanged("Site", 4)];
    bench
        .ledger
        .write(|tx| {
            for (ordinal, operation) in (1..).map(Ordinal).zip(&operations) {
                tx.insert_operation(run, lane, NewOperation { ordinal, wave: 0, operation })?;
            }
            Ok(())
        })
        .unwrap();
    let counted = bench.ledger.read().plan_counts_by_mapping(run).unwrap();
    let names: Vec<&str> = counted.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Site", "Account"]);
    assert!(counted.iter().all(|(_, counts)| (counts.creates, counts.unchanged) == (1, 1)));
}
