//! Connected apps through the control endpoint.
//!
//! `{"client_id", "redirect_uris"?, "client_secret"?, "secret_required"?, "rotation"?, "standing"?}`: what is left out
//! stays as it is. `client_secret` also makes the secret required. `standing` is `allowed`, `blocked` (the org answers
//! `app_blocked`) or `not_approved` (`invalid_app_access`). For JWT bearer: `certificate` (PEM: a certificate or a public
//! key) and `pre_approved` (false: only after somebody consented in a browser). For client credentials: `run_as`, a
//! username. `refresh_policy` is `"infinite"`, `"zero"`, `{"lifetime_seconds":n}` or `{"inactivity_seconds":n}`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, read};
use crate::oauth::{App, RefreshPolicy, Standing, public_key};
use crate::org::Org;
use crate::router::request::Request;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppChange {
    client_id: String,
    redirect_uris: Option<Vec<String>>,
    client_secret: Option<String>,
    secret_required: Option<bool>,
    rotation: Option<bool>,
    standing: Option<Standing>,
    certificate: Option<String>,
    pre_approved: Option<bool>,
    run_as: Option<String>,
    refresh_policy: Option<RefreshPolicy>,
}

/// All apps.
pub(super) fn list(org: &Org) -> Value {
    org.oauth.apps.values().map(show).collect()
}

/// Adds or changes an app.
pub(super) fn change(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let change: AppChange = read(request)?;
    if change.certificate.as_deref().is_some_and(|pem| public_key(pem).is_none()) {
        return Err("certificate holds no RSA key in PEM".to_owned());
    }
    let app = org
        .oauth
        .apps
        .entry(change.client_id.clone())
        .or_insert_with(|| App::public(&change.client_id, "unsent-consumer-secret"));
    if let Some(redirect_uris) = change.redirect_uris {
        app.redirect_uris = redirect_uris;
    }
    if let Some(client_secret) = change.client_secret {
        app.client_secret = client_secret;
        app.secret_required = true;
    }
    app.secret_required = change.secret_required.unwrap_or(app.secret_required);
    app.rotation = change.rotation.unwrap_or(app.rotation);
    app.standing = change.standing.unwrap_or(app.standing);
    app.pre_approved = change.pre_approved.unwrap_or(app.pre_approved);
    app.refresh_policy = change.refresh_policy.unwrap_or(app.refresh_policy);
    app.certificate = change.certificate.or_else(|| app.certificate.take());
    app.run_as = change.run_as.or_else(|| app.run_as.take());
    Ok(show(app))
}

fn show(app: &App) -> Value {
    json!({
        "client_id": app.client_id,
        "redirect_uris": app.redirect_uris,
        "secret_required": app.secret_required,
        "rotation": app.rotation,
        "standing": app.standing,
        "certificate": app.certificate,
        "pre_approved": app.pre_approved,
        "run_as": app.run_as,
        "refresh_policy": app.refresh_policy,
    })
}
