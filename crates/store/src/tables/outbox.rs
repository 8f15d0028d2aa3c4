//! Table `outbox`: each row's intent to write, durable before the wire, and what the org answered.
//!
//! Done rows stay: they are the before-images that undo works from.

use std::collections::BTreeMap;

use isthmus_model::ids::{LaneId, MappingVersion, OrgId, OutboxId, RecordId, RunId};
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, ObjectName};
use isthmus_model::value::Value;
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use crate::column::{Json, Moment, Parsed, word_column};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};
use crate::tables::operation::Ordinal;

/// Counts the requests of a run, from 1; the rows of one batch share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestNumber(pub u32);

/// How far one row's write is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxState {
    /// Stored, and surely not sent: sending is stored before the wire, too.
    Intended,
    /// Handed to the wire, no answer stored. After a crash this is an unknown outcome.
    Sent,
    /// The answer is stored; its outcome may not be.
    Answered,
    /// The answer was lost. Nothing is sent again before the row has been read back.
    Unknown,
    /// Its outcome is stored.
    Done,
}

word_column!(OutboxState {
    Intended => "intended",
    Sent => "sent",
    Answered => "answered",
    Unknown => "unknown",
    Done => "done",
});

/// An intent to store.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOutboxRow {
    /// The run.
    pub run: RunId,
    /// The operation.
    pub ordinal: Ordinal,
    /// The lane.
    pub lane: LaneId,
    /// The mapping version.
    pub mapping_version: MappingVersion,
    /// The request it goes out with.
    pub request: RequestNumber,
    /// The org that is written.
    pub org: OrgId,
    /// The object.
    pub object: ObjectName,
    /// The record; `None` for a create.
    pub target_id: Option<RecordId>,
    /// How a lost answer is read back; `None` where the id serves.
    pub key: Option<RowKey>,
    /// What the target held: the before-image.
    pub base: BTreeMap<FieldName, Value>,
    /// What it shall hold.
    pub desired: BTreeMap<FieldName, Value>,
    /// The body as it goes out for this row.
    pub payload: serde_json::Value,
    /// When.
    pub intended_at: Timestamp,
}

/// One stored intent.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// The ledger's id.
    pub id: OutboxId,
    /// What was to be written.
    pub intent: NewOutboxRow,
    /// From 1; each deliberate re-send counts.
    pub attempt: u32,
    /// How far it is.
    pub state: OutboxState,
    /// The org's answer for this row.
    pub answer: Option<serde_json::Value>,
    /// When it was handed to the wire.
    pub sent_at: Option<Timestamp>,
    /// When the request is over at the latest, whatever the org does: send time and the client's time-out.
    pub request_ends_at: Option<Timestamp>,
    /// When the answer was stored.
    pub answered_at: Option<Timestamp>,
}

/// What changes when a row is sent once more.
#[derive(Debug, Clone, Copy)]
pub struct OutboxRetry<'a> {
    /// The new request.
    pub request: RequestNumber,
    /// What the target shall hold now.
    pub desired: &'a BTreeMap<FieldName, Value>,
    /// The body.
    pub payload: &'a serde_json::Value,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str = "outbox_id, run_id, ordinal, lane_id, mapping_version, request, org_id, object, target_id, \
                       record_key, base, desired, attempt, payload, answer, state, intended_at, sent_at, \
                       request_ends_at, answered_at";

impl Reader<'_> {
    /// One row.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn outbox(&self, id: OutboxId) -> Result<Option<OutboxRow>> {
        self.first(
            &format!("SELECT {COLUMNS} FROM outbox WHERE outbox_id = ?1"),
            [id.0],
            read_outbox,
        )
    }

    /// An operation's rows, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn outbox_of_operation(&self, run: RunId, ordinal: Ordinal) -> Result<Vec<OutboxRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE run_id = ?1 AND ordinal = ?2 ORDER BY outbox_id"
        );
        self.all(&sql, (run.0, ordinal.0), read_outbox)
    }

    /// A request's rows, in the order they stand in its body.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn outbox_of_request(&self, run: RunId, request: RequestNumber) -> Result<Vec<OutboxRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE run_id = ?1 AND request = ?2 ORDER BY outbox_id"
        );
        self.all(&sql, (run.0, request.0), read_outbox)
    }

    /// A run's rows, oldest first, after one where a page before has been read.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn outbox_page(
        &self,
        run: RunId,
        after: Option<OutboxId>,
        limit: u32,
    ) -> Result<Vec<OutboxRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE run_id = ?1 AND outbox_id > ?2 ORDER BY outbox_id LIMIT ?3"
        );
        self.all(&sql, (run.0, after.map_or(0, |id| id.0), limit), read_outbox)
    }

    /// A lane's rows that are not done, oldest first: what recovery looks at.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn open_outbox_page(
        &self,
        lane: LaneId,
        after: Option<OutboxId>,
        limit: u32,
    ) -> Result<Vec<OutboxRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE lane_id = ?1 AND state <> 'done' AND outbox_id > ?2 \
             ORDER BY outbox_id LIMIT ?3"
        );
        self.all(&sql, (lane.0, after.map_or(0, |id| id.0), limit), read_outbox)
    }

    /// How many rows of a lane are not done.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn count_open_outbox(&self, lane: LaneId) -> Result<u64> {
        let sql = "SELECT count(*) FROM outbox WHERE lane_id = ?1 AND state <> 'done'";
        Ok(self.first(sql, [lane.0], |row| row.get(0))?.unwrap_or(0))
    }

    /// The newest finished write of a record: which fields were sent last.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn last_write(&self, org: OrgId, target: RecordId) -> Result<Option<OutboxRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE org_id = ?1 AND target_id = ?2 AND state = 'done' \
             AND json_extract(answer, '$.not_done') IS NULL \
             ORDER BY outbox_id DESC LIMIT 1"
        );
        self.first(&sql, (org.as_str(), target.as_str()), read_outbox)
    }

    /// The run's last request; `None` before the first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn last_request(&self, run: RunId) -> Result<Option<RequestNumber>> {
        let sql = "SELECT max(request) FROM outbox WHERE run_id = ?1";
        let last: Option<Option<u32>> = self.first(sql, [run.0], |row| row.get(0))?;
        Ok(last.flatten().map(RequestNumber))
    }
}

