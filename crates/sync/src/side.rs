//! The side port: everything the engine knows of a system it reads from and writes to.
//!
//! Salesforce is the first implementation. Nothing here names HTTP, SOQL or a token, so that other systems fit later.

pub mod salesforce;

#[cfg(test)]
pub(crate) mod fake;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use isthmus_model::cause::Cause;
use isthmus_model::ids::{OrgId, RecordId};
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, FieldSchema, ObjectName, ObjectSchema};
use isthmus_model::snapshot::Snapshot;
use isthmus_model::value::Value;
use jiff::Timestamp;

/// What a side's calls come to. The engine is one task on one thread, so nothing here needs to be `Send`.
pub type SideFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, SideError>> + 'a>>;

/// One side of a lane.
pub trait SidePort {
    /// The org behind it, pinned when it was connected.
    fn org(&self) -> OrgId;

    /// Who writes, as the org names them: part of the audit entry's actor.
    fn username(&self) -> String;

    /// The connected user's own record, where the side has such a thing: tells our writes from others'.
    fn own_user(&self) -> Option<RecordId>;

    /// The version of the side's interface that is spoken, pinned with each run.
    fn version(&self) -> String;

    /// What the side can do, and its sizes.
    fn capabilities(&self) -> Capabilities;

    /// The side's present time: the machine's clock plus the measured difference.
    fn now(&self) -> Timestamp;

    /// Requests sent so far, of every kind; the engine takes differences.
    fn calls(&self) -> u64;

    /// What the side says of an object.
    fn describe<'a>(&'a self, object: &'a str) -> SideFuture<'a, ObjectSchema>;

    /// How many rows of an object the user may see.
    fn count<'a>(&'a self, object: &'a str) -> SideFuture<'a, u64>;

    /// One page of all rows of an object, in an order that does not change while paging.
    fn scan<'a>(&'a self, selection: &'a Selection, from: Option<PageMark>)
    -> SideFuture<'a, Page>;

    /// The rows with these ids; those that are gone or hidden are left out.
    fn by_ids<'a>(
        &'a self,
        selection: &'a Selection,
        ids: &'a [RecordId],
    ) -> SideFuture<'a, Snapshot>;

    /// The rows with these match keys, several rows per key where the key is not unique.
    fn by_keys<'a>(
        &'a self,
        selection: &'a Selection,
        keys: &'a [RowKey],
    ) -> SideFuture<'a, Snapshot>;

    /// Writes one batch. `Ok` has one result per row, in the order sent, count and ids checked.
    fn write<'a>(&'a self, batch: &'a WriteBatch) -> SideFuture<'a, Vec<RowResult>>;

    /// Up to when the side certifies that nothing older can still appear, per object.
    /// An object it cannot certify is left out.
    fn settled<'a>(
        &'a self,
        objects: &'a [ObjectName],
    ) -> SideFuture<'a, BTreeMap<ObjectName, Timestamp>>;
}

/// What a side can do, and its sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Most rows of one write.
    pub max_write_rows: usize,
    /// Most ids of one [`SidePort::by_ids`] call.
    pub max_read_ids: usize,
    /// Most keys of one [`SidePort::by_keys`] call.
    pub max_read_keys: usize,
    /// How long one of its requests may last: a request that nobody heard of again has ended after this.
    pub request_timeout: Duration,
}

/// Which object and fields are read. Id and stamps come with every row, unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The object, as described.
    pub object: Arc<ObjectSchema>,
    /// The fields, in the order of the snapshot's values.
    pub fields: Arc<[FieldName]>,
}

/// Where the next page starts; opaque to the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageMark(pub String);

/// One page of a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Snapshot,
    /// Where the next page starts; `None` after the last one.
    pub next: Option<PageMark>,
}

/// Rows of one object that are written in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteBatch {
    /// The object, as described.
    pub object: Arc<ObjectSchema>,
    /// What is done with the rows.
    pub verb: WriteVerb,
    /// The rows; results come back in this order.
    pub rows: Vec<WriteRow>,
}

/// What is done with the rows of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteVerb {
    /// Insert; a repeated request would insert twice.
    Insert,
    /// Insert or update by a unique external id.
    Upsert {
        /// The external id field.
        key: FieldSchema,
    },
    /// Update by record id.
    Update,
}

/// One row of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteRow {
    /// The record to update; `None` for inserts and upserts.
    pub id: Option<RecordId>,
    /// The external id's value; `None` but for upserts.
    pub key: Option<Value>,
    /// Fields and values, the external id of an upsert left out.
    pub values: Vec<(FieldName, Value)>,
}

/// What the side made of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowResult {
    /// It is there.
    Written {
        /// The record.
        id: RecordId,
        /// Inserted, not updated.
        created: bool,
    },
    /// It was refused.
    Refused(RowRefusal),
}

/// Why a side refused one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRefusal {
    /// What it asks for.
    pub class: RefusalClass,
    /// The side's own code and text, with the next step. The text may quote record values: never logged.
    pub cause: Cause,
}

/// What a refusal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalClass {
    /// Passing trouble (a locked row): try again, smaller and later.
    Retry,
    /// The row's own data: quarantine it, the others go on.
    RowData,
    /// Rights or set-up: every further row of the object would meet it too.
    Permission,
    /// A limit of the org is used up, or its storage is full: nothing more can be written now.
    Limit,
    /// Nothing this build knows: stop this object mapping, keep the rest, ask.
    Unknown,
}

/// Why a call to a side came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}; {}", .cause.message, .cause.remedy)]
pub struct SideError {
    /// What is known of the request.
    pub kind: SideErrorKind,
    /// What the side or the transport said, with the next step. The text may quote record values: never logged.
    pub cause: Cause,
}

/// What is known of a request that came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideErrorKind {
    /// Nothing reached the side; it may pass.
    NotSent,
    /// Nothing can be sent before a person acts (certificate, address, set-up).
    Unreachable,
    /// It may or may not have been carried out.
    Unanswered,
    /// The side refused the whole request; nothing was done.
    Rejected(RefusalClass),
    /// The connection's grant is gone; nothing was done.
    AuthLost,
}

impl SideError {
    /// True when the same call can succeed a little later without anyone doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            SideErrorKind::NotSent
                | SideErrorKind::Unanswered
                | SideErrorKind::Rejected(RefusalClass::Retry)
        )
    }
}
