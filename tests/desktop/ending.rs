//! The window closed by its title bar while a run is at work: the person is asked, and nothing is lost whatever the choice.

use std::time::Duration;

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::window::{Window, tell};
use serde_json::{Value, json};

use crate::person::{Hand, Person};

/// More than one batch, so that a run that stops after the batch in flight leaves some.
const ACCOUNTS: u64 = 450;

/// How long the window may take to go, on a busy machine.
const GONE_LIMIT: Duration = Duration::from_secs(30);

const ASK_EVERY: Duration = Duration::from_millis(100);

/// Starts a run that waits for an answer, closes the window meanwhile and chooses what becomes of it.
async fn close_in_mid_run(desk: &Desk, orgs: &Orgs, choice: &str) -> Window {
    let window = Window::open(desk).await;
    window.resize(1440, 900).await;
    let person = Person::before(&window, Hand::Pointer);
    person.plan("accounts").await;
    orgs.hold("service", "composite/sobjects");
    person.use_control("[data-test=run-plan]").await;
    person.use_control("[data-test=confirm-run]").await;
    orgs.wait_until_held("service");

    window.press_title_bar_close();
    window.wait_for_element("[data-test=close-dialog]").await;
    // The window may be gone before the driver could answer for a press, so the press comes after its answer.
    let body = "setTimeout(() => document.querySelector(given).click())";
    window.run_with(body, &json!(choice)).await;
    window
}

/// Waits until the window has gone from the screen.
async fn wait_until_gone(window: &Window) {
    for _ in 0..GONE_LIMIT.as_millis() / ASK_EVERY.as_millis() {
        if !window.is_shown() {
            return;
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    panic!("the window is still there");
}

/// The newest run, once the console has let go of the ledger.
fn newest_run(desk: &Desk) -> Value {
    let _ = desk.run(&["org", "list", "--json", "--wait", "60"]).passed();
    let runs = desk.run(&["runs", "--json"]).passed().json();
    runs[0].clone()
}

fn assert_everything_arrived_once(orgs: &Orgs) {
    let arrived = orgs.by_key("service", "Account");
    assert!(orgs.by_key("sales", "Account").keys().all(|key| arrived.contains_key(key)));
    let fired = orgs.counters("service").automations_fired;
    assert_eq!(fired.values().sum::<u64>(), orgs.rows_written("service"), "nothing is repeated");
}

#[test]
fn a_run_goes_on_to_its_end_after_the_window_has_gone() {
    let orgs = Orgs::pair(ACCOUNTS, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let window = tell(async {
        let window = close_in_mid_run(&desk, &orgs, "[data-test=close-finish]").await;
        wait_until_gone(&window).await;
        window
    });
    orgs.release("service");

    let run = newest_run(&desk);
    assert_eq!(run["end"], "succeeded", "{run}");
    assert_everything_arrived_once(&orgs);
    drop(window);
}

#[test]
fn a_run_that_is_stopped_with_the_window_goes_on_with_the_next_one() {
    let orgs = Orgs::pair(ACCOUNTS, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let window = tell(close_in_mid_run(&desk, &orgs, "[data-test=close-stop]"));
    orgs.release("service");

    let run = newest_run(&desk);
    assert_eq!(run["end"], "stopped", "{run}");
    let rest = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!(rest["pending"], 0, "{rest}");
    assert!(rest["rows_sent"].as_u64() > Some(0), "something was left: {rest}");
    assert_everything_arrived_once(&orgs);
    drop(window);
}

#[test]
fn a_run_is_undisturbed_when_the_person_stays() {
    let orgs = Orgs::pair(ACCOUNTS, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    tell(async {
        let window = close_in_mid_run(&desk, &orgs, "[data-test=close-stay]").await;
        window.wait_for("document.querySelector('dialog[open]') === null").await;
        orgs.release("service");

        let person = Person::before(&window, Hand::Pointer);
        assert_eq!(person.end().await, "Succeeded");
        assert!(window.is_shown());
        // Without a job nobody is asked.
        window.press_title_bar_close();
        wait_until_gone(&window).await;
    });
    assert_everything_arrived_once(&orgs);
}
