//! The OAuth dance over real sockets, with its refusals.

use orgsim::router::lock;
use serde_json::{Value, json};

use crate::support::{
    Browser, CALLBACK, VERIFIER, client, control, data_status, redeem, refresh, served, token,
};

fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body[key].as_str().unwrap_or_else(|| panic!("{key} in {body}"))
}

#[tokio::test]
async fn a_code_with_its_verifier_becomes_a_session_with_an_identity() {
    let served = served().await;
    let org = &served.announcements[0];
    let code = Browser::new().code(org, &[]).await;
    assert!(code.contains('=') && code.contains('.'));
    let (status, tokens) = redeem(org, &code).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(tokens["instance_url"], json!(org.instance_url));
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], "api refresh_token");
    assert!(text(&tokens, "issued_at").parse::<i64>().is_ok());
    assert!(text(&tokens, "access_token").starts_with(&format!("{}!", &org.org_id[..15])));
    assert!(text(&tokens, "id").contains(&org.org_id));
    let names: Vec<&String> = tokens.as_object().expect("an object").keys().collect();
    let all = [
        "access_token",
        "id",
        "instance_url",
        "issued_at",
        "refresh_token",
        "scope",
        "signature",
        "token_type",
    ];
    assert_eq!(names, all);

    let access_token = text(&tokens, "access_token");
    let identity: Value = client()
        .get(text(&tokens, "id"))
        .bearer_auth(access_token)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("json");
    assert_eq!(identity["organization_id"], json!(org.org_id));
    assert_eq!(identity["username"], json!(org.username));
    let userinfo = format!("{}/services/oauth2/userinfo", org.instance_url);
    let userinfo: Value = client()
        .get(userinfo)
        .bearer_auth(access_token)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("json");
    assert_eq!(userinfo["user_id"], identity["user_id"]);
    assert_eq!(data_status(org, access_token).await, 200);
}

#[tokio::test]
async fn identity_and_userinfo_answer_a_bad_token_with_403_and_plain_text() {
    let served = served().await;
    let org = &served.announcements[0];
    for path in ["services/oauth2/userinfo".to_owned(), format!("id/{}/{}", org.org_id, org.org_id)]
    {
        let url = format!("{}/{path}", org.instance_url);
        let answer = client().get(url).bearer_auth("00D!bad").send().await.expect("an answer");
        assert_eq!(answer.status(), 403);
        assert_eq!(answer.text().await.expect("text"), "Bad_OAuth_Token");
    }
}

#[tokio::test]
async fn a_wrong_password_asks_again_and_keeps_the_request() {
    let served = served().await;
    let org = &served.announcements[0];
    let mut browser = Browser::new();
    let page = browser.authorize(org, &[("login_hint", "ann@example.com")]).await;
    assert!(page.html.contains("value=\"ann@example.com\""));
    let again = browser.log_in(org, &page, "wrong").await;
    assert_eq!(again.status, 200);
    assert!(again.html.contains("Please check your username and password."));
    let consent = browser.log_in(org, &again, &org.password).await;
    let redirect = browser.decide(org, &consent, "allow").await;
    assert_eq!(redirect.parameter("state").as_deref(), Some("st4te"));
}

#[tokio::test]
async fn a_denied_consent_comes_back_as_access_denied_with_the_state() {
    let served = served().await;
    let org = &served.announcements[0];
    let mut browser = Browser::new();
    let page = browser.authorize(org, &[]).await;
    let consent = browser.log_in(org, &page, &org.password).await;
    let redirect = browser.decide(org, &consent, "deny").await;
    assert_eq!(redirect.status, 302);
    let location = redirect.location.expect("a redirect");
    assert_eq!(
        location.as_str(),
        format!(
            "{CALLBACK}?error=access_denied&error_description=end-user+denied+authorization&state=st4te"
        )
    );
    let (status, _) = redeem(org, "nothing").await;
    assert_eq!(status, 400);
    assert_eq!(lock(&served.orgs[0]).oauth.refresh_token_count(), 0);
}

#[tokio::test]
async fn an_unknown_app_or_callback_gets_a_page_and_no_redirect() {
    let served = served().await;
    let org = &served.announcements[0];
    let cases = [
        (("client_id", "3MVG9.wrong"), "invalid_client_id"),
        (("redirect_uri", "http://localhost:17818/oauth/callback"), "redirect_uri_mismatch"),
        (("redirect_uri", "http://localhost:17817/oauth/callback/"), "redirect_uri_mismatch"),
        (("redirect_uri", "http://127.0.0.1:17817/oauth/callback"), "redirect_uri_mismatch"),
        (("redirect_uri", ""), "redirect_uri_missing"),
    ];
    for (change, error) in cases {
        let page = Browser::new().authorize(org, &[change]).await;
        assert_eq!(page.status, 400, "{change:?}");
        assert!(page.location.is_none(), "{change:?}");
        assert!(page.html.contains(error), "{change:?}: {}", page.html);
    }
}

