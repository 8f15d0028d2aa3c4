//! A mapping while it is written: text and document in step, problems as data, and no draft over another's work.

use isthmus_app::syncs::{check_draft, delete, get, listings, save};
use isthmus_app::{Error, diagnose};
use isthmus_contract::file::{FileCode, Severity};
use isthmus_contract::problem::Code;
use isthmus_contract::sync::{
    CheckRequest, CheckView, Draft, ImportChange, ImportView, SaveRequest,
};
use isthmus_model::ids::MappingVersion;
use isthmus_tests::orgs::Orgs;

use crate::rig::{Console, on_one_thread};

const ACCOUNTS: &str = "\
isthmus: 1
sync: accounts
lanes:
  - left: sales
    right: service
objects:
  - left: Account
    right: Account
    match:
      key: {left: ERP_Key__c, right: ERP_Key__c}
    fields:
      - {left: Name, right: Name} # the name first
";

async fn console_with_both(console: &Console) {
    console.connect("sales").await;
    console.connect("service").await;
}

async fn check(console: &Console, draft: Draft) -> CheckView {
    check_draft(&console.workspace, &CheckRequest { draft }).await.expect("the orgs answer")
}

async fn store(
    console: &Console,
    text: &str,
    based_on: Option<u32>,
    sync: Option<&str>,
) -> Result<ImportView, Error> {
    let request = SaveRequest {
        text: text.to_owned(),
        based_on: based_on.map(MappingVersion),
        sync: sync.map(str::to_owned),
    };
    save(&console.workspace, &request).await
}

fn code(refused: Result<ImportView, Error>) -> Code {
    diagnose(&refused.expect_err("it is refused")).code
}

#[test]
fn text_and_document_stay_in_step_and_cost_no_call_for_each_keystroke() {
    on_one_thread(Orgs::pair(2, 0), async |console| {
        console_with_both(console).await;
        let view = check(console, Draft::Text(ACCOUNTS.to_owned())).await;
        assert_eq!(view.text, ACCOUNTS);
        assert!(view.has_comments);
        assert_eq!(view.problems, Vec::new());
        let document = view.document.expect("a document");

        let asked = console.calls("sales") + console.calls("service");
        let mut edited = document.clone();
        edited.objects[0].fields[0].right = "Nmae".to_owned();
        let view = check(console, Draft::Document(edited.clone())).await;
        assert_eq!(view.document, Some(edited));
        assert!(!view.has_comments);
        // The name is required, too, and nothing fills it now.
        assert_eq!(view.problems.len(), 2, "{:?}", view.problems);
        assert_eq!(view.problems[0].code, FileCode::RequiredUnmapped);
        let problem = &view.problems[1];
        assert_eq!((problem.code, problem.severity), (FileCode::UnknownField, Severity::Refused));
        assert_eq!(problem.path, "objects[0].fields[0].right");
        let line = view.text.lines().nth(usize::try_from(problem.place.line - 1).unwrap());
        assert!(line.unwrap_or_default().contains("Nmae"), "{view:?}");
        let back = check(console, Draft::Text(view.text)).await;
        assert_eq!(back.problems, view.problems);
        assert_eq!(console.calls("sales") + console.calls("service"), asked);
    });
}

#[test]
fn everything_that_is_wrong_is_data_and_named_at_once() {
    on_one_thread(Orgs::pair(1, 0), async |console| {
        console_with_both(console).await;
        let no_yaml = check(console, Draft::Text("sync: [\n".to_owned())).await;
        assert_eq!(no_yaml.document, None);
        assert_eq!(no_yaml.problems[0].code, FileCode::Syntax);
        assert!(no_yaml.problems[0].place.line > 0);

        let text =
            ACCOUNTS.replace("left: Name", "left: ''").replace("right: service", "right: nobody");
        let view = check(console, Draft::Text(text)).await;
        assert!(view.document.is_some());
        let codes: Vec<FileCode> = view.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [FileCode::UnknownOrg, FileCode::Empty]);

        let text = ACCOUNTS.replace("{left: Name, right: Name}", "{left: Nmae, right: ''}");
        let view = check(console, Draft::Text(text)).await;
        let paths: Vec<&str> = view.problems.iter().map(|problem| problem.path.as_str()).collect();
        let parts = ["", "[0].left", "[0].right"].map(|part| format!("objects[0].fields{part}"));
        assert_eq!(paths, parts);
    });
}

#[test]
fn a_draft_is_stored_only_on_top_of_what_its_author_saw() {
    on_one_thread(Orgs::pair(2, 0), async |console| {
        console_with_both(console).await;
        let first = store(console, ACCOUNTS, None, None).await.expect("a new sync");
        assert_eq!(first.change, ImportChange::Created);
        assert_eq!(code(store(console, ACCOUNTS, None, None).await), Code::FileRefused);

        let more =
            ACCOUNTS.replace("    fields:\n", "    fields:\n      - {left: Phone, right: Phone}\n");
        let second = store(console, &more, Some(1), Some("accounts")).await.expect("version 2");
        assert_eq!(second.sync.version, MappingVersion(2));
        let late = store(console, ACCOUNTS, Some(1), Some("accounts")).await;
        assert_eq!(code(late), Code::SyncChangedElsewhere);
        let detail = get(&console.workspace, "accounts").expect("the sync");
        assert_eq!(detail.text, more);
        assert_eq!(detail.document.objects[0].fields.len(), 2);

        // A draft of one sync never takes the place of another one.
        let other = ACCOUNTS.replace("sync: accounts", "sync: others");
        store(console, &other, None, None).await.expect("another sync");
        let renamed = store(console, &other, Some(1), Some("accounts")).await;
        assert_eq!(code(renamed), Code::BadRequest);
        let listed = listings(&console.workspace).expect("the syncs");
        assert_eq!(listed.len(), 2);
        assert!(listed.iter().all(|sync| sync.last_run.is_none() && sync.interrupted.is_none()));

        delete(&console.workspace, "accounts").expect("it is deleted");
        let gone = store(console, &more, Some(2), Some("accounts")).await;
        assert_eq!(code(gone), Code::SyncChangedElsewhere);
    });
}
