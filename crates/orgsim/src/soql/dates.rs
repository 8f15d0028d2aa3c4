//! Date literals (`TODAY`, `LAST_N_DAYS:7`, …) to spans of days, in UTC; weeks begin on Sunday as in the en_US locale,
//! and the fiscal year is the calendar year, as in an org that set nothing else.

use jiff::civil::{Date, Weekday};
use jiff::{Span, Timestamp, tz::TimeZone};

/// Largest number that a literal such as `LAST_N_DAYS:n` takes here; keeps arithmetic inside the calendar.
const COUNT_MAX: i64 = 100_000;

/// Literals without a number.
const FIXED: [&str; 23] = [
    "YESTERDAY",
    "TODAY",
    "TOMORROW",
    "LAST_WEEK",
    "THIS_WEEK",
    "NEXT_WEEK",
    "LAST_MONTH",
    "THIS_MONTH",
    "NEXT_MONTH",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
    "THIS_QUARTER",
    "LAST_QUARTER",
    "NEXT_QUARTER",
    "THIS_YEAR",
    "LAST_YEAR",
    "NEXT_YEAR",
    "THIS_FISCAL_QUARTER",
    "LAST_FISCAL_QUARTER",
    "NEXT_FISCAL_QUARTER",
    "THIS_FISCAL_YEAR",
    "LAST_FISCAL_YEAR",
    "NEXT_FISCAL_YEAR",
];

/// Units of the literals with a number.
const UNITS: [(&str, Unit); 7] = [
    ("DAYS", Unit::Day),
    ("WEEKS", Unit::Week),
    ("MONTHS", Unit::Month),
    ("QUARTERS", Unit::Quarter),
    ("YEARS", Unit::Year),
    ("FISCAL_QUARTERS", Unit::Quarter),
    ("FISCAL_YEARS", Unit::Year),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Days from `start` (included) to `end` (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) start: Date,
    pub(crate) end: Date,
}

/// True when the language knows the literal with or without a number.
pub(crate) fn is_known(word: &str, count: Option<i64>) -> bool {
    match count {
        None => FIXED.contains(&word),
        Some(count) => (0..=COUNT_MAX).contains(&count) && counted(word).is_some(),
    }
}

/// The days a literal stands for at `now`; `None` for unknown literals and at the calendar's ends.
pub(crate) fn days(word: &str, count: Option<i64>, now: Timestamp) -> Option<Days> {
    let today = now.to_zoned(TimeZone::UTC).date();
    if let Some(count) = count {
        let (direction, unit) = counted(word)?;
        return direction.days(unit, count, today);
    }
    let (first, rest) = word.split_once('_').unwrap_or((word, ""));
    match (first, rest) {
        ("YESTERDAY", _) => stretch(today, Unit::Day, -1, 0),
        ("TODAY", _) => stretch(today, Unit::Day, 0, 1),
        ("TOMORROW", _) => stretch(today, Unit::Day, 1, 2),
        ("LAST", "90_DAYS") => stretch(today, Unit::Day, -90, 1),
        ("NEXT", "90_DAYS") => stretch(today, Unit::Day, 1, 91),
        ("LAST", unit) => stretch(today, singular(unit)?, -1, 0),
        ("THIS", unit) => stretch(today, singular(unit)?, 0, 1),
        ("NEXT", unit) => stretch(today, singular(unit)?, 1, 2),
        _ => None,
    }
}

/// Which side of today a counted literal lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// `LAST_N_…`: days include today, larger units end before the current one.
    Last,
    /// `NEXT_N_…`: begins after today or after the current unit.
    Next,
    /// `N_…_AGO`: one unit.
    Ago,
}

impl Reach {
    fn days(self, unit: Unit, count: i64, today: Date) -> Option<Days> {
        match (self, unit) {
            (Self::Last, Unit::Day) => stretch(today, unit, -count, 1),
            (Self::Last, _) => stretch(today, unit, -count, 0),
            (Self::Next, _) => stretch(today, unit, 1, count + 1),
            (Self::Ago, _) => stretch(today, unit, -count, 1 - count),
        }
    }
}

fn counted(word: &str) -> Option<(Reach, Unit)> {
    let (reach, unit) = if let Some(unit) = word.strip_prefix("LAST_N_") {
        (Reach::Last, unit)
    } else if let Some(unit) = word.strip_prefix("NEXT_N_") {
        (Reach::Next, unit)
    } else {
        (Reach::Ago, word.strip_prefix("N_")?.strip_suffix("_AGO")?)
    };
    UNITS.into_iter().find(|(plural, _)| *plural == unit).map(|(_, unit)| (reach, unit))
}

