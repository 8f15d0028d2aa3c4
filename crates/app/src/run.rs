//! Carrying out: plan, write, report; and trying failed rows again.

use isthmus_contract::progress::Progress;
use isthmus_contract::request::RunRequest;
use isthmus_contract::run::RunView;
use isthmus_model::cause::Cause;
use isthmus_model::ids::RunId;
use isthmus_model::run::RunKind;
use isthmus_store::RunState;
use isthmus_sync::RunReport;
use tokio_util::sync::CancellationToken;

use crate::engine::{engine, options};
use crate::error::{Error, Result};
use crate::org::Connection;
use crate::plan::{kind, nothing_readable};
use crate::progress::translate;
use crate::report::{header, is_superseded};
use crate::syncs::{Lane, Purpose, StoredSync, bind_lane, find, find_by_id};
use crate::workspace::Workspace;

/// The cause's code of a run that saw no row at all.
const NOTHING_READABLE: &str = "nothing_readable";

/// Runs a sync, or selected records of it with the parents they need.
///
/// A limit, a lost login, an unreachable org and a cancel end the run as stopped: that is a result, not an error.
///
/// # Errors
/// [`Error::UnknownSync`], [`Error::SyncDisabled`], [`Error::Outdated`]; an org before the run began; the ledger.
pub async fn run(
    workspace: &Workspace,
    request: &RunRequest,
    watch: impl FnMut(Progress),
    cancel: CancellationToken,
) -> Result<RunView> {
    let sync = find(workspace, &request.sync)?;
    let lane = bind_lane(workspace, &sync, Purpose::Write).await?;
    carry_out(workspace, &lane, Job::New(kind(request)), watch, cancel).await
}

/// Carries out the plan that was shown, and no other: each row is read again in both orgs just before it is written,
/// whatever the plan's age, and one that is not as it was planned is planned anew or held.
///
/// # Errors
/// As [`run`]; [`Error::UnknownRun`]; [`Error::Engine`] when the mapping has changed since; a bad request for a plan
/// that was carried out already, gave way to a newer one, or was never whole.
pub async fn carry_out_plan(
    workspace: &Workspace,
    plan: RunId,
    watch: impl FnMut(Progress),
    cancel: CancellationToken,
) -> Result<RunView> {
    let row = workspace.ledger.read().run(plan)?.ok_or(Error::UnknownRun(plan))?;
    let why = match row.state {
        RunState::Planned => return resume(workspace, plan, watch, cancel).await,
        RunState::Planning => "is not whole",
        RunState::Applying | RunState::Settling => "is being carried out, or was and was cut off",
        RunState::Ended if is_superseded(&row) => "gave way to a newer one",
        RunState::Ended => "was carried out already",
    };
    Err(Error::bad(format!("plan {plan} {why}"), "make a new plan and look at it"))
}

/// Carries on: a plan that was stored and shown, a run that was cut off, or the rows that a stopped one left open.
///
/// # Errors
/// As [`run`]; [`Error::UnknownRun`]; [`Error::Engine`] when the mapping has changed since.
pub async fn resume(
    workspace: &Workspace,
    run: RunId,
    watch: impl FnMut(Progress),
    cancel: CancellationToken,
) -> Result<RunView> {
    let sync = sync_of(workspace, run)?;
    let lane = bind_lane(workspace, &sync, Purpose::Write).await?;
    carry_out(workspace, &lane, Job::Stored(run), watch, cancel).await
}

