//! ORDER BY, and the order of rows that ask for none.

use std::cmp::Ordering;

use serde_json::Value;

use crate::soql::ast::{Direction, Nulls};
use crate::soql::checked::{Path, SortKey};
use crate::soql::evaluate::folded;

/// A value as ORDER BY sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SortValue {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
}

impl SortValue {
    /// Text without case unless the field has one.
    pub(crate) fn new(path: &Path, value: Option<&Value>) -> Self {
        match value {
            Some(Value::Bool(value)) => Self::Boolean(*value),
            Some(Value::Number(number)) => Self::Number(number.as_f64().unwrap_or_default()),
            Some(Value::String(text)) => Self::Text(folded(&path.column, text)),
            _ => Self::Null,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(own), Self::Boolean(other)) => own.cmp(other),
            (Self::Number(own), Self::Number(other)) => own.total_cmp(other),
            (Self::Text(own), Self::Text(other)) => own.cmp(other),
            _ => Ordering::Equal,
        }
    }
}

/// How two rows stand to each other by their sort values.
pub(crate) fn compare(keys: &[SortKey], own: &[SortValue], other: &[SortValue]) -> Ordering {
    let pairs = keys.iter().zip(own.iter().zip(other));
    pairs
        .map(|(key, (own, other))| match (own == &SortValue::Null, other == &SortValue::Null) {
            (true, true) => Ordering::Equal,
            (true, false) if key.nulls == Nulls::First => Ordering::Less,
            (false, true) if key.nulls == Nulls::Last => Ordering::Less,
            (true, false) | (false, true) => Ordering::Greater,
            _ if key.direction == Direction::Descending => other.compare(own),
            _ => own.compare(other),
        })
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

/// Sorts the first `wanted` items to the front and drops the others, without sorting those.
pub(crate) fn keep_first<T>(
    items: &mut Vec<T>,
    wanted: usize,
    order: impl Fn(&T, &T) -> Ordering + Copy,
) {
    if wanted == 0 {
        items.clear();
    } else if wanted < items.len() {
        items.select_nth_unstable_by(wanted - 1, order);
        items.truncate(wanted);
    }
    items.sort_unstable_by(order);
}

/// A number that scatters ids: the order of rows without ORDER BY is stable but leans on nothing (FNV-1a).
pub(crate) fn scattered(id: &str) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
