//! Values: exact numbers, dates of the API, parents, and what is missing.

use isthmus_model::schema::FieldType;
use isthmus_model::value::Value;
use proptest::{prop_assert_eq, proptest};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::row::{EncodedFields, LooseRow, Row, RowShape, json_text};

fn kind(name: &str) -> Option<FieldType> {
    Some(FieldType::from(name.to_owned()))
}

fn read(name: &str, type_name: &str, json: &str) -> Result<Value, Error> {
    let shape = RowShape::with_kinds(&[name.to_owned()], vec![kind(type_name)]).unwrap();
    let body = format!(r#"{{"attributes":{{"type":"Account"}},"{name}":{json}}}"#);
    let row = shape.read(&RawValue::from_string(body).unwrap())?;
    Ok(row.values[0].clone())
}

fn rows(fields: &[&str], body: &str) -> Result<Row, Error> {
    let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    let shape = RowShape::with_kinds(&fields, vec![None; fields.len()]).unwrap();
    shape.read(&RawValue::from_string(body.to_owned()).unwrap())
}

#[test]
fn numbers_keep_their_own_digits() {
    for (text, expected) in [
        ("23.0", "23.0"),
        ("0.1", "0.1"),
        ("12345678901234.56", "12345678901234.56"),
        ("1.0E7", "10000000"),
        ("-2.5e-3", "-0.0025"),
        ("1234567890123456789.123456789", "1234567890123456789.123456789"),
    ] {
        let expected: Decimal = expected.parse().unwrap();
        assert_eq!(read("Amount", "currency", text).unwrap(), Value::Number(expected), "{text}");
    }
}

#[test]
fn numbers_beyond_28_digits_are_kept_as_they_came_and_cost_nothing() {
    for text in ["1e300", "1e1000000000", "123456789012345678901234567890123456789012345", "1e-400"]
    {
        assert!(matches!(read("Amount", "double", text).unwrap(), Value::Raw(_)), "{text}");
    }
}

#[test]
fn dates_times_and_ids_are_typed() {
    let moment = read("At", "datetime", r#""2026-11-20T10:00:00.000+0000""#).unwrap();
    assert_eq!(moment.display(), "2026-11-20T10:00:00Z");
    let shifted = read("At", "datetime", r#""2026-11-20T10:00:00.000+0100""#).unwrap();
    assert_eq!(shifted.display(), "2026-11-20T09:00:00Z");
    assert_eq!(read("On", "date", r#""2026-11-20""#).unwrap().display(), "2026-11-20");
    assert_eq!(read("At", "time", r#""10:30:00.000Z""#).unwrap().display(), "10:30:00");
    let id = read("OwnerId", "reference", r#""0015500001QdQWaAAN""#).unwrap();
    assert_eq!(json_text(&id).unwrap(), r#""0015500001QdQWaAAN""#);
}

#[test]
fn a_value_that_is_not_of_its_type_is_refused_without_showing_it() {
    for (name, json) in [
        ("date", r#""2026-13-99""#),
        ("datetime", r#""NaN-secret""#),
        ("boolean", r#""yes-secret""#),
        ("double", r#""12-secret""#),
        ("id", r#""../secret""#),
        ("string", "12"),
        ("string", r#""\udead""#),
    ] {
        let error = read("Field__c", name, json).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::Decode { .. }) && !text.contains("secret"), "{text}");
    }
}

#[test]
fn a_field_that_was_left_out_is_never_taken_for_null() {
    let error = rows(&["Id", "Name"], r#"{"Name":"Acme"}"#).unwrap_err();
    assert!(error.to_string().contains("Id is missing"), "{error}");
}

#[test]
fn parent_fields_are_found_below_their_parent_whatever_the_case_or_order() {
    let body = r#"{"ACCOUNT":{"attributes":{},"Owner":{"attributes":{},"Name":"Ann"},"Name":"Acme"},"name":"Bob"}"#;
    let row = rows(&["Name", "Account.Name", "Account.Owner.Name"], body).unwrap();
    let texts: Vec<String> = row.values.iter().map(Value::display).collect();
    assert_eq!(texts, ["Bob", "Acme", "Ann"]);
    let orphan = rows(&["Account.Name", "Account.Owner.Name"], r#"{"Account":null}"#).unwrap();
    assert_eq!(orphan.values, [Value::Null, Value::Null]);
}

#[test]
fn a_shape_refuses_names_that_are_none_and_names_given_twice() {
    for fields in
        [vec!["Name, (SELECT Id FROM Contacts)"], vec!["Id", "ID"], vec![""], vec!["A..B"]]
    {
        let fields: Vec<String> = fields.into_iter().map(str::to_owned).collect();
        let kinds = vec![None; fields.len()];
        assert!(RowShape::with_kinds(&fields, kinds).is_err(), "{fields:?}");
    }
}

#[test]
fn a_row_to_write_refuses_reserved_and_repeated_names() {
    for name in ["Id", "id", "attributes", "Name; DROP"] {
        assert!(EncodedFields::new(&[(name.to_owned(), Value::Null)]).is_err(), "{name}");
    }
    let twice = [("Name".to_owned(), Value::Null), ("NAME".to_owned(), Value::Null)];
    assert!(EncodedFields::new(&twice).is_err());
}

#[test]
fn written_values_have_the_formats_of_the_api() {
    for (value, expected) in [
        (Value::Number("10.50".parse().unwrap()), "10.5"),
        (Value::Number("123456789012345678.12".parse().unwrap()), "123456789012345678.12"),
        (
            Value::DateTime("2026-11-20T10:00:00.5Z".parse().unwrap()),
            r#""2026-11-20T10:00:00.500Z""#,
        ),
        (Value::Time("10:30:00".parse().unwrap()), r#""10:30:00.000Z""#),
        (Value::Date("2026-11-20".parse().unwrap()), r#""2026-11-20""#),
        (Value::Boolean(true), "true"),
        (Value::Null, "null"),
        (Value::from("a\"b\n"), r#""a\"b\n""#),
    ] {
        assert_eq!(json_text(&value).unwrap(), expected);
    }
}

#[test]
fn a_loose_row_takes_values_as_they_come() {
    let body = r#"{"attributes":{"type":"AggregateResult"},"Name":null,"expr0":300.0}"#;
    let row = LooseRow::read(&RawValue::from_string(body.to_owned()).unwrap()).unwrap();
    assert_eq!(row.columns[0], ("Name".to_owned(), Value::Null));
    assert_eq!(row.columns[1].1.display(), "300");
}

proptest! {
    #[test]
    fn every_text_comes_back_as_it_was(text in ".*") {
        let encoded = json_text(&Value::Text(text.clone())).unwrap();
        prop_assert_eq!(read("Name", "string", &encoded).unwrap(), Value::Text(text));
    }

    #[test]
    fn every_decimal_comes_back_as_it_was(mantissa in -999_999_999_999_999_999_i128..999_999_999_999_999_999, scale in 0_u32..18) {
        let number = Decimal::from_i128_with_scale(mantissa, scale);
        let encoded = json_text(&Value::Number(number)).unwrap();
        prop_assert_eq!(read("Amount", "double", &encoded).unwrap(), Value::Number(number));
    }

    #[test]
    fn every_moment_comes_back_at_millisecond_precision(ms in -2_000_000_000_000_i64..4_000_000_000_000) {
        let moment = Value::DateTime(jiff::Timestamp::from_millisecond(ms).unwrap());
        let encoded = json_text(&moment).unwrap();
        prop_assert_eq!(read("At", "datetime", &encoded).unwrap(), moment);
    }
}
