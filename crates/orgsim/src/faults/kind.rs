//! What can go wrong.

use serde::{Deserialize, Serialize};

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
    /// The request is executed, this many bytes of the answer's body arrive, then the connection ends.
    CutAnswer {
        /// Bytes of the body as sent, compressed where the client asked for that.
        bytes: usize,
    },
    /// The connection ends after this many bytes of the request's body; the request is not executed. Only method and
    /// path can be matched, as nothing else is known by then.
    CutRequest {
        /// Bytes of the body as sent.
        bytes: usize,
    },
    /// 403 `REQUEST_LIMIT_EXCEEDED`; the request is not executed.
    RequestLimit {
        /// Which limit.
        limit: Limit,
    },
    /// 429 from a proxy in front of the org; the request is not executed.
    TooManyRequests {
        /// `Retry-After`, in seconds; no header when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_s: Option<u64>,
    },
    /// An empty body with this status, as edges send 406, 420 and 502; the request is not executed.
    EmptyAnswer {
        /// HTTP status.
        status: u16,
    },
    /// 200 with a small gzip body that unpacks to so many megabytes; the request is not executed.
    GzipBomb {
        /// Size of the JSON text behind it.
        megabytes: usize,
    },
    /// 200 with arrays inside each other; the request is not executed.
    DeepJson {
        /// How many.
        levels: usize,
    },
    /// 302 to another host, with path and query of the request; the request is not executed.
    Redirect {
        /// Scheme and host, for example `http://localhost:9`.
        host: String,
    },
    /// An error as the token endpoint writes it; the request is not executed.
    OauthError {
        /// `error`, for example `invalid_grant`.
        error: String,
        /// `error_description`.
        error_description: String,
        /// HTTP status.
        #[serde(default = "bad_request")]
        status: u16,
    },
    /// Every query locator ends before the request is looked at.
    ExpireLocators,
    /// A query's pages are this short.
    ShortPages {
        /// Rows of each page, below the 200 that clients can ask for.
        rows: usize,
    },
    /// A query without ORDER BY comes in another order.
    ShuffledOrder {
        /// The same number gives the same order.
        seed: u64,
    },
    /// The org's clock jumps before the request is looked at.
    ClockJump {
        /// Forwards, or backwards when negative.
        seconds: i64,
    },
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

fn bad_request() -> u16 {
    400
}

/// A limit on API requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// All requests of 24 hours: only time helps.
    Daily,
    /// Requests that run 20 seconds or longer at the same time.
    Concurrent,
    /// Apex transactions that run long at the same time.
    LongTransactions,
}

impl Limit {
    /// The message in the body.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Daily => "TotalRequests Limit exceeded.",
            Self::Concurrent => "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
            Self::LongTransactions => "ConcurrentPerOrgLongTxn Limit exceeded.",
        }
    }
}