#[tokio::test]
async fn pkce_with_s256_is_enforced_at_the_authorize_page() {
    let served = served().await;
    let org = &served.announcements[0];
    let cases = [
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "api nonsense"), "invalid_scope"),
    ];
    for (change, error) in cases {
        let page = Browser::new().authorize(org, &[change]).await;
        assert_eq!(page.parameter("error").as_deref(), Some(error), "{change:?}");
        assert_eq!(page.parameter("state").as_deref(), Some("st4te"));
    }
}

#[tokio::test]
async fn a_code_is_good_for_one_right_try() {
    let served = served().await;
    let org = &served.announcements[0];
    let mut browser = Browser::new();
    let usual = [
        ("grant_type", "authorization_code"),
        ("client_id", &org.client_id),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let cases = [
        (
            ("code_verifier", "another-verifier-with-enough-characters-0123456789"),
            "invalid_request",
        ),
        (("code_verifier", ""), "invalid_grant"),
        (("redirect_uri", "http://localhost:21817/oauth/callback"), "redirect_uri_mismatch"),
        (("redirect_uri", ""), "redirect_uri_missing"),
        (("client_id", "unknown"), "invalid_client_id"),
        (("grant_type", "password"), "unsupported_grant_type"),
    ];
    for (change, error) in cases {
        let code = browser.code(org, &[]).await;
        let mut form: Vec<(&str, &str)> =
            usual.into_iter().filter(|(name, _)| *name != change.0).collect();
        form.extend([change, ("code", &code)]);
        let (status, body) = token(org, &form).await;
        assert_eq!((status, text(&body, "error")), (400, error), "{change:?}");
    }
    let code = browser.code(org, &[]).await;
    assert_eq!(redeem(org, &code).await.0, 200);
    let (status, body) = redeem(org, &code).await;
    assert_eq!((status, text(&body, "error")), (400, "invalid_grant"));
    assert_eq!(text(&body, "error_description"), "expired authorization code");
}

#[tokio::test]
async fn a_code_dies_after_fifteen_minutes_of_the_orgs_clock() {
    let served = served().await;
    let org = &served.announcements[0];
    let code = Browser::new().code(org, &[]).await;
    control(&served.orgs[0], "POST", "clock", Some(&json!({ "advance_seconds": 900 }))).await;
    let (status, body) = redeem(org, &code).await;
    assert_eq!((status, text(&body, "error_description")), (400, "expired authorization code"));
}

#[tokio::test]
async fn a_second_login_skips_the_pages_unless_the_app_insists() {
    let served = served().await;
    let org = &served.announcements[0];
    let mut browser = Browser::new();
    let code = browser.code(org, &[]).await;
    redeem(org, &code).await;
    assert!(browser.authorize(org, &[]).await.parameter("code").is_some());
    assert!(browser.authorize(org, &[("prompt", "consent")]).await.html.contains("Allow Access?"));
    assert!(
        browser
            .authorize(org, &[("prompt", "login consent")])
            .await
            .html
            .contains("name=\"password\"")
    );
    assert!(Browser::new().authorize(org, &[]).await.html.contains("name=\"password\""));
}

#[tokio::test]
async fn a_refresh_rotates_and_the_old_token_revokes_the_family() {
    let served = served().await;
    let org = &served.announcements[0];
    let code = Browser::new().code(org, &[]).await;
    let (_, first) = redeem(org, &code).await;
    let (status, second) = refresh(org, text(&first, "refresh_token")).await;
    assert_eq!(status, 200);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(data_status(org, text(&second, "access_token")).await, 200);

    let (status, body) = refresh(org, text(&first, "refresh_token")).await;
    assert_eq!((status, text(&body, "error")), (400, "invalid_grant"));
    assert_eq!(text(&body, "error_description"), "expired access/refresh token");
    assert_eq!(refresh(org, text(&second, "refresh_token")).await.0, 400);
    assert_eq!(data_status(org, text(&second, "access_token")).await, 401);
    assert_eq!(data_status(org, text(&first, "access_token")).await, 401);
    assert_eq!(data_status(org, &org.access_token).await, 200);
}

#[tokio::test]
async fn without_rotation_a_refresh_token_stays_and_is_not_sent_again() {
    let served = served().await;
    let org = &served.announcements[0];
    control(
        &served.orgs[0],
        "POST",
        "apps",
        Some(&json!({ "client_id": org.client_id, "rotation": false })),
    )
    .await;
    let code = Browser::new().code(org, &[]).await;
    let (_, first) = redeem(org, &code).await;
    for _ in 0..2 {
        let (status, body) = refresh(org, text(&first, "refresh_token")).await;
        assert_eq!(status, 200);
        assert!(body.get("refresh_token").is_none());
    }
}

#[tokio::test]
async fn revoking_the_refresh_token_ends_its_sessions_and_forgets_the_consent() {
    let served = served().await;
    let org = &served.announcements[0];
    let mut browser = Browser::new();
    let code = browser.code(org, &[]).await;
    let (_, tokens) = redeem(org, &code).await;
    let url = format!("{}/services/oauth2/revoke", org.login_url);
    let form = [("token", text(&tokens, "refresh_token"))];
    let answer = client().post(&url).form(&form).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(data_status(org, text(&tokens, "access_token")).await, 401);
    assert_eq!(refresh(org, text(&tokens, "refresh_token")).await.0, 400);
    assert!(browser.authorize(org, &[]).await.html.contains("Allow Access?"));

    let answer = client().post(&url).form(&form).send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.json::<Value>().await.expect("json")["error"], "invalid_token");
    let by_get = format!("{url}?token={}", org.access_token);
    assert_eq!(client().get(by_get).send().await.expect("an answer").status(), 200);
    assert_eq!(data_status(org, &org.access_token).await, 401);
}

