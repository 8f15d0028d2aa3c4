//! Whether a row fits a condition.

use std::cmp::Ordering;

use serde_json::Value;

use crate::rows::Row;
use crate::soql::ast::Operator;
use crate::soql::checked::{Column, Filter, Path, Values};
use crate::soql::operand::{Family, Operand, family};
use crate::soql::world::World;

/// True when `row` fits. Comparisons with null are false, except that `!=` and NOT IN hold for null too.
pub(crate) fn fits(filter: &Filter, row: &Row, world: &World<'_>) -> bool {
    match filter {
        Filter::All(parts) => parts.iter().all(|part| fits(part, row, world)),
        Filter::Any(parts) => parts.iter().any(|part| fits(part, row, world)),
        Filter::Not(inner) => !fits(inner, row, world),
        Filter::Compare { path, operator, operand } => {
            compares(*operator, operand, &path.column, world.value(row, path).as_deref())
        }
        Filter::Like { path, pattern } => {
            let value = world.value(row, path);
            value.as_deref().and_then(Value::as_str).is_some_and(|text| pattern.matches(text))
        }
        Filter::In { path, negated, values } => is_in(values, path, row, world) != *negated,
        Filter::Includes { path, negated, groups } => {
            includes(groups, world.value(row, path).as_deref()) != *negated
        }
        // Semi-joins were replaced by their lists before any row is looked at.
        Filter::SemiJoin { .. } => false,
    }
}

/// Text as comparisons see it.
pub(crate) fn folded(column: &Column, text: &str) -> String {
    match (family(column.kind), column.exact) {
        (Family::Id, _) => text.get(..15).unwrap_or(text).to_owned(),
        (Family::Text, false) => text.to_lowercase(),
        _ => text.to_owned(),
    }
}

fn compares(operator: Operator, operand: &Operand, column: &Column, value: Option<&Value>) -> bool {
    let order = if *operand == Operand::Null {
        return match operator {
            Operator::Equal => value.is_none(),
            Operator::NotEqual => value.is_some(),
            _ => false,
        };
    } else {
        order(operand, column, value)
    };
    match (operator, order) {
        (Operator::Equal, order) => order == Some(Ordering::Equal),
        (Operator::NotEqual, order) => order != Some(Ordering::Equal),
        (Operator::Less, order) => order == Some(Ordering::Less),
        (Operator::LessOrEqual, order) => order.is_some_and(Ordering::is_le),
        (Operator::Greater, order) => order == Some(Ordering::Greater),
        (Operator::GreaterOrEqual, order) => order.is_some_and(Ordering::is_ge),
        (Operator::Like, _) => false,
    }
}

fn order(operand: &Operand, column: &Column, value: Option<&Value>) -> Option<Ordering> {
    match (operand, value) {
        (Operand::Text(own), Some(Value::String(text))) => Some(order_of_texts(column, text, own)),
        _ => operand.order(value),
    }
}

/// Compares without making a new text where it can: this runs for each row of a table.
fn order_of_texts(column: &Column, text: &str, folded_operand: &str) -> Ordering {
    if column.exact {
        return text.cmp(folded_operand);
    }
    if text.is_ascii() {
        let lower = text.bytes().map(|byte| byte.to_ascii_lowercase());
        return lower.cmp(folded_operand.bytes());
    }
    folded(column, text).as_str().cmp(folded_operand)
}

fn is_in(values: &Values, path: &Path, row: &Row, world: &World<'_>) -> bool {
    let value = world.value(row, path);
    let value = value.as_deref();
    if let (Some(text), false) = (value.and_then(Value::as_str), values.texts.is_empty())
        && values.texts.contains(&folded(&path.column, text))
    {
        return true;
    }
    values.others.iter().any(|own| compares(Operator::Equal, own, &path.column, value))
}

fn includes(groups: &[Vec<String>], value: Option<&Value>) -> bool {
    let text = value.and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let chosen: Vec<&str> = text.split(';').collect();
    groups.iter().any(|group| group.iter().all(|wanted| chosen.contains(&wanted.as_str())))
}
