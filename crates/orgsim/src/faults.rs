//! The faults that wait to happen in an org, and the decision what becomes of one request.
//!
//! A [`Plan`] is pure: it holds what should go wrong and [`Plan::judge`] says what that means for one request. The
//! router carries the verdict out. The control endpoint fills the plan from JSON, tests in-process fill it directly:
//!
//! ```
//! use orgsim::faults::{Fault, Kind, Plan};
//! let mut plan = Plan::default();
//! plan.add(Fault::new(Kind::ReplyLost).method("POST").object("Account").after(2).times(1));
//! ```
//!
//! Every matching fault is counted down in the order in which it was added. Delays add up and revocations always happen;
//! of the faults that decide the answer (`unavailable`, `error`, `html200`, `request_lost`, `reply_lost`, `cut_body`
//! and so on) the first one counts, and the ones behind it wait for a later request. `row_lock` does not touch the request as a
//! whole: the row writer asks for it row by row with [`Plan::take_row_lock`].

mod chances;
mod fault;
mod kind;
mod verdict;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::rows::Table;

pub use crate::control::Held;
pub use chances::{Chance, Chances};
pub use fault::Fault;
pub use kind::{Kind, Limit, Moment};
pub use verdict::{Call, Fate, QueryFault, Revocation, Verdict};

use fault::locks;
use verdict::{apply, fate_of};

/// Everything that waits to go wrong in one org.
#[derive(Debug)]
pub struct Plan {
    /// The start of the oldest transaction that is still open: `latestDateCovered` is held back to it.
    pub open_transaction_since: Option<Timestamp>,
    /// Every answer is delayed by this much.
    pub latency: Duration,
    /// Tables whose rows the connected user lost sight of, by object.
    pub unshared: BTreeMap<String, Table>,
    /// Rows written in transactions that are still open.
    pub held_transactions: Vec<Held>,
    /// Faults that happen by chance.
    pub chances: Option<Chances>,
    /// How the query of the request that was judged last is disturbed.
    pub query: QueryFault,
    faults: Vec<Fault>,
    current: Option<(String, String)>,
    gate: watch::Sender<u64>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            open_transaction_since: None,
            latency: Duration::ZERO,
            unshared: BTreeMap::new(),
            held_transactions: Vec::new(),
            chances: None,
            query: QueryFault::default(),
            faults: Vec::new(),
            current: None,
            gate: watch::Sender::new(0),
        }
    }
}

impl Plan {
    /// Nothing goes wrong, but every answer is delayed.
    #[must_use]
    pub fn with_latency(latency: Duration) -> Self {
        Self { latency, ..Self::default() }
    }

    /// Adds a fault behind the ones that wait already.
    pub fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// The faults that still wait.
    #[must_use]
    pub fn waiting(&self) -> &[Fault] {
        &self.faults
    }

    /// Removes all faults and releases every held answer.
    pub fn clear(&mut self) {
        self.faults.clear();
        self.chances = None;
        self.release();
    }

    /// How many requests are held right now.
    #[must_use]
    pub fn held(&self) -> usize {
        self.gate.receiver_count()
    }

    /// Releases every held request.
    pub fn release(&self) {
        self.gate.send_modify(|releases| *releases += 1);
    }

    /// Decides about one request and counts it against every fault that matches.
    pub fn judge(&mut self, call: &Call<'_>) -> Verdict {
        self.current = Some((call.method.to_owned(), call.path_and_query.to_owned()));
        let mut verdict = Verdict {
            delay_before: Duration::ZERO,
            delay_after: self.latency,
            hold: None,
            revocation: None,
            expire_locators: false,
            clock_jump_s: 0,
            query: QueryFault::default(),
            fate: Fate::Execute,
        };
        let gate = &self.gate;
        for fault in &mut self.faults {
            let decided = verdict.fate != Fate::Execute;
            let row_by_row = matches!(fault.kind, Kind::RowLock { .. });
            if row_by_row || (decided && fate_of(&fault.kind).is_some()) || !fault.matches(call) {
                continue;
            }
            if fault.strike() {
                apply(&fault.kind, &mut verdict, gate);
            }
        }
        self.faults.retain(|fault| fault.times > 0);
        if let Some(chances) = &mut self.chances {
            chances.strike(call, &mut verdict, gate);
        }
        self.query = verdict.query;
        verdict
    }

    /// Where the connection ends inside the request's body, by what is known before the body is read; counts down the
    /// fault that says so.
    pub fn take_request_cut(&mut self, method: &str, path_and_query: &str) -> Option<usize> {
        let call = Call { method, path_and_query, segments: &[], query: &[], body: &[] };
        let mut cut = None;
        for fault in &mut self.faults {
            if let Kind::CutRequest { bytes } = fault.kind
                && cut.is_none()
                && fault.matches(&call)
                && fault.strike()
            {
                cut = Some(bytes);
            }
        }
        self.faults.retain(|fault| fault.times > 0);
        cut
    }

    /// True when this row must fail with `UNABLE_TO_LOCK_ROW`; counts down the fault that says so.
    ///
    /// The fault's method and path are compared with the request that was judged last.
    pub fn take_row_lock(&mut self, object: &str, row_id: Option<&str>) -> bool {
        let current = self.current.as_ref();
        let hit = self
            .faults
            .iter_mut()
            .any(|fault| locks(fault, current, object, row_id) && fault.strike());
        self.faults.retain(|fault| fault.times > 0);
        hit || self.chances.as_mut().is_some_and(|chances| chances.locks(object))
    }
}

#[cfg(test)]
mod tests;
