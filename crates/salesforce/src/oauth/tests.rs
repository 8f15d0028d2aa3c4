//! The login: what goes to the browser, what comes back, what is believed.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

use crate::error::AuthError;
use crate::oauth::{
    Authorization, AuthorizationCode, OAuthApp, TokenKind, check_app, exchange, introspect,
    refresh, revoke,
};
use crate::testing::{FakeTransport, app, body_text, org_id, reply, token_body};

const REDIRECT: &str = "http://localhost:17817/oauth/callback";

fn begin(seed: u64) -> Authorization {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    Authorization::begin(&app(), REDIRECT.parse().unwrap(), &mut random).unwrap()
}

fn pairs(query: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(query).into_owned().collect()
}

fn code() -> AuthorizationCode {
    AuthorizationCode(SecretString::from("aPrx=.code".to_owned()))
}

#[test]
fn the_authorize_address_asks_for_a_code_with_s256_and_state() {
    let authorization = begin(7);
    assert!(
        authorization
            .url
            .as_str()
            .starts_with("https://login.salesforce.com/services/oauth2/authorize?")
    );
    let query = pairs(authorization.url.query().unwrap().as_bytes());
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["redirect_uri"], REDIRECT);
    assert_eq!(query["scope"], "api refresh_token");
    assert_eq!(query["prompt"], "login consent");
    let verifier = authorization.verifier.expose_secret();
    assert!((43..=128).contains(&verifier.len()));
    assert_eq!(query["code_challenge"], BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
    assert!(!authorization.url.as_str().contains(verifier));
    assert!(authorization.has_state(&query["state"]));
    assert!(!format!("{authorization:?}").contains(&query["state"]));
}

#[test]
fn two_logins_share_neither_state_nor_verifier() {
    let (one, two) = (begin(1), begin(2));
    assert_ne!(one.state.expose_secret(), two.state.expose_secret());
    assert_ne!(one.verifier.expose_secret(), one.state.expose_secret());
    assert!(!one.has_state(two.state.expose_secret()));
    assert!(!one.has_state("") && !one.has_state(&"x".repeat(10_000)));
}

#[tokio::test]
async fn a_code_is_exchanged_with_its_verifier_and_without_a_secret() {
    let transport = FakeTransport::new(|_| reply(200, &token_body("access", Some("refresh"))));
    let grant = exchange(transport.as_ref(), &app(), begin(7), code()).await.unwrap();
    assert_eq!(grant.org_id, org_id());
    assert_eq!(grant.scopes, ["refresh_token", "api"]);
    assert_eq!(grant.tokens.instance_url.to_string(), "https://acme.my.salesforce.com");
    assert!(!format!("{grant:?}").contains("access_token: \"access"));
    let form = pairs(body_text(&transport.sent()[0]).as_bytes());
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "aPrx=.code");
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert_eq!(form["code_verifier"], begin(7).verifier.expose_secret());
    assert!(!form.contains_key("client_secret"));
}

