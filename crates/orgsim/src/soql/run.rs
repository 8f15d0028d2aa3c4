//! Runs a checked query over an org's tables.

use std::ops::Bound;
use std::sync::Arc;

use serde_json::Value;

use crate::rows::{Row, RowId, Table};
use crate::soql::aggregate::{group_rows, show};
use crate::soql::ast::{Direction, SetOperator};
use crate::soql::candidates::{Candidates, candidates};
use crate::soql::checked::{
    CheckedQuery, Children, Columns, Filter, Groups, Path, SortKey, Values,
};
use crate::soql::evaluate::{fits, folded};
use crate::soql::order::{SortValue, compare, keep_first, scattered};
use crate::soql::world::World;

/// Whether deleted rows take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
            Columns::Count => Answer::Count(self.cut(found.unordered().count())),
            Columns::Groups(groups) => Answer::Aggregates(found.groups(groups)),
        }
    }

    /// The children of one parent that this child subquery lists, in result order.
    pub(crate) fn run_below(
        &self,
        children: &Children,
        parent: &str,
        world: &World<'_>,
        deleted: Deleted,
    ) -> Vec<RowId> {
        let Some(table) = world.tables.get(&self.object) else { return Vec::new() };
        let filter = self.filter.as_ref().map(|filter| without_semi_joins(filter, world));
        let found = Matches { query: self, world, table, filter, deleted };
        let ids = world.children(&self.object, &children.reference, parent);
        found.sorted(ids.into_iter().filter(|id| found.is_match(id)).collect())
    }

    /// How many of `found` rows OFFSET and LIMIT leave.
    fn cut(&self, found: usize) -> usize {
        found.saturating_sub(self.offset).min(self.limit.unwrap_or(usize::MAX))
    }

    /// How many rows have to be in order: those that OFFSET skips count too.
    fn wanted(&self) -> usize {
        self.limit.map_or(usize::MAX, |limit| limit.saturating_add(self.offset))
    }

    /// True when the result comes in the order of ids, so that a LIMIT can end the search.
    fn is_by_id(&self) -> bool {
        match self.order.as_slice() {
            [SortKey { path, direction: Direction::Ascending, .. }] => {
                path.own_field() == Some("Id")
            }
            _ => false,
        }
    }
}

/// The rows of a table that fit.
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
        self.sorted(self.unordered().cloned().collect())
    }

    /// These ids in result order, OFFSET and LIMIT applied.
    fn sorted(&self, ids: Vec<RowId>) -> Vec<RowId> {
        let (wanted, keys) = (self.query.wanted(), &self.query.order);
        let skip = self.query.offset;
        if keys.is_empty() {
            let mut rows: Vec<(u64, RowId)> =
                ids.into_iter().map(|id| (scattered(&id), id)).collect();
            keep_first(&mut rows, wanted, |a, b| a.cmp(b));
            return rows.into_iter().skip(skip).map(|(_, id)| id).collect();
        }
        let mut rows: Vec<(Vec<SortValue>, u64, RowId)> =
            ids.into_iter().map(|id| (self.sort_values(&id), scattered(&id), id)).collect();
        keep_first(&mut rows, wanted, |a, b| {
            compare(keys, &a.0, &b.0).then_with(|| (a.1, &a.2).cmp(&(b.1, &b.2)))
        });
        rows.into_iter().skip(skip).map(|(_, _, id)| id).collect()
    }

    fn groups(&self, groups: &Groups) -> Vec<Value> {
        let mut ids: Vec<&RowId> = self.unordered().collect();
        ids.sort_by_cached_key(|id| scattered(id));
        let rows: Vec<&Row> =
            ids.into_iter().filter_map(|id| Some(&self.table.stored(id)?.row)).collect();
        let mut found = group_rows(&rows, groups, self.world);
        if let Some(having) = &groups.having {
            found.retain(|row| fits(having, row, self.world));
        }
        let keys = &self.query.order;
        if !keys.is_empty() {
            found.sort_by_cached_key(|row| GroupOrder { keys, values: self.values_of(row) });
        }
        let limit = self.query.limit.unwrap_or(usize::MAX);
        let shown = found.iter().skip(self.query.offset).take(limit);
        shown.map(|row| show(row, groups)).collect()
    }

    /// Matching rows in an order that means nothing.
    fn unordered(&self) -> impl Iterator<Item = &RowId> {
        self.by_id()
    }

    fn by_id(&self) -> Box<dyn Iterator<Item = &RowId> + '_> {
        match candidates(self.filter.as_ref(), self.table) {
            Candidates::These(mut list) => {
                list.sort_unstable();
                let own = list.into_iter().filter_map(|id| self.table.own_id(&id));
                Box::new(own.filter(|id| self.is_match(id)))
            }
            Candidates::From(id) => {
                // The ids come out of the map, so the bound may end here.
                let ids = self.table.ids_from(Bound::Included(id.as_str()));
                Box::new(ids.filter(|id| self.is_match(id)))
            }
            Candidates::All => {
                let rows = self.table.all();
                let fitting = rows
                    .filter(|(_, stored)| self.fits(&stored.row, stored.deleted_date.is_some()));
                Box::new(fitting.map(|(id, _)| id))
            }
        }
    }

    fn is_match(&self, id: &str) -> bool {
        let stored = self.table.stored(id);
        stored.is_some_and(|stored| self.fits(&stored.row, stored.deleted_date.is_some()))
    }

    fn fits(&self, row: &Row, is_deleted: bool) -> bool {
        let seen = self.deleted == Deleted::Included || !is_deleted;
        seen && self.filter.as_ref().is_none_or(|filter| fits(filter, row, self.world))
    }

    fn sort_values(&self, id: &str) -> Vec<SortValue> {
        self.table.stored(id).map(|stored| self.values_of(&stored.row)).unwrap_or_default()
    }

    fn values_of(&self, row: &Row) -> Vec<SortValue> {
        let keys = self.query.order.iter();
        keys.map(|key| SortValue::new(&key.path, self.world.value(row, &key.path).as_deref()))
            .collect()
    }
}

/// A group's sort values beside the keys that compare them.
struct GroupOrder<'run> {
    keys: &'run [SortKey],
    values: Vec<SortValue>,
}

impl Ord for GroupOrder<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        compare(self.keys, &self.values, &other.values)
    }
}

impl PartialOrd for GroupOrder<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for GroupOrder<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for GroupOrder<'_> {}

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
        if let Some(id) = world.value(row, selected).as_deref().and_then(Value::as_str) {
            values.texts.insert(folded(&selected.column, id));
        }
    }
    values
}
