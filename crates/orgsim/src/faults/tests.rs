//! What a plan decides, fault by fault.

use std::time::Duration;

use super::{Call, Fate, Fault, Kind, Moment, Plan, Revocation};

fn judge(plan: &mut Plan, method: &str, path: &str, body: &str) -> Fate {
    let segments: Vec<String> =
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    plan.judge(&Call {
        method,
        path_and_query: path,
        segments: &segments,
        query: &[],
        body: body.as_bytes(),
    })
    .fate
}

#[test]
fn a_fault_passes_the_first_matches_and_hits_the_asked_number_of_times() {
    let mut plan = Plan::default();
    plan.add(Fault::new(Kind::Unavailable).method("POST").after(1).times(2));
    assert_eq!(judge(&mut plan, "GET", "/x", ""), Fate::Execute);
    assert_eq!(judge(&mut plan, "POST", "/x", ""), Fate::Execute);
    assert_eq!(judge(&mut plan, "POST", "/x", ""), Fate::Unavailable);
    assert_eq!(judge(&mut plan, "POST", "/x", ""), Fate::Unavailable);
    assert_eq!(judge(&mut plan, "POST", "/x", ""), Fate::Execute);
    assert!(plan.waiting().is_empty());
}

#[test]
fn an_object_is_found_in_path_and_body_but_not_inside_other_words() {
    let mut plan = Plan::default();
    plan.add(Fault::new(Kind::ReplyLost).object("Account").times(2));
    assert_eq!(
        judge(&mut plan, "POST", "/sobjects/AccountHistory", r#"{"AccountId":"x"}"#),
        Fate::Execute
    );
    assert_eq!(
        judge(&mut plan, "POST", "/composite/sobjects", r#"{"attributes":{"type":"Account"}}"#),
        Fate::LoseReply
    );
    assert_eq!(judge(&mut plan, "PATCH", "/sobjects/account/001", ""), Fate::LoseReply);
}

#[test]
fn two_deciding_faults_hit_two_requests() {
    let mut plan = Plan::default();
    plan.add(Fault::new(Kind::ReplyLost));
    plan.add(Fault::new(Kind::RequestLost));
    assert_eq!(judge(&mut plan, "GET", "/x", ""), Fate::LoseReply);
    assert_eq!(judge(&mut plan, "GET", "/x", ""), Fate::LoseRequest);
}

#[test]
fn delays_add_up_and_a_grant_revocation_covers_sessions() {
    let mut plan = Plan { latency: Duration::from_millis(5), ..Plan::default() };
    plan.add(Fault::new(Kind::Latency { milliseconds: 10, when: Moment::After }));
    plan.add(Fault::new(Kind::Latency { milliseconds: 7, when: Moment::Before }));
    plan.add(Fault::new(Kind::RevokeGrant));
    plan.add(Fault::new(Kind::RevokeToken));
    let verdict = plan.judge(&Call {
        method: "GET",
        path_and_query: "/",
        segments: &[],
        query: &[],
        body: b"",
    });
    assert_eq!(verdict.delay_before, Duration::from_millis(7));
    assert_eq!(verdict.delay_after, Duration::from_millis(15));
    assert_eq!(verdict.revocation, Some(Revocation::Grants));
}

#[test]
fn a_row_lock_hits_the_named_row_only_and_leaves_the_request_alone() {
    let mut plan = Plan::default();
    let row_id = Some("001Hs00002aBcDeIAK".to_owned());
    plan.add(Fault::new(Kind::RowLock { row_id }).object("Account"));
    assert_eq!(judge(&mut plan, "PATCH", "/sobjects/Account", ""), Fate::Execute);
    assert!(!plan.take_row_lock("Contact", Some("001Hs00002aBcDe")));
    assert!(!plan.take_row_lock("Account", Some("001Hs00002aBcDf")));
    assert!(!plan.take_row_lock("Account", None));
    assert!(plan.take_row_lock("Account", Some("001Hs00002aBcDe")));
    assert!(!plan.take_row_lock("Account", Some("001Hs00002aBcDe")));
}

#[test]
fn a_fault_reads_from_flat_json() {
    let text = r#"{"kind":"error","status":403,"error_code":"X","message":"m","object":"Account","times":3}"#;
    let fault: Fault = serde_json::from_str(text).expect("a fault");
    assert_eq!(fault.times, 3);
    assert_eq!(fault.object.as_deref(), Some("Account"));
    assert!(matches!(fault.kind, Kind::Error { status: 403, .. }));
}

#[tokio::test]
async fn a_held_request_waits_for_the_release() {
    let mut plan = Plan::default();
    plan.add(Fault::new(Kind::Hold { when: Moment::After }));
    let verdict = plan.judge(&Call {
        method: "GET",
        path_and_query: "/",
        segments: &[],
        query: &[],
        body: b"",
    });
    let (_, mut gate) = verdict.hold.expect("a hold");
    assert_eq!(plan.held(), 1);
    assert!(!gate.has_changed().expect("the plan lives"));
    plan.clear();
    gate.changed().await.expect("the plan lives");
    drop(gate);
    assert_eq!(plan.held(), 0);
}
