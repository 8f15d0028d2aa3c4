//! The token endpoint (code and refresh grants, rotation, family revocation) and the revoke endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::grants::{Grant, assertion, credentials, redeem_code, refresh};
use super::{App, RefreshToken, Session, Standing};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::{Request, first};
use crate::setup::as_user;

/// A refused grant: `error` and `error_description`.
pub(super) type Refused = (&'static str, &'static str);

/// The grant type of the JWT bearer flow (RFC 7523).
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

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
    use super::signature;

    #[test]
    fn the_signature_is_the_hmac_of_rfc_4231_case_two() {
        // RFC 4231 prints 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843.
        assert_eq!(
            signature("Jefe", "what do ya want for nothing?"),
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
        );
    }
}
