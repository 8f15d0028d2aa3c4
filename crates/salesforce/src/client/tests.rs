//! The client and its session against a scripted transport.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use http::HeaderValue;
use jiff::SignedDuration;
use secrecy::ExposeSecret;

use crate::api::versions::ApiVersion;
use crate::client::{ApiUsage, AppUsage, Client, ClientSettings, Counters};
use crate::error::{AuthError, Error, ErrorClass};
use crate::host::OrgUrl;
use crate::session::{FixedToken, Session, TokenSource};
use crate::testing::{
    Answer, FakeTransport, INSTANCE, Journal, MemoryStore, StandingClock, app, bearer, body_text,
    client, client_with, expired, noon, org_id, reply, token_body,
};
use crate::transport::{NotSent, Request, Transport, TransportError};

const LIMITS: &str = r#"{"DailyApiRequests":{"Max":15000,"Remaining":14982}}"#;

/// An org that takes one access token and rotates refresh tokens; a dead refresh token is refused.
fn rotating(request: &Request) -> Answer {
    if request.url.path() == "/services/oauth2/token" {
        assert_eq!(request.url.host_str(), Some("login.salesforce.com"));
        return if body_text(request).contains("refresh_token=first") {
            reply(200, &token_body("fresh", Some("second")))
        } else {
            reply(
                400,
                r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#,
            )
        };
    }
    if bearer(request) == "fresh" { reply(200, LIMITS) } else { expired() }
}

struct Rig {
    transport: Arc<FakeTransport>,
    store: Arc<MemoryStore>,
    session: Session,
    client: Client,
}

