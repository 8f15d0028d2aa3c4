//! Runs by day: a list in which each day's first run has the day's name before it.

use isthmus_contract::run::RunView;
use jiff::Timestamp;
use js_sys::Date;

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// A day, by its name.
    Day(String),
    /// A run.
    Run(Box<RunView>),
}

impl Line {
    /// What tells it from all others.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Day(day) => day.clone(),
            Self::Run(run) => run.run.to_string(),
        }
    }
}

/// The runs with their days between them; `day_of` names the day of a moment.
pub(super) fn by_day(runs: &[RunView], day_of: impl Fn(Timestamp) -> String) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(runs.len() + 8);
    let mut last = None;
    for run in runs {
        let day = day_of(run.started_at);
        if last.as_ref() != Some(&day) {
            lines.push(Line::Day(day.clone()));
            last = Some(day);
        }
        lines.push(Line::Run(Box::new(run.clone())));
    }
    lines
}

/// `Today`, `Yesterday`, `Friday, 20 November 2026`, in the person's zone.
pub(super) fn local_day(at: Timestamp, now: f64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of every date fit 53 bits")]
    let milliseconds = at.as_millisecond() as f64;
    let name = |milliseconds: f64| {
        let date = Date::new(&milliseconds.into());
        let day = WEEKDAYS.get(date.get_day() as usize).copied().unwrap_or_default();
        let month = MONTHS.get(date.get_month() as usize).copied().unwrap_or_default();
        format!("{day}, {} {month} {}", date.get_date(), date.get_full_year())
    };
    let day = name(milliseconds);
    if day == name(now) {
        format!("Today, {day}")
    } else if day == name(now - DAY) {
        format!("Yesterday, {day}")
    } else {
        day
    }
}

/// Milliseconds of a day; where clocks change the day before is still met.
const DAY: f64 = 86_400_000.0;

const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use isthmus_contract::run::RunView;
    use isthmus_model::ids::{MappingVersion, RunId};
    use isthmus_model::run::RunCounts;
    use jiff::{SignedDuration, Timestamp};

    use super::{Line, by_day};

    fn run(number: i64, hours: i64) -> RunView {
        RunView {
            run: RunId(number),
            sync: "Customers".to_owned(),
            version: MappingVersion(1),
            kind: "full".to_owned(),
            end: None,
            reason: None,
            rows_read: 0,
            counts: RunCounts::default(),
            rows_sent: 0,
            calls: 0,
            seconds: 1.0,
            started_at: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours),
            ended_at: None,
        }
    }

    #[test]
    fn each_day_is_named_before_its_first_run() {
        let day = |at: Timestamp| format!("day {}", at.as_second() / 86_400);
        let lines = by_day(&[run(3, 30), run(2, 26), run(1, 2)], day);
        let keys: Vec<String> = lines.iter().map(Line::key).collect();
        assert_eq!(keys, ["day 1", "3", "2", "day 0", "1"]);
    }
}