#[tokio::test]
async fn a_confidential_app_sends_its_secret_in_the_body() {
    let transport = FakeTransport::new(|_| reply(200, &token_body("access", None)));
    let secret = Some(SecretString::from("s3cret".to_owned()));
    let app = OAuthApp { client_secret: secret, ..app() };
    let token = SecretString::from("refresh".to_owned());
    refresh(transport.as_ref(), &app, &token).await.unwrap();
    let request = &transport.sent()[0];
    let form = pairs(body_text(request).as_bytes());
    assert_eq!(form["client_secret"], "s3cret");
    assert!(!request.headers.contains_key("authorization"));
    assert!(!format!("{app:?} {request:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_login_without_a_refresh_token_is_refused_with_the_missing_scope() {
    let transport = FakeTransport::new(|_| reply(200, &token_body("access", None)));
    let error = exchange(transport.as_ref(), &app(), begin(7), code()).await.unwrap_err();
    assert!(error.to_string().contains("offline_access"), "{error}");
}

#[tokio::test]
async fn answers_that_name_foreign_hosts_are_not_believed() {
    for (from, to) in [
        ("https://acme.my.salesforce.com", "https://acme.my.salesforce.com.evil.example"),
        ("https://acme.my.salesforce.com", "http://acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com", "https://x@acme.my.salesforce.com"),
        ("https://acme.my.salesforce.com", "http://localhost:9"),
        ("https://login.salesforce.com/id", "https://evil.example/id"),
        ("https://login.salesforce.com/id", "https://login.salesforce.com/other"),
        ("00DHs00000AbCdEMAV", "001Hs00000AbCdE"),
    ] {
        let body = token_body("access", Some("refresh")).replace(from, to);
        let transport = FakeTransport::new(move |_| reply(200, &body));
        let error = exchange(transport.as_ref(), &app(), begin(7), code()).await.unwrap_err();
        assert!(matches!(error, AuthError::Host(_) | AuthError::BadAnswer(_)), "{to}: {error:?}");
        assert!(error.is_terminal());
    }
}

#[tokio::test]
async fn a_wrong_client_id_is_explained() {
    let transport = FakeTransport::new(|_| {
        reply(
            400,
            r#"{"error":"invalid_client_id","error_description":"client identifier invalid"}"#,
        )
    });
    let error = exchange(transport.as_ref(), &app(), begin(7), code()).await.unwrap_err();
    let AuthError::Refused(diagnosis) = &error else { panic!("{error:?}") };
    assert!(diagnosis.remedy.contains("Consumer Key"));
    assert!(diagnosis.terminal);
}

#[tokio::test]
async fn an_app_is_refused_before_the_browser_opens_and_a_wrong_code_is_no_refusal_of_the_app() {
    for (code, refused) in [
        ("invalid_client_id", true),
        ("invalid_client", true),
        ("app_blocked", true),
        ("invalid_grant", false),
        ("redirect_uri_missing", false),
        ("invalid_request", false),
    ] {
        let body = format!(r#"{{"error":"{code}","error_description":""}}"#);
        let transport = FakeTransport::new(move |_| reply(400, &body));
        let answer = check_app(transport.as_ref(), &app()).await;
        assert_eq!(answer.is_err(), refused, "{code}: {answer:?}");
    }
    let transport = FakeTransport::new(|_| reply(200, "<html>"));
    check_app(transport.as_ref(), &app()).await.unwrap();
}

#[tokio::test]
async fn an_unreadable_token_answer_shows_no_token() {
    for body in [r#"{"access_token":"canary-token""#, r#"{"access_token":"canary-token"}"#] {
        let transport = FakeTransport::new(move |_| reply(200, body));
        let error = exchange(transport.as_ref(), &app(), begin(7), code()).await.unwrap_err();
        assert!(matches!(error, AuthError::BadAnswer(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_gone_counts_as_revoked() {
    let token = SecretString::from("refresh".to_owned());
    for (status, body) in [
        (200, ""),
        (400, r#"{"error":"invalid_token","error_description":"invalid token: x"}"#),
        (400, "error=invalid_token&error_description=invalid+token"),
    ] {
        let transport = FakeTransport::new(move |_| reply(status, body));
        revoke(transport.as_ref(), &app(), &token).await.unwrap();
        let expected = Url::parse("https://login.salesforce.com/services/oauth2/revoke").unwrap();
        assert_eq!(transport.sent()[0].url, expected);
    }
    let transport = FakeTransport::new(|_| reply(503, "<html>"));
    assert!(revoke(transport.as_ref(), &app(), &token).await.is_err());
}

#[tokio::test]
async fn a_revoke_that_is_refused_says_why_in_both_of_its_forms() {
    let token = SecretString::from("refresh".to_owned());
    for body in [
        r#"{"error":"unsupported_token_type","error_description":"this token type is not supported"}"#,
        "error=unsupported_token_type&error_description=this+token+type+is+not+supported",
    ] {
        let transport = FakeTransport::new(move |_| reply(400, body));
        let failure = revoke(transport.as_ref(), &app(), &token).await.unwrap_err();
        assert_eq!(failure.code(), "unsupported_token_type");
        assert!(failure.to_string().contains("not supported"), "{failure}");
    }
}

#[tokio::test]
async fn a_login_host_that_breaks_is_asked_again_whatever_it_says() {
    let token = SecretString::from("refresh".to_owned());
    for (status, body) in [
        (500, r#"{"error":"invalid_grant","error_description":"authentication failure"}"#),
        (503, r#"{"error":"server_error","error_description":""}"#),
        (503, "<html>maintenance</html>"),
        (502, ""),
    ] {
        let transport = FakeTransport::new(move |_| reply(status, body));
        let failure = refresh(transport.as_ref(), &app(), &token).await.unwrap_err();
        assert!(!failure.is_terminal(), "{status} {body}: {failure:?}");
    }
}

#[tokio::test]
async fn an_introspection_tells_what_the_host_knows_and_a_dead_token_is_inactive() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            r#"{"active":true,"scope":"api refresh_token","client_id":"3MVG9client",
            "username":"ann@acme.example","sub":"https://login.salesforce.com/id/00D/005",
            "token_type":"access_token","exp":1795165200,"iat":1795158000,"nbf":1795158000}"#,
        )
    });
    let token = SecretString::from("access".to_owned());
    let known = introspect(transport.as_ref(), &app(), &token, TokenKind::Access).await.unwrap();
    assert!(known.active && known.scopes == ["api", "refresh_token"]);
    assert_eq!(known.username.as_deref(), Some("ann@acme.example"));
    assert_eq!(known.expires_at.unwrap().to_string(), "2026-11-20T09:00:00Z");
    let form = pairs(body_text(&transport.sent()[0]).as_bytes());
    assert_eq!(form["token_type_hint"], "access_token");
    assert_eq!(form["client_id"], "3MVG9client");
    let transport = FakeTransport::new(|_| reply(200, r#"{"active":false}"#));
    let gone = introspect(transport.as_ref(), &app(), &token, TokenKind::Refresh).await.unwrap();
    assert!(!gone.active && gone.expires_at.is_none());
    let refused =
        r#"{"error":"invalid_client_id","error_description":"client identifier invalid"}"#;
    let transport = FakeTransport::new(move |_| reply(401, refused));
    let failure = introspect(transport.as_ref(), &app(), &token, TokenKind::Access).await;
    assert_eq!(failure.unwrap_err().code(), "invalid_client_id");
}