fn singular(name: &str) -> Option<Unit> {
    UNITS.into_iter().find(|(plural, _)| plural.strip_suffix('S') == Some(name)).map(|(_, u)| u)
}

/// From the start of the unit `from` units away to the start of the unit `to` units away.
fn stretch(today: Date, unit: Unit, from: i64, to: i64) -> Option<Days> {
    let base = start_of(today, unit)?;
    Some(Days { start: shift(base, unit, from)?, end: shift(base, unit, to)? })
}

fn start_of(day: Date, unit: Unit) -> Option<Date> {
    match unit {
        Unit::Day => Some(day),
        Unit::Week => {
            let since_sunday = i64::from(day.weekday().since(Weekday::Sunday));
            shift(day, Unit::Day, -since_sunday)
        }
        Unit::Month => Date::new(day.year(), day.month(), 1).ok(),
        Unit::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok(),
        Unit::Year => Date::new(day.year(), 1, 1).ok(),
    }
}

fn shift(day: Date, unit: Unit, by: i64) -> Option<Date> {
    let span = Span::new();
    let span = match unit {
        Unit::Day => span.try_days(by),
        Unit::Week => span.try_weeks(by),
        Unit::Month => span.try_months(by),
        Unit::Quarter => span.try_months(by.checked_mul(3)?),
        Unit::Year => span.try_years(by),
    };
    day.checked_add(span.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{days, is_known};

    fn span(word: &str, count: Option<i64>) -> String {
        // A Friday.
        let now = "2026-11-20T23:30:00Z".parse().unwrap();
        let days = days(word, count, now).unwrap();
        format!("{}..{}", days.start, days.end)
    }

    #[test]
    fn literals_cover_the_documented_days() {
        assert_eq!(span("TODAY", None), "2026-11-20..2026-11-21");
        assert_eq!(span("YESTERDAY", None), "2026-11-19..2026-11-20");
        assert_eq!(span("TOMORROW", None), "2026-11-21..2026-11-22");
        assert_eq!(span("THIS_WEEK", None), "2026-11-15..2026-11-22");
        assert_eq!(span("LAST_WEEK", None), "2026-11-08..2026-11-15");
        assert_eq!(span("LAST_MONTH", None), "2026-10-01..2026-11-01");
        assert_eq!(span("THIS_QUARTER", None), "2026-10-01..2027-01-01");
        assert_eq!(span("NEXT_YEAR", None), "2027-01-01..2028-01-01");
        assert_eq!(span("LAST_N_DAYS", Some(7)), "2026-11-13..2026-11-21");
        assert_eq!(span("NEXT_N_DAYS", Some(2)), "2026-11-21..2026-11-23");
        assert_eq!(span("LAST_N_MONTHS", Some(2)), "2026-09-01..2026-11-01");
        assert_eq!(span("N_DAYS_AGO", Some(3)), "2026-11-17..2026-11-18");
        assert_eq!(span("LAST_FISCAL_QUARTER", None), "2026-07-01..2026-10-01");
        assert_eq!(span("NEXT_N_FISCAL_YEARS", Some(2)), "2027-01-01..2029-01-01");
        assert_eq!(span("N_WEEKS_AGO", Some(1)), "2026-11-08..2026-11-15");
        assert_eq!(span("NEXT_N_QUARTERS", Some(1)), "2027-01-01..2027-04-01");
        assert_eq!(span("LAST_90_DAYS", None), "2026-08-22..2026-11-21");
    }

    #[test]
    fn every_known_literal_stands_for_some_days() {
        let now = "2026-11-20T23:30:00Z".parse().unwrap();
        for word in super::FIXED {
            assert!(days(word, None, now).is_some_and(|days| days.start < days.end), "{word}");
        }
        for (plural, _) in super::UNITS {
            for word in
                [format!("LAST_N_{plural}"), format!("NEXT_N_{plural}"), format!("N_{plural}_AGO")]
            {
                let days = days(&word, Some(2), now);
                assert!(
                    is_known(&word, Some(2)) && days.is_some_and(|d| d.start < d.end),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn unknown_literals_are_refused() {
        assert!(!is_known("SOMEDAY", None));
        assert!(!is_known("LAST_N_DAYS", None));
        assert!(!is_known("TODAY", Some(1)));
        assert!(!is_known("LAST_N_DAYS", Some(-1)));
    }
}
