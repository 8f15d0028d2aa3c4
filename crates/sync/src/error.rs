//! What ends a run before its work is done; each text tells the next step and none holds a record's values.

use isthmus_model::cause::Cause;
use isthmus_model::ids::{RecordId, RunId, Side};
use isthmus_model::mapping::MappingName;

use crate::side::{RefusalClass, SideError, SideErrorKind};

/// The code of [`Error::NothingReadable`].
pub(crate) const NOTHING_READABLE: &str = "nothing_readable";

/// The result of everything the engine does.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the engine could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ledger could not be read or written: nothing more is sent.
    #[error(transparent)]
    Ledger(#[from] isthmus_store::Error),
    /// A side could not be asked.
    #[error("the {} org: {error}", .side.as_str())]
    Side {
        /// Which side.
        side: Side,
        /// What it said.
        error: SideError,
    },
    /// Links say that the object has rows, and the user sees none.
    #[error(
        "the {} org shows no row of {object}, though {links} of them are linked; \
         give the connected user read access to {object} and its records, then run again", .side.as_str()
    )]
    NothingReadable {
        /// Which side.
        side: Side,
        /// The object.
        object: String,
        /// How many links there are.
        links: u64,
    },
    /// A selected record belongs to no object of the sync.
    #[error("record {0} belongs to no left object of this sync; check the id, or map its object")]
    UnmappedRecord(RecordId),
    /// The run is not one that can be resumed.
    #[error("run {0} has ended and left nothing open; start a new run")]
    NothingToResume(RunId),
    /// The run belongs to another lane than the sync it was given with.
    #[error("run {0} belongs to another sync or lane; name the sync it was started for")]
    ForeignRun(RunId),
    /// The mapping the run was planned under is not the one given.
    #[error("run {0} was planned under another version of the mapping; start a new run")]
    OtherVersion(RunId),
    /// The run names an object mapping that the sync no longer has.
    #[error("the plan names object mapping {0}, which the sync does not have; start a new run")]
    UnknownMapping(MappingName),
    /// A person cancelled.
    #[error("cancelled; what was written stays, and the next run goes on with the rest")]
    Cancelled,
}

impl Error {
    /// True when the same run cannot succeed before a person changes something.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Ledger(error) => error.is_permanent(),
            Self::Side { error, .. } => !error.is_transient(),
            Self::Cancelled => false,
            _ => true,
        }
    }

    /// The word for reports and logs.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Ledger(_) => "workspace",
            Self::Side { error, .. } => &error.cause.code,
            Self::NothingReadable { .. } => NOTHING_READABLE,
            Self::UnmappedRecord(_) => "record_not_mapped",
            Self::NothingToResume(_) => "nothing_to_resume",
            Self::ForeignRun(_) => "foreign_run",
            Self::OtherVersion(_) => "mapping_changed",
            Self::UnknownMapping(_) => "mapping_unknown",
            Self::Cancelled => "cancelled",
        }
    }

    /// The error as a run's cause, its text split into what happened and the next step.
    #[must_use]
    pub fn cause(&self) -> Cause {
        if let Self::Side { error, .. } = self {
            return error.cause.clone();
        }
        let text = self.to_string();
        let (message, remedy) = text.rsplit_once("; ").unwrap_or((&text, ""));
        Cause {
            code: self.code().to_owned(),
            message: message.to_owned(),
            fields: Vec::new(),
            remedy: remedy.to_owned(),
        }
    }

    /// True for what leaves a run `Stopped`: nothing is wrong with the sync, and it goes on later from where it is.
    pub(crate) fn stops_only(&self) -> bool {
        match self {
            Self::Cancelled | Self::NothingReadable { .. } | Self::OtherVersion(_) => true,
            Self::Side { error, .. } => !matches!(
                error.kind,
                SideErrorKind::Rejected(
                    RefusalClass::RowData | RefusalClass::Permission | RefusalClass::Unknown
                )
            ),
            _ => false,
        }
    }

    pub(crate) fn on(side: Side) -> impl FnOnce(SideError) -> Self {
        move |error| Self::Side { side, error }
    }
}
