//! Table `run`: each carrying out of a plan, from its first read to its end state.

use isthmus_model::cause::Cause;
use isthmus_model::ids::{LaneId, MappingVersion, RunId, SyncId};
use isthmus_model::plan::PlanCounts;
use isthmus_model::run::{RunCounts, RunEnd, RunKind};
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::column::{Json, Moment, Parsed, word_column, word_of};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// The number a person types.
    pub id: RunId,
    /// The sync.
    pub sync: SyncId,
    /// The lane.
    pub lane: LaneId,
    /// The mapping version it is pinned to.
    pub mapping_version: MappingVersion,
    /// Why it came to be.
    pub kind: RunKind,
    /// How far it is.
    pub state: RunState,
    /// How it ended; `None` until then.
    pub end: Option<RunEnd>,
    /// The build that planned it: an older one does not resume it.
    pub build: String,
    /// The left org's API version, pinned for the run; `None` until it is known.
    pub left_api_version: Option<String>,
    /// The right org's API version, pinned for the run; `None` until it is known.
    pub right_api_version: Option<String>,
    /// When planning began.
    pub started_at: Timestamp,
    /// When the plan was whole.
    pub planned_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the plan comes to.
    pub plan_counts: Option<PlanCounts>,
    /// Rows by outcome.
    pub counts: Option<RunCounts>,
    /// Why it was stopped or failed.
    pub stop_cause: Option<Cause>,
    /// Rows that went over the wire, successes or not; kept when the run has ended.
    pub rows_sent: u64,
    /// API calls; kept when the run has ended.
    pub calls: u64,
}

/// What ended runs wrote within one quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarterRows {
    /// Where the quarter begins, by UTC.
    pub at: Timestamp,
    /// Rows created or updated.
    pub written: u64,
    /// Rows refused by a target.
    pub failed: u64,
}

/// The grid that every time zone's midnight lies on: offsets are whole quarters of an hour.
const QUARTER_MICROSECONDS: i64 = 15 * 60 * 1_000_000;

/// A run about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The sync.
    pub sync: SyncId,
    /// The lane.
    pub lane: LaneId,
    /// The mapping version.
    pub mapping_version: MappingVersion,
    /// Why it came to be.
    pub kind: RunKind,
    /// The running build.
    pub build: String,
    /// When.
    pub started_at: Timestamp,
}

/// How far a run is. After a crash a run that has not ended is resumed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Reading and planning; nothing was written, a crash makes it worthless.
    Planning,
    /// The plan is whole and waits for its release.
    Planned,
    /// Writing.
    Applying,
    /// Everything was sent; unknown outcomes are read back.
    Settling,
    /// Over.
    Ended,
}

word_column!(RunState {
    Planning => "planning",
    Planned => "planned",
    Applying => "applying",
    Settling => "settling",
    Ended => "ended",
});

const COLUMNS: &str = "run_id, sync_id, lane_id, mapping_version, kind, state, end_state, build, left_api_version, \
                       right_api_version, started_at, planned_at, ended_at, plan_counts, counts, stop_cause, \
                       rows_sent, calls";

impl Reader<'_> {
    /// One run.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn run(&self, run: RunId) -> Result<Option<RunRow>> {
        self.first(&format!("SELECT {COLUMNS} FROM run WHERE run_id = ?1"), [run.0], read_run)
    }

    /// Runs, newest first; of one sync or of all, older than `before` where a page before has been shown.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn runs(
        &self,
        sync: Option<SyncId>,
        before: Option<RunId>,
        limit: u32,
    ) -> Result<Vec<RunRow>> {
        let before = before.map_or(i64::MAX, |run| run.0);
        match sync {
            Some(sync) => self.all(
                &format!(
                    "SELECT {COLUMNS} FROM run WHERE sync_id = ?1 AND run_id < ?2 ORDER BY run_id DESC LIMIT ?3"
                ),
                (sync.0, before, limit),
                read_run,
            ),
            None => self.all(
                &format!("SELECT {COLUMNS} FROM run WHERE run_id < ?1 ORDER BY run_id DESC LIMIT ?2"),
                (before, limit),
                read_run,
            ),
        }
    }

    /// What runs that ended since a moment wrote and failed to, by quarters of an hour, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn rows_by_quarter(&self, since: Timestamp) -> Result<Vec<QuarterRows>> {
        let sql = "SELECT ended_at / ?2 * ?2 AS quarter, \
                          SUM(json_extract(counts, '$.created') + json_extract(counts, '$.updated')), \
                          SUM(json_extract(counts, '$.failed')) \
                   FROM run WHERE ended_at >= ?1 AND counts IS NOT NULL GROUP BY quarter ORDER BY quarter";
        self.all(sql, params![Moment(since), QUARTER_MICROSECONDS], |row| {
            let rows = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok(QuarterRows { at: row.get::<_, Moment>(0)?.0, written: rows(1)?, failed: rows(2)? })
        })
    }

    /// Runs that have not ended, oldest first: what a start after a crash must look at.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn open_runs(&self) -> Result<Vec<RunRow>> {
        let sql = format!("SELECT {COLUMNS} FROM run WHERE state <> 'ended' ORDER BY run_id");
        self.all(&sql, [], read_run)
    }
}

