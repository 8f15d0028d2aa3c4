//! What becomes of one request.

use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use tokio::sync::watch;

use super::{Kind, Limit, Moment};

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
    pub(super) fn names(&self, object: &str) -> bool {
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
    /// Whether every query locator ends before the request is looked at.
    pub expire_locators: bool,
    /// How far the org's clock jumps before the request is looked at.
    pub clock_jump_s: i64,
    /// How a query's result is changed.
    pub query: QueryFault,
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

/// How the result of the request's query differs from an undisturbed one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueryFault {
    /// Rows per page in place of what the caller asked for.
    pub page_rows: Option<usize>,
    /// Rows come in the order that this number gives where the query asks for none.
    pub shuffle: Option<u64>,
}

impl QueryFault {
    /// Shuffles rows when the query asked for no order. The same seed gives the same order.
    pub(crate) fn reordered<T: Clone>(self, rows: Arc<[T]>, ordered: bool) -> Arc<[T]> {
        let Some(seed) = self.shuffle.filter(|_| !ordered) else { return rows };
        let mut rows = rows.to_vec();
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        rows.into()
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
    /// Executed, so many bytes of the answer's body.
    CutAnswer {
        /// Bytes.
        bytes: usize,
    },
    /// Not executed, 403 for a limit on requests.
    RequestLimit(Limit),
    /// Not executed, 429.
    TooManyRequests {
        /// `Retry-After`, in seconds.
        retry_after_s: Option<u64>,
    },
    /// Not executed, an empty body.
    EmptyAnswer {
        /// HTTP status.
        status: u16,
    },
    /// Not executed, a small body that unpacks to a large one.
    GzipBomb {
        /// Size of the JSON text behind it.
        megabytes: usize,
    },
    /// Not executed, arrays inside each other.
    DeepJson {
        /// How many.
        levels: usize,
    },
    /// Not executed, an error of the token endpoint.
    OauthError {
        /// `error`.
        error: String,
        /// `error_description`.
        error_description: String,
        /// HTTP status.
        status: u16,
    },
    /// Not executed, 302 to another host.
    Redirect {
        /// Scheme and host.
        host: String,
    },
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

/// Adds one fault to what becomes of a request.
pub(super) fn apply(kind: &Kind, verdict: &mut Verdict, gate: &watch::Sender<u64>) {
    match kind {
        Kind::Latency { milliseconds, when: Moment::Before } => {
            verdict.delay_before += Duration::from_millis(*milliseconds);
        }
        Kind::Latency { milliseconds, when: Moment::After } => {
            verdict.delay_after += Duration::from_millis(*milliseconds);
        }
        Kind::Hold { when } => verdict.hold = Some((*when, gate.subscribe())),
        Kind::ExpireLocators => verdict.expire_locators = true,
        Kind::ShortPages { rows } => verdict.query.page_rows = Some((*rows).max(1)),
        Kind::ShuffledOrder { seed } => verdict.query.shuffle = Some(*seed),
        Kind::ClockJump { seconds } => verdict.clock_jump_s += seconds,
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

/// What a fault makes of the answer; `None` for faults that leave it alone.
pub(super) fn fate_of(kind: &Kind) -> Option<Fate> {
    match kind {
        Kind::Unavailable => Some(Fate::Unavailable),
        Kind::ReplyLost => Some(Fate::LoseReply),
        Kind::RequestLost => Some(Fate::LoseRequest),
        Kind::CutBody => Some(Fate::CutBody),
        Kind::Html200 => Some(Fate::Html200),
        Kind::CutAnswer { bytes } => Some(Fate::CutAnswer { bytes: *bytes }),
        // Over a socket the connection ends while the body is read; without one the request is lost.
        Kind::CutRequest { .. } => Some(Fate::LoseRequest),
        Kind::RequestLimit { limit } => Some(Fate::RequestLimit(*limit)),
        Kind::TooManyRequests { retry_after_s } => {
            Some(Fate::TooManyRequests { retry_after_s: *retry_after_s })
        }
        Kind::EmptyAnswer { status } => Some(Fate::EmptyAnswer { status: *status }),
        Kind::GzipBomb { megabytes } => Some(Fate::GzipBomb { megabytes: *megabytes }),
        Kind::DeepJson { levels } => Some(Fate::DeepJson { levels: *levels }),
        Kind::OauthError { error, error_description, status } => Some(Fate::OauthError {
            error: error.clone(),
            error_description: error_description.clone(),
            status: *status,
        }),
        Kind::Redirect { host } => Some(Fate::Redirect { host: host.clone() }),
        Kind::Error { status, error_code, message } => Some(Fate::Error {
            status: *status,
            error_code: error_code.clone(),
            message: message.clone(),
        }),
        Kind::Latency { .. }
        | Kind::Hold { .. }
        | Kind::RowLock { .. }
        | Kind::ExpireLocators
        | Kind::ShortPages { .. }
        | Kind::ShuffledOrder { .. }
        | Kind::ClockJump { .. }
        | Kind::RevokeToken
        | Kind::RevokeGrant => None,
    }
}
