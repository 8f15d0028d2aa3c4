//! Conditions over one row: enforced as code, shown to clients as the formula text an administrator would write.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rows::Row;

/// A condition over a row and, for changes, what it was before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The field has no value.
    IsBlank(String),
    /// The field has this value; text is compared with case.
    Equals {
        /// API name.
        field: String,
        /// JSON value.
        value: Value,
    },
    /// The field's text has more characters.
    LongerThan {
        /// API name.
        field: String,
        /// Characters.
        characters: usize,
    },
    /// The field's number is greater.
    GreaterThan {
        /// API name.
        field: String,
        /// The bound, not included.
        number: f64,
    },
    /// The field's text contains this one.
    Contains {
        /// API name.
        field: String,
        /// The text looked for.
        text: String,
    },
    /// The field differs from what the row held before; false for a new row.
    Changed(String),
    /// Every condition holds.
    All(Vec<Condition>),
    /// One condition holds at least.
    Any(Vec<Condition>),
    /// The condition does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// True when it holds for a row that was `before`.
    #[must_use]
    pub fn holds(&self, row: &Row, before: Option<&Row>) -> bool {
        let value = |field: &String| row.get(field).filter(|value| !value.is_null());
        let text = |field: &String| value(field).and_then(Value::as_str);
        match self {
            Self::IsBlank(field) => value(field).is_none(),
            Self::Equals { field, value: wanted } => match (value(field), wanted.as_f64()) {
                (Some(own), Some(number)) => own.as_f64() == Some(number),
                (own, _) => own.unwrap_or(&Value::Null) == wanted,
            },
            Self::LongerThan { field, characters } => {
                text(field).is_some_and(|text| text.chars().count() > *characters)
            }
            Self::GreaterThan { field, number } => {
                value(field).and_then(Value::as_f64).is_some_and(|own| own > *number)
            }
            Self::Contains { field, text: part } => text(field).is_some_and(|t| t.contains(part)),
            Self::Changed(field) => {
                before.is_some_and(|before| before.get(field) != row.get(field))
            }
            Self::All(parts) => parts.iter().all(|part| part.holds(row, before)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(row, before)),
            Self::Not(inner) => !inner.holds(row, before),
        }
    }

    /// The condition in the platform's formula language.
    #[must_use]
    pub fn formula(&self) -> String {
        let list = |name: &str, parts: &[Self]| {
            let parts: Vec<String> = parts.iter().map(Self::formula).collect();
            format!("{name}({})", parts.join(", "))
        };
        match self {
            Self::IsBlank(field) => format!("ISBLANK({field})"),
            Self::Equals { field, value } => format!("{field} = {value}"),
            Self::LongerThan { field, characters } => format!("LEN({field}) > {characters}"),
            Self::GreaterThan { field, number } => format!("{field} > {number}"),
            Self::Contains { field, text } => {
                format!("CONTAINS({field}, {})", Value::from(&**text))
            }
            Self::Changed(field) => format!("ISCHANGED({field})"),
            Self::All(parts) => list("AND", parts),
            Self::Any(parts) => list("OR", parts),
            Self::Not(inner) => format!("NOT({})", inner.formula()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Condition;
    use crate::rows::Row;

    #[test]
    fn the_formula_text_says_what_is_enforced() {
        let condition: Condition = serde_json::from_value(json!({ "all": [
            { "equals": { "field": "Type", "value": "Prospect" } },
            { "not": { "is_blank": "Phone" } },
            { "changed": "Name" },
        ] }))
        .unwrap();
        let text = "AND(Type = \"Prospect\", NOT(ISBLANK(Phone)), ISCHANGED(Name))";
        assert_eq!(condition.formula(), text);
        let row = |name: &str| -> Row {
            let row = json!({ "Type": "Prospect", "Phone": "1", "Name": name });
            row.as_object().unwrap().clone().into_iter().collect()
        };
        assert!(condition.holds(&row("A"), Some(&row("B"))));
        assert!(!condition.holds(&row("A"), Some(&row("A"))));
        assert!(!condition.holds(&row("A"), None));
    }
}
