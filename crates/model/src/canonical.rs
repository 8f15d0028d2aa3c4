//! Comparing values as the org that holds them would: trimmed, at the field's scale and precision, picklists without case.
//!
//! Without this a value that the org normalises on save (wire reference 5.2 and 9) would be written again for ever.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::schema::{FieldSchema, FieldType};
use crate::value::Value;

/// The first 16 bytes of a SHA-256 over a row's canonical values, in mapping order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub [u8; 16]);

/// The value as the field's org would store it.
#[must_use]
pub fn canonical(value: &Value, field: &FieldSchema) -> Value {
    match value {
        Value::Text(text) => canonical_text(text, field),
        Value::Number(number) => Value::Number(cut_to_scale(*number, field)),
        // Datetime fields have one-second precision in filters and on the wire (wire reference 5.1).
        Value::DateTime(moment) => {
            Value::DateTime(jiff::Timestamp::from_second(moment.as_second()).unwrap_or(*moment))
        }
        Value::Null if field.kind == FieldType::Boolean => Value::Boolean(false),
        other => other.clone(),
    }
}

/// True when both values are the same thing to the field's org; picklist values are compared without case.
#[must_use]
pub fn same(left: &Value, right: &Value, field: &FieldSchema) -> bool {
    comparable(left, field) == comparable(right, field)
}

/// The row's fingerprint: values and fields in the same (mapping) order.
#[must_use]
pub fn fingerprint<'a>(row: impl IntoIterator<Item = (&'a Value, &'a FieldSchema)>) -> Fingerprint {
    let mut hasher = Sha256::new();
    for (value, field) in row {
        let encoded = serde_json::to_vec(&comparable(value, field)).unwrap_or_default();
        hasher.update((encoded.len() as u64).to_be_bytes());
        hasher.update(&encoded);
    }
    let digest = hasher.finalize();
    let mut short = [0_u8; 16];
    short.copy_from_slice(&digest[..16]);
    Fingerprint(short)
}

/// The canonical value with what the org ignores when it compares taken away.
fn comparable(value: &Value, field: &FieldSchema) -> Value {
    match (canonical(value, field), &field.kind) {
        (Value::Text(text), FieldType::Picklist) => Value::Text(text.to_lowercase()),
        (Value::Text(text), FieldType::MultiPicklist) => {
            let mut parts: Vec<String> = text
                .split(';')
                .map(|part| part.trim().to_lowercase())
                .filter(|part| !part.is_empty())
                .collect();
            parts.sort();
            parts.dedup();
            Value::Text(parts.join(";"))
        }
        (canonical, _) => canonical,
    }
}

fn canonical_text(text: &str, field: &FieldSchema) -> Value {
    let unified = text.replace("\r\n", "\n");
    let trimmed = unified.trim();
    if trimmed.is_empty() {
        return Value::Null;
    }
    // An id in a reference field compares by identity, also where it came as text.
    if matches!(field.kind, FieldType::Reference | FieldType::Id)
        && let Ok(id) = crate::ids::RecordId::parse(trimmed)
    {
        return Value::Id(id);
    }
    Value::Text(trimmed.to_owned())
}

/// Decimals beyond the field's scale are cut by the org, not rounded (wire reference 9).
fn cut_to_scale(number: Decimal, field: &FieldSchema) -> Decimal {
    let numeric =
        matches!(field.kind, FieldType::Double | FieldType::Currency | FieldType::Percent);
    let cut = match field.kind {
        FieldType::Int | FieldType::Long => number.trunc(),
        _ if numeric => number.round_dp_with_strategy(field.scale, RoundingStrategy::ToZero),
        _ => number,
    };
    cut.normalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_assume, proptest};
    use rust_decimal::Decimal;

    use super::{canonical, fingerprint, same};
    use crate::schema::{FieldSchema, FieldType};
    use crate::value::Value;

    fn field(kind: FieldType, scale: u32) -> FieldSchema {
        FieldSchema {
            label: "Field".to_owned(),
            length: 255,
            precision: 18,
            scale,
            digits: 9,
            ..FieldSchema::plain("Field__c", kind)
        }
    }

    #[test]
    fn what_an_org_makes_of_a_value_on_save_is_the_same_value() {
        let text = field(FieldType::String, 0);
        assert!(same(&Value::from(" Acme \r\n"), &Value::from("Acme"), &text));
        assert!(same(&Value::from("   "), &Value::Null, &text));
        assert!(!same(&Value::from("acme"), &Value::from("Acme"), &text));
        let money = field(FieldType::Currency, 2);
        let number = |digits, scale| Value::Number(Decimal::new(digits, scale));
        assert!(
            same(&number(12_349, 3), &number(1234, 2), &money),
            "decimals beyond the scale are cut"
        );
        assert!(same(&Value::Null, &Value::Boolean(false), &field(FieldType::Boolean, 0)));
    }

    #[test]
    fn picklists_compare_without_case_and_multi_select_without_order() {
        assert!(same(&Value::from("HOT"), &Value::from("Hot"), &field(FieldType::Picklist, 0)));
        let several = field(FieldType::MultiPicklist, 0);
        assert!(same(&Value::from("b; A"), &Value::from("a;B"), &several));
        assert!(!same(&Value::from("a"), &Value::from("a;b"), &several));
    }

    #[test]
    fn an_id_is_the_same_in_both_of_its_lengths() {
        let lookup = field(FieldType::Reference, 0);
        let long = Value::Id("0015500001QdQWaAAN".parse().unwrap());
        assert!(same(&Value::from("0015500001QdQWa"), &long, &lookup));
    }

    proptest! {
        #[test]
        fn making_a_value_canonical_twice_changes_nothing(text in ".*", digits in any::<i64>(), scale in 0_u32..10) {
            for kind in [FieldType::String, FieldType::TextArea, FieldType::Picklist, FieldType::Reference] {
                let field = field(kind, 0);
                let once = canonical(&Value::from(text.as_str()), &field);
                prop_assert_eq!(canonical(&once, &field), once);
            }
            let money = field(FieldType::Currency, 2);
            let once = canonical(&Value::Number(Decimal::new(digits, scale)), &money);
            prop_assert_eq!(canonical(&once, &money), once);
        }

        #[test]
        fn equal_rows_have_equal_fingerprints_and_moved_values_do_not(left in "[a-z]{1,8}", right in "[a-z]{1,8}") {
            prop_assume!(left != right);
            let text = field(FieldType::String, 0);
            let print = |one: &str, two: &str| {
                fingerprint([(&Value::from(one), &text), (&Value::from(two), &text)])
            };
            prop_assert_eq!(print(&left, &right), print(&format!(" {left}"), &right));
            prop_assert!(print(&left, &right) != print(&right, &left));
        }
    }
}
