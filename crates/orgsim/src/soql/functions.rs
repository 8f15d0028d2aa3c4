//! What functions make of one stored value: parts of dates, labels, and text as an American user reads it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::schema::FieldType;
use crate::soql::ast::DatePart;
use crate::soql::checked::{Column, Reading};

/// A stored value as a path reads it; `None` where there is nothing to read, or the value as it is will do.
pub(crate) fn read(reading: &Reading, column: &Column, value: &Value) -> Option<Value> {
    match reading {
        Reading::Stored | Reading::ObjectName => None,
        Reading::Label(labels) => {
            let text = value.as_str()?;
            let shown: Vec<&str> =
                text.split(';').map(|part| labels.get(part).map_or(part, String::as_str)).collect();
            Some(Value::String(shown.join(";")))
        }
        Reading::Part(part) => take_part(*part, value.as_str()?),
        Reading::Formatted => Some(Value::String(formatted(column.kind, value))),
    }
}

fn take_part(part: DatePart, text: &str) -> Option<Value> {
    let moment = moment(text)?;
    let day = moment.date();
    let month = i64::from(day.month());
    let number = match part {
        DatePart::DayOnly => return Some(Value::String(day.to_string())),
        DatePart::CalendarMonth | DatePart::FiscalMonth => month,
        DatePart::CalendarQuarter | DatePart::FiscalQuarter => (month + 2) / 3,
        DatePart::CalendarYear | DatePart::FiscalYear => i64::from(day.year()),
        DatePart::DayInMonth => i64::from(day.day()),
        DatePart::DayInWeek => i64::from(day.weekday().since(Weekday::Sunday)) + 1,
        DatePart::DayInYear => i64::from(day.day_of_year()),
        DatePart::HourInDay => i64::from(moment.hour()),
        // Weeks of these two count from the first day, not from a weekday.
        DatePart::WeekInMonth => (i64::from(day.day()) + 6) / 7,
        DatePart::WeekInYear => (i64::from(day.day_of_year()) + 6) / 7,
    };
    Some(Value::from(number))
}

/// A REST date or datetime, in UTC.
fn moment(text: &str) -> Option<DateTime> {
    match text.len() {
        10 => text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0)),
        _ => text.parse::<Timestamp>().ok().map(|at| at.to_zoned(TimeZone::UTC).datetime()),
    }
}

/// FORMAT() for a user with the locale en_US; UNCONFIRMED beyond the documented examples.
fn formatted(kind: FieldType, value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    match (kind, text) {
        (FieldType::Date, Some(text)) => {
            moment(&text).map_or(text, |at| at.strftime("%-m/%-d/%Y").to_string())
        }
        (FieldType::DateTime, Some(text)) => {
            moment(&text).map_or(text, |at| at.strftime("%-m/%-d/%Y, %-I:%M %p").to_string())
        }
        (_, Some(text)) => text,
        (FieldType::Currency, None) => {
            value.as_f64().map_or_else(|| value.to_string(), |number| grouped(number, 2))
        }
        (_, None) => value.as_f64().map_or_else(|| value.to_string(), |number| grouped(number, 0)),
    }
}

/// A number with commas between thousands and at least this many decimals.
fn grouped(number: f64, decimals_min: usize) -> String {
    let plain = number.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let fraction = format!("{fraction:0<decimals_min$}");
    let sign = if number < 0.0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{text}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{grouped, take_part};
    use crate::soql::ast::DatePart;

    #[test]
    fn parts_of_a_date_are_those_of_the_calendar() {
        // A Friday, day 324 of the year.
        let moment = "2026-11-20T23:30:00.000+0000";
        for (part, expected) in [
            (DatePart::CalendarMonth, json!(11)),
            (DatePart::CalendarQuarter, json!(4)),
            (DatePart::CalendarYear, json!(2026)),
            (DatePart::DayInMonth, json!(20)),
            (DatePart::DayInWeek, json!(6)),
            (DatePart::DayInYear, json!(324)),
            (DatePart::DayOnly, json!("2026-11-20")),
            (DatePart::FiscalQuarter, json!(4)),
            (DatePart::HourInDay, json!(23)),
            (DatePart::WeekInMonth, json!(3)),
            (DatePart::WeekInYear, json!(47)),
        ] {
            assert_eq!(take_part(part, moment), Some(expected), "{part:?}");
        }
        assert_eq!(take_part(DatePart::CalendarYear, "2026-11-20"), Some(json!(2026)));
        assert_eq!(take_part(DatePart::CalendarYear, "no date"), None);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(1_234_567.5, 2), "1,234,567.50");
        assert_eq!(grouped(-999.0, 0), "-999");
        assert_eq!(grouped(1000.0, 2), "1,000.00");
    }
}
