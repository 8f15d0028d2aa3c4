//! OAuth beyond the browser: JWT bearer, client credentials, introspection, policies, several users.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use orgsim::router::{SharedOrg, answer};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use serde_json::{Value, json};

use crate::support::{Answer, call, control, in_memory, read};

/// What an app registers, and what it keeps to itself; made for this process.
static APP: LazyLock<Keys> = LazyLock::new(Keys::make);

/// The same of somebody else.
static OTHER: LazyLock<Keys> = LazyLock::new(Keys::make);

/// A key pair in PEM.
struct Keys {
    private: String,
    public: String,
    certificate: String,
}

impl Keys {
    fn make() -> Self {
        let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("an RSA key");
        let named = CertificateParams::new(vec!["app.example.com".to_owned()]).expect("a name");
        let certificate = named.self_signed(&pair).expect("a certificate").pem();
        Self { private: pair.serialize_pem(), public: pair.public_key_pem(), certificate }
    }
}

/// 2026-11-20T10:00:00Z, where the orgs in memory begin.
const NOW_S: i64 = 1_795_168_800;

async fn post(org: &SharedOrg, resource: &str, form: &[(&str, &str)], host: &str) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = http::Request::post(format!("/services/oauth2/{resource}"))
        .header("host", host)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.into())
        .expect("a request");
    read(answer(org, request).await.expect("an answer"))
}

async fn token(org: &SharedOrg, form: &[(&str, &str)]) -> Answer {
    post(org, "token", form, "localhost").await
}

fn assertion(claims: &Value, key: &str) -> String {
    let text: String = key.lines().filter(|line| !line.starts_with("-----")).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(text).expect("base64")).expect("a key");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": "RS256" })), part(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .expect("signed");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn bearer(org: &SharedOrg, assertion: &str) -> Answer {
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    token(org, &[("grant_type", grant), ("assertion", assertion)]).await
}

fn told(answer: &Answer) -> (u16, &str, &str) {
    let text = |name: &str| answer.body[name].as_str().unwrap_or_default();
    (answer.status, text("error"), text("error_description"))
}

#[tokio::test]
async fn a_signed_assertion_opens_a_session_for_its_subject() {
    let (org, session) = in_memory();
    for certificate in [&APP.certificate, &APP.public] {
        let app = json!({ "client_id": "jwt-app", "certificate": certificate });
        control(&org, "POST", "apps", Some(&app)).await;
        let claims = json!({ "iss": "jwt-app", "sub": session.username, "aud": "https://login.salesforce.com", "exp": NOW_S + 170 });
        let granted = bearer(&org, &assertion(&claims, &APP.private)).await;
        assert_eq!(granted.status, 200, "{}", granted.body);
        let names: Vec<&String> = granted.body.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["access_token", "id", "instance_url", "scope", "token_type"]);
        let access_token = granted.body["access_token"].as_str().expect("a token");
        let me = call(&org, "GET", "/services/oauth2/userinfo", Some(access_token), None)
            .await
            .expect("an answer");
        assert_eq!(me.body["preferred_username"], json!(session.username));
    }
}

/// An org with an app that has a certificate, and the claims that it lets in.
async fn with_app() -> (SharedOrg, Value) {
    let (org, session) = in_memory();
    set_app(&org, json!({ "client_id": "jwt-app", "certificate": APP.certificate })).await;
    let good = json!({ "iss": "jwt-app", "sub": session.username, "aud": session.instance_url, "exp": NOW_S + 60 });
    (org, good)
}

async fn set_app(org: &SharedOrg, app: Value) {
    control(org, "POST", "apps", Some(&app)).await;
}

fn with(good: &Value, name: &str, value: Value) -> Value {
    let mut claims = good.clone();
    claims[name] = value;
    claims
}

#[tokio::test]
async fn each_wrong_assertion_is_refused_in_the_documented_words() {
    let (org, good) = with_app().await;
    set_app(&org, json!({ "client_id": "no-key" })).await;
    let refused = bearer(&org, &assertion(&good, &OTHER.private)).await;
    assert_eq!(told(&refused), (400, "invalid_grant", "invalid assertion"));
    for (name, value, error, description) in [
        ("iss", json!("unknown"), "invalid_client_id", "client identifier invalid"),
        ("iss", json!("no-key"), "invalid_grant", "invalid assertion"),
        ("aud", json!("https://example.com"), "invalid_grant", "audience is invalid"),
        ("exp", json!(NOW_S - 1), "invalid_grant", "expired authorization code"),
        ("exp", json!("soon"), "invalid_grant", "invalid assertion"),
        ("sub", json!("nobody@example.com"), "invalid_grant", "user hasn't approved this consumer"),
    ] {
        let claims = with(&good, name, value);
        let refused = bearer(&org, &assertion(&claims, &APP.private)).await;
        assert_eq!(told(&refused), (400, error, description), "{claims}");
    }
}

#[tokio::test]
async fn the_end_of_an_assertion_is_read_as_clients_write_it() {
    let (org, good) = with_app().await;
    // Two clients that log in at the real service write milliseconds, and a text.
    for exp in [json!(NOW_S + 60), json!((NOW_S + 60) * 1000), json!((NOW_S + 60).to_string())] {
        let claims = with(&good, "exp", exp);
        assert_eq!(bearer(&org, &assertion(&claims, &APP.private)).await.status, 200, "{claims}");
    }
}

