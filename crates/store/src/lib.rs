//! The ledger: SQLite (SQLCipher), the only crate that writes SQL.
//!
//! One [`Ledger`] per workspace, owned by one process, with one connection that reads and writes inline. Outcome,
//! link, before-image, base, outbox state and audit entry of a row are written in one [`Ledger::write`].
//! [`Scratch`] is a second, throw-away file in which a run stages its rows, so that memory stays flat.

mod column;
mod connection;
mod error;
mod key;
mod ledger;
mod migration;
mod owner;
mod recovery;
mod scratch;
mod tables;
#[cfg(test)]
mod testing;

pub use error::{Error, Result};
pub use key::{KEY_BYTES, LedgerKey};
pub use ledger::{
    CreateInfo, Ledger, LedgerHealth, OpenInfo, PreviousStop, Reader, WriteTransaction,
};
pub use migration::SCHEMA_VERSION;
pub use owner::{Owner, OwnerKind};
pub use scratch::{
    CANDIDATE_LIMIT, Candidate, DuplicateKey, JoinedRow, Linked, Scratch, StagedLink, StagedRow,
};
pub use tables::audit::{AuditDraft, AuditFinding, AuditHead, AuditRow, AuditVerification};
pub use tables::base::StoredBase;
pub use tables::describe::CachedDescribe;
pub use tables::link::NewLink;
pub use tables::operation::{
    ActionKind, CauseCount, CauseGroup, ListPage, NewOperation, OperationFilter, OperationList,
    Ordinal, OutcomeCounts, OutcomeFilter, OutcomeKind, PlannedOperation,
};
pub use tables::org::{ClientSecret, OrgEnvironment, OrgRow};
pub use tables::outbox::{NewOutboxRow, OutboxRetry, OutboxRow, OutboxState, RequestNumber};
pub use tables::quarantine::QuarantineRow;
pub use tables::run::{NewRun, QuarterRows, RunRow, RunState};
pub use tables::sync::{
    ImportChange, ImportedSync, LaneRow, NewLane, SyncImport, SyncRow, SyncState, SyncVersionRow,
};
