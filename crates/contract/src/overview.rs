//! The workspace at a glance.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::health::Alert;
use crate::org::OrgView;
use crate::sync::SyncListing;

/// What the first page shows, from the ledger alone: no org is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverviewView {
    /// The orgs by name.
    pub orgs: Vec<OrgView>,
    /// The syncs by name.
    pub syncs: Vec<SyncListing>,
    /// What needs someone, the worst first, each with its next step.
    pub alerts: Vec<Alert>,
    /// The last thirty days, oldest first, today included; days without a run are there with zeros.
    pub days: Vec<DayRows>,
}

/// One day's rows, in the machine's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRows {
    /// The day.
    pub day: Date,
    /// Rows created or updated.
    pub written: u64,
    /// Rows refused by a target.
    pub failed: u64,
}
