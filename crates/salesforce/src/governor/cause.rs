//! What a call is for, and how many there were.

use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

/// What a call is for. Every call of a client is booked under one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallCause {
    /// Who is logged in, which versions there are.
    Login,
    /// What objects and fields there are.
    Describe,
    /// Reading records and what changed.
    Read,
    /// Looking for the other side of a record.
    Match,
    /// Writing records.
    Write,
    /// Asking whether a job has ended.
    Poll,
    /// Finding out what became of a call whose answer was lost.
    Recover,
    /// Limits and the state of the connection.
    Health,
}

impl CallCause {
    /// All of them, in the order of the enum.
    pub const ALL: [Self; 8] = [
        Self::Login,
        Self::Describe,
        Self::Read,
        Self::Match,
        Self::Write,
        Self::Poll,
        Self::Recover,
        Self::Health,
    ];

    /// The word in logs and views.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Describe => "describe",
            Self::Read => "read",
            Self::Match => "match",
            Self::Write => "write",
            Self::Poll => "poll",
            Self::Recover => "recover",
            Self::Health => "health",
        }
    }

    /// The cause of a call that names none, from its method and the route that logs show.
    pub(crate) fn of(method: &Method, route: &str) -> Self {
        if *method != Method::GET {
            return Self::Write;
        }
        match route {
            "limits" => Self::Health,
            "versions" | "userinfo" => Self::Login,
            "sobjects" => Self::Describe,
            _ if route.ends_with("/describe") => Self::Describe,
            _ if route.starts_with("id/") => Self::Login,
            _ => Self::Read,
        }
    }
}

impl fmt::Display for CallCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The calls of one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Requests sent, repeats included.
    pub calls: u64,
    /// Requests that ended in an error.
    pub failed: u64,
    /// Requests that were sent again after a failure.
    pub repeated: u64,
    /// Calls that did not leave, because the budget or the org's limit left nothing.
    pub held: u64,
}
