//! Requests: what window and command ask of a use case. Secrets are not part of them; they travel beside.

use isthmus_model::ids::RecordId;
use serde::{Deserialize, Serialize};

/// Where a person logs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "url", rename_all = "snake_case")]
pub enum LoginHost {
    /// `https://login.salesforce.com`.
    Production,
    /// `https://test.salesforce.com`.
    Sandbox,
    /// A My Domain host or any other login URL.
    Custom(String),
}

impl LoginHost {
    /// The login URL.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Production => "https://login.salesforce.com",
            Self::Sandbox => "https://test.salesforce.com",
            Self::Custom(url) => url,
        }
    }
}

/// A login through the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectRequest {
    /// The name the org is known by in the workspace.
    pub name: String,
    /// Where the person logs in.
    pub host: LoginHost,
    /// The admin's own client id (consumer key).
    pub client_id: String,
    /// Whether the browser is opened or its address shown.
    pub browser: Browser,
    /// Callback ports in the order they are tried; empty for the registered three.
    #[serde(default)]
    pub callback_ports: Vec<u16>,
}

/// How the login page is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Browser {
    /// The system browser is opened.
    Open,
    /// The address is shown; the person opens it.
    Show,
}

/// A session that exists already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRequest {
    /// The name the org is known by in the workspace.
    pub name: String,
    /// The org's own address.
    pub instance_url: String,
}

/// Which rows a plan or run covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRequest {
    /// The sync's name.
    pub sync: String,
    /// Records of the left org, which come with the parents they need; `None` for every row.
    pub records: Option<Vec<RecordId>>,
}

/// Which rows of a report are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsRequest {
    /// Only rows with this outcome word (`created`, `failed`, ...).
    pub outcome: Option<String>,
    /// Rows to leave out at the start.
    pub offset: u64,
    /// Most rows to give back.
    pub limit: u64,
}
