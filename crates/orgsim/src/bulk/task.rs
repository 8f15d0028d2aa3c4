//! The part of a job that runs by itself: queued, in progress, over. Both Bulk APIs share it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bulk::extract::Extract;
use crate::bulk::load::Load;
use crate::bulk::settings::Failing;
use crate::org::Org;
use crate::setup::as_user;

/// How much of what is due one step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// All of it.
    Everything,
    /// One chunk, so that others come to their turn.
    Slice,
}

/// When there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// At once.
    Now,
    /// Not before this moment.
    At(Timestamp),
    /// Never, unless something new is submitted.
    Idle,
}

impl Next {
    /// The one that comes first.
    pub(crate) fn sooner(self, other: Self) -> Self {
        match (self, other) {
            (Self::Now, _) | (_, Self::Now) => Self::Now,
            (Self::At(one), Self::At(other)) => Self::At(one.min(other)),
            (Self::At(moment), Self::Idle) | (Self::Idle, Self::At(moment)) => Self::At(moment),
            (Self::Idle, Self::Idle) => Self::Idle,
        }
    }
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    Queued,
    Running,
    Complete,
    /// With the `errorMessage`.
    Failed(String),
    Aborted,
}

/// What a task does.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Rows of a file go into the org.
    Load(Arc<Load>),
    /// Rows of the org go into a file.
    Extract(Box<Extract>),
}

/// Work that was submitted.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) stage: Stage,
    pub(crate) work: Work,
    pub(crate) submitted: Timestamp,
    pub(crate) started: Option<Timestamp>,
    pub(crate) ended: Option<Timestamp>,
    /// A job sees and may do what the user who made it sees and may do; the connected user when left out.
    user_id: Option<String>,
    failing: Option<Failing>,
}

impl Task {
    /// Work that waits from the org's present moment on, for the user of the present call.
    pub(crate) fn submit(org: &Org, work: Work) -> Self {
        let is_listed = org.setup.access.contains_key(&org.user.id);
        Self {
            user_id: is_listed.then(|| org.user.id.clone()),
            stage: Stage::Queued,
            work,
            submitted: org.clock.now(),
            started: None,
            ended: None,
            failing: None,
        }
    }

