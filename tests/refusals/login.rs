//! Logins that the org or the person refuses: nothing is connected, nothing is left behind.

use std::time::{Duration, Instant};

use isthmus_tests::isthmus::{Desk, Done, callback_ports, done};
use isthmus_tests::orgs::Orgs;
use serde_json::json;

use crate::exits::NOT_CONNECTED;

/// A person must not wait for the 120 seconds of the login to learn that it cannot work.
const AT_ONCE: Duration = Duration::from_secs(30);

/// Logs in to `sales` as some app; the browser does what the person would do.
fn log_in(desk: &Desk, orgs: &Orgs, client_id: &str, secret: Option<&str>) -> Done {
    let org = orgs.announcement("sales");
    let mut arguments =
        vec!["org", "connect", "sales", "--login-url", &org.login_url, "--client-id", client_id];
    let ports = callback_ports(org);
    arguments.extend(ports.iter().map(String::as_str));
    arguments.push("--json");
    if let Some(secret) = secret {
        arguments.push("--client-secret-stdin");
        return desk.run_with_input(&arguments, secret);
    }
    done(&desk.command(&arguments).output().expect("isthmus starts"))
}

/// A desk whose browser logs in and consents.
fn desk(orgs: &Orgs) -> Desk {
    let mut desk = Desk::with_workspace();
    let org = orgs.announcement("sales");
    desk.variables.push(("TEST_BROWSER_USERNAME".to_owned(), org.username.clone()));
    desk.variables.push(("TEST_BROWSER_PASSWORD".to_owned(), org.password.clone()));
    desk
}

/// Neither the workspace nor the org knows of a connection.
fn assert_nothing_is_left(desk: &Desk, orgs: &Orgs) {
    assert_eq!(desk.run(&["org", "list", "--json"]).passed().json(), json!([]));
    assert_eq!(orgs.org("sales").oauth.refresh_token_count(), 0, "no grant is left standing");
}

#[test]
fn a_client_id_that_the_org_does_not_know_is_told_at_once() {
    let orgs = Orgs::pair(1, 0);
    let desk = desk(&orgs);
    let started = Instant::now();
    let problem =
        log_in(&desk, &orgs, "3MVG9.wrong", None).refused(NOT_CONNECTED, "client_id_unknown");
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert!(problem.hint.contains("Consumer Key"), "{problem:?}");
    assert_nothing_is_left(&desk, &orgs);
}

#[test]
fn a_denied_consent_connects_nothing_and_can_be_repeated() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let denied = desk.connect_as(&orgs, "sales", "sales", "deny");
    let problem = denied.refused(NOT_CONNECTED, "consent_denied");
    assert!(problem.hint.contains("Allow"), "{problem:?}");
    assert_nothing_is_left(&desk, &orgs);
    let _ = desk.connect(&orgs, "sales").passed();
}

#[test]
fn a_wrong_client_secret_is_told_with_what_to_copy() {
    let orgs = Orgs::pair(1, 0);
    let desk = desk(&orgs);
    let client_id = orgs.announcement("sales").client_id.clone();
    orgs.control(
        "sales",
        "apps",
        &json!({ "client_id": client_id, "client_secret": "the-right-secret" }),
    );
    let refused = log_in(&desk, &orgs, &client_id, Some("a-wrong-secret"));
    let problem = refused.problem();
    assert_eq!(refused.code, Some(NOT_CONNECTED), "{refused:?}");
    assert!(
        ["client_secret_wrong", "client_id_unknown"].contains(&problem.code.as_str()),
        "{problem:?}"
    );
    assert!(problem.hint.contains("Secret"), "{problem:?}");
    assert!(!refused.printed().contains("a-wrong-secret"), "{refused:?}");
    assert_nothing_is_left(&desk, &orgs);
    let _ = log_in(&desk, &orgs, &client_id, Some("the-right-secret")).passed();
}

#[test]
fn an_app_that_an_admin_blocked_is_told_with_the_page_in_setup() {
    let orgs = Orgs::pair(1, 0);
    let desk = desk(&orgs);
    let client_id = orgs.announcement("sales").client_id.clone();
    for (standing, page) in
        [("blocked", "Connected Apps OAuth Usage"), ("not_approved", "Policies")]
    {
        orgs.control("sales", "apps", &json!({ "client_id": client_id, "standing": standing }));
        let problem =
            log_in(&desk, &orgs, &client_id, None).refused(NOT_CONNECTED, "app_not_approved");
        assert!(problem.hint.contains(page), "{problem:?}");
        assert_nothing_is_left(&desk, &orgs);
    }
}
