//! Dates and times as the REST API reads and writes them (wire reference, section 9).

use jiff::civil::{Date, Time};
use jiff::{Timestamp, Unit};

/// A moment as a REST datetime with the one-second precision of the service.
pub(crate) fn stamp(moment: Timestamp) -> String {
    floor(moment, Unit::Second).strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
}

/// A moment with its smaller units cut off.
pub(crate) fn floor(moment: Timestamp, unit: Unit) -> Timestamp {
    let length_s = if unit == Unit::Minute { 60 } else { 1 };
    let seconds = moment.as_second() - i64::from(moment.subsec_nanosecond() < 0);
    Timestamp::from_second(seconds - seconds.rem_euclid(length_s)).unwrap_or(moment)
}

/// Reads a datetime with `Z`, `+00:00` or `+0000`.
pub(crate) fn read_datetime(text: &str) -> Option<Timestamp> {
    let has_time = text.contains(['T', 't']);
    text.parse::<Timestamp>().ok().filter(|_| has_time)
}

/// Reads a date without time or offset.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
    text.parse::<Date>().ok().filter(|_| shaped)
}

/// Reads a time of day such as `10:30:00.000Z`.
pub(crate) fn read_time(text: &str) -> Option<Time> {
    text.strip_suffix('Z').unwrap_or(text).parse::<Time>().ok()
}

/// Writes a time of day.
pub(crate) fn time_text(time: Time) -> String {
    time.strftime("%H:%M:%S.%3fZ").to_string()
}

/// Reads an HTTP date such as `Wed, 3 Jul 2013 19:43:31 GMT`.
pub(crate) fn read_http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Writes an HTTP date.
pub(crate) fn http_date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::{http_date, read_date, read_datetime, read_http_date, stamp};

    #[test]
    fn datetimes_are_read_in_each_documented_form_and_written_in_one() {
        for text in [
            "2026-11-20T10:00:00Z",
            "2026-11-20T10:00:00.700Z",
            "2026-11-20T10:00:00.000+0000",
            "2026-11-20T11:00:00+01:00",
        ] {
            let moment = read_datetime(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(stamp(moment), "2026-11-20T10:00:00.000+0000", "{text}");
        }
        assert_eq!(read_datetime("2026-11-20"), None);
        assert_eq!(read_datetime("2026-11-20T10:00:00"), None);
    }

    #[test]
    fn dates_take_no_offset() {
        assert!(read_date("2026-11-20").is_some());
        assert_eq!(read_date("2026-11-20T00:00:00Z"), None);
        assert_eq!(read_date("20261120"), None);
        assert_eq!(read_date("2026-02-30"), None);
    }

    #[test]
    fn http_dates_round_trip() {
        let moment = read_http_date("Wed, 3 Jul 2013 19:43:31 GMT").unwrap();
        assert_eq!(http_date(moment), "Wed, 03 Jul 2013 19:43:31 GMT");
    }
}
