//! Every command of the contract, asked from the listed window, from another one, and by a foreign page.

use std::collections::BTreeSet;
use std::path::Path;

use isthmus_contract::command::{
    ALL, AboutConsole, Command, ConsoleClose, ConsoleWatch, LinkOpen, MapSuggest, OrgConnect,
    OrgConnectCancel, OrgDisconnect, OrgFields, OrgGuide, OrgHealthCheck, OrgLastLogin, OrgList,
    OrgObjects, OrgTest, Overview, PlanGet, PlanMake, PlanRowsPage, RecordSearchRows, RunCancel,
    RunExport, RunList, RunReport, RunRow, RunRows, RunStart, SyncCheck, SyncDelete, SyncGet,
    SyncList, SyncPropose, SyncSave, SyncSwitch, WorkspaceCreate, WorkspaceOpen, WorkspaceRecover,
};
use isthmus_contract::console::{CloseChoice, LinkRequest};
use isthmus_contract::map::{FieldsRequest, PairRequest};
use isthmus_contract::org::ConnectOrder;
use isthmus_contract::plan::PlanRowsRequest;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::record::{RecordSearch, SearchBy};
use isthmus_contract::request::{LoginHost, RunRequest};
use isthmus_contract::run::{
    ExportFormat, ExportOrder, RowRequest, RunOrder, RunRowsRequest, RunsRequest,
};
use isthmus_contract::sync::{CheckRequest, Draft, ProposalRequest, SaveRequest, SwitchRequest};
use isthmus_contract::workspace::WorkspaceState;
use isthmus_model::ids::RunId;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Manager, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;

use super::listed;
use crate::app::context;
use crate::engine::tests::{recovery_file, setting};
use crate::engine::{CLOSE_LIMIT, Engine};
use crate::window::LABEL;

const OWN_PAGE: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
const SECRET: &str = "client-secret-that-never-comes-back";

/// The application with its commands and capabilities, without a screen.
struct Console {
    app: App<MockRuntime>,
    window: WebviewWindow<MockRuntime>,
    home: TempDir,
    asked: BTreeSet<&'static str>,
}

impl Console {
    fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let app = listed(mock_builder()).build(context()).unwrap();
        let setting = setting(home.path());
        app.manage(setting.places.clone());
        app.manage(Engine::start(setting, || {}).unwrap());
        let window = WebviewWindowBuilder::new(&app, LABEL, Default::default()).build().unwrap();
        Self { app, window, home, asked: BTreeSet::new() }
    }

    /// Asks as the page does; the answer or the problem must read back as the contract has it.
    fn ask<C: Command>(&mut self, request: C::Request) -> Result<C::Answer, Problem> {
        self.asked.insert(C::NAME);
        let request = serde_json::to_value(request).unwrap();
        let answer = call(&self.window, C::NAME, OWN_PAGE, &request);
        let text = format!("{answer:?}");
        assert!(!text.contains(SECRET), "{} gives the secret back: {text}", C::NAME);
        answer
            .map(|answer| {
                serde_json::from_value(answer)
                    .unwrap_or_else(|error| panic!("{}: {error}", C::NAME))
            })
            .map_err(|problem| {
                serde_json::from_value(problem.clone())
                    .unwrap_or_else(|error| panic!("{}: {error}: {problem}", C::NAME))
            })
    }
}

impl Drop for Console {
    /// The mocked application keeps its state for ever, so the engine is ended by hand, as the real one does at its exit.
    fn drop(&mut self) {
        self.app.state::<Engine>().end(CLOSE_LIMIT);
    }
}

