//! A clock that is ten minutes off, either way: the job is done all the same, and health says what to set.

use isthmus_tests::isthmus::Desk;
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;

use crate::exits::{UNCHANGED, WARNING};

const TEN_MINUTES: i64 = 600;
/// The clocks of a test's orgs and its machine are the same; the answer may take its time.
const SLACK_SECONDS: i64 = 30;

fn job_with_a_clock_off_by(seconds: i64) {
    let orgs = Orgs::pair(20, 20);
    let mut desk = Desk::new();
    desk.variables.push(("ISTHMUS_CLOCK_SHIFT_SECONDS".to_owned(), seconds.to_string()));
    let _ = desk.run(&["workspace", "create", "--json"]).passed();
    let _ = desk.connect(&orgs, "sales").passed();
    let _ = desk.connect(&orgs, "service").passed();
    let _ = desk.import(mapping::FAMILY).passed();
    let run = desk.run(&["run", "family", "--yes", "--json"]).json();
    assert_eq!(run["pending"], 0, "{run}");
    let written =
        run["created"].as_u64().unwrap_or_default() + run["updated"].as_u64().unwrap_or_default();
    assert!(written > 10, "{run}");
    assert_eq!(orgs.rows_written("service"), written);
    let arrived = orgs.by_key("service", "Account");
    assert!(orgs.by_key("sales", "Account").keys().all(|key| arrived.contains_key(key)));

    let again = desk.run(&["run", "family", "--yes", "--json"]);
    let report = again.json();
    assert_eq!(report["rows_sent"], 0, "{report}");
    assert!(matches!(again.code, Some(UNCHANGED | 11)), "{again:?}");

    let health = desk.run(&["health", "--json"]);
    assert_eq!(health.code, Some(WARNING), "{health:?}");
    let health = health.json();
    for org in health["orgs"].as_array().expect("orgs") {
        let offset = org["clock_offset_seconds"].as_i64().expect("it was measured");
        assert!((offset + seconds).abs() < SLACK_SECONDS, "{org}");
        assert_eq!(org["health"], "warning", "{org}");
    }
    let alerts = health["alerts"].as_array().expect("alerts").iter();
    let clock =
        alerts.filter(|alert| alert["text"].as_str().is_some_and(|text| text.contains("clock")));
    let remedies: Vec<&str> = clock.filter_map(|alert| alert["remedy"].as_str()).collect();
    assert_eq!(remedies.len(), 2, "{health}");
    assert!(remedies.iter().all(|remedy| remedy.contains("set this machine's clock")), "{health}");
}

#[test]
fn a_clock_ten_minutes_ahead_does_the_job_and_is_told() {
    job_with_a_clock_off_by(TEN_MINUTES);
}

#[test]
fn a_clock_ten_minutes_behind_does_the_job_and_is_told() {
    job_with_a_clock_off_by(-TEN_MINUTES);
}
