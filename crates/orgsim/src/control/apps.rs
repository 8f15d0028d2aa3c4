//! Connected apps through the control endpoint.
//!
//! `{"client_id", "redirect_uris"?, "client_secret"?, "secret_required"?, "rotation"?, "standing"?}`: what is left out
//! stays as it is. `client_secret` also makes the secret required. `standing` is `allowed`, `blocked` (the org answers
//! `app_blocked`) or `not_approved` (`invalid_app_access`).

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, read};
use crate::oauth::{App, Standing};
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
    standing: Option<StandingName>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StandingName {
    Allowed,
    Blocked,
    NotApproved,
}

/// All apps.
pub(super) fn list(org: &Org) -> Value {
    org.oauth.apps.values().map(show).collect()
}

/// Adds or changes an app.
pub(super) fn change(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let change: AppChange = read(request)?;
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
    app.standing = match change.standing {
        Some(StandingName::Allowed) => Standing::Allowed,
        Some(StandingName::Blocked) => Standing::Blocked,
        Some(StandingName::NotApproved) => Standing::NotApproved,
        None => app.standing,
    };
    Ok(show(app))
}

fn show(app: &App) -> Value {
    json!({
        "client_id": app.client_id,
        "redirect_uris": app.redirect_uris,
        "secret_required": app.secret_required,
        "rotation": app.rotation,
        "standing": match app.standing {
            Standing::Allowed => "allowed",
            Standing::Blocked => "blocked",
            Standing::NotApproved => "not_approved",
        },
    })
}
