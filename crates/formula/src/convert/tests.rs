//! Tests of the conversion matrix and of single values.

use isthmus_model::schema::{FieldSchema, FieldType};
use isthmus_model::value::Value;
use proptest::prelude::{any, prop_assert_eq, proptest};
use rust_decimal::Decimal;

use super::{Conversion, ConvertError, convert, rule};

fn field(kind: &FieldType) -> FieldSchema {
    let unset = serde_json::json!({
        "name": "Field__c", "label": "Field", "kind": kind, "length": 255, "precision": 18, "scale": 2, "digits": 9,
        "nillable": true, "createable": true, "updateable": true, "defaulted_on_create": false, "unique": false,
        "case_sensitive": false, "external_id": false, "id_lookup": false, "filterable": true, "sortable": true,
        "calculated": false, "auto_number": false, "name_field": false, "restricted_picklist": false,
        "relationship_name": null,
    });
    serde_json::from_value(unset).unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "the callers read better")]
fn through(value: &Value, from: FieldType, to: FieldType) -> Result<Value, ConvertError> {
    convert(value, &field(&from), &field(&to))
}

#[test]
fn every_pair_of_types_has_a_rule_and_the_same_type_is_never_lossy() {
    let kinds = [
        "id",
        "string",
        "textarea",
        "boolean",
        "int",
        "long",
        "double",
        "currency",
        "percent",
        "date",
        "datetime",
        "time",
        "reference",
        "picklist",
        "multipicklist",
        "combobox",
        "email",
        "phone",
        "url",
        "encryptedstring",
    ];
    for from in kinds {
        let from = FieldType::from(from.to_owned());
        assert!(
            !matches!(rule(&from, &from), Conversion::Lossy(_) | Conversion::Impossible(_)),
            "{from:?}"
        );
        for to in kinds {
            let _ = rule(&from, &FieldType::from(to.to_owned()));
        }
    }
}

#[test]
fn an_unknown_or_compound_type_is_never_mapped() {
    assert!(!rule(&FieldType::Address, &FieldType::String).is_possible());
    assert!(!rule(&FieldType::Other("hologram".to_owned()), &FieldType::String).is_possible());
    assert!(!rule(&FieldType::String, &FieldType::Reference).is_possible());
}

#[test]
fn an_id_may_be_kept_as_text() {
    let id = Value::Id("0015500001QdQWa".parse().unwrap());
    let text = through(&id, FieldType::Id, FieldType::String).unwrap();
    assert_eq!(text, Value::from("0015500001QdQWaAAN"));
}

#[test]
fn text_that_is_no_number_is_refused_with_what_is_wanted() {
    let error = through(&Value::from("12,5"), FieldType::String, FieldType::Double).unwrap_err();
    assert!(error.to_string().contains("point before the decimals"));
    let number = through(&Value::from(" 12.50 "), FieldType::String, FieldType::Double).unwrap();
    assert_eq!(number, Value::Number(Decimal::new(1250, 2)));
}

#[test]
fn a_moment_becomes_its_day_in_utc() {
    let moment = Value::DateTime("2026-11-20T23:30:00-05:00".parse().unwrap());
    let day = through(&moment, FieldType::DateTime, FieldType::Date).unwrap();
    assert_eq!(day, Value::Date("2026-11-21".parse().unwrap()));
}

#[test]
fn a_blank_value_clears_and_a_checkbox_is_never_null() {
    let blank = Value::from("  ");
    assert_eq!(through(&blank, FieldType::String, FieldType::Double), Ok(Value::Null));
    assert_eq!(
        through(&Value::Null, FieldType::String, FieldType::Boolean),
        Ok(Value::Boolean(false))
    );
}

proptest! {
    #[test]
    fn whole_numbers_survive_the_way_through_text(number in any::<i32>()) {
        let value = Value::Number(Decimal::from(number));
        let text = through(&value, FieldType::Int, FieldType::String).unwrap();
        prop_assert_eq!(through(&text, FieldType::String, FieldType::Int), Ok(value));
    }

    #[test]
    fn no_value_makes_a_conversion_panic(text in ".*") {
        for to in ["boolean", "int", "double", "date", "datetime", "time", "multipicklist", "string"] {
            let _ = through(&Value::from(text.as_str()), FieldType::String, FieldType::from(to.to_owned()));
        }
    }
}
