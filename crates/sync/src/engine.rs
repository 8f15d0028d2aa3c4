//! The engine's face: what window and command ask for, and what they get back.

use std::collections::BTreeMap;
use std::time::Duration;

use isthmus_model::cause::Cause;
use isthmus_model::clock::Clock;
use isthmus_model::ids::{LaneId, MappingVersion, RunId, Side, SyncId};
use isthmus_model::mapping::{MappingName, ObjectMapping, Policy};
use isthmus_model::plan::PlanCounts;
use isthmus_model::run::{RunCounts, RunEnd, RunKind};
use isthmus_store::Ledger;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::error::Result;
use crate::progress::Progress;
use crate::side::SidePort;

/// A sync's object mappings bound to one lane and one mapping version, checked against both describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundSync {
    /// The sync.
    pub sync: SyncId,
    /// The lane.
    pub lane: LaneId,
    /// The version every mapping has.
    pub version: MappingVersion,
    /// The object mappings, in document order.
    pub objects: Vec<BoundObject>,
}

/// One object mapping with its policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundObject {
    /// The mapping.
    pub mapping: ObjectMapping,
    /// What may be done.
    pub policy: Policy,
}

/// A lane's two orgs.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    /// The left org.
    pub left: &'a dyn SidePort,
    /// The right org.
    pub right: &'a dyn SidePort,
}

impl<'a> Sides<'a> {
    /// One of the two.
    #[must_use]
    pub fn get(self, side: Side) -> &'a dyn SidePort {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }
}

/// What a caller may set.
#[derive(Debug, Clone)]
pub struct Options {
    /// Longest wait at the end of a run until the org certifies what became of lost answers. Zero: do not wait.
    pub settle_wait: Duration,
    /// Who asked for the run: the operating-system user. The connected username is added per org.
    pub actor: String,
    /// This build's version, kept with the run.
    pub build: String,
}

/// Most time a run waits for SETTLED by default: `latestDateCovered` counts whole minutes, so two and a half of
/// them let the minute of the lost request and the next one pass.
pub const DEFAULT_SETTLE_WAIT: Duration = Duration::from_secs(150);

/// The engine of one lane. One task, one thread; store calls are made inline.
pub struct Engine<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) sides: Sides<'a>,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) random: Box<dyn CryptoRng + 'a>,
    pub(crate) options: Options,
    pub(crate) watch: Box<dyn FnMut(Progress) + 'a>,
    pub(crate) cancel: CancellationToken,
}

/// A stored plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReport {
    /// The run it was stored under; [`Engine::resume`] carries it out.
    pub run: RunId,
    /// The rows.
    pub counts: PlanCounts,
    /// The rows per object mapping, in the order they would be written.
    pub objects: Vec<(MappingName, PlanCounts)>,
    /// Object mappings that could not be read, and why.
    pub halted: BTreeMap<MappingName, Cause>,
    /// Requests sent, by cause.
    pub calls: BTreeMap<CallCause, u64>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// The run.
    pub run: RunId,
    /// How it ended.
    pub end: RunEnd,
    /// Why it ended early, where it did.
    pub cause: Option<Cause>,
    /// The rows.
    pub counts: RunCounts,
    /// Object mappings that stopped while the others went on, and why.
    pub halted: BTreeMap<MappingName, Cause>,
    /// Rows sent to an org, repeated ones counted each time, whatever became of them.
    pub rows_sent: u64,
    /// Requests sent, by cause.
    pub calls: BTreeMap<CallCause, u64>,
    /// Earlier runs that recovery brought to their end first.
    pub recovered: Vec<RunReport>,
    /// A side or a cancel kept the run from going on; the next one would meet the same now.
    pub blocked: bool,
}

/// What requests were sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallCause {
    /// Reading both sides.
    Read,
    /// Re-reading targets just before they are written.
    Reread,
    /// Writing.
    Write,
    /// Reading back what became of lost answers.
    ReadBack,
    /// Asking what the org certifies.
    Settled,
}

impl<'a> Engine<'a> {
    /// An engine over an open ledger and two connected orgs.
    #[must_use]
    pub fn new(
        ledger: &'a Ledger,
        sides: Sides<'a>,
        clock: &'a dyn Clock,
        random: Box<dyn CryptoRng + 'a>,
        options: Options,
    ) -> Self {
        let cancel = CancellationToken::new();
        Self { ledger, sides, clock, random, options, watch: Box::new(|_| ()), cancel }
    }

    /// Tells a callback how far a run has come, once per page and batch.
    #[must_use]
    pub fn watched_by(mut self, watch: impl FnMut(Progress) + 'a) -> Self {
        self.watch = Box::new(watch);
        self
    }

    /// Lets a token cancel: the batch in flight is finished, the rest is left pending.
    #[must_use]
    pub fn cancelled_by(mut self, cancel: CancellationToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// Makes a plan and stores it. Writes nothing to any org.
    ///
    /// # Errors
    /// [`crate::Error`] when a side or the ledger fails before the plan is complete.
    pub async fn plan(&mut self, sync: &BoundSync, kind: RunKind) -> Result<PlanReport> {
        self.plan_only(sync, kind).await
    }

    /// Recovers what earlier runs of the lane left open, then plans and carries out.
    ///
    /// A limit, a lost login, an unreachable org and a cancel end the run as `Stopped`, with the cause in the report.
    ///
    /// # Errors
    /// [`crate::Error`] when the ledger fails: nothing is known to be stored then, and the next run recovers.
    pub async fn run(&mut self, sync: &BoundSync, kind: RunKind) -> Result<RunReport> {
        self.run_whole(sync, kind).await
    }

    /// Carries out a stored plan, or what an ended or broken run left open.
    ///
    /// # Errors
    /// [`crate::Error::OtherVersion`] when the mapping has changed since.
    pub async fn resume(&mut self, sync: &BoundSync, run: RunId) -> Result<RunReport> {
        self.resume_run(sync, run).await
    }

    /// Tries again what another run left failed or pending, quarantined rows included.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn retry(&mut self, sync: &BoundSync, of: RunId) -> Result<RunReport> {
        self.run(sync, RunKind::Retry { of }).await
    }
}