impl WriteTransaction<'_> {
    /// Stores an intent as [`OutboxState::Intended`], attempt 1.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] when there is no such operation or org.
    pub fn insert_outbox(&self, new: &NewOutboxRow) -> Result<OutboxId> {
        let id = self.insert(
            "INSERT INTO outbox (run_id, ordinal, lane_id, mapping_version, request, org_id, object, target_id, \
             record_key, base, desired, attempt, payload, state, intended_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, 'intended', ?13)",
            params![
                new.run.0, new.ordinal.0, new.lane.0, new.mapping_version.0, new.request.0, new.org.as_str(),
                new.object, new.target_id.as_ref().map(RecordId::as_str), new.key.as_ref().map(Json),
                Json(&new.base), Json(&new.desired), Json(&new.payload), Moment(new.intended_at),
            ],
        )?;
        Ok(OutboxId(id))
    }

    /// Marks a request's intended rows as handed to the wire; stored before the wire sees it. Gives their number.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn mark_request_sent(
        &self,
        run: RunId,
        request: RequestNumber,
        sent_at: Timestamp,
        ends_at: Timestamp,
    ) -> Result<usize> {
        self.execute(
            "UPDATE outbox SET state = 'sent', sent_at = ?3, request_ends_at = ?4 \
             WHERE run_id = ?1 AND request = ?2 AND state = 'intended'",
            params![run.0, request.0, Moment(sent_at), Moment(ends_at)],
        )
    }

    /// Marks a request's sent rows as unknown: its answer was lost. Gives their number.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn mark_request_unknown(&self, run: RunId, request: RequestNumber) -> Result<usize> {
        self.execute(
            "UPDATE outbox SET state = 'unknown' WHERE run_id = ?1 AND request = ?2 AND state = 'sent'",
            (run.0, request.0),
        )
    }

    /// After a crash: every sent row of a lane has an unknown outcome. Gives their number.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn mark_sent_unknown(&self, lane: LaneId) -> Result<usize> {
        self.execute(
            "UPDATE outbox SET state = 'unknown' WHERE lane_id = ?1 AND state = 'sent'",
            [lane.0],
        )
    }

    /// Stores the org's answer for one row, or what was read back.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such open row.
    pub fn record_answer(
        &self,
        id: OutboxId,
        target: Option<RecordId>,
        answer: &serde_json::Value,
        at: Timestamp,
    ) -> Result<()> {
        self.execute_one(
            "UPDATE outbox SET state = 'answered', target_id = coalesce(?2, target_id), answer = ?3, \
             answered_at = ?4 WHERE outbox_id = ?1 AND state <> 'done'",
            params![id.0, target.as_ref().map(RecordId::as_str), Json(answer), Moment(at)],
            "such open outbox row",
        )
    }

    /// Its outcome is stored, in this transaction or an earlier one.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such row.
    pub fn mark_outbox_done(&self, id: OutboxId) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'done' WHERE outbox_id = ?1";
        self.execute_one(sql, [id.0], "such outbox row")
    }

    /// Makes an open row ready to be sent once more, as the next attempt; its answer so far is dropped.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such open row.
    pub fn retry_outbox(&self, id: OutboxId, retry: OutboxRetry<'_>) -> Result<()> {
        self.execute_one(
            "UPDATE outbox SET state = 'intended', attempt = attempt + 1, request = ?2, desired = ?3, payload = ?4, \
             intended_at = ?5, sent_at = NULL, request_ends_at = NULL, answer = NULL, answered_at = NULL \
             WHERE outbox_id = ?1 AND state <> 'done'",
            params![id.0, retry.request.0, Json(retry.desired), Json(retry.payload), Moment(retry.at)],
            "such open outbox row",
        )
    }
}

fn read_outbox(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        id: OutboxId(row.get(0)?),
        intent: NewOutboxRow {
            run: RunId(row.get(1)?),
            ordinal: Ordinal(row.get(2)?),
            lane: LaneId(row.get(3)?),
            mapping_version: MappingVersion(row.get(4)?),
            request: RequestNumber(row.get(5)?),
            org: row.get::<_, Parsed<_>>(6)?.0,
            object: row.get(7)?,
            target_id: row.get::<_, Option<Parsed<_>>>(8)?.map(|id| id.0),
            key: row.get::<_, Option<Json<_>>>(9)?.map(|json| json.0),
            base: row.get::<_, Json<_>>(10)?.0,
            desired: row.get::<_, Json<_>>(11)?.0,
            payload: row.get::<_, Json<_>>(13)?.0,
            intended_at: row.get::<_, Moment>(16)?.0,
        },
        attempt: row.get(12)?,
        answer: row.get::<_, Option<Json<_>>>(14)?.map(|json| json.0),
        state: row.get::<_, Parsed<_>>(15)?.0,
        sent_at: row.get::<_, Option<Moment>>(17)?.map(|at| at.0),
        request_ends_at: row.get::<_, Option<Moment>>(18)?.map(|at| at.0),
        answered_at: row.get::<_, Option<Moment>>(19)?.map(|at| at.0),
    })
}

#[cfg(test)]
mod tests;
