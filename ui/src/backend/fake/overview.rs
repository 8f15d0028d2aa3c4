//! The answer about everything at a glance: orgs and syncs as their own domains tell them, alerts and days of its own.

use isthmus_contract::command::{self, OrgList, SyncList};
use isthmus_contract::health::{Alert, AlertSubject, Health};
use isthmus_contract::overview::{DayRows, OverviewView};
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::SyncListing;
use isthmus_model::ids::RunId;
use isthmus_model::run::RunEnd;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::backend::fake::data::{EMEA, endless};
use crate::backend::fake::{Question, Scenario, refused};

/// Rows written and failed on thirty days: quiet weekends, and one day on which a validation rule was added.
const DAYS: [(u64, u64); 30] = [
    (11_200, 12),
    (12_800, 18),
    (4_100, 3),
    (3_600, 2),
    (13_100, 22),
    (14_900, 14),
    (13_300, 20),
    (12_200, 9),
    (12_900, 16),
    (4_400, 4),
    (3_900, 2),
    (15_800, 28),
    (14_200, 19),
    (16_100, 31),
    (13_700, 17),
    (12_600, 12),
    (4_800, 5),
    (4_200, 3),
    (14_400, 18),
    (15_100, 21),
    (29_600, 212),
    (17_200, 44),
    (14_800, 26),
    (5_100, 6),
    (4_600, 5),
    (16_300, 31),
    (15_700, 22),
    (17_900, 40),
    (16_400, 29),
    (12_100, 37),
];

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question.answer::<command::Overview>(|question, ()| view(question))
}

fn view(question: &Question) -> Result<OverviewView, Problem> {
    refused(question.scenario)?;
    let (orgs, syncs) = (question.other::<OrgList>()?, question.other::<SyncList>()?);
    let mut alerts = alerts(question.scenario, &syncs);
    if orgs.is_empty() {
        alerts = vec![alert(
            Health::Warning,
            "no org is connected",
            "connect the first one (Orgs, or `isthmus org connect NAME --client-id ID`)",
            AlertSubject::Workspace,
        )];
    }
    let is_new = matches!(question.scenario, Scenario::New | Scenario::Empty);
    Ok(OverviewView { orgs, syncs, alerts, days: days(question, is_new) })
}

/// The last thirty days, today included; what the pages ran is left out, since only its own page counts it.
fn days(question: &Question, is_new: bool) -> Vec<DayRows> {
    let today = question.world().now.to_zoned(TimeZone::UTC).date();
    let factor = if question.scenario == Scenario::Large { 97 } else { 1 };
    let days = (0..).zip(DAYS).map(|(number, (written, failed))| {
        let day = today.saturating_sub((29_i64 - number).days());
        let written = if is_new { 0 } else { written * factor };
        DayRows { day, written, failed: if is_new { 0 } else { failed } }
    });
    days.collect()
}

fn alerts(scenario: Scenario, syncs: &[SyncListing]) -> Vec<Alert> {
    let ended = syncs.iter().filter_map(of_last_run);
    let mut alerts: Vec<Alert> = match scenario {
        Scenario::New | Scenario::Empty => Vec::new(),
        Scenario::Hostile => vec![alert(
            Health::Bad,
            &format!("{}: run 7 ended as failed", endless()),
            "its report says why, row by row (`isthmus report 7`)",
            AlertSubject::Run(RunId(7)),
        )],
        Scenario::Large => (1..=60).map(interrupted).collect(),
        _ => vec![alert(
            Health::Warning,
            &format!("{EMEA}: 187412 of 215000 API calls of the day are used"),
            "let big runs wait until the 24-hour window has moved on",
            AlertSubject::Org(EMEA.to_owned()),
        )],
    };
    alerts.extend(ended);
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.health));
    alerts
}

fn of_last_run(listing: &SyncListing) -> Option<Alert> {
    let run = listing.last_run.as_ref()?;
    let (health, open) = match run.end? {
        RunEnd::Failed => (Health::Bad, run.counts.failed),
        RunEnd::Partial => (Health::Warning, run.counts.failed + run.counts.held),
        RunEnd::Unchanged | RunEnd::Succeeded | RunEnd::Stopped => return None,
    };
    let end = run.end?.as_str();
    let text = format!(
        "{}: run {} ended as {end}, {open} rows are held or failed",
        listing.sync.name, run.run
    );
    let remedy = format!("its report says why, row by row (`isthmus report {}`)", run.run);
    Some(alert(health, &text, &remedy, AlertSubject::Run(run.run)))
}

fn interrupted(run: i64) -> Alert {
    alert(
        Health::Warning,
        &format!("run {run} was interrupted"),
        "run its sync again: it goes on where it stopped",
        AlertSubject::Run(RunId(run)),
    )
}

fn alert(health: Health, text: &str, remedy: &str, about: AlertSubject) -> Alert {
    Alert { health, text: text.to_owned(), remedy: remedy.to_owned(), about }
}
