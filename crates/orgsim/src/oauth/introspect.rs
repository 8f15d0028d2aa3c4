//! The introspection endpoint: an app asks about its own tokens (RFC 7662).

use serde_json::{Value, json};

use super::token::{authenticate_app, refusal};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::{Request, first};

/// `POST /services/oauth2/introspect`.
pub(super) fn introspect(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let app = match authenticate_app(org, request, &form) {
        Ok(app) => app,
        Err((error, description)) => return refusal(error, description),
    };
    let token = first(&form, "token").unwrap_or_default();
    let told = access_token(org, token, &app.client_id)
        .or_else(|| refresh_token(org, token, &app.client_id))
        .unwrap_or_else(|| json!({ "active": false }));
    Reply::json(200, told).with_header("cache-control", "no-store")
}

fn access_token(org: &Org, token: &str, client_id: &str) -> Option<Value> {
    let session = org.oauth.sessions.get(token)?;
    let expires = session.last_used.saturating_add(org.oauth.session_idle()).ok()?;
    if session.client_id.as_deref() != Some(client_id) || expires <= org.clock.now() {
        return None;
    }
    let (username, sub) = person(org, session.user_id.as_deref());
    Some(json!({
        "active": true,
        "scope": session.scope,
        "client_id": client_id,
        "username": username,
        "sub": sub,
        "token_type": "access_token",
        "exp": expires.as_second(),
        "iat": session.issued.as_second(),
        "nbf": session.issued.as_second(),
    }))
}

fn refresh_token(org: &Org, token: &str, client_id: &str) -> Option<Value> {
    let known = org.oauth.refresh_tokens.get(token)?;
    if known.client_id != client_id || known.replaced {
        return None;
    }
    let (username, sub) = person(org, known.user_id.as_deref());
    Some(json!({
        "active": true,
        "scope": known.scope,
        "client_id": client_id,
        "username": username,
        "sub": sub,
        "token_type": "refresh_token",
        "iat": known.issued.as_second(),
        "nbf": known.issued.as_second(),
    }))
}

/// Username and identity URL.
fn person(org: &Org, user_id: Option<&str>) -> (String, String) {
    let access = user_id.and_then(|id| org.setup.access.get(id));
    let user = access.map_or(&org.user, |access| &access.user);
    (user.username.clone(), format!("{}/id/{}/{}", org.instance_url, org.id, user.id))
}
