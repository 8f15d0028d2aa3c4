//! Two processes, one grant: who may refresh, and what the next one does after a crash.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use secrecy::{ExposeSecret, SecretString};

use crate::error::AuthError;
use crate::oauth::jwt::{JwtBearer, JwtKey};
use crate::session::{
    LEASE_PATIENCE, RefreshMark, Renewal, Session, SessionStore, TokenDigest, TokenSource, lease,
};
use crate::testing::{
    Answer, FakeTransport, Journal, MemoryStore, StandingClock, app, body_text, noon, org_id,
    private_key, reply, token_body, tokens,
};
use crate::transport::{NotSent, Request, TransportError};

/// An org that rotates: it knows one living refresh token, `r0`, then `r1`, and so on. A dead one kills the living one.
struct Rotating {
    living: Mutex<Option<u64>>,
    family_revoked: AtomicU64,
}

impl Rotating {
    fn new() -> Arc<Self> {
        Arc::new(Self { living: Mutex::new(Some(0)), family_revoked: AtomicU64::new(0) })
    }

    fn answer(&self, request: &Request) -> Answer {
        let mut living = self.living.lock().unwrap();
        let body = body_text(request);
        match *living {
            Some(number) if body.contains(&format!("refresh_token=r{number}&")) => {
                *living = Some(number + 1);
                let (access, next) = (format!("a{}", number + 1), format!("r{}", number + 1));
                reply(200, &token_body(&access, Some(&next)))
            }
            _ => {
                *living = None;
                self.family_revoked.fetch_add(1, Ordering::Relaxed);
                dead()
            }
        }
    }
}

