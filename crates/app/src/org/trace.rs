//! What the last login attempt did, for a person who looks for the fault: steps and hosts, no code, no token.

use isthmus_contract::org::LoginTraceView;
use isthmus_contract::problem::Code;
use jiff::Timestamp;

use crate::diagnose::diagnose;
use crate::error::{Error, Result};
use crate::files::{read_limited, write_atomically};
use crate::workspace::Workspace;

/// A trace is a screen of text.
const TRACE_LIMIT: usize = 64 * 1024;

/// The attempt under way.
pub(super) struct Trace(LoginTraceView);

impl Trace {
    pub(super) fn new(at: Timestamp, org: &str, host: &str) -> Self {
        Self(LoginTraceView {
            at,
            org: org.to_owned(),
            host: host.to_owned(),
            steps: Vec::new(),
            problem: None,
        })
    }

    pub(super) fn step(&mut self, text: impl Into<String>) {
        let text = text.into();
        tracing::info!(org = %self.0.org, step = %text, "login");
        self.0.steps.push(text);
    }

    /// Keeps the trace beside the ledger; the attempt's own result matters more than a failure to do so.
    pub(super) fn finish(
        mut self,
        workspace: &Workspace,
        error: Option<&Error>,
    ) -> serde_json::Value {
        self.0.problem = error.map(|error| diagnose(error).code);
        if let Some(code) = self.0.problem {
            self.step(format!("ended with {}", code.as_str()));
        }
        let json = serde_json::json!(self.0);
        let kept =
            write_atomically(&workspace.path.last_login(), |file| writeln!(file, "{json:#}"));
        if let Err(error) = kept {
            tracing::warn!(%error, "login trace not kept");
        }
        json
    }
}

/// What the last login attempt did; `None` before the first one.
///
/// # Errors
/// [`Error::File`] when it cannot be read.
pub fn last_login(workspace: &Workspace) -> Result<Option<LoginTraceView>> {
    let path = workspace.path.last_login();
    if !path.is_file() {
        return Ok(None);
    }
    let text = read_limited(&path, TRACE_LIMIT)?;
    let damaged = |error: serde_json::Error| Error::File {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    serde_json::from_str(&text).map(Some).map_err(damaged)
}

/// Codes whose attempt is an attack or looks like one, and is kept in the audit trail.
pub(super) fn belongs_in_audit(code: Code) -> bool {
    matches!(
        code,
        Code::LoginStateMismatch
            | Code::OrgDiffers
            | Code::OrgAlreadyConnected
            | Code::OrgForeignHost
    )
}
