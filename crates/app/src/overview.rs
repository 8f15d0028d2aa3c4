//! The workspace at a glance, from the ledger alone: it is there at once, whatever the orgs do.

use std::collections::BTreeMap;

use isthmus_contract::overview::{DayRows, OverviewView};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::alerts::{ledger_alerts, sync_health, worst_first};
use crate::error::Result;
use crate::workspace::Workspace;

/// Days shown, today included.
const DAYS: usize = 30;

/// Orgs, syncs, alerts and the last thirty days.
///
/// # Errors
/// When the ledger cannot be read.
pub fn overview(workspace: &Workspace) -> Result<OverviewView> {
    let mut alerts = ledger_alerts(workspace)?;
    for sync in crate::syncs::stored(workspace)? {
        let _ = sync_health(workspace, &sync, &mut alerts)?;
    }
    worst_first(&mut alerts);
    Ok(OverviewView {
        orgs: crate::org::list(workspace)?,
        syncs: crate::syncs::listings(workspace)?,
        alerts,
        days: days(workspace, &TimeZone::system())?,
    })
}

/// What was written and failed on each of the last days, as this time zone counts them.
fn days(workspace: &Workspace, zone: &TimeZone) -> Result<Vec<DayRows>> {
    let today = day_of(workspace.now(), zone);
    let mut days: BTreeMap<Date, DayRows> = today
        .series(-1.day())
        .take(DAYS)
        .map(|day| (day, DayRows { day, written: 0, failed: 0 }))
        .collect();
    let first = days.keys().next().copied().unwrap_or(today);
    let since = first.to_zoned(zone.clone()).map_or(Timestamp::MIN, |start| start.timestamp());
    for rows in workspace.ledger.read().rows_by_quarter(since)? {
        if let Some(day) = days.get_mut(&day_of(rows.at, zone)) {
            day.written += rows.written;
            day.failed += rows.failed;
        }
    }
    Ok(days.into_values().collect())
}

fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

#[cfg(test)]
mod tests;
