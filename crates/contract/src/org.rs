//! Views of connected orgs.

use isthmus_model::ids::OrgId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One org of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgView {
    /// The name it was connected under.
    pub name: String,
    /// The pinned organization id.
    pub org_id: OrgId,
    /// The organization's own name.
    pub label: String,
    /// The connected user.
    pub username: String,
    /// Where the person logs in.
    pub login_url: String,
    /// The org's own address.
    pub instance_url: String,
    /// Connected or not.
    pub state: OrgState,
    /// The API version spoken.
    pub api_version: String,
    /// When it was connected last.
    pub connected_at: Timestamp,
}

/// What disconnecting did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisconnectView {
    /// The org's name.
    pub org: String,
    /// What became of the grant.
    pub grant: GrantEnd,
    /// The next step where one is needed; empty otherwise.
    pub remedy: String,
}

/// What became of a grant when its org was disconnected. The keychain is cleared in each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantEnd {
    /// The org ended it.
    Revoked,
    /// The org could not be asked: an admin ends it in Setup.
    Standing,
    /// The session was given as it is and belongs to somebody else: it is only forgotten.
    NotOurs,
}

/// Whether an org can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgState {
    /// Its tokens are in the keychain.
    Connected,
    /// Its grant was given back; what the ledger knows of its records stays.
    Disconnected,
}

/// What a connection test found, step by step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgTestView {
    /// The org's name.
    pub org: String,
    /// The steps in the order they were taken.
    pub steps: Vec<StepView>,
    /// True when no step failed.
    pub passed: bool,
}

/// One step of a connection test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// What was tried.
    pub step: String,
    /// How it went.
    pub result: StepResult,
    /// What was found.
    pub found: String,
    /// The next step where one is needed; empty otherwise.
    pub remedy: String,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// As it should be.
    Passed,
    /// Works, but someone should look.
    Warned,
    /// Does not work.
    Failed,
    /// Not tried, because an earlier step failed.
    Skipped,
}

/// What the last login attempt did, without any secret: which step, on which host, with which result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginTraceView {
    /// When the attempt began.
    pub at: Timestamp,
    /// The org's name in the workspace.
    pub org: String,
    /// The login host.
    pub host: String,
    /// The steps in the order they were taken.
    pub steps: Vec<String>,
    /// The problem code it ended with; `None` when it succeeded.
    pub problem: Option<crate::problem::Code>,
}