/// Tries the failed rows of a run again, quarantined ones included.
///
/// # Errors
/// As [`run`]; [`Error::UnknownRun`]; [`Error::NothingToRetry`] when no row failed, was held or is pending.
pub async fn retry(
    workspace: &Workspace,
    of: RunId,
    watch: impl FnMut(Progress),
    cancel: CancellationToken,
) -> Result<RunView> {
    let sync = sync_of(workspace, of)?;
    let reader = workspace.ledger.read();
    let counts = reader.outcome_counts(of)?;
    let failed = counts.decided.failed + counts.decided.held + counts.decided.pending;
    // Rows of a plan that was only looked at were never tried; those of a run that a crash cut off were.
    let cut_off = reader
        .run(of)?
        .is_some_and(|run| matches!(run.state, RunState::Applying | RunState::Settling));
    if failed == 0 && !(cut_off && counts.undecided > 0) {
        return Err(Error::NothingToRetry(of));
    }
    let lane = bind_lane(workspace, &sync, Purpose::Write).await?;
    carry_out(workspace, &lane, Job::New(RunKind::Retry { of }), watch, cancel).await
}

enum Job {
    New(RunKind),
    Stored(RunId),
}

fn sync_of(workspace: &Workspace, run: RunId) -> Result<StoredSync> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    find_by_id(workspace, row.sync)
}

async fn carry_out(
    workspace: &Workspace,
    lane: &Lane,
    job: Job,
    mut watch: impl FnMut(Progress),
    cancel: CancellationToken,
) -> Result<RunView> {
    let report = {
        let (left, right) = (lane.left.side(), lane.right.side());
        let _turn = workspace.take_turn(lane.bound.lane, &lane.sync)?;
        let options = options(workspace);
        let mut engine = engine(workspace, &left, &right, options)
            .watched_by(move |progress| watch(translate(progress)))
            .cancelled_by(cancel);
        match job {
            Job::New(kind) => engine.run(&lane.bound, kind).await,
            Job::Stored(run) => engine.resume(&lane.bound, run).await,
        }
    };
    let report = report.map_err(Error::engine(&lane.left.row.name, &lane.right.row.name))?;
    tracing::info!(run = %report.run, end = report.end.as_str(), "run ended");
    keep_clock_offsets(workspace, lane);
    keep_traffic(workspace, lane, &report)?;
    keep_that_nothing_was_readable(workspace, lane, report.run)?;
    header(workspace, report.run)
}

/// A whole run without one row says why, now and whenever its report is read.
fn keep_that_nothing_was_readable(workspace: &Workspace, lane: &Lane, run: RunId) -> Result<()> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    let is_empty = row.counts.is_some_and(|counts| counts.rows_read() == 0);
    if row.kind != RunKind::Full || !is_empty || row.stop_cause.is_some() {
        return Ok(());
    }
    let (message, remedy) = nothing_readable(lane);
    let code = NOTHING_READABLE.to_owned();
    let cause = Cause { code, message, fields: Vec::new(), remedy: remedy.to_owned() };
    workspace.ledger.write(|transaction| transaction.set_run_stop_cause(run, &cause))?;
    Ok(())
}

/// What the run cost. Its calls are all that both clients sent, checking the mapping included.
fn keep_traffic(workspace: &Workspace, lane: &Lane, report: &RunReport) -> Result<()> {
    let sent = |connection: &Connection| connection.client.counters().calls;
    let recovered: u64 = report.recovered.iter().flat_map(|run| run.calls.values()).sum();
    let calls = (sent(&lane.left) + sent(&lane.right)).saturating_sub(recovered);
    let earlier = report.recovered.iter().map(|run| (run, run.calls.values().sum()));
    workspace.ledger.write(|transaction| {
        for (ended, calls) in std::iter::once((report, calls)).chain(earlier) {
            transaction.set_run_traffic(ended.run, ended.rows_sent, calls)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// How far the orgs' clocks are off is learned from every answer; `health` shows it.
fn keep_clock_offsets(workspace: &Workspace, lane: &Lane) {
    for connection in [&lane.left, &lane.right] {
        let offset = connection.client.org_clock_offset().as_millis();
        let Ok(offset) = i64::try_from(offset) else { continue };
        let kept = workspace
            .ledger
            .write(|transaction| transaction.set_org_clock_offset(connection.row.org_id, offset));
        if let Err(error) = kept {
            tracing::warn!(%error, "clock offset not kept");
        }
    }
}
