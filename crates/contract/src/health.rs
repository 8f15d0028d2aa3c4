//! Views of health: is everything all right, and if not, what to do.

use isthmus_model::ids::RunId;
use isthmus_model::run::RunEnd;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The workspace at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HealthView {
    /// The worst of everything below.
    pub overall: Health,
    /// The orgs.
    pub orgs: Vec<OrgHealth>,
    /// The syncs.
    pub syncs: Vec<SyncHealth>,
    /// What needs someone, each with its next step.
    pub alerts: Vec<Alert>,
}

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Nothing to do.
    Good,
    /// Works, but someone should look.
    Warning,
    /// Does not work.
    Bad,
}

impl Health {
    /// The word shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}

/// One org's health.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrgHealth {
    /// The org's name.
    pub org: String,
    /// How well it is.
    pub health: Health,
    /// In words.
    pub found: String,
    /// API calls used in the last 24 hours, where the org answered.
    pub calls_used: Option<u64>,
    /// API calls allowed in 24 hours.
    pub calls_allowed: Option<u64>,
    /// How long the org took to answer, in milliseconds.
    pub latency_ms: Option<u64>,
    /// The org's clock minus this machine's, in seconds.
    pub clock_offset_seconds: Option<i64>,
    /// The API version in use.
    pub api_version: Option<String>,
}

/// One sync's health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncHealth {
    /// The sync's name.
    pub sync: String,
    /// How well it is.
    pub health: Health,
    /// Runs are possible.
    pub enabled: bool,
    /// The last run.
    pub last_run: Option<RunId>,
    /// How it ended.
    pub last_end: Option<RunEnd>,
    /// When it ended.
    pub last_ended_at: Option<Timestamp>,
    /// Rows in quarantine or held after the last run.
    pub failed_rows: u64,
}

/// Something that needs someone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// How bad.
    pub health: Health,
    /// What is so.
    pub text: String,
    /// The next step.
    pub remedy: String,
    /// What it is about, so that the window can lead there.
    pub about: AlertSubject,
}

/// What an alert is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum AlertSubject {
    /// The workspace itself.
    #[default]
    Workspace,
    /// An org, by name.
    Org(String),
    /// A sync, by name.
    Sync(String),
    /// A run.
    Run(RunId),
}
