//! Why a use case was not carried out. [`crate::diagnose::diagnose`] turns each into code, text and hint.

use std::path::Path;

use isthmus_contract::file::{FileProblem, Severity};
use isthmus_model::ids::{MappingVersion, OrgId, RecordId, RunId};

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value that was given cannot be used.
    #[error("{text}")]
    BadRequest {
        /// What is wrong.
        text: String,
        /// What to give instead.
        hint: String,
    },
    /// The operating system gives no randomness: no key and no state could be made.
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// No workspace yet.
    #[error("there is no workspace `{name}` in {folder}")]
    NoWorkspace {
        /// Its name.
        name: String,
        /// Where it would be.
        folder: String,
    },
    /// A workspace of this name is there.
    #[error("there is a workspace `{name}` in {folder} already")]
    WorkspaceExists {
        /// Its name.
        name: String,
        /// Where it is.
        folder: String,
    },
    /// The keychain has lost the ledger's key.
    #[error("the keychain has no key for the workspace `{name}`")]
    LedgerKeyMissing {
        /// The workspace's name.
        name: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The disk is full.
    #[error("no space is left for {path}")]
    DiskFull {
        /// The file.
        path: String,
    },
    /// A file is larger than it may be.
    #[error("{path} has {size} bytes, at most {limit} are read")]
    FileTooLarge {
        /// The file.
        path: String,
        /// Its size.
        size: u64,
        /// The limit.
        limit: usize,
    },
    /// No org has this name.
    #[error("no org is connected as `{name}`{}", suggestion(.near))]
    UnknownOrg {
        /// The name.
        name: String,
        /// The nearest known name.
        near: Option<String>,
    },
    /// The org was disconnected.
    #[error("`{name}` is disconnected")]
    Disconnected {
        /// Its name.
        name: String,
    },
    /// The login led to an org that has another name here.
    #[error("this is org {org}, which is known as `{known}` already")]
    OrgAlreadyConnected {
        /// The org.
        org: OrgId,
        /// Its name here.
        known: String,
    },
    /// The login led to another org than the one under this name.
    #[error("`{name}` is org {pinned}, and the login was for org {answered}")]
    OrgDiffers {
        /// The name.
        name: String,
        /// The org it belongs to.
        pinned: OrgId,
        /// The org of the login.
        answered: OrgId,
    },
    /// A mapping file has problems.
    #[error("the mapping file has {} to mend", count(refusals(.0), "problem"))]
    FileRefused(Vec<FileProblem>),
    /// A stored mapping no longer fits the orgs.
    #[error("the mapping of `{sync}` no longer fits the orgs")]
    Outdated {
        /// The sync.
        sync: String,
        /// What no longer fits.
        problems: Vec<FileProblem>,
    },
    /// No sync has this name.
    #[error("there is no sync `{name}`{}", suggestion(.near))]
    UnknownSync {
        /// The name.
        name: String,
        /// The nearest known name.
        near: Option<String>,
    },
    /// The sync is switched off.
    #[error("the sync `{0}` is disabled")]
    SyncDisabled(String),
    /// A run or plan of this sync is under way in this process.
    #[error("a run or plan of `{0}` is at work")]
    JobAtWork(String),
    /// The sync was stored anew since a draft was made from it.
    #[error("the sync `{name}` was {} since this draft was begun", match .now { Some(version) => format!("stored as version {version}"), None => "deleted".to_owned() })]
    SyncChangedElsewhere {
        /// The sync's name.
        name: String,
        /// The version stored now; `None` where the sync is gone.
        now: Option<MappingVersion>,
    },
    /// No run has this number.
    #[error("there is no run {0}")]
    UnknownRun(RunId),
    /// The run left nothing to retry.
    #[error("run {0} has no failed rows")]
    NothingToRetry(RunId),
    /// The org has no such object, or hides it from the user.
    #[error("{org} has no object `{}` for the connected user{}", .object.escape_debug(), suggestion(.near))]
    UnknownObject {
        /// The org's name.
        org: String,
        /// The name given.
        object: String,
        /// The nearest known name.
        near: Option<String>,
    },
    /// The org has no such record, or hides it from the user.
    #[error("{org} has no {object} {id} that the connected user may see")]
    UnknownRecord {
        /// The org's name.
        org: String,
        /// The object.
        object: String,
        /// The id.
        id: RecordId,
    },
    /// The query is not one that only reads.
    #[error("{0}")]
    QueryRefused(String),
    /// A step that needs a person's yes did not get it.
    #[error("not confirmed, so nothing was done")]
    NotConfirmed,
    /// The ledger.
    #[error(transparent)]
    Store(#[from] isthmus_store::Error),
    /// The keychain.
    #[error(transparent)]
    Vault(#[from] isthmus_vault::Error),
    /// An org, while nothing of a run was under way.
    #[error("{org}: {error}")]
    Org {
        /// The org's name.
        org: String,
        /// What it said.
        error: isthmus_salesforce::Error,
    },
    /// A login.
    #[error(transparent)]
    Login(#[from] isthmus_salesforce::error::AuthError),
    /// The engine, on a lane.
    #[error("{error}")]
    Engine {
        /// The left org's name.
        left: String,
        /// The right org's name.
        right: String,
        /// What ended the run or plan.
        error: Box<isthmus_sync::Error>,
    },
}

impl Error {
    /// A file's trouble; a full disk is told apart.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display().to_string();
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull { path },
            std::io::ErrorKind::NotFound => {
                Self::File { path, reason: "there is no such file or folder".to_owned() }
            }
            std::io::ErrorKind::PermissionDenied => {
                Self::File { path, reason: "you have no right to it".to_owned() }
            }
            std::io::ErrorKind::AlreadyExists => {
                Self::File { path, reason: "this file is there already".to_owned() }
            }
            std::io::ErrorKind::IsADirectory => {
                Self::File { path, reason: "this is a folder, not a file".to_owned() }
            }
            _ => Self::File { path, reason: error.to_string() },
        }
    }

    /// The engine's error with the names that its sides have here.
    pub(crate) fn engine(left: &str, right: &str) -> impl FnOnce(isthmus_sync::Error) -> Self {
        let (left, right) = (left.to_owned(), right.to_owned());
        move |error| match error {
            isthmus_sync::Error::Ledger(error) => Self::Store(error),
            error => Self::Engine { left, right, error: Box::new(error) },
        }
    }

    /// An org's answer, with the org's name.
    pub(crate) fn org(name: &str) -> impl FnOnce(isthmus_salesforce::Error) -> Self + use<> {
        let org = name.to_owned();
        move |error| Self::Org { org, error }
    }

    pub(crate) fn bad(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::BadRequest { text: text.into(), hint: hint.into() }
    }
}

fn suggestion(near: &Option<String>) -> String {
    near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

fn refusals(problems: &[FileProblem]) -> usize {
    problems.iter().filter(|problem| problem.severity == Severity::Refused).count()
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
