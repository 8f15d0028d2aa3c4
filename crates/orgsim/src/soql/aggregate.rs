//! Groups of rows, and the functions over them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::rows::Row;
use crate::soql::ast::Function;
use crate::soql::check::{computed_key, group_key};
use crate::soql::checked::{Computed, Groups, Path};
use crate::soql::evaluate::folded;
use crate::soql::world::World;

/// One row per group, keyed as [`Groups`] says, in the order of each group's first row; without GROUP BY exactly one.
pub(crate) fn group_rows(rows: &[&Row], groups: &Groups, world: &World<'_>) -> Vec<Row> {
    let sets = groups.sets.iter();
    sets.flat_map(|set| {
        let members = members(rows, groups, set, world);
        members.into_iter().map(|rows| group_row(&rows, groups, set, world))
    })
    .collect()
}

/// A group's row as an answer shows it.
pub(crate) fn show(row: &Row, groups: &Groups) -> Value {
    let mut result = Map::new();
    result.insert("attributes".to_owned(), json!({ "type": "AggregateResult" }));
    for column in &groups.columns {
        let value = row.get(&column.key).cloned().unwrap_or(Value::Null);
        result.insert(column.name.clone(), value);
    }
    Value::Object(result)
}

fn members<'row>(
    rows: &[&'row Row],
    groups: &Groups,
    set: &[usize],
    world: &World<'_>,
) -> Vec<Vec<&'row Row>> {
    if set.is_empty() {
        // The total over all rows: there is always one, unless rows were to be grouped and there are none.
        let is_missing = rows.is_empty() && !groups.by.is_empty();
        return if is_missing { Vec::new() } else { vec![rows.to_vec()] };
    }
    let mut places: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut members: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let paths = set.iter().filter_map(|index| groups.by.get(*index));
        let key = paths.map(|path| key(path, world.value(row, path).as_deref())).collect();
        let place = *places.entry(key).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[place].push(row);
    }
    members
}

fn group_row(rows: &[&Row], groups: &Groups, set: &[usize], world: &World<'_>) -> Row {
    let mut shown = Row::new();
    let mut put = |key: String, value: Option<Value>| {
        if let Some(value) = value {
            shown.insert(key, value);
        }
    };
    for index in set {
        let first = groups.by.get(*index).zip(rows.first());
        let value = first.and_then(|(path, row)| world.value(row, path));
        put(group_key(*index), value.map(Cow::into_owned));
    }
    for (index, computed) in groups.computed.iter().enumerate() {
        let value = match computed {
            Computed::Grouping(field) => Some(json!(i32::from(!set.contains(field)))),
            Computed::Over(function, path) => {
                let values = rows.iter().filter_map(|row| world.value(row, path));
                compute(*function, path, &values.collect::<Vec<_>>())
            }
        };
        put(computed_key(index), value);
    }
    shown
}

fn compute(function: Function, path: &Path, values: &[Cow<'_, Value>]) -> Option<Value> {
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
        Function::Minimum => extreme(path, values, true),
        Function::Maximum => extreme(path, values, false),
        _ => None,
    }
}

fn extreme(path: &Path, values: &[Cow<'_, Value>], lowest: bool) -> Option<Value> {
    let text = |value: &Value| value.as_str().map(|text| folded(&path.column, text));
    let best = values.iter().reduce(|best, value| {
        let smaller = match (value.as_f64(), best.as_f64()) {
            (Some(value), Some(best)) => value < best,
            _ => text(value) < text(best),
        };
        if smaller == lowest { value } else { best }
    });
    best.cloned().map(Cow::into_owned)
}

fn key(path: &Path, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => format!("'{}", folded(&path.column, text)),
        Some(other) => other.to_string(),
    }
}
