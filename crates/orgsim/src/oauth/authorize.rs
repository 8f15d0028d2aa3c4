//! The browser's part of the flow: checks the app's request, logs the user in, asks for consent, sends the code.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{CODE_LIFETIME, Code, DEFAULT_SCOPES, SCOPES, Standing, Tokens, page, random_text};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::{Request, first};

/// A SHA-256 hash in base64url without padding has this length.
const CHALLENGE_LENGTH: usize = 43;

const BROWSER_COOKIE: &str = "orgsim_browser";

/// An app's request, checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Authorization {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    pub(super) scopes: Vec<String>,
    state: Option<String>,
    prompt: Prompt,
}

/// Which pages the app insists on.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Prompt {
    login: bool,
    consent: bool,
}

/// Why an app's request is refused.
enum Refusal {
    /// The callback is not known to be the app's: nothing may be sent there.
    Page { code: &'static str, description: &'static str },
    /// The callback is told.
    Redirect { uri: String, code: &'static str, description: &'static str, state: Option<String> },
}

impl Refusal {
    fn into_reply(self) -> Reply {
        match self {
            Self::Page { code, description } => Reply::html(400, page::error(code, description)),
            Self::Redirect { uri, code, description, state } => callback(
                &uri,
                &[("error", code), ("error_description", description)],
                state.as_deref(),
            ),
        }
    }
}

/// `GET /services/oauth2/authorize`.
pub(super) fn begin(org: &mut Org, request: &Request) -> Reply {
    let authorization = match check(&org.oauth, &request.query) {
        Ok(authorization) => authorization,
        Err(refusal) => return refusal.into_reply(),
    };
    if !authorization.prompt.login
        && let Some(user_id) = logged_in(&org.oauth, request)
    {
        return ask_or_send(org, authorization, user_id);
    }
    let username = first(&request.query, "login_hint").unwrap_or_default();
    Reply::html(200, page::login(&request.query, username, None))
}

/// `POST /services/oauth2/authorize/login`.
pub(super) fn log_in(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let authorization = match check(&org.oauth, &form) {
        Ok(authorization) => authorization,
        Err(refusal) => return refusal.into_reply(),
    };
    let username = first(&form, "username").unwrap_or_default();
    let password = first(&form, "password").unwrap_or_default();
    let again = |message: &str| {
        let hidden: Vec<(String, String)> = form
            .iter()
            .filter(|(name, _)| name != "username" && name != "password")
            .cloned()
            .collect();
        Reply::html(200, page::login(&hidden, username, Some(message)))
    };
    let Some(access) = org.user_named(username).filter(|own| own.user.password == password) else {
        return again("Please check your username and password.");
    };
    if !access.active || access.ip_restricted {
        return again("Your login attempt has failed. Contact your administrator for help.");
    }
    let user_id = org.other_user_id(&access.user);
    let browser = random_text(&mut org.rng, CHALLENGE_LENGTH);
    org.oauth.browsers.insert(browser.clone(), user_id.clone());
    ask_or_send(org, authorization, user_id).with_header(
        "set-cookie",
        &format!("{BROWSER_COOKIE}={browser}; Path=/; HttpOnly; SameSite=Lax"),
    )
}

/// `POST /services/oauth2/authorize/consent`.
pub(super) fn decide(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let ticket = first(&form, "ticket").unwrap_or_default();
    let now = org.clock.now();
    let Some(open) = org
        .oauth
        .tickets
        .remove(ticket)
        .filter(|open| now.duration_since(open.issued) < CODE_LIFETIME)
    else {
        return Reply::html(
            400,
            page::error("invalid_request", "this page has expired, start again from the app"),
        );
    };
    match first(&form, "decision") {
        Some("allow") => {
            org.oauth.consents.insert(open.request.client_id.clone());
            send_code(org, open.request, open.user_id)
        }
        _ => callback(
            &open.request.redirect_uri,
            &[("error", "access_denied"), ("error_description", "end-user denied authorization")],
            open.request.state.as_deref(),
        ),
    }
}

/// Who is logged in in the browser that sends the request: `Some(None)` for the connected user.
fn logged_in(tokens: &Tokens, request: &Request) -> Option<Option<String>> {
    let cookies = request.header("cookie").unwrap_or_default();
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == BROWSER_COOKIE)
        .find_map(|(_, value)| tokens.browsers.get(value).cloned())
}

