//! What the last login attempt did, for a person who looks for the fault: steps and hosts, no code, no token.

use isthmus_contract::org::{LoginStep, LoginTraceView};
use isthmus_contract::problem::Code;
use jiff::Timestamp;

use crate::diagnose::diagnose;
use crate::error::{Error, Result};
use crate::files::{read_limited, write_atomically};
use crate::workspace::Workspace;

/// A trace is a screen of text.
const TRACE_LIMIT: usize = 64 * 1024;

/// The attempt under way: each step is told as it is taken, and kept.
pub(super) struct Trace<'a> {
    view: LoginTraceView,
    tell: Box<dyn FnMut(LoginStep) + 'a>,
}

impl<'a> Trace<'a> {
    pub(super) fn new(
        at: Timestamp,
        org: &str,
        host: &str,
        tell: impl FnMut(LoginStep) + 'a,
    ) -> Self {
        let view = LoginTraceView {
            at,
            org: org.to_owned(),
            host: host.to_owned(),
            steps: Vec::new(),
            problem: None,
        };
        Self { view, tell: Box::new(tell) }
    }

    pub(super) fn step(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.keep(text.clone());
        (self.tell)(LoginStep { text, address: None });
    }

    /// A step with the address for the browser. It holds this login's state: it is told, and kept nowhere.
    pub(super) fn step_at(&mut self, text: &str, address: &str) {
        self.keep(text.to_owned());
        (self.tell)(LoginStep { text: text.to_owned(), address: Some(address.to_owned()) });
    }

    fn keep(&mut self, text: String) {
        tracing::info!(org = %self.view.org, step = %text, "login");
        self.view.steps.push(text);
    }

    /// Keeps the trace beside the ledger; the attempt's own result matters more than a failure to do so.
    pub(super) fn finish(
        mut self,
        workspace: &Workspace,
        error: Option<&Error>,
    ) -> serde_json::Value {
        self.view.problem = error.map(|error| diagnose(error).code);
        if let Some(code) = self.view.problem {
            self.keep(format!("ended with {}", code.as_str()));
        }
        let json = serde_json::json!(self.view);
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
