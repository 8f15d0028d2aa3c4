//! Budget, gate, books and repeats, each through the client.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
use http::HeaderValue;
use isthmus_model::ids::RecordId;
use isthmus_model::value::Value;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use tokio::time::Instant;

use crate::client::{Client, ClientSettings};
use crate::error::{Error, ErrorClass};
use crate::governor::{
    Budget, CallCause, DAILY_PAUSE, Governor, GovernorSettings, Held, Repeat, RetryPolicy, Verdict,
};
use crate::host::OrgUrl;
use crate::session::FixedToken;
use crate::testing::{Answer, FakeTransport, INSTANCE, StandingClock, noon, reply};
use crate::transport::{Request, Transport, TransportError};

const LIMITS: &str = r#"{"DailyApiRequests":{"Max":15000,"Remaining":14982}}"#;
const BUSY: &str = r#"[{"errorCode":"SERVER_UNAVAILABLE","message":"server too busy"}]"#;

fn governed(transport: Arc<dyn Transport>, settings: GovernorSettings) -> Client {
    let governor = Arc::new(Governor::new(settings, ChaCha20Rng::seed_from_u64(1)));
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    let token = Arc::new(FixedToken("token".to_owned().into()));
    let client = Client::new(settings, transport, token, Arc::new(StandingClock(noon())));
    client.governed_by(governor).retrying(RetryPolicy::standard())
}

/// Answers each request with the next of these, and the last one for ever.
fn scripted(answers: Vec<Answer>) -> Arc<FakeTransport> {
    let next = AtomicUsize::new(0);
    FakeTransport::new(move |_| {
        let index = next.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        answers[index].clone()
    })
}

fn lost() -> Answer {
    let host = "acme.my.salesforce.com".to_owned();
    Err(TransportError::Unknown { host, detail: "connection reset".to_owned() })
}

fn using(used: u64) -> Answer {
    let mut answer = reply(200, LIMITS)?;
    let usage = HeaderValue::from_str(&format!("api-usage={used}/1000")).unwrap();
    answer.headers.insert("sforce-limit-info", usage);
    Ok(answer)
}

fn name() -> [(String, Value); 1] {
    [("Name".to_owned(), Value::from("Acme"))]
}

#[tokio::test(start_paused = true)]
async fn a_read_is_sent_again_after_pauses_that_grow_and_differ() {
    let transport = scripted(vec![
        reply(503, BUSY),
        lost(),
        reply(503, "<html>down</html>"),
        reply(200, LIMITS),
    ]);
    let client = governed(transport.clone(), GovernorSettings::default());
    let started = Instant::now();
    client.limits().await.unwrap();
    assert_eq!(transport.sent().len(), 4);
    let waited = started.elapsed().as_secs_f64();
    // One, two and four seconds, each spread by a quarter.
    assert!((5.25..8.75).contains(&waited), "{waited}");
    let tally = client.governor().tallies()[&CallCause::Health];
    assert_eq!((tally.calls, tally.failed, tally.repeated), (4, 3, 3));
}

