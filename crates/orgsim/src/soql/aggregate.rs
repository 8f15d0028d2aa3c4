//! GROUP BY and the aggregate functions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::rows::Row;
use crate::soql::ast::Function;
use crate::soql::checked::{AggregateColumn, AggregateSource, Path};
use crate::soql::evaluate::folded;
use crate::soql::run::World;

/// One result object per group, groups in the order of their first row; without GROUP BY exactly one.
pub(crate) fn aggregate(
    rows: &[&Row],
    groups: &[Path],
    columns: &[AggregateColumn],
    world: &World<'_>,
) -> Vec<Value> {
    if groups.is_empty() {
        return vec![result(rows, groups, columns, world)];
    }
    let mut places: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut members: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let key = groups.iter().map(|path| key(path, world.value(row, path))).collect();
        let place = *places.entry(key).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[place].push(row);
    }
    members.iter().map(|rows| result(rows, groups, columns, world)).collect()
}

fn result(rows: &[&Row], groups: &[Path], columns: &[AggregateColumn], world: &World<'_>) -> Value {
    let mut result = Map::new();
    result.insert("attributes".to_owned(), json!({ "type": "AggregateResult" }));
    for column in columns {
        let value = match &column.source {
            AggregateSource::Group(place) => {
                let group = groups.get(*place).zip(rows.first());
                group.and_then(|(path, row)| world.value(row, path)).cloned()
            }
            AggregateSource::Function(function, path) => {
                let values: Vec<&Value> =
                    rows.iter().filter_map(|row| world.value(row, path)).collect();
                compute(*function, path, &values)
            }
        };
        result.insert(column.name.clone(), value.unwrap_or(Value::Null));
    }
    Value::Object(result)
}

fn compute(function: Function, path: &Path, values: &[&Value]) -> Option<Value> {
    let numbers = || values.iter().filter_map(|value| value.as_f64());
    match function {
        Function::Count => Some(json!(values.len())),
        Function::CountDistinct => {
            let distinct: BTreeSet<String> =
                values.iter().map(|value| key(path, Some(value))).collect();
            Some(json!(distinct.len()))
        }
        Function::Sum => numbers().reduce(|sum, number| sum + number).map(Value::from),
        Function::Average => {
            let sum = numbers().reduce(|sum, number| sum + number)?;
            // A table of more than 2^52 rows does not fit into memory.
            #[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
            Some(Value::from(sum / values.len() as f64))
        }
        Function::Minimum => extreme(values, true),
        Function::Maximum => extreme(values, false),
    }
}

fn extreme(values: &[&Value], lowest: bool) -> Option<Value> {
    let best = values.iter().copied().reduce(|best, value| {
        let smaller = match (value.as_f64(), best.as_f64()) {
            (Some(value), Some(best)) => value < best,
            _ => value.as_str() < best.as_str(),
        };
        if smaller == lowest { value } else { best }
    });
    best.cloned()
}

fn key(path: &Path, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => format!("'{}", folded(&path.column, text)),
        Some(other) => other.to_string(),
    }
}
