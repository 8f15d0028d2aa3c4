//! Sessions without a person: by assertion and by client credentials; what the org says of a token.

use std::sync::Arc;

use isthmus_salesforce::LoginUrl;
use isthmus_salesforce::oauth::jwt::{JwtBearer, JwtKey};
use isthmus_salesforce::oauth::{
    OAuthApp, TokenKind, client_credentials, introspect, jwt_bearer, revoke,
};
use isthmus_salesforce::session::FixedToken;
use isthmus_tests::client::{MachineClock, client_with, transport};
use isthmus_tests::orgs::Orgs;
use isthmus_tests::window::tell;
use rcgen::{KeyPair, PKCS_RSA_SHA256};
use serde_json::json;

use crate::rig::{ORG, serve};

fn app(orgs: &Orgs, client_id: &str, secret: Option<&str>) -> OAuthApp {
    let login = LoginUrl::parse(&orgs.announcement(ORG).login_url).expect("a loopback address");
    let client_secret = secret.map(|secret| secret.to_owned().into());
    OAuthApp { login, client_id: client_id.to_owned(), client_secret }
}

#[test]
fn an_assertion_signed_by_the_apps_key_opens_a_session_and_another_key_none() {
    let orgs = serve(1);
    let keys = [(); 2].map(|()| KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key"));
    let registered = json!({ "client_id": "jwt-app", "certificate": keys[0].public_key_pem() });
    orgs.control(ORG, "apps", &registered);
    let bearer = |key: &KeyPair| JwtBearer {
        key: JwtKey::from_pem(&key.serialize_pem().into()).expect("an RSA key"),
        username: orgs.announcement(ORG).username.clone(),
        audience: Some("https://login.salesforce.com".to_owned()),
        clock: Arc::new(MachineClock),
    };
    tell(async {
        let app = app(&orgs, "jwt-app", None);
        let grant = jwt_bearer(&*transport(), &app, &bearer(&keys[0])).await.expect("a grant");
        assert!(grant.tokens.refresh_token.is_none());
        let client = client_with(
            &orgs.announcement(ORG).instance_url,
            Arc::new(FixedToken(grant.tokens.access_token)),
        );
        let me = client.userinfo().await.expect("an answer");
        assert_eq!(me.username, orgs.announcement(ORG).username);

        let refused = jwt_bearer(&*transport(), &app, &bearer(&keys[1])).await;
        let refused = refused.map(|_| ()).expect_err("the certificate is another");
        assert!(refused.to_string().contains("invalid"), "{refused}");
    });
}

#[test]
fn client_credentials_open_a_session_that_can_be_asked_about_and_ended() {
    let orgs = serve(1);
    let username = orgs.announcement(ORG).username.clone();
    let registered =
        json!({ "client_id": "server-app", "client_secret": "s3cret", "run_as": username });
    orgs.control(ORG, "apps", &registered);
    tell(async {
        let app = app(&orgs, "server-app", Some("s3cret"));
        let transport = transport();
        let grant = client_credentials(&*transport, &app).await.expect("a grant");
        let token = grant.tokens.access_token;
        let known =
            introspect(&*transport, &app, &token, TokenKind::Access).await.expect("an answer");
        assert!(known.active);
        assert_eq!(known.username.as_deref(), Some(username.as_str()));

        revoke(&*transport, &app, &token).await.expect("it is taken back");
        let known =
            introspect(&*transport, &app, &token, TokenKind::Access).await.expect("an answer");
        assert!(!known.active);
    });
}
