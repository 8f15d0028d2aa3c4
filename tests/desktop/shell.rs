//! The window as a program: one per workspace, closed cleanly, and honest when its engine has ended.

use std::process::Child;
use std::time::Duration;

use isthmus_tests::isthmus::Desk;
use serde_json::json;

use isthmus_tests::window::Window;

/// Far above what a second start takes to find the first one, on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);

const ASK_EVERY: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_second_start_gives_way_to_the_window_that_is_open() {
    let desk = Desk::with_workspace();
    let window = Window::open(&desk).await;

    let second = window.start_again(&desk);
    assert!(ended_well(second).await, "the second start ends by itself");

    let state = window.ask("workspace_open", json!(null)).await;
    assert_eq!(state["answer"]["state"], "open", "{state}");
    window.close().await;
}

#[tokio::test]
async fn two_workspaces_of_one_person_have_a_window_each() {
    let mut desk = Desk::with_workspace();
    let first = Window::open(&desk).await;
    desk.variables.push(("ISTHMUS_WORKSPACE".to_owned(), "acme".to_owned()));
    let second = Window::open(&desk).await;

    let name = |state: serde_json::Value| state["answer"]["of"]["name"].clone();
    assert_eq!(name(first.ask("workspace_open", json!(null)).await), "default");
    let state = second.ask("workspace_open", json!(null)).await;
    assert_eq!(state["answer"]["of"]["workspace"]["name"], "acme", "{state}");
    first.close().await;
    second.close().await;
}

#[tokio::test]
async fn a_workspace_made_in_the_window_is_closed_cleanly_with_it() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let file = desk.home().join("recovery-key.txt");
    let made = window.ask("workspace_create", json!({ "path": file })).await;
    assert_eq!(made["answer"]["name"], "default", "{made}");
    let key = std::fs::read_to_string(&file).expect("the recovery key is in its file");
    assert!(!key.is_empty());

    let owned = desk.run(&["org", "list", "--json", "--wait", "0"]);
    assert!(owned.stderr.contains("workspace_owned"), "{owned:?}");
    let close = "setTimeout(() => window.__TAURI_INTERNALS__.invoke('console_close', { request: 'stop_and_close' }))";
    window.run(close).await;
    // The command waits until the window has let go of the ledger.
    let _ = desk.run(&["org", "list", "--json", "--wait", "60"]).passed();
    let _ = desk.run(&["audit", "verify"]).passed();
}

#[tokio::test]
async fn a_window_whose_engine_has_ended_says_so_and_goes_on_saying_so() {
    let mut desk = Desk::with_workspace();
    desk.variables.push(("ISTHMUS_ENGINE_ENDS_AT".to_owned(), "org_last_login".to_owned()));
    let window = Window::open(&desk).await;

    for command in ["org_last_login", "workspace_open", "run_cancel"] {
        let gone = window.ask(command, json!(null)).await;
        assert_eq!(gone["problem"]["code"], "engine_gone", "{command}: {gone}");
        assert!(gone["problem"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()));
    }
    window.close().await;
}

/// Waits until a start ends; true when it ended as it should.
async fn ended_well(mut start: Child) -> bool {
    for _ in 0..START_LIMIT.as_millis() / ASK_EVERY.as_millis() {
        if let Some(status) = start.try_wait().expect("a child can be asked") {
            return status.success();
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    let _already_gone = start.kill();
    let _already_gone = start.wait();
    false
}
