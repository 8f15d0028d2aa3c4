//! One run under way: its counts, and how sides are asked with patience, counted by cause.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use isthmus_model::cause::Cause;
use isthmus_model::ids::{RecordId, RunId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::run::RunCounts;
use isthmus_store::RequestNumber;
use jiff::Timestamp;
use rand::Rng;

use crate::apply::ANSWER_PENDING;
use crate::engine::{BoundObject, BoundSync, CallCause, Engine};
use crate::error::{Error, Result};
use crate::side::{SideFuture, SidePort};

/// Tries of one read. Five with doubling pauses last about half a minute, longer than an org's usual hiccup.
const READ_ATTEMPTS: u32 = 5;
/// The pause before the second try.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause: what waits longer than this is better ended and resumed.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Requests by cause.
pub(crate) type Calls = BTreeMap<CallCause, u64>;

/// Whether quarantined rows are left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuarantineRule {
    /// They are held until something changed or a day has passed.
    Respect,
    /// A person asked for them by hand.
    Override,
}

/// One run under way.
pub(crate) struct Course<'s> {
    pub(crate) run: RunId,
    pub(crate) sync: &'s BoundSync,
    pub(crate) quarantine: QuarantineRule,
    pub(crate) counts: RunCounts,
    pub(crate) rows_sent: u64,
    pub(crate) calls: Calls,
    /// Object mappings that stopped, and why; the others go on.
    pub(crate) halted: BTreeMap<MappingName, Cause>,
    /// Rows whose last answer is unknown, of this run or an earlier one: never sent again before they are read back.
    pub(crate) unanswered: BTreeSet<(MappingName, RecordId)>,
    /// When requests whose answer was lost ended, as the client saw it.
    pub(crate) request_ends: BTreeMap<(RunId, RequestNumber), Timestamp>,
    /// Rows that were read back as surely not done since the last pass, and may be sent again.
    pub(crate) reopened: u64,
    /// Requests without a usable answer in a row.
    pub(crate) silent_requests: u32,
}

impl<'s> Course<'s> {
    pub(crate) fn new(run: RunId, sync: &'s BoundSync, quarantine: QuarantineRule) -> Self {
        Self {
            run,
            sync,
            quarantine,
            counts: RunCounts::default(),
            rows_sent: 0,
            calls: Calls::new(),
            halted: BTreeMap::new(),
            unanswered: BTreeSet::new(),
            request_ends: BTreeMap::new(),
            reopened: 0,
            silent_requests: 0,
        }
    }

    pub(crate) fn object(&self, name: &MappingName) -> Result<&'s BoundObject> {
        self.sync
            .objects
            .iter()
            .find(|object| object.mapping.name == *name)
            .ok_or_else(|| Error::UnknownMapping(name.clone()))
    }
}

impl<'a> Engine<'a> {
    /// Asks a side for something that changes nothing there, again after a pause where that can help.
    pub(crate) async fn ask<'f, T>(
        &mut self,
        calls: &mut Calls,
        cause: CallCause,
        side: Side,
        call: impl Fn(&'f dyn SidePort) -> SideFuture<'f, T>,
    ) -> Result<T>
    where
        'a: 'f,
    {
        let port: &'f dyn SidePort = self.sides.get(side);
        let mut attempt = 1;
        loop {
            let before = port.calls();
            let answer = tokio::select! {
                biased;
                () = self.cancel.cancelled() => Err(Error::Cancelled),
                answer = call(port) => answer.map_err(Error::on(side)),
            };
            *calls.entry(cause).or_default() += port.calls().saturating_sub(before);
            match answer {
                Err(error) if attempt < READ_ATTEMPTS && !error.is_permanent() => {
                    if matches!(error, Error::Cancelled) {
                        return Err(error);
                    }
                    tracing::warn!(
                        side = side.as_str(),
                        attempt,
                        code = error.code(),
                        "reading again"
                    );
                    self.pause(attempt).await?;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    /// Waits before another try: doubling, with jitter, ended by a cancel.
    pub(crate) async fn pause(&mut self, attempt: u32) -> Result<()> {
        let pause = backoff(attempt, self.random.next_u32());
        self.sleep(pause).await
    }

    /// Sleeps by the runtime's clock, which tests pause; ended by a cancel.
    pub(crate) async fn sleep(&mut self, duration: Duration) -> Result<()> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Error::Cancelled),
            () = tokio::time::sleep(duration) => Ok(()),
        }
    }

    /// Who is named in audit entries for writes to the right org.
    pub(crate) fn actor(&self) -> String {
        format!("{} as {}", self.options.actor, self.sides.right.username())
    }
}

/// Half to all of the doubled pause: callers that failed together do not come back together.
fn backoff(attempt: u32, random: u32) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    let whole = doubled.min(LONGEST_PAUSE);
    whole / 2 + (whole / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// A cause of Isthmus's own.
pub(crate) fn own_cause(code: &str, message: String, remedy: &str) -> Cause {
    Cause { code: code.to_owned(), message, fields: Vec::new(), remedy: remedy.to_owned() }
}

/// Why a row whose answer was lost is neither written nor sent again.
pub(crate) fn answer_pending(source: RecordId) -> Cause {
    own_cause(
        ANSWER_PENDING,
        format!(
            "the row of {source} was sent and its answer was lost; the org does not certify yet what became of it"
        ),
        "run again in a few minutes; it is read back before anything is sent again",
    )
}