impl WriteTransaction<'_> {
    /// Begins a run in [`RunState::Planning`].
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] when sync or lane are not there.
    pub fn start_run(&self, new: &NewRun) -> Result<RunId> {
        let id = self.insert(
            "INSERT INTO run (sync_id, lane_id, mapping_version, kind, state, build, started_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                new.sync.0,
                new.lane.0,
                new.mapping_version.0,
                Json(&new.kind),
                RunState::Planning.as_str(),
                new.build,
                Moment(new.started_at),
            ],
        )?;
        Ok(RunId(id))
    }

    /// Pins the API version spoken with each org.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such run.
    pub fn pin_run_api_versions(&self, run: RunId, left: &str, right: &str) -> Result<()> {
        let sql = "UPDATE run SET left_api_version = ?2, right_api_version = ?3 WHERE run_id = ?1";
        self.execute_one(sql, (run.0, left, right), "such run")
    }

    /// The plan is whole.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such run.
    pub fn set_run_planned(&self, run: RunId, at: Timestamp, counts: PlanCounts) -> Result<()> {
        self.execute_one(
            "UPDATE run SET state = 'planned', planned_at = ?2, plan_counts = ?3 WHERE run_id = ?1",
            params![run.0, Moment(at), Json(counts)],
            "such run",
        )
    }

    /// Moves a run on.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such run, or it has ended.
    pub fn set_run_state(&self, run: RunId, state: RunState) -> Result<()> {
        let sql = "UPDATE run SET state = ?2 WHERE run_id = ?1 AND state <> 'ended'";
        self.execute_one(sql, (run.0, state.as_str()), "such open run")
    }

    /// Keeps the counts so far.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such run.
    pub fn set_run_counts(&self, run: RunId, counts: RunCounts) -> Result<()> {
        let sql = "UPDATE run SET counts = ?2 WHERE run_id = ?1";
        self.execute_one(sql, params![run.0, Json(counts)], "such run")
    }

    /// Keeps what a run cost: rows sent and API calls.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such run.
    pub fn set_run_traffic(&self, run: RunId, rows_sent: u64, calls: u64) -> Result<()> {
        let sql = "UPDATE run SET rows_sent = ?2, calls = ?3 WHERE run_id = ?1";
        self.execute_one(sql, (run.0, rows_sent, calls), "such run")
    }

    /// Says why a run ended as it did, where nothing said so yet.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such run, or it has a cause already.
    pub fn set_run_stop_cause(&self, run: RunId, cause: &Cause) -> Result<()> {
        let sql = "UPDATE run SET stop_cause = ?2 WHERE run_id = ?1 AND stop_cause IS NULL";
        self.execute_one(sql, params![run.0, Json(cause)], "such run without a cause")
    }

    /// Ends a run.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such run, or it has ended already.
    pub fn end_run(
        &self,
        run: RunId,
        end: RunEnd,
        at: Timestamp,
        counts: RunCounts,
        stop_cause: Option<&Cause>,
    ) -> Result<()> {
        self.execute_one(
            "UPDATE run SET state = 'ended', end_state = ?2, ended_at = ?3, counts = ?4, stop_cause = ?5 \
             WHERE run_id = ?1 AND state <> 'ended'",
            params![run.0, end.as_str(), Moment(at), Json(counts), stop_cause.map(Json)],
            "such open run",
        )
    }
}

fn read_run(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    let end: Option<String> = row.get(6)?;
    Ok(RunRow {
        id: RunId(row.get(0)?),
        sync: SyncId(row.get(1)?),
        lane: LaneId(row.get(2)?),
        mapping_version: MappingVersion(row.get(3)?),
        kind: row.get::<_, Json<_>>(4)?.0,
        state: row.get::<_, Parsed<_>>(5)?.0,
        end: end.as_deref().map(word_of).transpose()?,
        build: row.get(7)?,
        left_api_version: row.get(8)?,
        right_api_version: row.get(9)?,
        started_at: row.get::<_, Moment>(10)?.0,
        planned_at: row.get::<_, Option<Moment>>(11)?.map(|at| at.0),
        ended_at: row.get::<_, Option<Moment>>(12)?.map(|at| at.0),
        plan_counts: row.get::<_, Option<Json<_>>>(13)?.map(|json| json.0),
        counts: row.get::<_, Option<Json<_>>>(14)?.map(|json| json.0),
        stop_cause: row.get::<_, Option<Json<_>>>(15)?.map(|json| json.0),
        rows_sent: row.get(16)?,
        calls: row.get(17)?,
    })
}
