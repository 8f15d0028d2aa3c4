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
//! of the faults that decide the answer (`unavailable`, `error`, `html200`, `request_lost`, `reply_lost`, `cut_body`)
//! the first one counts, and the ones behind it wait for a later request. `row_lock` does not touch the request as a
//! whole: the row writer asks for it row by row with [`Plan::take_row_lock`].

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::rows::Table;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// The answer comes late.
    Latency {
        /// The delay.
        milliseconds: u64,
        /// Before the request is executed, or between execution and answer.
        #[serde(default)]
        when: Moment,
    },
    /// 503 with an HTML body; the request is not executed.
    Unavailable,
    /// The request is executed and committed, then the connection ends without an answer.
    ReplyLost,
    /// The connection ends without an answer; the request is not executed.
    RequestLost,
    /// The request is executed, half of the answer's body arrives, then the connection ends.
    CutBody,
    /// A row cannot be locked (`UNABLE_TO_LOCK_ROW`).
    RowLock {
        /// Only this row; any row of the matching object when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        row_id: Option<String>,
    },
    /// All sessions end before the request is looked at; refresh tokens stay.
    RevokeToken,
    /// All sessions, refresh tokens and consents end before the request is looked at.
    RevokeGrant,
    /// An error with a documented body; the request is not executed.
    Error {
        /// HTTP status.
        status: u16,
        /// For example `SERVER_UNAVAILABLE`.
        error_code: String,
        /// The message in the body.
        message: String,
    },
    /// 200 with an HTML page instead of the answer; the request is not executed.
    Html200,
    /// The answer is held back until the plan releases it.
    Hold {
        /// Before the request is executed, or between execution and answer.
        #[serde(default)]
        when: Moment,
    },
}

/// On which side of the execution a delay stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Nothing has happened yet.
    Before,
    /// Everything has happened, only the answer is missing.
    #[default]
    After,
}

/// One fault with the requests it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: Kind,
    /// Only requests with this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only requests whose path and query, as sent, contain this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// Only requests that name this object in path, SOQL or body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// So many matching requests pass unharmed first.
    #[serde(default)]
    pub after: u64,
    /// So many requests are hit.
    #[serde(default = "once")]
    pub times: u64,
}

fn once() -> u64 {
    1
}

impl Fault {
    /// A fault that hits the next request, once.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, method: None, path_contains: None, object: None, after: 0, times: 1 }
    }

    /// Only requests with this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only requests whose path and query contain this text.
    #[must_use]
    pub fn path_contains(mut self, text: &str) -> Self {
        self.path_contains = Some(text.to_owned());
        self
    }

    /// Only requests that name this object.
    #[must_use]
    pub fn object(mut self, object: &str) -> Self {
        self.object = Some(object.to_owned());
        self
    }

    /// Lets `count` matching requests pass first.
    #[must_use]
    pub fn after(mut self, count: u64) -> Self {
        self.after = count;
        self
    }

    /// Hits `count` requests.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.times = count;
        self
    }

    fn matches(&self, call: &Call<'_>) -> bool {
        self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(call.method))
            && self.path_contains.as_deref().is_none_or(|text| call.path_and_query.contains(text))
            && self.object.as_deref().is_none_or(|object| call.names(object))
    }

    /// Counts a matching request; true when this one is hit.
    fn strike(&mut self) -> bool {
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        let hit = self.times > 0;
        self.times = self.times.saturating_sub(1);
        hit
    }
}

/// What a fault can match of one request.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// Path and query as sent, still percent-encoded.
    pub path_and_query: &'a str,
    /// Decoded path segments.
    pub segments: &'a [String],
    /// Decoded query parameters.
    pub query: &'a [(String, String)],
    /// The body, decompressed.
    pub body: &'a [u8],
}

impl Call<'_> {
    fn names(&self, object: &str) -> bool {
        self.segments.iter().any(|segment| segment.eq_ignore_ascii_case(object))
            || self.query.iter().any(|(name, soql)| name == "q" && has_word(soql, object))
            || has_word(&String::from_utf8_lossy(self.body), object)
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .any(|candidate| candidate.eq_ignore_ascii_case(word))
}

