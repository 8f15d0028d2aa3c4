//! The token endpoint (code and refresh grants, rotation, family revocation) and the revoke endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{App, CODE_LIFETIME, Family, RefreshToken, Session, Standing};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::{Request, first};

/// A refused grant: `error` and `error_description`.
type Refused = (&'static str, &'static str);

const DEAD_TOKEN: Refused = ("invalid_grant", "expired access/refresh token");
const DEAD_CODE: Refused = ("invalid_grant", "expired authorization code");

/// What a grant hands out, before it becomes tokens.
struct Grant {
    client_id: String,
    scope: String,
    family: Family,
    /// Whether the answer carries a refresh token.
    with_refresh_token: bool,
}

/// `POST /services/oauth2/token`.
pub(super) fn grant(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let outcome =
        authenticate_app(org, request, &form).and_then(|app| match first(&form, "grant_type") {
            Some("authorization_code") => redeem_code(org, &form, &app).map(|grant| (grant, app)),
            Some("refresh_token") => refresh(org, &form, &app).map(|grant| (grant, app)),
            _ => Err(("unsupported_grant_type", "grant type not supported")),
        });
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
    refusal("invalid_token", "invalid token")
}

fn refusal(error: &str, description: &str) -> Reply {
    Reply::json(400, json!({ "error": error, "error_description": description }))
}

/// The app that calls: client id and secret from the form, else from the Basic header.
fn authenticate_app(
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
    match app.standing {
        Standing::Allowed => {}
        Standing::Blocked => return Err(("app_blocked", "this app is blocked by admin")),
        Standing::NotApproved => {
            return Err(("invalid_app_access", "user is not admin approved to access this app"));
        }
    }
    match secret {
        Some(secret) if secret != app.client_secret => {
            Err(("invalid_client", "invalid client credentials"))
        }
        None if app.secret_required => Err(("invalid_client", "invalid client credentials")),
        _ => Ok(app.clone()),
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
    let family = org.oauth.new_family();
    Ok(Grant {
        client_id: app.client_id.clone(),
        scope: authorization.scopes.join(" "),
        family,
        with_refresh_token,
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
    token.replaced = app.rotation;
    Ok(Grant {
        client_id: token.client_id.clone(),
        scope: token.scope.clone(),
        family: token.family,
        with_refresh_token: app.rotation,
    })
}

fn issue(org: &mut Org, grant: &Grant, app: &App) -> Value {
    let now = org.clock.now();
    let session = Session {
        client_id: Some(grant.client_id.clone()),
        family: Some(grant.family),
        last_used: now,
    };
    let access_token = org.oauth.insert_session(&mut org.rng, &org.id, session);
    let id = super::identity::identity_url(org);
    let issued_at = now.as_millisecond().to_string();
    let mut body = json!({
        "access_token": access_token,
        "signature": signature(&app.client_secret, &format!("{id}{issued_at}")),
        "scope": grant.scope,
        "instance_url": org.instance_url,
        "id": id,
        "token_type": "Bearer",
        "issued_at": issued_at,
    });
    if grant.with_refresh_token {
        let token = RefreshToken {
            client_id: grant.client_id.clone(),
            scope: grant.scope.clone(),
            family: grant.family,
            replaced: false,
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