fn rig(refresh: Option<&str>, answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Rig {
    let journal = Journal::default();
    let transport = FakeTransport::with_journal(journal.clone(), answer);
    let store = MemoryStore::holding("stale", refresh, journal);
    let session = Session::new(transport.clone(), store.clone(), app(), org_id());
    let client = client_with(transport.clone(), Arc::new(session.clone()));
    Rig { transport, store, session, client }
}

fn token_calls(transport: &FakeTransport) -> usize {
    transport.sent().iter().filter(|request| request.url.path() == "/services/oauth2/token").count()
}

#[tokio::test]
async fn ten_concurrent_calls_lead_to_one_refresh_and_all_succeed() {
    let rig = rig(Some("first"), rotating);
    let calls = (0..10).map(|_| rig.client.limits());
    for outcome in join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(token_calls(&rig.transport), 1);
    assert_eq!(rig.session.refreshes(), 1);
    assert_eq!(rig.client.counters(), Counters { calls: 20, refreshes: 10 });
    assert_eq!(rig.store.refresh_token(), "second");
}

#[tokio::test]
async fn a_rotated_token_is_stored_before_it_is_used() {
    let rig = rig(Some("first"), rotating);
    rig.client.limits().await.unwrap();
    let journal = rig.transport.journal.lock().unwrap().clone();
    let path = "/services/data/v65.0/limits";
    let expected = [
        format!("send:{path} stale"),
        "mark:in flight".to_owned(),
        "send:/services/oauth2/token ".to_owned(),
        "store:fresh".to_owned(),
        "mark:none".to_owned(),
        format!("send:{path} fresh"),
    ];
    assert_eq!(journal, expected);
}

#[tokio::test]
async fn without_rotation_the_old_refresh_token_stays() {
    let rig = rig(Some("first"), |request| match request.url.path() {
        "/services/oauth2/token" => reply(200, &token_body("fresh", None)),
        _ if bearer(request) == "fresh" => reply(200, LIMITS),
        _ => expired(),
    });
    rig.client.limits().await.unwrap();
    assert_eq!(rig.store.refresh_token(), "first");
}

#[tokio::test]
async fn a_dead_grant_is_asked_once_and_never_again() {
    let rig = rig(Some("dead"), rotating);
    for outcome in join_all((0..10).map(|_| rig.client.limits())).await {
        let error = outcome.unwrap_err();
        assert_eq!(error.code(), "invalid_grant");
        assert_eq!(error.class(), ErrorClass::Stop);
        assert!(!error.outcome_unknown());
    }
    assert!(rig.client.limits().await.is_err());
    assert_eq!(token_calls(&rig.transport), 1);
}

#[tokio::test]
async fn a_login_service_that_is_down_is_asked_again_by_the_next_call() {
    let rig = rig(Some("first"), |request| match request.url.path() {
        "/services/oauth2/token" => reply(503, "<html>maintenance</html>"),
        _ => expired(),
    });
    let error = rig.client.limits().await.unwrap_err();
    assert!(matches!(error, Error::Auth(AuthError::NotJson { status: 503, .. })), "{error:?}");
    assert_eq!(error.class(), ErrorClass::Retry);
    assert!(rig.client.limits().await.is_err());
    assert_eq!(token_calls(&rig.transport), 2);
}

#[tokio::test]
async fn a_token_that_cannot_be_stored_is_not_used_and_is_stored_by_the_next_call() {
    let rig = rig(Some("first"), rotating);
    // It is locked between the mark and the answer.
    let store = Arc::clone(&rig.store);
    rig.transport.before_answer(move |request| {
        let asked = request.url.path() == "/services/oauth2/token";
        *store.failing.lock().unwrap() |= asked;
    });
    let error = rig.client.limits().await.unwrap_err();
    assert_eq!(error.code(), "keychain");
    rig.transport.before_answer(|_| ());
    assert!(rig.transport.sent().iter().all(|request| bearer(request) != "fresh"));
    *rig.store.failing.lock().unwrap() = false;
    rig.client.limits().await.unwrap();
    assert_eq!(
        token_calls(&rig.transport),
        1,
        "the first answer is kept: the old refresh token is dead"
    );
    assert_eq!(rig.store.refresh_token(), "second");
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_cut_the_refresh() {
    let rig = rig(Some("first"), rotating);
    let stale = rig.session.access_token().await.unwrap();
    // One poll starts the refresh; then the caller is dropped.
    assert!(rig.session.refresh(&stale).now_or_never().is_none());
    let token = rig.session.refresh(&stale).await.unwrap();
    assert_eq!(token.expose_secret(), "fresh");
    assert_eq!(token_calls(&rig.transport), 1);
}

#[tokio::test]
async fn a_refresh_that_answers_for_another_org_is_refused_and_not_stored() {
    let rig = rig(Some("first"), |request| match request.url.path() {
        "/services/oauth2/token" => reply(
            200,
            &token_body("fresh", Some("second")).replace("00DHs00000AbCdEMAV", "00DHs00000ZzZzZ"),
        ),
        _ => expired(),
    });
    let error = rig.client.limits().await.unwrap_err();
    assert!(matches!(error, Error::Auth(AuthError::OtherOrg { .. })), "{error:?}");
    assert_eq!(rig.store.refresh_token(), "first");
}

#[tokio::test]
async fn a_refresh_that_names_a_foreign_instance_is_refused() {
    let rig = rig(Some("first"), |request| match request.url.path() {
        "/services/oauth2/token" => reply(
            200,
            &token_body("fresh", Some("second")).replace(INSTANCE, "https://evil.example"),
        ),
        _ => expired(),
    });
    let error = rig.client.limits().await.unwrap_err();
    assert!(matches!(error, Error::Auth(AuthError::Host(_))), "{error:?}");
    assert!(
        rig.transport.sent().iter().all(|request| request.url.host_str() != Some("evil.example"))
    );
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_too_ends_there() {
    let rig = rig(Some("first"), |request| match request.url.path() {
        "/services/oauth2/token" => reply(200, &token_body("fresh", Some("second"))),
        _ => expired(),
    });
    let error = rig.client.limits().await.unwrap_err();
    assert!(matches!(error, Error::Auth(AuthError::StillRefused { .. })), "{error:?}");
    assert_eq!(rig.transport.sent().len(), 3);
}

#[tokio::test]
async fn a_session_that_no_refresh_cures_is_not_refreshed() {
    let rig = rig(Some("first"), |_| {
        reply(
            401,
            r#"[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]"#,
        )
    });
    assert_eq!(rig.client.limits().await.unwrap_err().class(), ErrorClass::Stop);
    assert_eq!(rig.transport.sent().len(), 1);
}

#[tokio::test]
async fn the_identity_service_s_plain_refusal_leads_to_a_refresh_too() {
    let user = r#"{"user_id":"005Hs00000xYz12IAC","organization_id":"00DHs00000AbCdEMAV","preferred_username":"ann@acme.example","name":"Ann"}"#;
    let rig = rig(Some("first"), move |request| match request.url.path() {
        "/services/oauth2/userinfo" if bearer(request) == "fresh" => reply(200, user),
        "/services/oauth2/userinfo" => reply(403, "Bad_OAuth_Token"),
        _ => rotating(request),
    });
    assert_eq!(rig.client.userinfo().await.unwrap().username, "ann@acme.example");
    assert_eq!(token_calls(&rig.transport), 1);
}

#[tokio::test]
async fn a_session_taken_as_it_is_ends_when_it_is_over() {
    let client = client(FakeTransport::new(|_| expired()));
    let error = client.limits().await.unwrap_err();
    assert!(matches!(error, Error::Auth(AuthError::NoRefreshToken)), "{error:?}");
}

#[tokio::test]
async fn each_call_carries_token_mark_and_version_and_shows_none_of_it() {
    let transport = FakeTransport::new(|_| reply(200, LIMITS));
    let client = client(transport.clone()).at_version(ApiVersion::MAX);
    client.limits().await.unwrap();
    let request = &transport.sent()[0];
    assert_eq!(request.url.as_str(), format!("{INSTANCE}/services/data/v68.0/limits"));
    assert_eq!(bearer(request), "token");
    assert_eq!(request.headers["sforce-call-options"], "client=Isthmus-acme");
    let shown = format!("{request:?} {:?} {client:?}", request.headers);
    assert!(!shown.contains("Bearer") && !shown.contains("token"), "{shown}");
}

#[tokio::test]
async fn usage_and_the_clock_of_the_org_are_learned_from_each_answer() {
    let transport = FakeTransport::new(|_| {
        let mut answer = reply(200, LIMITS)?;
        let usage =
            HeaderValue::from_static("api-usage=18/15000; per-app-api-usage=17/250(appName=X)");
        answer.headers.insert("sforce-limit-info", usage);
        answer.headers.insert("date", HeaderValue::from_static("Fri, 20 Nov 2026 12:10:00 GMT"));
        Ok(answer)
    });
    let client = client(transport);
    assert_eq!(client.org_now(), noon());
    client.limits().await.unwrap();
    assert_eq!(client.api_usage(), Some(ApiUsage { used: 18, allowed: 15000 }));
    let app = AppUsage { app: "X".to_owned(), used: 17, allowed: 250 };
    assert_eq!(client.app_usage(), Some(app));
    assert_eq!(client.org_clock_offset(), SignedDuration::from_mins(10));
    assert_eq!(client.org_now().to_string(), "2026-11-20T12:10:00Z");
}

/// Says noon, and is on its way for longer from answer to answer.
struct Slower(std::sync::atomic::AtomicU64);

impl Transport for Slower {
    fn send(&self, _request: Request) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            let mut answer = reply(200, LIMITS)?;
            let minutes = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let date = ["Fri, 20 Nov 2026 12:10:00 GMT", "Fri, 20 Nov 2026 12:08:00 GMT"];
            let date = date[usize::try_from(minutes).unwrap_or(1).min(1)];
            answer.headers.insert("date", HeaderValue::from_static(date));
            tokio::time::sleep(Duration::from_secs(100 * minutes)).await;
            Ok(answer)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_does_not_set_the_clock_of_the_org_back() {
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    let token = Arc::new(FixedToken("token".to_owned().into()));
    let transport = Arc::new(Slower(std::sync::atomic::AtomicU64::new(0)));
    let client = Client::new(settings, transport, token, Arc::new(StandingClock(noon())));
    for _ in 0..2 {
        client.limits().await.unwrap();
        assert_eq!(client.org_clock_offset(), SignedDuration::from_mins(10));
    }
}

/// Never answers.
struct Silent;

impl Transport for Silent {
    fn send(&self, _request: Request) -> BoxFuture<'_, Answer> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_org_leaves_the_outcome_unknown_after_the_time_limit() {
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    let token = Arc::new(FixedToken("token".to_owned().into()));
    let client = Client::new(settings, Arc::new(Silent), token, Arc::new(StandingClock(noon())));
    let started = tokio::time::Instant::now();
    let error = client.limits().await.unwrap_err();
    assert!(error.outcome_unknown());
    assert_eq!(error.class(), ErrorClass::Retry);
    assert_eq!(started.elapsed(), crate::transport::REQUEST_TIMEOUT);
}

/// Refuses the first token after almost the whole time limit.
struct Slow;

impl Transport for Slow {
    fn send(&self, request: Request) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(100)).await;
            rotating(&request)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn the_repeat_after_a_refresh_ends_within_the_same_time_limit() {
    let store = MemoryStore::holding("stale", Some("first"), Journal::default());
    let session = Session::new(FakeTransport::new(rotating), store, app(), org_id());
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    let clock = Arc::new(StandingClock(noon()));
    let client = Client::new(settings, Arc::new(Slow), Arc::new(session), clock);
    let started = tokio::time::Instant::now();
    assert!(client.limits().await.unwrap_err().outcome_unknown());
    assert_eq!(started.elapsed(), crate::transport::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn an_unreachable_org_is_certain_not_to_have_acted() {
    let client = client(FakeTransport::new(|_| {
        Err(TransportError::NotSent {
            host: "acme.my.salesforce.com".to_owned(),
            reason: NotSent::NameUnknown,
        })
    }));
    let error = client.limits().await.unwrap_err();
    assert!(!error.outcome_unknown());
    assert_eq!(error.code(), "org_unreachable");
    assert!(error.to_string().contains("check the login URL"), "{error}");
}

#[tokio::test]
async fn the_highest_tested_version_is_taken_without_a_token() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            r#"[{"label":"Spring '26","url":"/services/data/v66.0","version":"66.0"},
            {"label":"Summer '26","url":"/services/data/v67.0","version":"67.0"},
            {"label":"Later","url":"/services/data/v99.0","version":"99.0"}]"#,
        )
    });
    let version = client(transport.clone()).best_version().await.unwrap();
    assert_eq!(version.to_string(), "67.0");
    assert_eq!(bearer(&transport.sent()[0]), "");
}

#[tokio::test]
async fn an_org_without_a_common_version_is_refused() {
    let transport =
        FakeTransport::new(|_| reply(200, r#"[{"version":"64.0"},{"version":"69.0"}]"#));
    let error = client(transport).best_version().await.unwrap_err();
    assert_eq!(error.code(), "UNSUPPORTED_API_VERSION");
    assert_eq!(error.class(), ErrorClass::Stop);
}

#[tokio::test]
async fn the_identity_is_asked_at_the_own_org_only() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            r#"{"id":"x","user_id":"005Hs00000xYz12IAC","organization_id":"00DHs00000AbCdEMAV",
            "username":"ann@acme.example","display_name":"Ann","nick_name":"a"}"#,
        )
    });
    let login = app().login;
    let client = client(transport.clone());
    let id = "https://login.salesforce.com/id/00DHs00000AbCdEMAV/005Hs00000xYz12IAC";
    let user = client.identity(&id.parse().unwrap(), &login).await.unwrap();
    assert_eq!((user.username.as_str(), user.org_id), ("ann@acme.example", org_id()));
    assert_eq!(transport.sent()[0].url.host_str(), Some("acme.my.salesforce.com"));
    let foreign = "https://evil.example/id/00DHs00000AbCdEMAV/005Hs00000xYz12IAC";
    assert!(client.identity(&foreign.parse().unwrap(), &login).await.is_err());
    assert_eq!(transport.sent().len(), 1);
}
