//! Which rows a condition can fit at all, from the indexes of a table.

use std::ops::Bound;

use serde_json::Value;

use crate::ids;
use crate::rows::{RowId, Table};
use crate::soql::ast::Operator;
use crate::soql::checked::{Filter, Path, Values};
use crate::soql::operand::Operand;

/// The stamp field that has a range index.
const SYSTEM_MODSTAMP: &str = "SystemModstamp";

/// Rows worth looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Candidates {
    /// These, in no order that matters.
    These(Vec<RowId>),
    /// All rows whose id is this or higher.
    From(String),
    /// All rows.
    All,
}

/// The narrowest set that an index gives for `filter`; the rows in it still have to be tested.
pub(crate) fn candidates(filter: Option<&Filter>, table: &Table) -> Candidates {
    let Some(filter) = filter else { return Candidates::All };
    let parts: Vec<&Filter> = match filter {
        Filter::All(parts) => parts.iter().collect(),
        single => vec![single],
    };
    let lists = parts.iter().filter_map(|part| indexed(part, table));
    let best = lists.chain(modified(&parts, table)).min_by_key(Vec::len);
    match (best, parts.iter().find_map(|part| lowest_id(part))) {
        (Some(list), _) => Candidates::These(list),
        (None, Some(from)) => Candidates::From(from),
        (None, None) => Candidates::All,
    }
}

fn indexed(filter: &Filter, table: &Table) -> Option<Vec<RowId>> {
    match filter {
        Filter::Compare { path, operator: Operator::Equal, operand } => {
            let field = own_field(path)?;
            rows_with(table, field, operand)
        }
        Filter::In { path, negated: false, values } => list(table, own_field(path)?, values),
        _ => None,
    }
}

fn list(table: &Table, field: &str, values: &Values) -> Option<Vec<RowId>> {
    if field != "Id" && !table.has_index(field) {
        return None;
    }
    let mut rows = Vec::new();
    for text in &values.texts {
        rows.extend(rows_with_text(table, field, text));
    }
    for other in &values.others {
        rows.extend(rows_with(table, field, other)?);
    }
    rows.sort_unstable();
    rows.dedup();
    Some(rows)
}

fn rows_with(table: &Table, field: &str, operand: &Operand) -> Option<Vec<RowId>> {
    if field != "Id" && !table.has_index(field) {
        return None;
    }
    match operand {
        Operand::Id(text) | Operand::Text(text) => Some(rows_with_text(table, field, text)),
        Operand::Number(number) => Some(table.find_all(field, &Value::from(*number))),
        _ => None,
    }
}

fn rows_with_text(table: &Table, field: &str, text: &str) -> Vec<RowId> {
    if field == "Id" {
        let id = ids::to_18(text).filter(|id| table.stored(id).is_some());
        return id.map(RowId::from).into_iter().collect();
    }
    let is_reference = table.indexes_references(field);
    let key = if is_reference { ids::to_18(text) } else { None };
    table.find_all(field, &Value::String(key.unwrap_or_else(|| text.to_owned())))
}

/// Rows between the tightest bounds that the conditions set on SystemModstamp.
fn modified(parts: &[&Filter], table: &Table) -> Option<Vec<RowId>> {
    let (mut from, mut to): (Option<&str>, Option<&str>) = (None, None);
    for part in parts {
        let Filter::Compare { path, operator, operand: Operand::Time { start, end } } = part else {
            continue;
        };
        if own_field(path) != Some(SYSTEM_MODSTAMP) {
            continue;
        }
        match operator {
            Operator::Greater | Operator::GreaterOrEqual => from = from.max(Some(start)),
            Operator::Less | Operator::LessOrEqual => {
                let end = end.as_deref().unwrap_or(start);
                to = Some(to.map_or(end, |to| to.min(end)));
            }
            _ => {}
        }
    }
    if from.is_none() && to.is_none() || from.zip(to).is_some_and(|(from, to)| from > to) {
        return None;
    }
    let from = from.map_or(Bound::Unbounded, Bound::Included);
    Some(table.modified_between(from, to.map_or(Bound::Unbounded, Bound::Included)))
}

fn lowest_id(filter: &Filter) -> Option<String> {
    match filter {
        Filter::Compare {
            path,
            operator: Operator::Greater | Operator::GreaterOrEqual,
            operand: Operand::Id(id),
        } if own_field(path) == Some("Id") => ids::to_18(id),
        _ => None,
    }
}

fn own_field(path: &Path) -> Option<&str> {
    path.own_field()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Candidates, candidates};
    use crate::ids;
    use crate::rows::{Row, Table};
    use crate::schema::standard;
    use crate::soql::{Context, check, parse};

    /// A hundred contacts, ten for each of ten accounts, one changed every minute.
    fn contacts() -> Table {
        let schema = standard::schema();
        let mut table = Table::new(schema.object("Contact").unwrap(), &ids::organization_id(0));
        for number in 0..100_u64 {
            let row = json!({
                "LastName": format!("Name {number}"),
                "ERP_Key__c": format!("K{number}"),
                "AccountId": ids::make("001", "5A", number / 10),
                "SystemModstamp": format!("2026-11-20T{:02}:{:02}:00.000+0000", number / 60, number % 60),
            });
            table.insert_seeded(row.as_object().unwrap().clone().into_iter().collect::<Row>());
        }
        table
    }

    fn looked_at(condition: &str) -> Option<usize> {
        let source = format!("SELECT Id FROM Contact WHERE {condition}");
        let now = "2026-11-20T10:00:00Z".parse().unwrap();
        let schema = standard::schema();
        let context = Context { schema: &schema, now, user: "" };
        let query = check(&source, &parse(&source).unwrap(), context).unwrap();
        match candidates(query.filter.as_ref(), &contacts()) {
            Candidates::These(rows) => Some(rows.len()),
            Candidates::From(_) | Candidates::All => None,
        }
    }

    #[test]
    fn ids_keys_references_and_stamps_are_looked_up_and_not_searched() {
        let id = ids::make("003", ids::instance_code(&ids::organization_id(0)), 7);
        let account = ids::make("001", "5A", 3);
        for (condition, rows) in [
            (format!("Id = '{}'", &id[..15]), 1),
            (format!("Id IN ('{id}', '003000000000000')"), 1),
            ("ERP_Key__c = 'k5'".to_owned(), 1),
            ("ERP_Key__c IN ('K5', 'K6', 'none')".to_owned(), 2),
            (format!("AccountId = '{account}' AND LastName LIKE 'N%'"), 10),
            (format!("AccountId = '{account}' AND ERP_Key__c = 'K31'"), 1),
            (
                "SystemModstamp >= 2026-11-20T00:10:00Z AND SystemModstamp < 2026-11-20T00:20:00Z"
                    .to_owned(),
                11,
            ),
        ] {
            assert_eq!(looked_at(&condition), Some(rows), "{condition}");
        }
    }

    #[test]
    fn conditions_that_no_index_narrows_look_at_all_rows() {
        for condition in [
            "LastName = 'x'",
            "ERP_Key__c != 'K5'",
            "ERP_Key__c = 'K5' OR LastName = 'x'",
            "NOT ERP_Key__c = 'K5'",
        ] {
            assert_eq!(looked_at(condition), None, "{condition}");
        }
    }
}
