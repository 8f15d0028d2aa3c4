//! Plans that the ledger holds, read without any org.

use isthmus_contract::plan::{PlanRowsRequest, PlannedAction};
use isthmus_model::cause::Cause;
use isthmus_model::ids::{MappingVersion, RecordId, RunId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, FieldChange, Operation, RowKey};
use isthmus_model::run::{RunCounts, RunEnd, RunKind};
use isthmus_model::value::Value;
use isthmus_store::{NewOperation, Ordinal};
use tokio_util::sync::CancellationToken;

use super::{rows, stored};
use crate::error::Error;
use crate::run::carry_out_plan;
use crate::testing::{begun_run, workspace};
use crate::workspace::Workspace;

fn record(prefix: &str, number: u32) -> RecordId {
    RecordId::parse(&format!("{prefix}{number:012}")).unwrap()
}

fn operation(mapping: &str, source_id: RecordId, action: Action) -> Operation {
    Operation {
        mapping: MappingName::new(mapping),
        mapping_version: MappingVersion(1),
        target: Side::Right,
        target_object: mapping.to_owned(),
        source_id,
        action,
        why: "only the left org has it".to_owned(),
    }
}

fn create(mapping: &str, source_id: RecordId, name: &str) -> Operation {
    let key = RowKey::External { field: "K__c".to_owned(), value: Value::from("K-1") };
    let change =
        FieldChange { field: "Name".to_owned(), before: Value::Null, after: Value::from(name) };
    let action = Action::Create { key, fields: vec![change], waits_for: Vec::new() };
    operation(mapping, source_id, action)
}

fn hold(mapping: &str, source_id: RecordId, message: &str) -> Operation {
    let cause = Cause {
        code: "parent_missing".to_owned(),
        message: message.to_owned(),
        fields: Vec::new(),
        remedy: "link it in the right org".to_owned(),
    };
    operation(mapping, source_id, Action::Hold { target_id: None, cause })
}

/// Two accounts and three contacts, of which two are held.
fn planned(workspace: &Workspace, kind: RunKind) -> RunId {
    let (run, lane) = begun_run(workspace, kind);
    let operations = [
        create("Account", record("001", 1), "Acme"),
        create("Account", record("001", 2), "Beta"),
        create("Contact", record("003", 1), "Mia"),
        hold("Contact", record("003", 2), "no parent in the right org"),
        hold("Contact", record("003", 3), "no parent at all"),
    ];
    let write = workspace.ledger.write(|tx| {
        for (ordinal, operation) in (1..).map(Ordinal).zip(&operations) {
            tx.insert_operation(run, lane, NewOperation { ordinal, wave: 0, operation })?;
        }
        let counts = tx.plan_counts(run)?;
        tx.set_run_planned(run, workspace.now(), counts)?;
        tx.set_run_traffic(run, 0, 12)
    });
    write.unwrap();
    run
}

fn request(run: RunId) -> PlanRowsRequest {
    let text = String::new();
    PlanRowsRequest { run, actions: Vec::new(), mapping: None, text, offset: 0, limit: 100 }
}

#[tokio::test]
async fn a_plan_made_before_is_told_from_the_ledger_alone() {
    let (_folder, workspace) = workspace().await;
    let run = planned(&workspace, RunKind::Full);
    let plan = stored(&workspace, run).unwrap();
    assert_eq!((plan.sync.as_str(), plan.calls), ("test", 12));
    assert_eq!((plan.counts.creates, plan.counts.held, plan.operations_total), (3, 2, 5));
    assert!(plan.operations.is_empty());
    let mappings: Vec<_> = plan
        .mappings
        .iter()
        .map(|part| (part.mapping.as_str(), part.target_object.as_str(), part.counts.rows_read))
        .collect();
    assert_eq!(mappings, [("Account", "Account", 2), ("Contact", "Contact", 3)]);
    assert_eq!(plan.held.len(), 1);
    assert_eq!(plan.held[0].rows, 2);
    assert_eq!(plan.held[0].message, "for example: no parent in service");
    assert_eq!(plan.held[0].remedy, "link it in service");
    assert_eq!(plan.notes.len(), 1, "{:?}", plan.notes);
    assert!(plan.notes[0].starts_with("unconditional"));
    assert!(matches!(stored(&workspace, RunId(99)), Err(Error::UnknownRun(_))));
}