    /// True when nothing will happen any more.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self.stage, Stage::Queued | Stage::Running)
    }

    /// Stops; what is written stays.
    pub(crate) fn abort(&mut self, now: Timestamp) {
        self.end(Stage::Aborted, now);
    }

    /// The last time that something changed.
    pub(crate) fn modified(&self) -> Timestamp {
        self.ended.or(self.started).unwrap_or(self.submitted)
    }

    /// How long the work took so far, in milliseconds.
    pub(crate) fn processing_ms(&self) -> u64 {
        let (Some(started), Some(ended)) = (self.started, self.ended) else { return 0 };
        u64::try_from(ended.duration_since(started).as_millis()).unwrap_or_default()
    }

    /// Rows that were processed, refused ones included.
    pub(crate) fn rows_processed(&self) -> usize {
        match &self.work {
            Work::Load(load) => load.outcomes.len(),
            Work::Extract(extract) => extract.rows(),
        }
    }

    /// Rows that were refused.
    pub(crate) fn rows_failed(&self) -> usize {
        match &self.work {
            Work::Load(load) => load.failed,
            Work::Extract(_) => 0,
        }
    }

    /// Does what is due at the org's present moment.
    pub(crate) fn step(&mut self, org: &mut Org, effort: Effort) -> Next {
        if self.is_over() {
            return Next::Idle;
        }
        let user_id = self.user_id.clone();
        as_user(org, user_id.as_deref(), |org| self.step_as_user(org, effort))
    }

    fn step_as_user(&mut self, org: &mut Org, effort: Effort) -> Next {
        let now = org.clock.now();
        if self.stage == Stage::Queued {
            let start = after(self.submitted, org.bulk.settings.queued());
            if now < start {
                return Next::At(start);
            }
            self.start(org, start);
        }
        self.resume(org, now);
        let (Stage::Running, Some(started)) = (&self.stage, self.started) else {
            return Next::Idle;
        };
        let end = after(started, org.bulk.settings.in_progress());
        let due = share_due(now, started, end);
        while self.stage == Stage::Running && !self.is_done() && self.share_done() < due {
            self.work_on(org, now);
            if effort == Effort::Slice {
                return Next::Now;
            }
        }
        self.wait_or_end(now, (started, end), effort)
    }

    fn wait_or_end(
        &mut self,
        now: Timestamp,
        (started, end): (Timestamp, Timestamp),
        effort: Effort,
    ) -> Next {
        match &self.stage {
            Stage::Running if self.is_done() && now >= end => {
                // Whoever catches up did nothing later than it was due; whoever works in slices took this long.
                self.end(Stage::Complete, if effort == Effort::Slice { now } else { end });
                Next::Idle
            }
            Stage::Running => Next::At(end.min(next_look(now, started, end))),
            _ => Next::Idle,
        }
    }

    fn start(&mut self, org: &mut Org, moment: Timestamp) {
        self.stage = Stage::Running;
        self.started = Some(moment);
        let opened = match &mut self.work {
            Work::Extract(extract) => extract.open(org),
            Work::Load(load) => {
                self.failing = org.bulk.settings.take_failing();
                Arc::get_mut(load).map_or(Ok(()), |load| load.open(org))
            }
        };
        if let Err(message) = opened {
            self.end(Stage::Failed(message), moment);
        }
    }

    /// Takes work up again that a restart interrupted. An unfinished query was never shown to anybody, so it begins
    /// anew; a load goes on behind its last row.
    fn resume(&mut self, org: &Org, now: Timestamp) {
        if self.stage != Stage::Running {
            return;
        }
        let resumed = match &mut self.work {
            Work::Extract(extract) if !extract.is_open() => extract.open(org),
            Work::Load(load) if !load.is_open() => {
                Arc::get_mut(load).map_or(Ok(()), |load| load.resume(org))
            }
            _ => Ok(()),
        };
        if let Err(message) = resumed {
            self.end(Stage::Failed(message), now);
        }
    }

    fn work_on(&mut self, org: &mut Org, now: Timestamp) {
        let outcome = match &mut self.work {
            Work::Extract(extract) => {
                extract.encode_piece(org);
                Ok(())
            }
            Work::Load(load) => {
                // Results are read from a load that is over, so nobody else holds one that runs.
                let Some(load) = Arc::get_mut(load) else { return };
                let allowed = self.failing.as_ref().map_or(usize::MAX, |failing| {
                    failing.after_rows.saturating_sub(load.outcomes.len())
                });
                let written = load.write_chunk(org, allowed);
                match &self.failing {
                    Some(failing) if load.outcomes.len() >= failing.after_rows => {
                        Err(failing.message.clone())
                    }
                    _ => written,
                }
            }
        };
        if let Err(message) = outcome {
            self.end(Stage::Failed(message), now);
        }
    }

    fn end(&mut self, stage: Stage, moment: Timestamp) {
        self.stage = stage;
        self.ended = Some(moment);
    }

    fn is_done(&self) -> bool {
        match &self.work {
            Work::Load(load) => load.is_done(),
            Work::Extract(extract) => extract.is_done(),
        }
    }

    fn share_done(&self) -> f64 {
        match &self.work {
            Work::Load(load) => load.share_done(),
            Work::Extract(extract) => extract.share_done(),
        }
    }
}

fn after(moment: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// The share of the work that should be done by now; more than all of it when the time is up.
fn share_due(now: Timestamp, started: Timestamp, end: Timestamp) -> f64 {
    if now >= end {
        return f64::INFINITY;
    }
    let whole = end.duration_since(started).as_secs_f64();
    now.duration_since(started).as_secs_f64() / whole
}

/// While a job is in progress it is looked at about twenty times.
fn next_look(now: Timestamp, started: Timestamp, end: Timestamp) -> Timestamp {
    const LOOKS: i32 = 20;
    let pause = end.duration_since(started) / LOOKS;
    now.saturating_add(pause.max(SignedDuration::from_millis(1))).unwrap_or(end)
}
