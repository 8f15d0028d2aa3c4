//! The token endpoint (code and refresh grants, rotation, family revocation) and the revoke endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{App, CODE_LIFETIME, Family, RefreshPolicy, RefreshToken, Session, Standing, jwt};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::{Request, first};
use crate::setup::as_user;

/// A refused grant: `error` and `error_description`.
pub(super) type Refused = (&'static str, &'static str);

/// The grant type of the JWT bearer flow (RFC 7523).
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

const DEAD_TOKEN: Refused = ("invalid_grant", "expired access/refresh token");
const DEAD_CODE: Refused = ("invalid_grant", "expired authorization code");

/// What a grant hands out, before it becomes tokens.
struct Grant {
    client_id: String,
    user_id: Option<String>,
    scope: String,
    family: Family,
    /// Whether the answer carries a refresh token.
    with_refresh_token: bool,
    /// JWT bearer answers neither signature nor issued_at.
    signed: bool,
}

/// `POST /services/oauth2/token`.
pub(super) fn grant(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let kind = first(&form, "grant_type").unwrap_or_default();
    let outcome = match kind {
        JWT_BEARER => assertion(org, &form),
        "device" => Err(("oauth_flow_disabled", "this flow is disabled in this org")),
        _ if first(&form, "response_type") == Some("device_code") => {
            Err(("oauth_flow_disabled", "this flow is disabled in this org"))
        }
        _ => authenticate_app(org, request, &form).and_then(|app| {
            let grant = match kind {
                "authorization_code" => redeem_code(org, &form, &app),
                "refresh_token" => refresh(org, &form, &app),
                "client_credentials" => credentials(org, request, &app),
                _ => Err(("unsupported_grant_type", "grant type not supported")),
            };
            grant.map(|grant| (grant, app))
        }),
    };
    let reply = match outcome {
        Ok((grant, app)) => Reply::json(200, issue(org, &grant, &app)),
        Err((error, description)) => refusal(error, description),
    };
    reply.with_header("cache-control", "no-store")
}

/// `GET` and `POST /services/oauth2/revoke`.
pub(super) fn revoke(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let token =
        first(&form, "token").or_else(|| first(&request.query, "token")).unwrap_or_default();
    if let Some(refresh_token) = org.oauth.refresh_tokens.get(token).filter(|token| !token.replaced)
    {
        let family = refresh_token.family;
        org.oauth.end_family(family);
        return Reply::empty(200);
    }
    if org.oauth.sessions.remove(token).is_some() {
        return Reply::empty(200);
    }
    let hint = first(&form, "token_type_hint").unwrap_or_default();
    if !matches!(hint, "" | "access_token" | "refresh_token") {
        return refusal("unsupported_token_type", "this token type is not supported");
    }
    refusal("invalid_token", "invalid token")
}

pub(super) fn refusal(error: &str, description: &str) -> Reply {
    Reply::json(400, json!({ "error": error, "error_description": description }))
}

/// The user that a grant stands for, when it may log in now.
fn check_user(org: &Org, user_id: Option<&String>) -> Result<(), Refused> {
    let Some(access) = user_id.and_then(|id| org.setup.access.get(id)) else { return Ok(()) };
    if !access.active {
        return Err(("invalid_grant", "inactive user"));
    }
    if access.ip_restricted {
        return Err(("invalid_grant", "ip restricted"));
    }
    Ok(())
}

/// JWT bearer: the app signs for a user who approved it.
fn assertion(org: &mut Org, form: &[(String, String)]) -> Result<(Grant, App), Refused> {
    let text = first(form, "assertion").ok_or(("invalid_grant", "invalid assertion"))?;
    let (app, username) = jwt::check(org, text)?;
    let access = org.user_named(&username).ok_or(NOT_APPROVED)?;
    let user_id = org.other_user_id(&access.user);
    check_user(org, user_id.as_ref())?;
    if !app.pre_approved && !org.oauth.consents.contains(&app.client_id) {
        return Err(NOT_APPROVED);
    }
    let family = org.oauth.new_family();
    let grant = Grant {
        client_id: app.client_id.clone(),
        user_id,
        scope: "api".to_owned(),
        family,
        with_refresh_token: false,
        signed: false,
    };
    Ok((grant, app))
}

const NOT_APPROVED: Refused = ("invalid_grant", "user hasn't approved this consumer");