#[tokio::test]
async fn a_plan_of_selected_records_names_the_parents_that_come_along() {
    let (_folder, workspace) = workspace().await;
    let selected = |records: Vec<RecordId>| RunKind::Selected { records };
    let contacts: Vec<RecordId> = [1, 2, 3, 3].map(|number| record("003", number)).into();
    let run = planned(&workspace, selected(contacts.clone()));
    let plan = stored(&workspace, run).unwrap();
    let told = "2 rows come along as parents of what was selected: 2 of Account";
    assert!(plan.notes.contains(&told.to_owned()), "{:?}", plan.notes);
    let with_one = [contacts.clone(), vec![record("001", 1)]].concat();
    let plan = stored(&workspace, planned(&workspace, selected(with_one))).unwrap();
    let told = "1 row comes along as a parent of what was selected: 1 of Account";
    assert!(plan.notes.contains(&told.to_owned()), "{:?}", plan.notes);
    let with_all = [contacts, vec![record("001", 1), record("001", 2)]].concat();
    let plan = stored(&workspace, planned(&workspace, selected(with_all))).unwrap();
    assert!(!plan.notes.iter().any(|note| note.contains("along")), "{:?}", plan.notes);
}

#[tokio::test]
async fn rows_of_a_plan_have_names_and_are_filtered_and_paged() {
    let (_folder, workspace) = workspace().await;
    let run = planned(&workspace, RunKind::Full);
    let all = rows(&workspace, &request(run)).unwrap();
    let names: Vec<&str> = all.rows.iter().map(|row| row.name.as_str()).collect();
    let held = record("003", 2);
    assert_eq!(names[..4], ["Acme", "Beta", "Mia", held.as_str()]);
    assert_eq!(all.rows[0].operation.why, "only sales has it");
    let page = PlanRowsRequest { offset: 3, limit: 1, ..request(run) };
    let page = rows(&workspace, &page).unwrap();
    assert_eq!((page.rows.len(), page.rows[0].ordinal, page.total), (1, 4, 5));
    let holds = PlanRowsRequest {
        actions: vec![PlannedAction::Hold, PlannedAction::Delete],
        mapping: Some("Contact".to_owned()),
        text: "AT ALL".to_owned(),
        ..request(run)
    };
    let found = rows(&workspace, &holds).unwrap();
    assert_eq!((found.rows[0].ordinal, found.total), (5, 1));
    let by_id = PlanRowsRequest { text: held.short().to_owned(), ..request(run) };
    assert_eq!(rows(&workspace, &by_id).unwrap().rows[0].ordinal, 4);
    let unknown = rows(&workspace, &request(RunId(99)));
    assert!(matches!(unknown, Err(Error::UnknownRun(_))));
}

#[tokio::test]
async fn only_a_plan_that_waits_can_be_carried_out() {
    let (_folder, workspace) = workspace().await;
    let planned = planned(&workspace, RunKind::Full);
    let counts = RunCounts::default();
    let ended = |tx: &isthmus_store::WriteTransaction<'_>| {
        tx.end_run(planned, RunEnd::Succeeded, workspace.now(), counts, None)
    };
    workspace.ledger.write(ended).unwrap();
    let (begun, _) = begun_run(&workspace, RunKind::Full);
    for (run, why) in [(planned, "carried out already"), (begun, "not whole")] {
        let refused = carry_out_plan(&workspace, run, |_| {}, CancellationToken::new()).await;
        assert!(
            matches!(&refused, Err(Error::BadRequest { text, .. }) if text.contains(why)),
            "{refused:?}"
        );
    }
    assert!(stored(&workspace, planned).unwrap().notes[0].contains("carried out"));
    assert!(matches!(stored(&workspace, begun), Err(Error::BadRequest { .. })));
    let nowhere = carry_out_plan(&workspace, RunId(99), |_| {}, CancellationToken::new()).await;
    assert!(matches!(nowhere, Err(Error::UnknownRun(_))));
}
