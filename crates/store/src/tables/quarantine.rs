//! Table `quarantine`: rows that the target refused, held until something about them has changed.

use isthmus_model::canonical::Fingerprint;
use isthmus_model::cause::Cause;
use isthmus_model::ids::{LaneId, MappingVersion, RecordId, RunId};
use isthmus_model::mapping::MappingName;
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::column::{Json, Moment, Parsed};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

/// One refused row.
#[derive(Debug, Clone, PartialEq)]
pub struct QuarantineRow {
    /// The lane.
    pub lane: LaneId,
    /// The mapping.
    pub mapping: MappingName,
    /// The source record.
    pub source_id: RecordId,
    /// The mapping version it was refused under; another one is a reason to try again.
    pub mapping_version: MappingVersion,
    /// The run in which it was refused last.
    pub run: RunId,
    /// Why, and what to do.
    pub cause: Cause,
    /// What was sent.
    pub payload: serde_json::Value,
    /// The source row then; another one is a reason to try again.
    pub source_fingerprint: Fingerprint,
    /// The target's describe then; another one is a reason to try again.
    pub describe_fingerprint: Fingerprint,
    /// Times it was refused; set by the ledger.
    pub attempts: u32,
    /// When it was refused first; kept by the ledger.
    pub since: Timestamp,
    /// When it is tried again without a reason.
    pub next_try_at: Timestamp,
}

const COLUMNS: &str = "lane_id, mapping, source_id, mapping_version, run_id, cause, payload, source_fingerprint, \
                       describe_fingerprint, attempts, since, next_try_at";

impl Reader<'_> {
    /// One row, if it is in quarantine.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn quarantined(
        &self,
        lane: LaneId,
        mapping: &MappingName,
        source: RecordId,
    ) -> Result<Option<QuarantineRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM quarantine WHERE lane_id = ?1 AND mapping = ?2 AND source_id = ?3"
        );
        self.first(&sql, (lane.0, mapping.as_str(), source.as_str()), read_quarantine)
    }

    /// A mapping's rows by source id, after one where a page before has been read.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn quarantine_page(
        &self,
        lane: LaneId,
        mapping: &MappingName,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<QuarantineRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM quarantine WHERE lane_id = ?1 AND mapping = ?2 AND source_id > ?3 \
             ORDER BY source_id LIMIT ?4"
        );
        let after = after.as_ref().map_or("", RecordId::as_str);
        self.all(&sql, (lane.0, mapping.as_str(), after, limit), read_quarantine)
    }

    /// How many rows of a lane are in quarantine.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn count_quarantined(&self, lane: LaneId) -> Result<u64> {
        let sql = "SELECT count(*) FROM quarantine WHERE lane_id = ?1";
        Ok(self.first(sql, [lane.0], |row| row.get(0))?.unwrap_or(0))
    }
}

impl WriteTransaction<'_> {
    /// Puts a row into quarantine, or renews it: its attempts are counted on and its first time is kept.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] when lane or run are not there.
    pub fn put_quarantine(&self, row: &QuarantineRow) -> Result<()> {
        self.execute(
            "INSERT INTO quarantine (lane_id, mapping, source_id, mapping_version, run_id, cause, payload, \
             source_fingerprint, describe_fingerprint, attempts, since, next_try_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?11) \
             ON CONFLICT (lane_id, mapping, source_id) DO UPDATE SET mapping_version = excluded.mapping_version, \
             run_id = excluded.run_id, cause = excluded.cause, payload = excluded.payload, \
             source_fingerprint = excluded.source_fingerprint, \
             describe_fingerprint = excluded.describe_fingerprint, attempts = attempts + 1, \
             next_try_at = excluded.next_try_at",
            params![
                row.lane.0, row.mapping.as_str(), row.source_id.as_str(), row.mapping_version.0, row.run.0,
                Json(&row.cause), Json(&row.payload), row.source_fingerprint.0, row.describe_fingerprint.0,
                Moment(row.since), Moment(row.next_try_at),
            ],
        )?;
        Ok(())
    }

    /// Takes a row out of quarantine, if it is there.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn release_quarantine(
        &self,
        lane: LaneId,
        mapping: &MappingName,
        source: RecordId,
    ) -> Result<()> {
        let sql = "DELETE FROM quarantine WHERE lane_id = ?1 AND mapping = ?2 AND source_id = ?3";
        self.execute(sql, (lane.0, mapping.as_str(), source.as_str()))?;
        Ok(())
    }
}

fn read_quarantine(row: &Row<'_>) -> rusqlite::Result<QuarantineRow> {
    Ok(QuarantineRow {
        lane: LaneId(row.get(0)?),
        mapping: row.get::<_, Parsed<_>>(1)?.0,
        source_id: row.get::<_, Parsed<_>>(2)?.0,
        mapping_version: MappingVersion(row.get(3)?),
        run: RunId(row.get(4)?),
        cause: row.get::<_, Json<_>>(5)?.0,
        payload: row.get::<_, Json<_>>(6)?.0,
        source_fingerprint: row.get::<_, Parsed<_>>(7)?.0,
        describe_fingerprint: row.get::<_, Parsed<_>>(8)?.0,
        attempts: row.get(9)?,
        since: row.get::<_, Moment>(10)?.0,
        next_try_at: row.get::<_, Moment>(11)?.0,
    })
}
