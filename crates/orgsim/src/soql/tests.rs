//! Literals of SOQL: what is printed is read back, and no text makes the parser panic.

mod naive;
mod text;

use proptest::prelude::{any, prop_assert_eq, proptest};

use crate::soql::ast::{Condition, LiteralKind, Query};
use crate::soql::literal::{LikePattern, escape, unescape};
use crate::soql::parse;
use crate::soql::tests::text::{any_query, query_text};

/// A query's parts without their places in the text.
fn without_places(query: &Query) -> String {
    let shown = format!("{query:?}");
    let mut pieces = shown.split("at: ");
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.fold(first, |text, piece| text + piece)
}

fn literal(printed: &str) -> LiteralKind {
    let query = parse(&format!("SELECT Id FROM Account WHERE Name = {printed}")).unwrap();
    match query.condition {
        Some(Condition::Compare { value, .. }) => value.kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_the_documented_escapes_are_known() {
    assert_eq!(unescape(r#"a\n\r\t\b\f\"\'\\\_\%\u00e4"#).unwrap(), "a\n\r\t\u{8}\u{c}\"'\\_%ä");
    for wrong in [r"\a", r"\x41", r"\u12", r"\uD800", "\\", r"\ "] {
        assert!(unescape(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn numbers_dates_and_datetimes_are_told_apart() {
    assert_eq!(literal("-12.5e1"), LiteralKind::Number(-125.0));
    assert_eq!(literal("2026-11-20"), LiteralKind::Date(jiff::civil::date(2026, 11, 20)));
    let moment = "2026-11-20T09:00:00Z".parse().unwrap();
    for text in
        ["2026-11-20T09:00:00Z", "2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00.000+0000"]
    {
        assert_eq!(literal(text), LiteralKind::DateTime(moment), "{text}");
    }
    assert_eq!(literal("last_n_days:7"), LiteralKind::Relative("LAST_N_DAYS".to_owned(), Some(7)));
    for wrong in ["2026-13-01", "2026-11-20T10:00:00", "12abc", "LAST_N_DAYS", "SOMEDAY:3", "--5"] {
        assert!(parse(&format!("SELECT Id FROM Account WHERE Name = {wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn patterns_match_wildcards_without_case() {
    let matches = |raw: &str, text: &str| LikePattern::new(raw).unwrap().matches(text);
    assert!(matches("a%c", "ABbC") && matches("_b_", "abc") && matches("%", ""));
    assert!(!matches("a%c", "abcd") && !matches("_", "") && !matches(r"\_", "a"));
    assert!(matches("%a%a%b", &format!("{}b", "a".repeat(2_000))));
}

#[test]
fn literals_of_every_kind_are_read() {
    assert_eq!(literal("USD5000.5"), LiteralKind::Currency("USD".to_owned(), 5_000.5));
    assert_eq!(literal("eur-7"), LiteralKind::Currency("EUR".to_owned(), -7.0));
    assert_eq!(literal("17:30:00Z"), LiteralKind::Time(jiff::civil::time(17, 30, 0, 0)));
    assert_eq!(literal("NULL"), LiteralKind::Null);
    for wrong in ["USD", "USD 5", "EURO5", "17:30:00", "1e999", ":name"] {
        assert!(parse(&format!("SELECT Id FROM Account WHERE Name = {wrong}")).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn a_printed_query_is_read_back(query in any_query()) {
        let text = query_text(&query);
        match parse(&text) {
            Ok(read) => prop_assert_eq!(without_places(&read), without_places(&query), "{}", text),
            // The one limit that a made query can pass.
            Err(error) => proptest::prop_assert!(error.message.contains("longer than"), "{}", error),
        }
    }

    #[test]
    fn a_printed_text_is_read_back(text in any::<String>()) {
        let text: String = text.chars().take(3_000).collect();
        let LiteralKind::Text(raw) = literal(&format!("'{}'", escape(&text))) else { panic!("no text") };
        prop_assert_eq!(unescape(&raw).unwrap(), text);
    }

    #[test]
    fn a_printed_number_is_read_back(number in -1.0e12_f64..1.0e12) {
        prop_assert_eq!(literal(&number.to_string()), LiteralKind::Number(number));
    }

    #[test]
    fn a_printed_datetime_is_read_back(second in 0_i64..4_000_000_000) {
        let moment = jiff::Timestamp::from_second(second).unwrap();
        prop_assert_eq!(literal(&moment.to_string()), LiteralKind::DateTime(moment));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[A-Za-z(),.'=<>! \\\\%_0-9:-]{0,80}") {
        let _ = parse(&text);
        let _ = parse(&format!("SELECT {text}"));
        let _ = parse(&format!("SELECT Id FROM A WHERE {text}"));
    }

    #[test]
    fn errors_point_into_any_text(text in any::<String>()) {
        let _ = parse(&text);
        let _ = parse(&format!("SELECT Id FROM Account WHERE Name = '{text}"));
    }
}
