//! API use against the rolling daily limit, and the `/limits` report (API page "Limits").

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::org::Org;

/// Developer Edition's allowance of API requests in 24 hours.
pub const DEFAULT_DAILY_MAX: u64 = 15_000;

/// The newest API version with evidence (Winter '27).
pub const NEWEST_API_VERSION: u16 = 68;

const SECONDS_PER_MINUTE: i64 = 60;
const MINUTES_PER_DAY: i64 = 24 * 60;

/// What an org grants to its API clients, and what they have used of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Usage {
    /// API requests allowed in any 24 hours.
    pub daily_max: u64,
    /// The newest API version the org offers, for example 68 for `v68.0`.
    pub newest_api_version: u16,
    /// Calls by minute since the epoch; older than a day is forgotten.
    calls: BTreeMap<i64, u64>,
}

impl Default for Usage {
    fn default() -> Self {
        Self {
            daily_max: DEFAULT_DAILY_MAX,
            newest_api_version: NEWEST_API_VERSION,
            calls: BTreeMap::new(),
        }
    }
}

impl Usage {
    /// Nothing used yet.
    #[must_use]
    pub fn new(daily_max: u64, newest_api_version: u16) -> Self {
        Self { daily_max, newest_api_version, calls: BTreeMap::new() }
    }

    /// Counts `calls` API requests at `now`. A batch counts one for each subrequest, everything else counts one.
    pub fn count(&mut self, now: Timestamp, calls: u64) {
        let oldest = minute(now) - MINUTES_PER_DAY;
        self.calls.retain(|minute, _| *minute > oldest);
        *self.calls.entry(minute(now)).or_default() += calls;
    }

    /// API requests of the last 24 hours.
    #[must_use]
    pub fn used(&self, now: Timestamp) -> u64 {
        self.calls.range(minute(now) - MINUTES_PER_DAY + 1..).map(|(_, calls)| calls).sum()
    }

    /// True when no request is left.
    #[must_use]
    pub fn is_exhausted(&self, now: Timestamp) -> bool {
        self.used(now) >= self.daily_max
    }

    /// Pretends that exactly `calls` requests were made just now and none before.
    pub fn set_used(&mut self, now: Timestamp, calls: u64) {
        self.calls = BTreeMap::from([(minute(now), calls)]);
    }

    /// The value of the `Sforce-Limit-Info` header.
    #[must_use]
    pub fn header(&self, now: Timestamp) -> String {
        format!("api-usage={}/{}", self.used(now), self.daily_max)
    }
}

fn minute(moment: Timestamp) -> i64 {
    moment.as_second().div_euclid(SECONDS_PER_MINUTE)
}

/// The allowances besides API requests that `/limits` names, with their maximum; nothing here uses them up.
const UNTOUCHED: &[(&str, u64)] = &[
    ("ConcurrentAsyncGetReportInstances", 200),
    ("ConcurrentSyncReportRuns", 20),
    ("DailyAsyncApexExecutions", 250_000),
    ("DailyBulkApiBatches", 15_000),
    ("DailyBulkV2QueryFileStorageMB", 976_562),
    ("DailyBulkV2QueryJobs", 10_000),
    ("DailyDeliveredPlatformEvents", 10_000),
    ("DailyDurableGenericStreamingApiEvents", 10_000),
    ("DailyDurableStreamingApiEvents", 10_000),
    ("DailyGenericStreamingApiEvents", 10_000),
    ("DailyStreamingApiEvents", 10_000),
    ("DailyWorkflowEmails", 390),
    ("DataStorageMB", 1_024),
    ("DurableStreamingApiConcurrentClients", 20),
    ("FileStorageMB", 1_024),
    ("HourlyAsyncReportRuns", 1_200),
    ("HourlyDashboardRefreshes", 200),
    ("HourlyDashboardResults", 5_000),
    ("HourlyDashboardStatuses", 999_999_999),
    ("HourlyODataCallout", 10_000),
    ("HourlyPublishedPlatformEvents", 50_000),
    ("HourlySyncReportRuns", 500),
    ("HourlyTimeBasedWorkflow", 50),
    ("MassEmail", 10),
    ("SingleEmail", 15),
    ("StreamingApiConcurrentClients", 20),
];

/// The answer of `GET /services/data/vXX.X/limits`.
#[must_use]
pub fn report(org: &Org) -> Value {
    let now = org.clock.now();
    let remaining = org.limits.daily_max.saturating_sub(org.limits.used(now));
    let mut report: Map<String, Value> = UNTOUCHED
        .iter()
        .map(|(name, max)| ((*name).to_owned(), json!({ "Max": max, "Remaining": max })))
        .collect();
    report.insert(
        "DailyApiRequests".to_owned(),
        json!({ "Max": org.limits.daily_max, "Remaining": remaining }),
    );
    let nested = json!({ "Max": 1500, "Remaining": 1499, "CreateCustom": { "Max": 1000, "Remaining": 999 } });
    report.insert("PermissionSets".to_owned(), nested);
    Value::Object(report)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Usage;

    #[test]
    fn calls_leave_the_rolling_window_after_a_day() {
        let start: Timestamp = "2026-11-20T10:00:00Z".parse().expect("a moment");
        let mut usage = Usage { daily_max: 3, ..Usage::default() };
        usage.count(start, 2);
        let later = start + SignedDuration::from_hours(23);
        usage.count(later, 1);
        assert_eq!(usage.header(later), "api-usage=3/3");
        assert!(usage.is_exhausted(later));
        assert_eq!(usage.used(start + SignedDuration::from_hours(24)), 1);
    }

    #[test]
    fn a_set_use_replaces_what_was_counted() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("a moment");
        let mut usage = Usage::default();
        usage.count(now, 5);
        usage.set_used(now, 2);
        assert_eq!(usage.used(now), 2);
    }
}
