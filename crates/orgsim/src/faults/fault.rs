//! One fault and the requests it waits for.

use serde::{Deserialize, Serialize};

use super::{Call, Kind};

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

    pub(super) fn matches(&self, call: &Call<'_>) -> bool {
        self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(call.method))
            && self.path_contains.as_deref().is_none_or(|text| call.path_and_query.contains(text))
            && self.object.as_deref().is_none_or(|object| call.names(object))
    }

    /// Counts a matching request; true when this one is hit.
    pub(super) fn strike(&mut self) -> bool {
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        let hit = self.times > 0;
        self.times = self.times.saturating_sub(1);
        hit
    }
}

/// True when a row fault waits for this row.
pub(super) fn locks(
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