fn dead() -> Answer {
    reply(400, r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#)
}

fn lost() -> Answer {
    let (host, detail) = ("login.salesforce.com".to_owned(), "cut".to_owned());
    Err(TransportError::Unknown { host, detail })
}

fn store() -> Arc<MemoryStore> {
    MemoryStore::holding("a0", Some("r0"), Journal::default())
}

/// A session as another process would open it: nothing shared but the store.
fn process(transport: &Arc<FakeTransport>, store: &Arc<MemoryStore>) -> Session {
    Session::new(transport.clone(), store.clone(), app(), org_id())
}

async fn refresh(session: &Session, stale: &str) -> Result<String, AuthError> {
    let stale = SecretString::from(stale.to_owned());
    session.refresh(&stale).await.map(|token| token.expose_secret().to_owned())
}

fn org_with(rotating: &Arc<Rotating>) -> Arc<FakeTransport> {
    let rotating = Arc::clone(rotating);
    FakeTransport::new(move |request| rotating.answer(request))
}

#[tokio::test(start_paused = true)]
async fn two_processes_that_are_refused_at_once_burn_one_token_only() {
    let rotating = Rotating::new();
    let (transport, store) = (org_with(&rotating), store());
    let (one, two) = (process(&transport, &store), process(&transport, &store));
    // Both have read the old token before either refreshes.
    one.access_token().await.unwrap();
    two.access_token().await.unwrap();
    let (first, second) = tokio::join!(refresh(&one, "a0"), refresh(&two, "a0"));
    assert_eq!((first.unwrap(), second.unwrap()), ("a1".to_owned(), "a1".to_owned()));
    assert_eq!(transport.sent().len(), 1);
    assert_eq!(rotating.family_revoked.load(Ordering::Relaxed), 0);
    assert_eq!(store.refresh_token(), "r1");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_holds_the_lease_for_ever_is_named_and_no_token_is_sent() {
    let (transport, store) = (org_with(&Rotating::new()), store());
    let held = lease(store.as_ref()).await.unwrap();
    let started = tokio::time::Instant::now();
    let failure = refresh(&process(&transport, &store), "a0").await.unwrap_err();
    assert!(matches!(failure, AuthError::RefreshElsewhere) && !failure.is_terminal());
    assert!(started.elapsed() >= LEASE_PATIENCE);
    assert!(transport.sent().is_empty());
    drop(held);
    assert_eq!(refresh(&process(&transport, &store), "a0").await.unwrap(), "a1");
}

#[tokio::test]
async fn a_crash_between_rotation_and_storage_ends_in_one_honest_question_for_a_login() {
    let rotating = Rotating::new();
    let (transport, store) = (org_with(&rotating), store());
    // The org rotates, the keychain does not take the answer, and the process dies with it.
    let locked = Arc::clone(&store);
    transport.before_answer(move |_| *locked.failing.lock().unwrap() = true);
    let crashed = process(&transport, &store);
    assert!(refresh(&crashed, "a0").await.is_err());
    drop(crashed);
    transport.before_answer(|_| ());
    *store.failing.lock().unwrap() = false;

    let failure = refresh(&process(&transport, &store), "a0").await.unwrap_err();
    assert!(matches!(failure, AuthError::RefreshCutOff(_)), "{failure:?}");
    assert!(failure.is_terminal());
    assert!(failure.to_string().contains("cut off"), "{failure}");
    assert_eq!(failure.remedy(), "connect the org again");
    let asked = transport.sent().len();
    // Later processes know from the mark alone.
    for _ in 0..3 {
        let failure = refresh(&process(&transport, &store), "a0").await.unwrap_err();
        assert!(matches!(failure, AuthError::RefreshCutOff(_)), "{failure:?}");
    }
    assert_eq!(transport.sent().len(), asked);
}

#[tokio::test]
async fn after_a_crash_without_rotation_the_stored_token_is_good_as_before() {
    let calls = AtomicU64::new(0);
    let transport = FakeTransport::new(move |_| match calls.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => lost(),
        _ => reply(200, &token_body("a1", None)),
    });
    let store = store();
    for _ in 0..2 {
        let failure = refresh(&process(&transport, &store), "a0").await.unwrap_err();
        assert!(!failure.is_terminal(), "{failure:?}");
    }
    assert_eq!(refresh(&process(&transport, &store), "a0").await.unwrap(), "a1");
    assert_eq!(store.refresh_token(), "r0");
    assert_eq!(store.mark().unwrap(), None);
}

#[tokio::test]
async fn a_crash_before_the_request_left_costs_nothing() {
    let rotating = Rotating::new();
    let (transport, store) = (org_with(&rotating), store());
    let digest = TokenDigest::of(&"r0".to_owned().into());
    store.set_mark(Some(&RefreshMark::in_flight(digest))).unwrap();
    assert_eq!(refresh(&process(&transport, &store), "a0").await.unwrap(), "a1");
    assert_eq!(store.mark().unwrap(), None);
    assert_eq!(rotating.family_revoked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_crash_between_the_two_tokens_of_a_save_costs_nothing() {
    let rotating = Rotating::new();
    let (transport, store) = (org_with(&rotating), store());
    refresh(&process(&transport, &store), "a0").await.unwrap();
    // The refresh token is saved first; the access token did not get there, nor was the mark cleared.
    store.save(&tokens("a0", Some("r1"))).unwrap();
    let digest = TokenDigest::of(&"r0".to_owned().into());
    store.set_mark(Some(&RefreshMark::in_flight(digest))).unwrap();
    assert_eq!(refresh(&process(&transport, &store), "a0").await.unwrap(), "a2");
    assert_eq!(rotating.family_revoked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_crash_after_storage_is_no_loss() {
    let rotating = Rotating::new();
    let (transport, store) = (org_with(&rotating), store());
    refresh(&process(&transport, &store), "a0").await.unwrap();
    // As if the mark had not been cleared: it is about r0, and r1 is stored.
    let stale = RefreshMark::in_flight(TokenDigest::of(&"r0".to_owned().into()));
    store.set_mark(Some(&stale)).unwrap();
    assert_eq!(refresh(&process(&transport, &store), "a0").await.unwrap(), "a1");
    assert_eq!(refresh(&process(&transport, &store), "a1").await.unwrap(), "a2");
    assert_eq!(rotating.family_revoked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_dead_token_is_presented_once_by_all_processes_together() {
    let transport = FakeTransport::new(|_| dead());
    let store = store();
    for _ in 0..3 {
        let failure = refresh(&process(&transport, &store), "a0").await.unwrap_err();
        assert!(matches!(&failure, AuthError::Refused(said) if said.code == "invalid_grant"));
    }
    assert_eq!(transport.sent().len(), 1);
    // A new login replaces the token, and the mark is out of date.
    store.save(&tokens("a9", Some("r9"))).unwrap();
    assert!(refresh(&process(&transport, &store), "a9").await.is_err());
    assert_eq!(transport.sent().len(), 2);
}

#[tokio::test]
async fn a_refusal_that_an_admin_can_lift_leaves_the_token_usable() {
    for (code, description) in [("app_blocked", ""), ("invalid_grant", "inactive user")] {
        let calls = AtomicU64::new(0);
        let refused = format!(r#"{{"error":"{code}","error_description":"{description}"}}"#);
        let transport = FakeTransport::new(move |_| match calls.fetch_add(1, Ordering::Relaxed) {
            0 => reply(400, &refused),
            _ => reply(200, &token_body("a1", Some("r1"))),
        });
        let store = store();
        assert!(refresh(&process(&transport, &store), "a0").await.unwrap_err().is_terminal());
        assert_eq!(store.mark().unwrap(), None);
        assert_eq!(refresh(&process(&transport, &store), "a0").await.unwrap(), "a1");
    }
}

#[tokio::test]
async fn a_request_that_never_left_leaves_no_mark() {
    let transport = FakeTransport::new(|_| {
        let host = "login.salesforce.com".to_owned();
        Err(TransportError::NotSent { host, reason: NotSent::NameUnknown })
    });
    let store = store();
    assert!(refresh(&process(&transport, &store), "a0").await.is_err());
    assert_eq!(store.mark().unwrap(), None);
}

#[tokio::test]
async fn without_a_mark_that_can_be_kept_nothing_is_presented() {
    let (transport, store) = (org_with(&Rotating::new()), store());
    *store.failing.lock().unwrap() = true;
    let failure = refresh(&process(&transport, &store), "a0").await.unwrap_err();
    assert_eq!(failure.code(), "keychain");
    assert!(transport.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn tokens_that_wait_for_the_keychain_keep_others_from_presenting_the_old_one() {
    let rotating = Rotating::new();
    let (transport, store) = (org_with(&rotating), store());
    let locked = Arc::clone(&store);
    transport.before_answer(move |_| *locked.failing.lock().unwrap() = true);
    let holder = process(&transport, &store);
    assert!(refresh(&holder, "a0").await.is_err());
    transport.before_answer(|_| ());
    *store.failing.lock().unwrap() = false;
    let other = process(&transport, &store);
    assert!(matches!(refresh(&other, "a0").await, Err(AuthError::RefreshElsewhere)));
    assert_eq!(refresh(&holder, "a0").await.unwrap(), "a1");
    assert_eq!(refresh(&other, "a0").await.unwrap(), "a1");
    assert_eq!(rotating.family_revoked.load(Ordering::Relaxed), 0);
    assert_eq!(transport.sent().len(), 1);
}

#[test]
fn a_mark_goes_through_text_and_holds_no_token() {
    let token = SecretString::from("5Aep861-canary".to_owned());
    let digest = TokenDigest::of(&token);
    let said = crate::oauth::diagnosis::diagnosis("invalid_grant", "expired access/refresh token");
    for mark in [RefreshMark::in_flight(digest.clone()), RefreshMark::refused(digest, &said, true)]
    {
        let text = mark.to_text();
        assert!(!text.contains("canary"));
        assert_eq!(RefreshMark::parse(&text), Some(mark));
    }
    assert_eq!(RefreshMark::parse("something else"), None);
}

#[tokio::test]
async fn a_session_by_assertion_needs_neither_a_login_nor_a_refresh_token() {
    let calls = AtomicU64::new(1);
    let transport = FakeTransport::new(move |request| {
        assert!(body_text(request).contains("jwt-bearer"), "{}", body_text(request));
        let number = calls.fetch_add(1, Ordering::Relaxed);
        reply(200, &token_body(&format!("a{number}"), None))
    });
    let store = store();
    *store.tokens.lock().unwrap() = None;
    let bearer = JwtBearer {
        key: JwtKey::from_pem(&private_key()).unwrap(),
        username: "sync@acme.example".to_owned(),
        audience: None,
        clock: Arc::new(StandingClock(noon())),
    };
    let renewal = Renewal::JwtBearer(bearer);
    let session = Session::renewed_by(renewal, transport.clone(), store.clone(), app(), org_id());
    assert_eq!(session.access_token().await.unwrap().expose_secret(), "a1");
    assert_eq!(session.access_token().await.unwrap().expose_secret(), "a1");
    assert_eq!(refresh(&session, "a1").await.unwrap(), "a2");
    assert_eq!(transport.sent().len(), 2);
    assert_eq!(store.load().unwrap().unwrap().access_token.expose_secret(), "a2");
}
