//! Views of connected orgs.

use isthmus_model::ids::OrgId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::request::LoginHost;

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
    /// The client id (consumer key) of its last login: an app's public name, no secret. `None` for a session taken as it is.
    pub client_id: Option<String>,
    /// Connected or not.
    pub state: OrgState,
    /// The API version spoken.
    pub api_version: String,
    /// When it was connected last.
    pub connected_at: Timestamp,
}

/// A login through the system browser, ordered from the window.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectOrder {
    /// The name the org is known by in the workspace.
    pub name: String,
    /// Where the person logs in.
    pub host: LoginHost,
    /// The admin's own client id (consumer key).
    pub client_id: String,
    /// The client secret, where the admin's app has one. It goes towards the keychain and never comes back.
    pub client_secret: Option<String>,
}

/// The secret stays out of logs and panics.
impl std::fmt::Debug for ConnectOrder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ConnectOrder")
            .field("name", &self.name)
            .field("host", &self.host)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What an External Client App must be set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectGuide {
    /// The callback URLs to register, all of them, each on a line of its own.
    pub callback_urls: Vec<String>,
    /// The OAuth scopes to select, by API name.
    pub scopes: Vec<String>,
}

/// One step of a login while it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginStep {
    /// What is so now, in words.
    pub text: String,
    /// The address that the browser was given, for the person whose browser did not open.
    pub address: Option<String>,
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
