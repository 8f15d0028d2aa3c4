//! Assertions: who, for whom, until when, and signed so that the org's certificate verifies it.

use std::sync::Arc;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use crate::error::AuthError;
use crate::host::LoginUrl;
use crate::oauth::jwt::{JwtBearer, JwtKey, audience};
use crate::oauth::{OAuthApp, client_credentials, jwt_bearer};
use crate::testing::{
    FakeTransport, StandingClock, app, body_text, noon, org_id, pem, private_key, reply, rsa_pair,
    token_body,
};

fn bearer(pem: &SecretString) -> JwtBearer {
    JwtBearer {
        key: JwtKey::from_pem(pem).unwrap(),
        username: "sync@acme.example".to_owned(),
        audience: None,
        clock: Arc::new(StandingClock(noon())),
    }
}

fn part(assertion: &str, index: usize) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(assertion.split('.').nth(index).unwrap()).unwrap()
}

#[test]
fn an_assertion_says_who_for_whom_and_until_when() {
    let assertion = bearer(&private_key()).assertion(&app()).unwrap();
    let assertion = assertion.expose_secret();
    let header: serde_json::Value = serde_json::from_slice(&part(assertion, 0)).unwrap();
    assert_eq!(header["alg"], "RS256");
    let claims: serde_json::Value = serde_json::from_slice(&part(assertion, 1)).unwrap();
    assert_eq!(claims["iss"], "3MVG9client");
    assert_eq!(claims["sub"], "sync@acme.example");
    assert_eq!(claims["aud"], "https://login.salesforce.com");
    let lasts = claims["exp"].as_i64().unwrap() - noon().as_second();
    assert!((60..=180).contains(&lasts), "{lasts}");
}

#[test]
fn an_assertion_is_signed_with_rs256_over_both_parts() {
    let pair = rsa_pair();
    let assertion = bearer(&pem(&pair)).assertion(&app()).unwrap();
    let text = assertion.expose_secret();
    let (signed, _) = text.rsplit_once('.').unwrap();
    let public = aws_lc_rs::signature::KeyPair::public_key(&pair).as_ref().to_vec();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public);
    key.verify(signed.as_bytes(), &part(text, 2)).unwrap();
    let changed = signed.replace('.', "..");
    assert!(key.verify(changed.as_bytes(), &part(text, 2)).is_err());
}

#[test]
fn the_audience_follows_the_kind_of_org() {
    for (login, expected) in [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://test.salesforce.com", "https://test.salesforce.com"),
        ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme--dev.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("https://acme.scratch.my.salesforce.com", "https://test.salesforce.com"),
        ("https://acme.develop.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme.my.site.com", "https://acme.my.site.com"),
    ] {
        assert_eq!(audience(&LoginUrl::parse(login).unwrap()), expected, "{login}");
    }
}

#[test]
fn what_is_no_rsa_key_is_refused_without_showing_it() {
    let wrapped =
        |kind: &str, body: &str| format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n");
    for text in [
        String::new(),
        "canary".to_owned(),
        wrapped("PRIVATE KEY", "Y2FuYXJ5"),
        wrapped("RSA PRIVATE KEY", "Y2FuYXJ5"),
        wrapped("EC PRIVATE KEY", "Y2FuYXJ5"),
        wrapped("ENCRYPTED PRIVATE KEY", "Y2FuYXJ5"),
    ] {
        let failure = JwtKey::from_pem(&SecretString::from(text.clone())).unwrap_err();
        assert!(matches!(failure, AuthError::BadKey(_)), "{text}: {failure:?}");
        assert!(failure.is_terminal() && !failure.to_string().contains("canary"));
    }
    let shown = format!("{:?}", bearer(&private_key()));
    assert_eq!(shown, "JwtBearer(for sync@acme.example)");
}

#[tokio::test]
async fn a_login_by_assertion_takes_the_short_answer_and_sends_no_secret() {
    // The documented answer of this flow has neither signature nor issued_at.
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            r#"{"access_token":"00DHs00000AbCdE!AQ4A","scope":"api web",
            "instance_url":"https://acme.my.salesforce.com",
            "id":"https://login.salesforce.com/id/00DHs00000AbCdEMAV/005Hs00000xYz12IAC",
            "token_type":"Bearer"}"#,
        )
    });
    let app = OAuthApp { client_secret: Some(SecretString::from("s3cret".to_owned())), ..app() };
    let grant = jwt_bearer(transport.as_ref(), &app, &bearer(&private_key())).await.unwrap();
    assert_eq!(grant.org_id, org_id());
    assert!(grant.tokens.refresh_token.is_none());
    let body = body_text(&transport.sent()[0]);
    let names: Vec<_> =
        form_urlencoded::parse(body.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["grant_type", "assertion"]);
}

#[tokio::test]
async fn an_assertion_that_is_refused_names_what_to_change() {
    for (code, description, remedy) in [
        ("invalid_grant", "user hasn't approved this consumer", "Permitted Users"),
        ("invalid_grant", "audience is invalid", "test.salesforce.com"),
        ("invalid_app_access", "user is not admin approved to access this app", "Permitted Users"),
    ] {
        let body = format!(r#"{{"error":"{code}","error_description":"{description}"}}"#);
        let transport = FakeTransport::new(move |_| reply(400, &body));
        let outcome = jwt_bearer(transport.as_ref(), &app(), &bearer(&private_key())).await;
        let failure = outcome.unwrap_err();
        assert!(failure.is_terminal() && failure.remedy().contains(remedy), "{failure}");
    }
}

#[tokio::test]
async fn client_credentials_go_to_the_my_domain_alone() {
    let secret = Some(SecretString::from("s3cret".to_owned()));
    for shared in ["https://login.salesforce.com", "https://test.salesforce.com/"] {
        let transport = FakeTransport::new(|_| reply(200, &token_body("a1", None)));
        let login = LoginUrl::parse(shared).unwrap();
        let app = OAuthApp { login, client_secret: secret.clone(), ..app() };
        let failure = client_credentials(transport.as_ref(), &app).await.unwrap_err();
        assert!(matches!(failure, AuthError::MyDomainNeeded { .. }), "{failure:?}");
        assert!(failure.remedy().contains("My Domain") && transport.sent().is_empty());
    }
    let login = LoginUrl::parse("https://acme.my.salesforce.com").unwrap();
    let transport = FakeTransport::new(|_| reply(200, &token_body("a1", None)));
    let without = OAuthApp { login: login.clone(), ..app() };
    let failure = client_credentials(transport.as_ref(), &without).await.unwrap_err();
    assert!(matches!(failure, AuthError::SecretNeeded) && transport.sent().is_empty());
    let app = OAuthApp { login, client_secret: secret, ..app() };
    client_credentials(transport.as_ref(), &app).await.unwrap();
    let request = &transport.sent()[0];
    assert_eq!(request.url.host_str(), Some("acme.my.salesforce.com"));
    let body = body_text(request);
    assert!(body.starts_with("grant_type=client_credentials&client_id=3MVG9client"), "{body}");
    assert!(body.ends_with("client_secret=s3cret"), "{body}");
}