fn ask_or_send(org: &mut Org, authorization: Authorization, user_id: Option<String>) -> Reply {
    if org.oauth.consents.contains(&authorization.client_id) && !authorization.prompt.consent {
        return send_code(org, authorization, user_id);
    }
    let ticket = random_text(&mut org.rng, CHALLENGE_LENGTH);
    let access = user_id.as_ref().and_then(|id| org.setup.access.get(id));
    let username = access.map_or(&org.user.username, |access| &access.user.username);
    let html = page::consent(&ticket, &authorization.client_id, username, &authorization.scopes);
    let issued = org.clock.now();
    org.oauth.tickets.insert(ticket, Code { user_id, request: authorization, issued });
    Reply::html(200, html)
}

fn send_code(org: &mut Org, authorization: Authorization, user_id: Option<String>) -> Reply {
    let uri = authorization.redirect_uri.clone();
    let state = authorization.state.clone();
    let code = org.oauth.insert_code(
        &mut org.rng,
        Code { user_id, request: authorization, issued: org.clock.now() },
    );
    callback(&uri, &[("code", &code)], state.as_deref())
}

fn callback(uri: &str, parameters: &[(&str, &str)], state: Option<&str>) -> Reply {
    let Ok(mut location) = Url::parse(uri) else {
        return Reply::html(
            400,
            page::error("redirect_uri_mismatch", "the registered redirect_uri is not a URL"),
        );
    };
    location
        .query_pairs_mut()
        .extend_pairs(parameters)
        .extend_pairs(state.map(|state| ("state", state)));
    Reply::empty(302).with_header("location", location.as_str())
}

fn check(tokens: &Tokens, parameters: &[(String, String)]) -> Result<Authorization, Refusal> {
    let Some(app) = first(parameters, "client_id").and_then(|client_id| tokens.apps.get(client_id))
    else {
        return Err(Refusal::Page {
            code: "invalid_client_id",
            description: "client identifier invalid",
        });
    };
    let redirect_uri = first(parameters, "redirect_uri").unwrap_or_default();
    if redirect_uri.is_empty() {
        return Err(Refusal::Page {
            code: "redirect_uri_missing",
            description: "redirect_uri must be given",
        });
    }
    if !app.redirect_uris.iter().any(|own| own == redirect_uri) {
        let description = "redirect_uri must match configuration";
        return Err(Refusal::Page { code: "redirect_uri_mismatch", description });
    }
    let state = first(parameters, "state").map(str::to_owned);
    check_terms(app.standing, parameters).map_err(|(code, description)| Refusal::Redirect {
        uri: redirect_uri.to_owned(),
        code,
        description,
        state: state.clone(),
    })?;
    Ok(Authorization {
        client_id: app.client_id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        code_challenge: first(parameters, "code_challenge").unwrap_or_default().to_owned(),
        scopes: scopes(parameters),
        state,
        prompt: prompt(parameters),
    })
}

/// The checks whose failures the callback is told: (code, description).
fn check_terms(
    standing: Standing,
    parameters: &[(String, String)],
) -> Result<(), (&'static str, &'static str)> {
    match standing {
        Standing::Allowed => {}
        Standing::Blocked => return Err(("app_blocked", "this app is blocked by admin")),
        Standing::NotApproved => {
            return Err(("invalid_app_access", "user is not admin approved to access this app"));
        }
    }
    if first(parameters, "response_type") != Some("code") {
        return Err(("unsupported_response_type", "response type not supported"));
    }
    let Some(challenge) = first(parameters, "code_challenge") else {
        return Err(("invalid_request", "missing required code challenge"));
    };
    // S256 is the only method there is, and a client that leaves the parameter out (jsforce does) means it too.
    if first(parameters, "code_challenge_method").is_some_and(|method| method != "S256") {
        return Err(("invalid_request", "code challenge method must be S256"));
    }
    let well_formed =
        |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_';
    if challenge.len() != CHALLENGE_LENGTH || !challenge.bytes().all(well_formed) {
        return Err(("invalid_request", "invalid code challenge"));
    }
    if !scopes(parameters).iter().all(|scope| SCOPES.contains(&scope.as_str())) {
        return Err(("invalid_scope", "the requested scope is not allowed"));
    }
    Ok(())
}

fn scopes(parameters: &[(String, String)]) -> Vec<String> {
    let asked: Vec<String> = first(parameters, "scope")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if asked.is_empty() { DEFAULT_SCOPES.map(str::to_owned).to_vec() } else { asked }
}

fn prompt(parameters: &[(String, String)]) -> Prompt {
    let mut prompt = Prompt::default();
    for word in first(parameters, "prompt").unwrap_or_default().split_whitespace() {
        match word {
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => {}
        }
    }
    prompt
}