/// Client credentials: the app acts as the user that its admin chose, and only on the org's own domain.
fn credentials(org: &mut Org, request: &Request, app: &App) -> Result<Grant, Refused> {
    let host = request.header("host").unwrap_or_default().to_ascii_lowercase();
    if host.starts_with("login.") || host.starts_with("test.") {
        return Err(("invalid_grant", "request not supported on this domain"));
    }
    let form = request.form();
    if first(&form, "client_secret").is_none() && request.header("authorization").is_none() {
        return Err(("invalid_client", "invalid client credentials"));
    }
    let run_as = app.run_as.as_deref().and_then(|username| org.user_named(username));
    let access = run_as.ok_or(("invalid_grant", "no client credentials user enabled"))?;
    let user_id = org.other_user_id(&access.user);
    check_user(org, user_id.as_ref())?;
    let family = org.oauth.new_family();
    Ok(Grant {
        client_id: app.client_id.clone(),
        user_id,
        scope: "api".to_owned(),
        family,
        with_refresh_token: false,
        signed: true,
    })
}

/// The app that calls: client id and secret from the form, else from the Basic header.
pub(super) fn authenticate_app(
    org: &Org,
    request: &Request,
    form: &[(String, String)],
) -> Result<App, Refused> {
    let (client_id, secret) = match first(form, "client_id") {
        Some(client_id) => (client_id.to_owned(), first(form, "client_secret").map(str::to_owned)),
        None => basic_credentials(request)?,
    };
    let app =
        org.oauth.apps.get(&client_id).ok_or(("invalid_client_id", "client identifier invalid"))?;
    check_standing(app.standing)?;
    match secret {
        Some(secret) if secret != app.client_secret => {
            Err(("invalid_client", "invalid client credentials"))
        }
        None if app.secret_required => Err(("invalid_client", "invalid client credentials")),
        _ => Ok(app.clone()),
    }
}

/// Whether the org's admin lets users use the app.
pub(super) fn check_standing(standing: Standing) -> Result<(), Refused> {
    match standing {
        Standing::Allowed => Ok(()),
        Standing::Blocked => Err(("app_blocked", "this app is blocked by admin")),
        Standing::NotApproved => {
            Err(("invalid_app_access", "user is not admin approved to access this app"))
        }
    }
}

fn basic_credentials(request: &Request) -> Result<(String, Option<String>), Refused> {
    const GARBLED: Refused = ("invalid_basic_auth_header", "invalid basic authorization header");
    let Some(header) = request.header("authorization") else {
        return Err(("invalid_client_id", "client identifier invalid"));
    };
    let encoded = header.strip_prefix("Basic ").ok_or(GARBLED)?;
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| GARBLED)?;
    let text = String::from_utf8(decoded).map_err(|_| GARBLED)?;
    let (client_id, secret) = text.split_once(':').ok_or(GARBLED)?;
    Ok((client_id.to_owned(), Some(secret.to_owned())))
}

fn redeem_code(org: &mut Org, form: &[(String, String)], app: &App) -> Result<Grant, Refused> {
    // A code is good for one try: whoever fails with it must start again in the browser.
    let code = org.oauth.codes.remove(first(form, "code").unwrap_or_default()).ok_or(DEAD_CODE)?;
    let authorization = &code.request;
    if org.clock.now().duration_since(code.issued) >= CODE_LIFETIME {
        return Err(DEAD_CODE);
    }
    if authorization.client_id != app.client_id {
        return Err(("invalid_grant", "authentication failure"));
    }
    match first(form, "redirect_uri") {
        None => return Err(("redirect_uri_missing", "redirect_uri must be given")),
        Some(uri) if uri != authorization.redirect_uri => {
            return Err(("redirect_uri_mismatch", "redirect_uri must match configuration"));
        }
        Some(_) => {}
    }
    let verifier =
        first(form, "code_verifier").ok_or(("invalid_grant", "missing required code verifier"))?;
    check_verifier(verifier, &authorization.code_challenge)?;
    let with_refresh_token = authorization
        .scopes
        .iter()
        .any(|scope| scope == "refresh_token" || scope == "offline_access");
    check_user(org, code.user_id.as_ref())?;
    let family = org.oauth.new_family();
    Ok(Grant {
        client_id: app.client_id.clone(),
        user_id: code.user_id.clone(),
        scope: authorization.scopes.join(" "),
        family,
        with_refresh_token,
        signed: true,
    })
}

