//! Runs a checked query over an org's tables.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use serde_json::Value;

use crate::rows::{Row, RowId, Table};
use crate::schema::{Object, Schema};
use crate::soql::aggregate::aggregate;
use crate::soql::ast::{Direction, Nulls, SetOperator};
use crate::soql::candidates::{Candidates, candidates};
use crate::soql::checked::{CheckedQuery, Columns, Filter, Path, SortKey, Values};
use crate::soql::evaluate::{fits, folded};

/// Whether deleted rows take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// `query`.
    Hidden,
    /// `queryAll`.
    Included,
}

/// What a query answers.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// Matching rows in result order.
    Rows(Arc<[RowId]>),
    /// `COUNT()`.
    Count(usize),
    /// One object per group.
    Aggregates(Vec<Value>),
}

/// The schema and rows that a query sees.
#[derive(Debug)]
pub(crate) struct World<'org> {
    pub(crate) tables: &'org BTreeMap<String, Table>,
    by_prefix: BTreeMap<&'org str, (&'org Object, &'org Table)>,
}

impl<'org> World<'org> {
    pub(crate) fn new(schema: &'org Schema, tables: &'org BTreeMap<String, Table>) -> Self {
        let objects = schema.objects.iter();
        let by_prefix = objects
            .filter_map(|object| {
                let table = tables.get(&object.name)?;
                Some((object.key_prefix.as_str(), (object, table)))
            })
            .collect();
        Self { tables, by_prefix }
    }

    /// The object and row behind an id, also when it was deleted.
    pub(crate) fn row(&self, id: &str) -> Option<(&'org Object, &'org Row)> {
        let (object, table) = self.by_prefix.get(id.get(..3)?)?;
        Some((object, &table.stored(id)?.row))
    }

    /// A field of the row or of a parent; `None` for null.
    pub(crate) fn value<'row>(&self, row: &'row Row, path: &Path) -> Option<&'row Value>
    where
        'org: 'row,
    {
        let mut row = row;
        for hop in &path.hops {
            row = self.row(row.get(&hop.reference)?.as_str()?)?.1;
        }
        row.get(&path.column.name).filter(|value| !value.is_null())
    }
}

impl CheckedQuery {
    /// Runs the query.
    pub(crate) fn run(&self, world: &World<'_>, deleted: Deleted) -> Answer {
        let Some(table) = world.tables.get(&self.object) else {
            return Answer::Rows(Arc::from([]));
        };
        let filter = self.filter.as_ref().map(|filter| without_semi_joins(filter, world));
        let found = Matches { query: self, world, table, filter, deleted };
        match &self.columns {
            Columns::Rows(..) => Answer::Rows(found.ordered().into()),
            Columns::Count => Answer::Count(self.cut(found.all()).len()),
            Columns::Aggregates { groups, columns } => {
                let rows = found.ordered_without_cut();
                let rows: Vec<&Row> =
                    rows.iter().filter_map(|id| Some(&table.stored(id)?.row)).collect();
                Answer::Aggregates(self.cut(aggregate(&rows, groups, columns, world)))
            }
        }
    }

    fn cut<T>(&self, items: Vec<T>) -> Vec<T> {
        let limit = self.limit.unwrap_or(usize::MAX);
        items.into_iter().skip(self.offset).take(limit).collect()
    }

    /// True when the result comes in the order of ids, so that a LIMIT can end the search.
    fn is_by_id(&self) -> bool {
        match self.order.as_slice() {
            [SortKey { path, direction: Direction::Ascending, .. }] => {
                path.hops.is_empty() && path.column.name == "Id"
            }
            _ => false,
        }
    }
}

struct Matches<'run> {
    query: &'run CheckedQuery,
    world: &'run World<'run>,
    table: &'run Table,
    filter: Option<Filter>,
    deleted: Deleted,
}

impl Matches<'_> {
    fn ordered(&self) -> Vec<RowId> {
        if self.query.is_by_id() {
            let limit = self.query.limit.unwrap_or(usize::MAX);
            return self.by_id().skip(self.query.offset).take(limit).cloned().collect();
        }
        self.query.cut(self.ordered_without_cut())
    }

    fn ordered_without_cut(&self) -> Vec<RowId> {
        let mut rows: Vec<(Vec<SortValue>, u64, RowId)> =
            self.all().into_iter().map(|id| (self.sort_values(&id), scattered(&id), id)).collect();
        rows.sort_by(|a, b| {
            compare(&self.query.order, &a.0, &b.0).then((a.1, &a.2).cmp(&(b.1, &b.2)))
        });
        rows.into_iter().map(|(_, _, id)| id).collect()
    }

    fn all(&self) -> Vec<RowId> {
        self.by_id().cloned().collect()
    }

    fn by_id(&self) -> Box<dyn Iterator<Item = &RowId> + '_> {
        let found: Box<dyn Iterator<Item = &RowId>> =
            match candidates(self.filter.as_ref(), self.table) {
                Candidates::These(mut list) => {
                    list.sort_unstable();
                    Box::new(list.into_iter().filter_map(|id| self.table.own_id(&id)))
                }
                Candidates::From(id) => {
                    // The ids come out of the map, so the bound may end here.
                    Box::new(self.table.ids_from(Bound::Included(id.as_str())))
                }
                Candidates::All => Box::new(self.table.all().map(|(id, _)| id)),
            };
        Box::new(found.filter(|id| self.is_match(id)))
    }

    fn is_match(&self, id: &str) -> bool {
        let Some(stored) = self.table.stored(id) else { return false };
        let seen = self.deleted == Deleted::Included || stored.deleted_date.is_none();
        seen && self.filter.as_ref().is_none_or(|filter| fits(filter, &stored.row, self.world))
    }

    fn sort_values(&self, id: &str) -> Vec<SortValue> {
        let Some(stored) = self.table.stored(id) else { return Vec::new() };
        let keys = self.query.order.iter();
        keys.map(|key| SortValue::new(&key.path, self.world.value(&stored.row, &key.path)))
            .collect()
    }
}

#[derive(Debug, Clone, PartialEq)]
enum SortValue {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
}

impl SortValue {
    fn new(path: &Path, value: Option<&Value>) -> Self {
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

fn compare(keys: &[SortKey], own: &[SortValue], other: &[SortValue]) -> Ordering {
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

/// A number that scatters ids: the order of rows without ORDER BY is stable but leans on nothing (FNV-1a).
fn scattered(id: &str) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Replaces every semi-join by the list of ids that its query selects.
fn without_semi_joins(filter: &Filter, world: &World<'_>) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(|part| without_semi_joins(part, world)).collect();
    match filter {
        Filter::All(parts) => Filter::All(all(parts)),
        Filter::Any(parts) => Filter::Any(all(parts)),
        Filter::Not(inner) => Filter::Not(Box::new(without_semi_joins(inner, world))),
        Filter::SemiJoin { path, operator, query, selected } => {
            let values = selected_ids(query, selected, world);
            let negated = *operator == SetOperator::NotIn;
            Filter::In { path: path.clone(), negated, values }
        }
        other => other.clone(),
    }
}

fn selected_ids(query: &CheckedQuery, selected: &Path, world: &World<'_>) -> Values {
    let mut values = Values::default();
    let (Answer::Rows(ids), Some(table)) =
        (query.run(world, Deleted::Hidden), world.tables.get(&query.object))
    else {
        return values;
    };
    for row in ids.iter().filter_map(|id| table.live(id)) {
        if let Some(id) = world.value(row, selected).and_then(Value::as_str) {
            values.texts.insert(folded(&selected.column, id));
        }
    }
    values
}
