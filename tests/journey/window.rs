//! What the window asks besides running: pages of a large run, records of an org, pairs of fields.

use std::process::Command;
use std::time::Duration;

use isthmus_app::keychain::Keychain;
use isthmus_app::workspace::{OwnerKind, Surroundings, Workspace, WorkspacePath, create, open};
use isthmus_app::{org, plan, report, search, suggest};
use isthmus_contract::map::PairRequest;
use isthmus_contract::plan::{PlanRowsRequest, PlannedAction};
use isthmus_contract::record::{RecordSearch, RecordsView, SearchBy};
use isthmus_contract::request::SessionRequest;
use isthmus_contract::run::{RowRequest, RunRowsRequest};
use isthmus_contract::sync::Likeness;
use isthmus_model::ids::RunId;
use isthmus_tests::filled::filled_workspace;
use isthmus_tests::isthmus::Desk;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::{binary, keychain};
use orgsim::rows::text;
use secrecy::SecretString;

fn surroundings() -> Surroundings {
    let machine = Surroundings::of_this_machine(OwnerKind::Window).expect("randomness");
    Surroundings { keychain: Keychain::in_memory(), ..machine }
}

async fn connected(home: &std::path::Path, orgs: &Orgs) -> Workspace {
    let path = WorkspacePath::below(home, "default").expect("a plain name");
    let surroundings = surroundings();
    let _ = create(&path, &surroundings).expect("a new workspace");
    let workspace = open(&path, surroundings, Duration::ZERO).await.expect("its own workspace");
    for name in ["sales", "service"] {
        let served = orgs.announcement(name);
        let request =
            SessionRequest { name: name.to_owned(), instance_url: served.instance_url.clone() };
        let token = SecretString::from(served.access_token.clone());
        let _ = org::connect_session(&workspace, &request, token).await.expect("the org answers");
    }
    workspace
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

fn search_for(by: SearchBy, limit: u32) -> RecordSearch {
    RecordSearch { org: "sales".to_owned(), object: "account".to_owned(), by, limit }
}

async fn found(workspace: &Workspace, by: SearchBy, limit: u32) -> RecordsView {
    search::search(workspace, &search_for(by, limit)).await.expect("a search that fits")
}

#[test]
fn records_are_found_by_name_by_id_and_by_condition() {
    let orgs = Orgs::pair(60, 10);
    let home = tempfile::tempdir().expect("a folder");
    wait(async {
        let workspace = connected(home.path(), &orgs).await;
        let one = orgs.rows("sales", "Account").swap_remove(7);
        let (id, name) = (text(&one, "Id").expect("an id"), text(&one, "Name").expect("a name"));
        orgs.edit("sales", "Account", id, "Name", r"O'Neil \ 50%_off");

        let quoted = SearchBy::NameOrId(r"o'neil \ 50%_".to_owned());
        let by_name = found(&workspace, quoted, 10).await;
        assert_eq!((by_name.total, by_name.rows[0].id.as_str()), (1, id), "once called {name}");
        assert_eq!(by_name.rows[0].name, r"O'Neil \ 50%_off");
        assert_eq!(by_name.label, "Account");
        assert_eq!(by_name.columns[0].field, "ERP_Key__c");
        assert_eq!(by_name.rows[0].cells.len(), by_name.columns.len());
        assert!(by_name.rows[0].changed_at.as_ref().is_some_and(|at| at.ends_with('Z')));
        assert!(by_name.rows[0].linked.is_empty());

        let by_id = found(&workspace, SearchBy::NameOrId(id[..15].to_owned()), 10).await;
        assert_eq!((by_id.total, by_id.rows[0].id.as_str()), (1, id));

        let newest = found(&workspace, SearchBy::NameOrId(String::new()), 5).await;
        assert_eq!((newest.rows.len(), newest.total), (5, 60));
        assert_eq!(newest.rows[0].id, id, "what was changed last comes first");

        let condition = "where Name like '%' and Id != null ORDER BY Name DESC".to_owned();
        let ordered = found(&workspace, SearchBy::Condition(condition), 60).await;
        assert_eq!(ordered.rows.len(), 60);

        let limited = SearchBy::Condition("Name != null LIMIT 1".to_owned());
        let refused = search::search(&workspace, &search_for(limited, 10)).await;
        assert!(refused.is_err());
        let unknown = SearchBy::Condition("Nmae = 'x'".to_owned());
        let refused = search::search(&workspace, &search_for(unknown, 10)).await;
        let problem = isthmus_app::diagnose(&refused.expect_err("no such field"));
        assert!(problem.text.contains("Nmae"), "the org's own words: {}", problem.text);
    });
}

#[test]
fn fields_of_two_objects_are_paired_once_each_with_the_parts_of_the_score() {
    let orgs = Orgs::pair(4, 4);
    let home = tempfile::tempdir().expect("a folder");
    wait(async {
        let workspace = connected(home.path(), &orgs).await;
        let request = PairRequest {
            left_org: "sales".to_owned(),
            left: "Contact".to_owned(),
            right_org: "service".to_owned(),
            right: "Contact".to_owned(),
        };
        let pairs = suggest::pair(&workspace, &request).await.expect("both are described");
        let last = pairs.iter().find(|pair| pair.right == "LastName").expect("it is required");
        assert_eq!(last.left, "LastName");
        assert!(last.reason.contains("required"));
        let parts: Vec<Likeness> = last.parts.iter().map(|part| part.of).collect();
        assert_eq!(parts, [Likeness::Name, Likeness::Label, Likeness::Type]);
        let mut rights: Vec<&str> = pairs.iter().map(|pair| pair.right.as_str()).collect();
        rights.sort_unstable();
        rights.dedup();
        assert_eq!(rights.len(), pairs.len());
    });
}

#[test]
fn a_filled_workspace_opens_with_the_keychain_of_its_session() {
    let desk = Desk::new();
    let home = desk.home().join("isthmus");
    let mut filler = Command::new(binary::path("fill-ledger"));
    keychain::environment(&mut filler, desk.home(), &desk.keychain.address);
    let filled = filler.arg(&home).arg("500").output().expect("it starts");
    assert!(filled.status.success(), "{filled:?}");
    let runs = desk.run(&["runs", "--json"]).passed().json();
    assert_eq!(runs[0]["rows_read"], 500, "{runs}");
    let report = desk.run(&["report", "1", "--outcome", "failed", "--json"]).passed().json();
    assert_eq!(report["rows_total"], report["failed"]);
    let orgs = desk.run(&["org", "list", "--json"]).passed().json();
    assert_eq!(orgs[0]["state"], "disconnected", "{orgs}");
}

fn rows_of(run: RunId) -> RunRowsRequest {
    let text = String::new();
    RunRowsRequest { run, outcome: None, cause: None, mapping: None, text, offset: 0, limit: 50 }
}

#[test]
fn a_large_run_is_told_a_page_at_a_time_whatever_its_rows_are_called() {
    const ROWS: u32 = 4_000;
    let home = tempfile::tempdir().expect("a folder");
    wait(async {
        let surroundings = surroundings();
        let run = filled_workspace(home.path(), "default", ROWS, &surroundings).expect("filled");
        let path = WorkspacePath::below(home.path(), "default").expect("a plain name");
        let workspace = open(&path, surroundings, Duration::ZERO).await.expect("its workspace");

        let told = report::summary(&workspace, run).expect("the run is there");
        assert_eq!(told.header.rows_read, u64::from(ROWS));
        assert!(!told.interrupted);
        let stopped =
            told.header.counts.held + told.header.counts.failed + told.header.counts.pending;
        assert_eq!(told.causes.iter().map(|cause| cause.rows).sum::<u64>(), stopped);

        let last = RunRowsRequest { offset: u64::from(ROWS) - 10, ..rows_of(run) };
        let page = report::rows(&workspace, &last).expect("a page");
        assert_eq!((page.rows.len(), page.total), (10, u64::from(ROWS)));
        assert_eq!(page.rows[9].ordinal, ROWS);

        let markup = RunRowsRequest { text: "<IMG src=x".to_owned(), ..rows_of(run) };
        let page = report::rows(&workspace, &markup).expect("a page");
        assert!(page.total > 0);
        for row in &page.rows {
            let shown = format!("{} {}", row.name, row.row.message);
            assert!(shown.contains("<img src=x onerror"), "{shown}");
        }
        let arabic = RunRowsRequest { text: "النور".to_owned(), ..rows_of(run) };
        assert!(report::rows(&workspace, &arabic).expect("a page").total > 0);

        let creates = PlanRowsRequest {
            run,
            actions: vec![PlannedAction::Create],
            mapping: Some("Account".to_owned()),
            text: String::new(),
            offset: 0,
            limit: 1_000,
        };
        let plan_rows = plan::rows(&workspace, &creates).expect("a page");
        assert!(plan_rows.rows.iter().any(|row| row.name.chars().count() == 10_000));
        let shown = plan::stored(&workspace, run).expect("the plan is there");
        assert_eq!(shown.counts.rows_read, u64::from(ROWS));
        assert_eq!(shown.mappings.len(), 2);

        let failed = RunRowsRequest { outcome: Some("failed".to_owned()), ..rows_of(run) };
        let first = report::rows(&workspace, &failed).expect("a page").rows.swap_remove(0);
        let request = RowRequest { run, ordinal: first.ordinal };
        let detail = report::row(&workspace, request).expect("the row");
        assert_eq!(detail.tries.len(), 1);
        assert_eq!(detail.tries[0].org, "service");
        assert!(detail.tries[0].answer.is_some());
        workspace.close().expect("it closes");
    });
    let surroundings = surroundings();
    let again = filled_workspace(home.path(), "default", 1, &surroundings);
    assert!(again.is_err(), "a workspace that is there is never filled");
}
