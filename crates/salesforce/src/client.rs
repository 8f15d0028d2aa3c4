//! One org: headers, one repeat after a refresh, the usage of the API, and the org's clock.

mod call;
mod stream;
mod usage;
mod write_options;

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use isthmus_model::clock::Clock;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::api::versions::ApiVersion;
pub(crate) use crate::client::call::{Call, MAX_URL_BYTES, decode, unreadable};
pub use crate::client::usage::{ApiUsage, AppUsage};
use crate::client::usage::{parse_app_usage, parse_usage};
pub use crate::client::write_options::{
    Assignment, DuplicateRules, DuplicateSharing, RecentlyUsed, WriteOptions,
};
use crate::error::Error;
use crate::governor::{CallCause, Governor, RetryPolicy};
use crate::host::OrgUrl;
use crate::session::TokenSource;
use crate::transport::{REQUEST_TIMEOUT, Transport};

/// An answer within this time tells the org's clock well enough: with the whole seconds of the header it is known to four.
const QUICK_ANSWER: Duration = Duration::from_secs(3);

/// What tells one org's client from another's.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The org's name in logs.
    pub org: String,
    /// The only base address.
    pub instance_url: OrgUrl,
    /// The API version of data calls.
    pub version: ApiVersion,
    /// Sent as `client=` in `Sforce-Call-Options` and echoed in change events: `Isthmus-<workspace>`.
    /// What is no letter, digit, `-` or `_` is sent as `-`.
    pub mark: String,
    /// How long one attempt at a call may take, its repeat after a refresh included. [`REQUEST_TIMEOUT`] in production.
    pub timeout: Duration,
    /// What writes set off in the org.
    pub writes: WriteOptions,
}

impl ClientSettings {
    /// Settings with the production time-out and the lowest tested version.
    #[must_use]
    pub fn new(org: impl Into<String>, instance_url: OrgUrl, mark: impl Into<String>) -> Self {
        Self {
            org: org.into(),
            instance_url,
            version: ApiVersion::MIN,
            mark: mark.into(),
            timeout: REQUEST_TIMEOUT,
            writes: WriteOptions::default(),
        }
    }
}

/// An API client for one org. Clones share token, counters, governor and clock offset.
#[derive(Clone)]
pub struct Client {
    settings: Arc<ClientSettings>,
    shared: Arc<Shared>,
    governor: Arc<Governor>,
    retry: RetryPolicy,
    /// What calls are for that do not say it themselves.
    cause: Option<CallCause>,
}

struct Shared {
    transport: Arc<dyn Transport>,
    tokens: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    calls: AtomicU64,
    refreshes: AtomicU64,
    offset_ms: AtomicI64,
    /// How long the answer took from which the offset was taken.
    told_in_ms: AtomicU64,
    usage: Mutex<Option<ApiUsage>>,
    app_usage: Mutex<Option<AppUsage>>,
}

/// What the client did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Requests sent to the org with its token (repeats included, token endpoint not).
    pub calls: u64,
    /// Times a refused token was replaced.
    pub refreshes: u64,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Client({} at {})", self.settings.org, self.settings.instance_url)
    }
}

impl Client {
    /// A client for one org, which counts its calls, holds none back and repeats none ([`Governor::open`]).
    #[must_use]
    pub fn new(
        settings: ClientSettings,
        transport: Arc<dyn Transport>,
        tokens: Arc<dyn TokenSource>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let shared = Shared {
            transport,
            tokens,
            clock,
            calls: AtomicU64::new(0),
            refreshes: AtomicU64::new(0),
            offset_ms: AtomicI64::new(0),
            told_in_ms: AtomicU64::new(u64::MAX),
            usage: Mutex::new(None),
            app_usage: Mutex::new(None),
        };
        Self {
            settings: Arc::new(settings),
            shared: Arc::new(shared),
            governor: Arc::new(Governor::open()),
            retry: RetryPolicy::never(),
            cause: None,
        }
    }

    /// The same client under a governor, which all clients of the org should share.
    #[must_use]
    pub fn governed_by(&self, governor: Arc<Governor>) -> Self {
        Self { governor, ..self.clone() }
    }