fn call(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    page: &str,
    request: &Value,
) -> Result<Value, Value> {
    let body = json!({ "request": request, "events": "__CHANNEL__:7" });
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: page.parse().unwrap(),
        body: InvokeBody::Json(body),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

/// Asks every command but those that create, recover or close, and says what each came to.
fn ask_everything(console: &mut Console) -> Vec<(&'static str, Option<Code>)> {
    let mut outcomes = Vec::new();
    macro_rules! ask {
        ($($command:ty: $request:expr,)*) => {
            $(outcomes.push((<$command>::NAME, console.ask::<$command>($request).err().map(|problem| problem.code)));)*
        };
    }
    let word = str::to_owned;
    let whole = || RunRequest { sync: word("no-such-sync"), records: None };
    let run = RunId(7);
    ask! {
        AboutConsole: (),
        ConsoleWatch: (),
        LinkOpen: LinkRequest { url: word("javascript:alert(1)") },
        Overview: (),
        OrgList: (),
        OrgGuide: (),
        OrgConnect: ConnectOrder {
            name: word("no name"),
            host: LoginHost::Production,
            client_id: word("client"),
            client_secret: Some(word(SECRET)),
        },
        OrgConnectCancel: (),
        OrgTest: word("nobody"),
        OrgHealthCheck: word("nobody"),
        OrgDisconnect: word("nobody"),
        OrgLastLogin: (),
        OrgObjects: word("nobody"),
        OrgFields: FieldsRequest { org: word("nobody"), object: word("Account"), refresh: false },
        SyncList: (),
        SyncGet: word("no-such-sync"),
        SyncPropose: ProposalRequest { left: word("a"), right: word("b"), sync: None, objects: Vec::new() },
        SyncCheck: CheckRequest { draft: Draft::Text(word("isthmus: 1")) },
        SyncSave: SaveRequest { text: word("isthmus: 1"), sync: None, based_on: None },
        SyncSwitch: SwitchRequest { sync: word("no-such-sync"), enabled: false },
        SyncDelete: word("no-such-sync"),
        MapSuggest: PairRequest { left_org: word("a"), left: word("Account"), right_org: word("b"), right: word("Account") },
        PlanMake: whole(),
        PlanGet: run,
        PlanRowsPage: plan_rows(run),
        RunStart: RunOrder::Sync(whole()),
        RunStart: RunOrder::Plan(run),
        RunStart: RunOrder::Retry(run),
        RunCancel: (),
        RunList: RunsRequest { sync: None, limit: 10 },
        RunReport: run,
        RunRows: run_rows(run),
        RunRow: RowRequest { run, ordinal: 1 },
        RunExport: ExportOrder { run, outcome: None, format: ExportFormat::Csv, path: word("/etc/passwd") },
        RecordSearchRows: RecordSearch { org: word("nobody"), object: word("Account"), by: SearchBy::NameOrId(String::new()), limit: 10 },
    }
    outcomes
}

fn plan_rows(run: RunId) -> PlanRowsRequest {
    let text = String::new();
    PlanRowsRequest { run, actions: Vec::new(), mapping: None, text, offset: 0, limit: 10 }
}

fn run_rows(run: RunId) -> RunRowsRequest {
    let text = String::new();
    RunRowsRequest { run, outcome: None, cause: None, mapping: None, text, offset: 0, limit: 10 }
}

/// Those that need no workspace.
const ALWAYS: [&str; 6] =
    ["about", "console_watch", "link_open", "org_guide", "org_connect_cancel", "run_cancel"];

#[test]
fn every_command_answers_the_listed_window_in_the_contracts_words() {
    let mut console = Console::open();
    for (name, code) in ask_everything(&mut console) {
        if !ALWAYS.contains(&name) && name != "run_export" {
            assert_eq!(code, Some(Code::WorkspaceClosed), "{name} before a workspace is open");
        }
    }

    assert!(matches!(console.ask::<WorkspaceOpen>(()), Ok(WorkspaceState::Missing { .. })));
    let file = recovery_file(console.home.path());
    let created = console.ask::<WorkspaceCreate>(file.clone());
    let key = written_key(Path::new(&file.path));
    assert!(!format!("{created:?}").contains(&key), "the recovery key never crosses the window");
    assert_eq!(created.unwrap().name, "default");
    assert!(matches!(console.ask::<WorkspaceOpen>(()), Ok(WorkspaceState::Open(_))));

    let outcomes = ask_everything(&mut console);
    for (name, code) in &outcomes {
        assert_ne!(*code, Some(Code::Internal), "{name}");
        assert_ne!(*code, Some(Code::WorkspaceClosed), "{name}");
    }
    let code = |name| outcomes.iter().find(|(own, _)| *own == name).and_then(|(_, code)| *code);
    assert_eq!(code("overview"), None);
    assert_eq!(code("org_list"), None);
    assert_eq!(code("sync_list"), None);
    assert_eq!(code("run_list"), None);
    assert_eq!(code("link_open"), Some(Code::LinkRefused));
    assert_eq!(code("org_connect"), Some(Code::BadRequest));
    assert_eq!(code("org_objects"), Some(Code::OrgUnknown));
    assert_eq!(code("plan_make"), Some(Code::SyncUnknown));
    assert_eq!(code("run_report"), Some(Code::RunUnknown));
    assert_eq!(code("run_export"), Some(Code::BadRequest));

    assert_eq!(console.ask::<WorkspaceRecover>(file).unwrap_err().code, Code::BadRequest);
    console.ask::<ConsoleClose>(CloseChoice::StopAndClose).unwrap();
    assert_eq!(console.asked, ALL.iter().copied().collect());
}

#[test]
fn every_command_is_denied_to_other_windows_and_to_foreign_pages() {
    let console = Console::open();
    let other =
        WebviewWindowBuilder::new(&console.app, "other", Default::default()).build().unwrap();
    let denied = |answer: Result<Value, Value>, of: String| {
        let refusal = answer.expect_err(&of);
        assert!(
            refusal.as_str().is_some_and(|text| text.contains("not allowed")),
            "{of}: {refusal}"
        );
    };
    for name in ALL {
        denied(call(&other, name, OWN_PAGE, &Value::Null), format!("{name} from another window"));
        for page in ["https://example.com", "http://localhost:8080", "http://127.0.0.1"] {
            denied(call(&console.window, name, page, &Value::Null), format!("{name} from {page}"));
        }
    }
}

#[test]
fn nothing_but_the_contracts_commands_is_allowed() {
    let console = Console::open();
    for name in [
        "read_token",
        "plugin:window|close",
        "plugin:window|hide",
        "plugin:webview|create_webview_window",
        "plugin:event|listen",
        "plugin:event|emit",
        "plugin:path|resolve_directory",
        "plugin:app|version",
        "plugin:window-state|save_window_state",
        "plugin:opener|open_url",
        "plugin:single-instance|anything",
    ] {
        assert!(call(&console.window, name, OWN_PAGE, &Value::Null).is_err(), "{name}");
    }
}

#[test]
fn the_one_capability_names_the_one_window_and_exactly_the_contracts_commands() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
    let files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files, [folder.join("console.json")]);
    let capability: Value =
        serde_json::from_str(&std::fs::read_to_string(&files[0]).unwrap()).unwrap();
    let parts: Vec<&str> = capability.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        parts.iter().collect::<BTreeSet<_>>(),
        ["identifier", "description", "windows", "permissions"].iter().collect()
    );
    assert_eq!(capability["windows"], json!([LABEL]));
    let allowed: Vec<String> =
        ALL.iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    assert_eq!(capability["permissions"], json!(allowed));
}

/// The key in the file, as the ledger takes it.
fn written_key(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let key = text.split_whitespace().max_by_key(|word| word.len()).unwrap();
    assert!(key.len() > 20, "the file holds a key: {text}");
    key.to_owned()
}
