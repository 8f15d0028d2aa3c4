//! Fields that the org computes: formulas over a row and its parents, roll-ups over children.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::schema::FieldType;

/// A formula's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A constant.
    Value(Value),
    /// A field of the row (`Name`) or of a parent (`Account.Name`, one relationship).
    Field(String),
    /// Texts one after the other; blanks are empty.
    Concatenate(Vec<Expression>),
    /// A sum; blanks are zero.
    Add(Vec<Expression>),
    /// A product; blank when a factor is.
    Multiply(Vec<Expression>),
    /// Text in capitals.
    Upper(Box<Expression>),
}

impl Expression {
    /// The value, with fields looked up by `read`.
    pub(crate) fn evaluate(&self, read: &dyn Fn(&str) -> Value) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Field(path) => read(path),
            Self::Concatenate(parts) => {
                let text: String = parts.iter().map(|part| shown(&part.evaluate(read))).collect();
                if text.is_empty() { Value::Null } else { Value::String(text) }
            }
            Self::Add(parts) => {
                let sum: f64 = parts.iter().filter_map(|part| part.evaluate(read).as_f64()).sum();
                json!(sum)
            }
            Self::Multiply(parts) => {
                let factors: Option<Vec<f64>> =
                    parts.iter().map(|part| part.evaluate(read).as_f64()).collect();
                factors.map_or(Value::Null, |factors| json!(factors.iter().product::<f64>()))
            }
            Self::Upper(inner) => match inner.evaluate(read) {
                Value::String(text) => Value::String(text.to_uppercase()),
                other => other,
            },
        }
    }

    /// The formula text that describe shows as `calculatedFormula`.
    #[must_use]
    pub fn formula(&self) -> String {
        let join = |parts: &[Self], sign: &str| {
            let parts: Vec<String> = parts.iter().map(Self::formula).collect();
            parts.join(sign)
        };
        match self {
            Self::Value(value) => value.to_string(),
            Self::Field(path) => path.clone(),
            Self::Concatenate(parts) => join(parts, " & "),
            Self::Add(parts) => format!("({})", join(parts, " + ")),
            Self::Multiply(parts) => join(parts, " * "),
            Self::Upper(inner) => format!("UPPER({})", inner.formula()),
        }
    }

    /// True when it reads a field of a parent.
    pub(crate) fn reads_parent(&self) -> bool {
        match self {
            Self::Value(_) => false,
            Self::Field(path) => path.contains('.'),
            Self::Concatenate(parts) | Self::Add(parts) | Self::Multiply(parts) => {
                parts.iter().any(Self::reads_parent)
            }
            Self::Upper(inner) => inner.reads_parent(),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What a formula field answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FormulaType {
    Text,
    Number,
    Currency,
}

impl FormulaType {
    pub(crate) fn kind(self) -> FieldType {
        match self {
            Self::Text => FieldType::String,
            Self::Number => FieldType::Double,
            Self::Currency => FieldType::Currency,
        }
    }
}

/// A formula field. It always shows the present state, and a new value moves neither stamp.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    /// The object.
    pub object: String,
    /// The field, made when it is new.
    pub field: String,
    /// What it answers with: `text`, `number` or `currency`.
    #[serde(rename = "type")]
    pub(crate) kind: FormulaType,
    /// How it is computed.
    pub expression: Expression,
}

/// How a roll-up computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollUpFunction {
    /// The number of children.
    Count,
    /// The sum of a field.
    Sum,
    /// The smallest value of a field.
    Min,
    /// The greatest value of a field.
    Max,
}

/// A roll-up summary field. A new value is a change by the system: SystemModstamp moves, LastModifiedDate does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollUp {
    /// The parent object.
    pub object: String,
    /// The field on the parent, made when it is new.
    pub field: String,
    /// The child object.
    pub child: String,
    /// The child's field that names the parent.
    pub reference: String,
    /// How it is computed.
    pub function: RollUpFunction,
    /// The child's number that is computed with; none for a count.
    #[serde(default)]
    pub source: Option<String>,
}

impl RollUp {
    /// The value over the children's numbers; `count` children are there.
    pub(crate) fn value(&self, count: usize, numbers: &[f64]) -> Value {
        let number = match self.function {
            RollUpFunction::Count => u32::try_from(count).ok().map(f64::from),
            RollUpFunction::Sum => Some(numbers.iter().sum()),
            RollUpFunction::Min => numbers.iter().copied().reduce(f64::min),
            RollUpFunction::Max => numbers.iter().copied().reduce(f64::max),
        };
        number.map_or(Value::Null, |number| json!(number))
    }
}
