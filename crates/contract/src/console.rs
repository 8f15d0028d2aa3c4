//! What the window itself tells and is told: the job at work, closing, links.

use isthmus_model::ids::RunId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::progress::Progress;

/// Something that happened without being asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "of", rename_all = "snake_case")]
pub enum ConsoleEvent {
    /// The job at work has come further, at most twenty times a second.
    Job(JobView),
    /// No job is at work any more. `problem` where it was refused; a run that stopped is no problem.
    JobEnded {
        /// The job that ended.
        job: JobView,
        /// Why it was not carried out, where it was not.
        problem: Option<Problem>,
    },
    /// What the ledger holds has changed: pages that show it read it again.
    Changed(Topic),
    /// The person wishes to close the window while a job is at work.
    CloseAsked(JobView),
    /// The engine has ended and answers nothing any more.
    EngineGone(Problem),
}

/// What of the ledger has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The workspace was created, opened or recovered.
    Workspace,
    /// An org was connected or disconnected.
    Orgs,
    /// A sync was stored, switched or deleted.
    Syncs,
    /// A run or plan began or ended.
    Runs,
}

/// The one job that may write or plan at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    /// What is done.
    pub kind: JobKind,
    /// The sync's name.
    pub sync: String,
    /// The left org's name.
    pub left: String,
    /// The right org's name.
    pub right: String,
    /// The plan that is carried out or the run that is retried, where it has a number already.
    pub run: Option<RunId>,
    /// When it began.
    pub started_at: Timestamp,
    /// How far it has come; `None` before the first word.
    pub progress: Option<Progress>,
    /// A cancel is on its way.
    pub cancelling: bool,
}

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Makes a plan; writes nothing.
    Plan,
    /// Runs.
    Run,
    /// Tries failed rows again.
    Retry,
}

/// What becomes of the job when the window closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseChoice {
    /// The window goes, the job goes on, and Isthmus ends with it.
    FinishFirst,
    /// The job stops at the next safe place; the next run resumes it.
    StopAndClose,
    /// The window stays.
    Stay,
}

/// An address to open in the system browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRequest {
    /// https, or http towards this machine; anything else is refused.
    pub url: String,
}
