//! Connected apps: what an org's admin decides about each.

use serde::{Deserialize, Serialize};

use super::DEFAULT_REDIRECT_URIS;

/// A connected app (external client app).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// The consumer key.
    pub client_id: String,
    /// The consumer secret. It signs identity URLs; apps with [`App::secret_required`] must send it.
    pub client_secret: String,
    /// Whether code and refresh grants need the secret.
    pub secret_required: bool,
    /// The callbacks, each compared exactly.
    pub redirect_uris: Vec<String>,
    /// Whether a refresh returns a new refresh token and ends the old one.
    pub rotation: bool,
    /// Whether users may use the app.
    pub standing: Standing,
    /// The public key (PEM: a certificate or a public key) that assertions are checked with; no JWT bearer without it.
    pub certificate: Option<String>,
    /// Whether users have approved the app beforehand, as JWT bearer needs it; else only those who consented may.
    pub pre_approved: bool,
    /// The username that client credentials run as; no client credentials without it.
    pub run_as: Option<String>,
    /// How long refresh tokens live.
    pub refresh_policy: RefreshPolicy,
}

/// How long an app's refresh tokens live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshPolicy {
    /// Until they are revoked.
    #[default]
    Infinite,
    /// They are dead when they are handed out.
    Zero,
    /// So many seconds after they were handed out.
    LifetimeSeconds(i64),
    /// So many seconds after they were used last.
    InactivitySeconds(i64),
}

/// Whether the org's admin lets users use an app.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Anyone may.
    #[default]
    Allowed,
    /// Blocked: `app_blocked`.
    Blocked,
    /// Only approved users may, and this one is not: `invalid_app_access`.
    NotApproved,
}

impl App {
    /// A public app with rotation and the default callbacks.
    #[must_use]
    pub fn public(client_id: &str, client_secret: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            secret_required: false,
            redirect_uris: DEFAULT_REDIRECT_URIS.map(str::to_owned).to_vec(),
            rotation: true,
            standing: Standing::Allowed,
            certificate: None,
            pre_approved: true,
            run_as: None,
            refresh_policy: RefreshPolicy::Infinite,
        }
    }
}
