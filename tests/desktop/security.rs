//! What the page may not do.

use isthmus_tests::isthmus::Desk;
use serde_json::json;

use crate::window::Window;

#[tokio::test]
async fn the_page_comes_with_a_strict_content_security_policy() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let policy = window
        .run("return (await fetch(location.href)).headers.get('content-security-policy')")
        .await;
    let policy = policy.as_str().expect("the page has a policy");

    for directive in
        ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'none'"]
    {
        assert!(policy.contains(directive), "{directive} is missing in {policy}");
    }
    for opening in ["'unsafe-inline'", "'unsafe-eval'", "https:", "*"] {
        assert!(!policy.contains(opening), "{opening} opens {policy}");
    }
    window.close().await;
}

#[tokio::test]
async fn the_page_cannot_run_text_as_code_or_reach_another_host() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let refused =
        "try { await (async () => { ATTEMPT })(); return 'done' } catch { return 'refused' }";

    let evaluated = window.run(&refused.replace("ATTEMPT", "new Function('return 1')()")).await;
    let fetched =
        window.run(&refused.replace("ATTEMPT", "await fetch('http://127.0.0.1:9/')")).await;
    // Both attempts are faults of the page, as they should be; they are not faults of the console.
    let faults = window.run("return delete document.documentElement.dataset.fault").await;

    assert_eq!((evaluated, fetched, faults), (json!("refused"), json!("refused"), json!(true)));
    window.close().await;
}

#[tokio::test]
async fn the_page_may_call_only_the_commands_that_its_capability_lists() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let attempt = "try { await window.__TAURI_INTERNALS__.invoke(COMMAND, {}); return 'done' } catch { return 'refused' }";

    let listed = window.run(&attempt.replace("COMMAND", "'about'")).await;
    let of_the_window = window.run(&attempt.replace("COMMAND", "'plugin:window|close'")).await;
    let unknown = window.run(&attempt.replace("COMMAND", "'read_token'")).await;

    assert_eq!(
        (listed, of_the_window, unknown),
        (json!("done"), json!("refused"), json!("refused"))
    );
    window.close().await;
}