/// What becomes of one request.
#[derive(Debug)]
pub struct Verdict {
    /// Delay before execution.
    pub delay_before: Duration,
    /// Delay between execution and answer.
    pub delay_after: Duration,
    /// Where to wait for the release, and on which side of the execution.
    pub hold: Option<(Moment, watch::Receiver<u64>)>,
    /// What to end before the request is looked at.
    pub revocation: Option<Revocation>,
    /// Whether the request is executed and what the client sees.
    pub fate: Fate,
}

impl Verdict {
    /// True when nothing has to be waited for.
    #[must_use]
    pub fn is_immediate(&self) -> bool {
        self.delay_before.is_zero() && self.delay_after.is_zero() && self.hold.is_none()
    }
}

/// What ends before a request is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// All sessions.
    Sessions,
    /// All sessions, refresh tokens and consents.
    Grants,
}

/// Whether a request is executed and what the client sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Executed and answered.
    Execute,
    /// Executed, no answer.
    LoseReply,
    /// Executed, half an answer.
    CutBody,
    /// Not executed, no answer.
    LoseRequest,
    /// Not executed, 503 with HTML.
    Unavailable,
    /// Not executed, 200 with HTML.
    Html200,
    /// Not executed, an error with a documented body.
    Error {
        /// HTTP status.
        status: u16,
        /// For example `SERVER_UNAVAILABLE`.
        error_code: String,
        /// The message in the body.
        message: String,
    },
}

/// Everything that waits to go wrong in one org.
#[derive(Debug)]
pub struct Plan {
    /// The start of the oldest transaction that is still open: `latestDateCovered` is held back to it.
    pub open_transaction_since: Option<Timestamp>,
    /// Every answer is delayed by this much.
    pub latency: Duration,
    /// Tables whose rows the connected user lost sight of, by object.
    pub unshared: BTreeMap<String, Table>,
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
        verdict
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
        hit
    }
}

fn locks(
    fault: &Fault,
    current: Option<&(String, String)>,
    object: &str,
    row_id: Option<&str>,
) -> bool {
    let Kind::RowLock { row_id: wanted } = &fault.kind else {
        return false;
    };
    let method = current.map_or("", |(method, _)| method);
    let path = current.map_or("", |(_, path)| path);
    fault.object.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(object))
        && fault.method.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(method))
        && fault.path_contains.as_deref().is_none_or(|text| path.contains(text))
        && wanted.as_deref().is_none_or(|wanted| row_id.is_some_and(|row| same_row(wanted, row)))
}

/// Ids are the same row when their first 15 characters are.
fn same_row(one: &str, other: &str) -> bool {
    match (one.get(..15), other.get(..15)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn apply(kind: &Kind, verdict: &mut Verdict, gate: &watch::Sender<u64>) {
    match kind {
        Kind::Latency { milliseconds, when: Moment::Before } => {
            verdict.delay_before += Duration::from_millis(*milliseconds);
        }
        Kind::Latency { milliseconds, when: Moment::After } => {
            verdict.delay_after += Duration::from_millis(*milliseconds);
        }
        Kind::Hold { when } => verdict.hold = Some((*when, gate.subscribe())),
        Kind::RevokeGrant => verdict.revocation = Some(Revocation::Grants),
        Kind::RevokeToken => {
            verdict.revocation.get_or_insert(Revocation::Sessions);
        }
        other => {
            if let Some(fate) = fate_of(other) {
                verdict.fate = fate;
            }
        }
    }
}

fn fate_of(kind: &Kind) -> Option<Fate> {
    match kind {
        Kind::Unavailable => Some(Fate::Unavailable),
        Kind::ReplyLost => Some(Fate::LoseReply),
        Kind::RequestLost => Some(Fate::LoseRequest),
        Kind::CutBody => Some(Fate::CutBody),
        Kind::Html200 => Some(Fate::Html200),
        Kind::Error { status, error_code, message } => Some(Fate::Error {
            status: *status,
            error_code: error_code.clone(),
            message: message.clone(),
        }),
        Kind::Latency { .. }
        | Kind::Hold { .. }
        | Kind::RowLock { .. }
        | Kind::RevokeToken
        | Kind::RevokeGrant => None,
    }
}

#[cfg(test)]
mod tests;