#[tokio::test]
async fn an_app_with_a_secret_must_send_it_in_the_form_or_the_header() {
    let served = served().await;
    let org = &served.announcements[0];
    let secret = json!({ "client_id": org.client_id, "client_secret": "s3cret" });
    control(&served.orgs[0], "POST", "apps", Some(&secret)).await;
    let mut browser = Browser::new();
    let code = browser.code(org, &[]).await;
    let (status, body) = redeem(org, &code).await;
    assert_eq!((status, text(&body, "error")), (400, "invalid_client"));

    let code = browser.code(org, &[]).await;
    let url = format!("{}/services/oauth2/token", org.login_url);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = client()
        .post(url)
        .basic_auth(&org.client_id, Some("s3cret"))
        .form(&form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_blocked_or_unapproved_app_is_told_so_at_both_endpoints() {
    let served = served().await;
    let org = &served.announcements[0];
    let code = Browser::new().code(org, &[]).await;
    let (_, tokens) = redeem(org, &code).await;
    for (standing, error) in [("blocked", "app_blocked"), ("not_approved", "invalid_app_access")] {
        let change = json!({ "client_id": org.client_id, "standing": standing });
        control(&served.orgs[0], "POST", "apps", Some(&change)).await;
        let page = Browser::new().authorize(org, &[]).await;
        assert_eq!(page.parameter("error").as_deref(), Some(error));
        let (status, body) = refresh(org, text(&tokens, "refresh_token")).await;
        assert_eq!((status, text(&body, "error")), (400, error));
    }
}

#[tokio::test]
async fn the_openid_configuration_names_the_endpoints_of_this_org() {
    let served = served().await;
    let org = &served.announcements[0];
    let url = format!("{}/.well-known/openid-configuration", org.login_url);
    let body: Value =
        client().get(url).send().await.expect("an answer").json().await.expect("json");
    assert_eq!(body["token_endpoint"], json!(format!("{}/services/oauth2/token", org.login_url)));
}

#[tokio::test]
async fn a_second_user_logs_in_as_itself_and_its_end_ends_its_logins() {
    let served = served().await;
    let org = &served.announcements[0];
    let change = json!({ "username": "lee@sales.example", "password": "l33", "name": "Ann Lee" });
    let user = control(&served.orgs[0], "POST", "users", Some(&change)).await;
    let other = orgsim::serve::Announcement {
        username: "lee@sales.example".to_owned(),
        password: "l33".to_owned(),
        ..org.clone()
    };
    let code = Browser::new().code(&other, &[]).await;
    let (status, tokens) = redeem(org, &code).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(text(&tokens, "id").ends_with(text(&user, "user_id")));
    let refresh_token = text(&tokens, "refresh_token").to_owned();
    let inactive = json!({ "username": "lee@sales.example", "active": false });
    control(&served.orgs[0], "POST", "users", Some(&inactive)).await;
    let (status, refused) = refresh(org, &refresh_token).await;
    assert_eq!((status, text(&refused, "error_description")), (400, "inactive user"));
    assert_eq!(data_status(org, text(&tokens, "access_token")).await, 401);
    assert_eq!(data_status(org, &org.access_token).await, 200);
}

#[tokio::test]
async fn refresh_tokens_die_as_their_apps_policy_says() {
    let served = served().await;
    let org = &served.announcements[0];
    for (policy, alive_s, dead_s) in [
        (json!({ "inactivity_seconds": 100 }), 60, 100),
        (json!({ "lifetime_seconds": 100 }), 60, 40),
    ] {
        let app =
            json!({ "client_id": org.client_id, "rotation": false, "refresh_policy": policy });
        control(&served.orgs[0], "POST", "apps", Some(&app)).await;
        let (_, tokens) = redeem(org, &Browser::new().code(org, &[]).await).await;
        let refresh_token = text(&tokens, "refresh_token").to_owned();
        for (advance, status) in [(alive_s, 200), (dead_s, 400)] {
            let advance = json!({ "advance_seconds": advance });
            control(&served.orgs[0], "POST", "clock", Some(&advance)).await;
            assert_eq!(refresh(org, &refresh_token).await.0, status, "{policy}");
        }
    }
}