#[tokio::test]
async fn what_an_admin_forbids_is_told_by_its_own_error() {
    let (org, good) = with_app().await;
    set_app(&org, json!({ "client_id": "jwt-app", "pre_approved": false })).await;
    let refused = bearer(&org, &assertion(&good, &APP.private)).await;
    assert_eq!(told(&refused), (400, "invalid_grant", "user hasn't approved this consumer"));
    for (standing, error) in [("blocked", "app_blocked"), ("not_approved", "invalid_app_access")] {
        set_app(&org, json!({ "client_id": "jwt-app", "standing": standing })).await;
        assert_eq!(told(&bearer(&org, &assertion(&good, &APP.private)).await).1, error);
    }
    let allowed = json!({ "client_id": "jwt-app", "standing": "allowed", "pre_approved": true });
    set_app(&org, allowed).await;
    for (change, description) in [
        (json!({ "active": false }), "inactive user"),
        (json!({ "active": true, "ip_restricted": true }), "ip restricted"),
    ] {
        let user = with(&change, "username", json!("lee@sales.example"));
        control(&org, "POST", "users", Some(&user)).await;
        let claims = with(&good, "sub", json!("lee@sales.example"));
        assert_eq!(told(&bearer(&org, &assertion(&claims, &APP.private)).await).2, description);
    }
}

#[tokio::test]
async fn client_credentials_need_a_run_as_user_the_secret_and_the_orgs_own_domain() {
    let (org, session) = in_memory();
    let app = json!({ "client_id": "robot", "client_secret": "s3cret" });
    control(&org, "POST", "apps", Some(&app)).await;
    let form =
        [("grant_type", "client_credentials"), ("client_id", "robot"), ("client_secret", "s3cret")];
    assert_eq!(
        told(&token(&org, &form).await),
        (400, "invalid_grant", "no client credentials user enabled")
    );
    control(
        &org,
        "POST",
        "apps",
        Some(&json!({ "client_id": "robot", "run_as": session.username })),
    )
    .await;
    let elsewhere = post(&org, "token", &form, "login.salesforce.com").await;
    assert_eq!(told(&elsewhere), (400, "invalid_grant", "request not supported on this domain"));
    assert_eq!(token(&org, &form[..2]).await.status, 400);
    let granted = token(&org, &form).await;
    assert_eq!(granted.status, 200);
    assert!(granted.body.get("refresh_token").is_none() && granted.body["signature"].is_string());
    let told = |token: &str| {
        let form = vec![("token".to_owned(), token.to_owned())];
        form.into_iter().chain(form_of_robot()).collect::<Vec<_>>()
    };
    let access_token = granted.body["access_token"].as_str().expect("a token");
    let form = told(access_token);
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let known = post(&org, "introspect", &form, "localhost").await;
    assert_eq!((&known.body["active"], &known.body["client_id"]), (&json!(true), &json!("robot")));
    assert_eq!((&known.body["iat"], &known.body["exp"]), (&json!(NOW_S), &json!(NOW_S + 7_200)));
    let form = told(&session.access_token);
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let foreign = post(&org, "introspect", &form, "localhost").await;
    assert_eq!(foreign.body, json!({ "active": false }));
}

fn form_of_robot() -> Vec<(String, String)> {
    vec![
        ("client_id".to_owned(), "robot".to_owned()),
        ("client_secret".to_owned(), "s3cret".to_owned()),
    ]
}

#[tokio::test]
async fn a_session_policy_and_a_dead_token_are_told_in_plain_text() {
    let (org, session) = in_memory();
    control(&org, "POST", "sessions/policy", Some(&json!({ "idle_seconds": 60 }))).await;
    let me = |token: String| {
        let org = org.clone();
        async move {
            call(&org, "GET", "/services/oauth2/userinfo", Some(&token), None)
                .await
                .expect("an answer")
        }
    };
    assert_eq!(me(session.access_token.clone()).await.status, 200);
    control(&org, "POST", "clock", Some(&json!({ "advance_seconds": 60 }))).await;
    let dead = me(session.access_token).await;
    assert_eq!((dead.status, &dead.bytes[..]), (403, &b"Bad_OAuth_Token"[..]));
}

#[tokio::test]
async fn a_fault_at_the_token_endpoint_has_the_documented_body() {
    let (org, session) = in_memory();
    let fault = json!({ "kind": "oauth_error", "error": "server_error", "error_description": "try later", "status": 500, "path_contains": "/token" });
    control(&org, "POST", "faults", Some(&fault)).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
        ("client_id", session.client_id.as_str()),
    ];
    assert_eq!(told(&token(&org, &form).await), (500, "server_error", "try later"));
    assert_eq!(
        told(&token(&org, &form).await),
        (400, "invalid_grant", "expired access/refresh token")
    );
    assert_eq!(
        told(&token(&org, &[("grant_type", "device"), ("code", "x")]).await).1,
        "oauth_flow_disabled"
    );
    let revoke =
        post(&org, "revoke", &[("token", "x"), ("token_type_hint", "id_token")], "localhost").await;
    assert_eq!(told(&revoke).1, "unsupported_token_type");
}