    /// The same client with another answer to failures.
    #[must_use]
    pub fn retrying(&self, retry: RetryPolicy) -> Self {
        Self { retry, ..self.clone() }
    }

    /// The same client for calls of one purpose, which is what they are booked under.
    #[must_use]
    pub fn calling_for(&self, cause: CallCause) -> Self {
        Self { cause: Some(cause), ..self.clone() }
    }

    /// The limits and the books of this client's org.
    #[must_use]
    pub fn governor(&self) -> &Governor {
        &self.governor
    }

    /// The same client at another API version.
    #[must_use]
    pub fn at_version(&self, version: ApiVersion) -> Self {
        let settings = ClientSettings { version, ..(*self.settings).clone() };
        Self { settings: Arc::new(settings), ..self.clone() }
    }

    /// The API version of data calls.
    #[must_use]
    pub fn version(&self) -> ApiVersion {
        self.settings.version
    }

    /// What this client was made with.
    #[must_use]
    pub fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Requests and refreshes so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        Counters {
            calls: self.shared.calls.load(Ordering::Relaxed),
            refreshes: self.shared.refreshes.load(Ordering::Relaxed),
        }
    }

    /// The org's API usage as of the last answer that told it.
    #[must_use]
    pub fn api_usage(&self) -> Option<ApiUsage> {
        *self.shared.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This app's own usage as of the last answer that told it; only where an admin has limited the app.
    #[must_use]
    pub fn app_usage(&self) -> Option<AppUsage> {
        self.shared.app_usage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The org's clock minus this machine's, from the `Date` header of the last quick answer; zero before the first one.
    #[must_use]
    pub fn org_clock_offset(&self) -> SignedDuration {
        SignedDuration::from_millis(self.shared.offset_ms.load(Ordering::Relaxed))
    }

    /// The present moment by the org's clock: what cursors and windows are computed from, whatever this machine's clock says.
    #[must_use]
    pub fn org_now(&self) -> Timestamp {
        let now = self.shared.clock.now();
        now.checked_add(self.org_clock_offset()).unwrap_or(now)
    }

    pub(crate) fn data_path(&self, rest: &str) -> String {
        format!("/services/data/v{}/{rest}", self.settings.version)
    }

    /// Resolves an address within the org; every other host is refused.
    pub(crate) fn url(&self, path: &str) -> Result<Url, Error> {
        Ok(self.settings.instance_url.resolve(path)?)
    }

    /// Learns usage and clock from an answer's headers.
    fn note(&self, headers: &HeaderMap, took: Duration) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(usage) = text("sforce-limit-info").and_then(parse_usage) {
            self.governor.learn(usage);
            *self.shared.usage.lock().unwrap_or_else(PoisonError::into_inner) = Some(usage);
        }
        if let Some(usage) = text("sforce-limit-info").and_then(parse_app_usage) {
            *self.shared.app_usage.lock().unwrap_or_else(PoisonError::into_inner) = Some(usage);
        }
        let date = text("date").and_then(parse_http_date);
        if let Some(date) = date.filter(|_| self.tells_the_time(took)) {
            let offset = date.duration_since(self.shared.clock.now());
            let offset_ms = i64::try_from(offset.as_millis()).unwrap_or_default();
            self.shared.offset_ms.store(offset_ms, Ordering::Relaxed);
        }
    }
}

impl Client {
    /// True for an answer that came quickly, or more quickly than the one that told the org's time so far.
    ///
    /// A `Date` is as old as the answer was on its way: taken from a slow one, the org's clock would seem to be behind by
    /// so much, and a request would be thought to have ended before it did.
    fn tells_the_time(&self, took: Duration) -> bool {
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let told =
            took <= QUICK_ANSWER || took_ms <= self.shared.told_in_ms.load(Ordering::Relaxed);
        if told {
            self.shared.told_in_ms.store(took_ms, Ordering::Relaxed);
        }
        told
    }
}

fn parse_http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// A moment as HTTP headers write it, in whole seconds.
pub(crate) fn http_date(moment: Timestamp) -> Result<String, Error> {
    let printer = rfc2822::DateTimePrinter::new();
    printer
        .timestamp_to_rfc9110_string(&moment)
        .map_err(|cause| Error::invalid("a condition by date", cause))
}

#[cfg(test)]
mod tests;