fn check_verifier(verifier: &str, challenge: &str) -> Result<(), Refused> {
    // RFC 7636 ends at 128 characters; jsforce sends 128 random bytes in base64url, which are 171.
    const LENGTHS: std::ops::RangeInclusive<usize> = 43..=171;
    let well_formed = LENGTHS.contains(&verifier.len());
    if well_formed && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge {
        Ok(())
    } else {
        Err(("invalid_request", "invalid code verifier"))
    }
}

fn refresh(org: &mut Org, form: &[(String, String)], app: &App) -> Result<Grant, Refused> {
    let text = first(form, "refresh_token").unwrap_or_default();
    let now = org.clock.now();
    let user = org.oauth.refresh_tokens.get(text).and_then(|token| token.user_id.clone());
    check_user(org, user.as_ref())?;
    let token = org.oauth.refresh_tokens.get_mut(text).ok_or(DEAD_TOKEN)?;
    if token.client_id != app.client_id {
        return Err(DEAD_TOKEN);
    }
    if token.replaced {
        // Two holders of one login: neither can be told from a thief, so the login ends for both.
        let family = token.family;
        org.oauth.end_family(family);
        return Err(DEAD_TOKEN);
    }
    if is_over(token, app.refresh_policy, now) {
        return Err(DEAD_TOKEN);
    }
    token.last_used = now;
    token.replaced = app.rotation;
    let token = token.clone();
    Ok(Grant {
        client_id: token.client_id,
        user_id: token.user_id,
        scope: token.scope,
        family: token.family,
        with_refresh_token: app.rotation,
        signed: true,
    })
}

fn is_over(token: &RefreshToken, policy: RefreshPolicy, now: Timestamp) -> bool {
    let (since, seconds) = match policy {
        RefreshPolicy::Infinite => return false,
        RefreshPolicy::Zero => return true,
        RefreshPolicy::LifetimeSeconds(seconds) => (token.issued, seconds),
        RefreshPolicy::InactivitySeconds(seconds) => (token.last_used, seconds),
    };
    now.duration_since(since).as_secs() >= seconds
}

fn issue(org: &mut Org, grant: &Grant, app: &App) -> Value {
    let now = org.clock.now();
    let session = Session {
        user_id: grant.user_id.clone(),
        scope: grant.scope.clone(),
        issued: now,
        client_id: Some(grant.client_id.clone()),
        family: Some(grant.family),
        last_used: now,
    };
    let access_token = org.oauth.insert_session(&mut org.rng, &org.id, session);
    let id = as_user(org, grant.user_id.as_deref(), |org| super::identity::identity_url(org));
    let mut body = json!({
        "access_token": access_token,
        "scope": grant.scope,
        "instance_url": org.instance_url,
        "id": id,
        "token_type": "Bearer",
    });
    if grant.signed {
        let issued_at = now.as_millisecond().to_string();
        let message = format!("{id}{issued_at}");
        body["signature"] = Value::String(signature(&app.client_secret, &message));
        body["issued_at"] = Value::String(issued_at);
    }
    if grant.with_refresh_token {
        let token = RefreshToken {
            client_id: grant.client_id.clone(),
            user_id: grant.user_id.clone(),
            scope: grant.scope.clone(),
            family: grant.family,
            replaced: false,
            issued: now,
            last_used: now,
        };
        body["refresh_token"] = Value::String(org.oauth.insert_refresh_token(&mut org.rng, token));
    }
    body
}

fn signature(secret: &str, message: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        // HMAC takes keys of every length, so this arm is never reached.
        return String::new();
    };
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{check_verifier, signature};

    #[test]
    fn the_verifier_of_rfc_7636_appendix_b_is_accepted_and_a_changed_one_is_not() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(check_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge).is_ok());
        assert_eq!(
            check_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXx", challenge),
            Err(("invalid_request", "invalid code verifier"))
        );
    }

    #[test]
    fn the_signature_is_the_hmac_of_rfc_4231_case_two() {
        // RFC 4231 prints 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843.
        assert_eq!(
            signature("Jefe", "what do ya want for nothing?"),
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
        );
    }
}