#[tokio::test(start_paused = true)]
async fn an_insert_is_sent_again_only_when_it_certainly_did_not_happen() {
    let created = r#"{"id":"001Hs00002aBcDeIAK","success":true,"errors":[]}"#;
    let transport = scripted(vec![lost(), reply(201, created)]);
    let client = governed(transport.clone(), GovernorSettings::default());
    let error = client.create_record("Account", &name()).await.unwrap_err();
    assert!(error.outcome_unknown());
    assert_eq!(transport.sent().len(), 1);
    let transport = scripted(vec![reply(503, BUSY), reply(201, created)]);
    let client = governed(transport.clone(), GovernorSettings::default());
    client.create_record("Account", &name()).await.unwrap();
    assert_eq!(transport.sent().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_upsert_and_a_delete_survive_a_lost_answer_and_a_conditional_update_does_not() {
    let updated = r#"{"id":"001Hs00002aBcDeIAK","success":true,"errors":[],"created":false}"#;
    let client = governed(scripted(vec![lost(), reply(200, updated)]), GovernorSettings::default());
    client.upsert_record("Account", "Ext__c", "A-1", &name()).await.unwrap();
    let id = RecordId::parse("001Hs00002aBcDeIAK").unwrap();
    let deleted =
        r#"[{"errorCode":"ENTITY_IS_DELETED","message":"entity is deleted","fields":[]}]"#;
    let client = governed(scripted(vec![lost(), reply(404, deleted)]), GovernorSettings::default());
    client.delete_record("Account", id).await.unwrap();
    // Without a lost answer before it, somebody else deleted the record.
    let client = governed(scripted(vec![reply(404, deleted)]), GovernorSettings::default());
    assert!(client.delete_record("Account", id).await.unwrap_err().has_code("ENTITY_IS_DELETED"));
    let transport = scripted(vec![lost()]);
    let client = governed(transport.clone(), GovernorSettings::default());
    assert!(client.update_record("Account", id, &name(), Some(noon())).await.is_err());
    assert_eq!(transport.sent().len(), 1);
}

#[test]
fn the_policy_reads_as_a_table() {
    let policy = RetryPolicy::standard();
    let error = |status: u16, body: &str| match reply(status, body) {
        Ok(response) => crate::error::error_of_response(&response),
        Err(_) => unreachable!("a reply is an answer"),
    };
    let code = |code: &str| error(400, &format!(r#"[{{"errorCode":"{code}","message":""}}]"#));
    let verdict = |error: &Error, attempt| policy.verdict(Repeat::Freely, attempt, false, error);
    let again = |seconds| Verdict::Again(Duration::from_secs(seconds));
    assert_eq!(verdict(&code("UNABLE_TO_LOCK_ROW"), 1), again(1));
    assert_eq!(verdict(&code("UNABLE_TO_LOCK_ROW"), 4), again(8));
    assert_eq!(verdict(&code("UNABLE_TO_LOCK_ROW"), 5), Verdict::GiveUp);
    assert_eq!(verdict(&code("UNKNOWN_EXCEPTION"), 1), again(1));
    assert_eq!(verdict(&code("UNKNOWN_EXCEPTION"), 2), Verdict::GiveUp);
    for hopeless in [
        "INVALID_QUERY_LOCATOR",
        "QUERY_TIMEOUT",
        "REQUIRED_FIELD_MISSING",
        "INVALID_FIELD",
        "NEW_CODE",
    ] {
        assert_eq!(verdict(&code(hopeless), 1), Verdict::GiveUp, "{hopeless}");
    }
    assert_eq!(
        RetryPolicy::never().verdict(Repeat::Freely, 1, false, &code("UNABLE_TO_LOCK_ROW")),
        Verdict::GiveUp
    );
    assert_eq!(policy.pause_after(40), policy.longest_pause);
}

/// Counts how many requests are under way.
#[derive(Default)]
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Transport for Crowd {
    fn send(&self, _request: Request) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
            self.most.fetch_max(now, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(20)).await;
            self.now.fetch_sub(1, Ordering::Relaxed);
            reply(200, LIMITS)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_than_allowed_are_under_way() {
    let crowd = Arc::new(Crowd::default());
    let client =
        governed(crowd.clone(), GovernorSettings { concurrency: 3, ..GovernorSettings::default() });
    for outcome in join_all((0..12).map(|_| client.limits())).await {
        outcome.unwrap();
    }
    assert_eq!(crowd.most.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn too_many_at_once_makes_every_call_wait() {
    let crowded = r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded."}]"#;
    let transport = scripted(vec![reply(403, crowded), reply(200, LIMITS)]);
    let client =
        governed(transport.clone(), GovernorSettings::default()).retrying(RetryPolicy::never());
    assert_eq!(client.limits().await.unwrap_err().class(), ErrorClass::Retry);
    let started = Instant::now();
    client.limits().await.unwrap();
    let waited = started.elapsed().as_secs_f64();
    assert!((7.5..12.6).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn a_day_that_is_used_up_is_not_asked_again_for_a_while() {
    let used_up =
        r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#;
    let transport = scripted(vec![reply(403, used_up), reply(200, LIMITS)]);
    let client = governed(transport.clone(), GovernorSettings::default());
    assert_eq!(client.limits().await.unwrap_err().class(), ErrorClass::Limit);
    let held = client.limits().await.unwrap_err();
    assert!(matches!(held, Error::Held(Held::DailyLimit { .. })), "{held:?}");
    assert_eq!((held.class(), held.outcome_unknown()), (ErrorClass::Limit, false));
    assert_eq!(transport.sent().len(), 1);
    tokio::time::sleep(DAILY_PAUSE).await;
    client.limits().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_budget_stops_reads_first_and_lets_recovery_go_on() {
    let usage = Arc::new(Mutex::new(899));
    let told = Arc::clone(&usage);
    let transport = FakeTransport::new(move |_| using(*told.lock().unwrap()));
    let client = governed(transport.clone(), GovernorSettings::default());
    let reading = client.calling_for(CallCause::Read);
    let recovering = client.calling_for(CallCause::Recover);
    reading.limits().await.unwrap();
    reading.limits().await.unwrap();
    *usage.lock().unwrap() = 900;
    reading.limits().await.unwrap();
    let held = reading.limits().await.unwrap_err();
    assert!(
        matches!(
            held,
            Error::Held(Held::Budget { cause: CallCause::Read, used: 900, allowed: 1000 })
        ),
        "{held:?}"
    );
    assert_eq!(held.code(), "budget_used_up");
    *usage.lock().unwrap() = 950;
    recovering.limits().await.unwrap();
    assert!(recovering.limits().await.is_err());
    assert_eq!(client.governor().tallies()[&CallCause::Read].held, 1);
    // Requests of yesterday come free: one call finds out.
    *usage.lock().unwrap() = 100;
    tokio::time::sleep(Duration::from_secs(301)).await;
    reading.limits().await.unwrap();
    reading.limits().await.unwrap();
}

#[test]
fn a_budget_counts_in_percent_and_never_overflows() {
    let budget = Budget::keeping_free(20).with_reserve(CallCause::Write, 50);
    assert_eq!(budget.ceiling(CallCause::Read, 15_000), 12_000);
    assert_eq!(
        budget.ceiling(CallCause::Write, 15_000),
        15_000,
        "a reserve ends where all is used"
    );
    assert_eq!(Budget::keeping_free(200).ceiling(CallCause::Read, 15_000), 0);
    assert_eq!(Budget::keeping_free(0).ceiling(CallCause::Read, u64::MAX), u64::MAX);
}

#[tokio::test(start_paused = true)]
async fn an_open_governor_counts_by_cause_and_hinders_nothing() {
    let transport = scripted(vec![using(1000), lost(), using(1000)]);
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    let token = Arc::new(FixedToken("token".to_owned().into()));
    let client = Client::new(settings, transport, token, Arc::new(StandingClock(noon())));
    let started = Instant::now();
    client.limits().await.unwrap();
    assert!(client.calling_for(CallCause::Match).limits().await.is_err());
    client.limits().await.unwrap();
    assert_eq!(started.elapsed(), Duration::ZERO);
    let tallies = client.governor().tallies();
    assert_eq!((tallies[&CallCause::Health].calls, tallies[&CallCause::Match].failed), (2, 1));
    assert_eq!(client.counters().calls, 3);
}
