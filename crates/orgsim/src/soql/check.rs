//! Looks up a parsed query's names and fits its literals to the fields.

mod expression;
mod filters;
mod groups;
mod joins;
mod resolve;
mod select;

pub(crate) use groups::{computed_key, group_key};

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::schema::{Object, Schema};
use crate::soql::ast::{Expression, Function, Operator, Order, Query, SelectItem};
use crate::soql::check::filters::{Clause, Filters};
use crate::soql::check::select::add;
use crate::soql::checked::{CheckedQuery, Column, Columns, Filter, Groups, Path, Shape, SortKey};
use crate::soql::error::SoqlError;
use crate::soql::operand::Operand;

/// What a query is checked against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'org> {
    pub(crate) schema: &'org Schema,
    pub(crate) now: Timestamp,
    /// The asking user's id, for `USING SCOPE mine`.
    pub(crate) user: &'org str,
}

/// Checks a query against a schema. `source` is the text it was parsed from, for the places in errors.
///
/// # Errors
/// `INVALID_TYPE`, `INVALID_FIELD`, `INVALID_QUERY_FILTER_OPERATOR` or `MALFORMED_QUERY` with the place.
pub(crate) fn check(
    source: &str,
    query: &Query,
    context: Context<'_>,
) -> Result<CheckedQuery, SoqlError> {
    let object = context
        .schema
        .object(&query.from.text)
        .ok_or_else(|| SoqlError::no_object(source, query.from.at, &query.from.text))?;
    Scope::new(source, query, context, object, Nesting::Top).query(query)
}

/// The shape of a row with these fields or paths; the names of single-record reads.
///
/// # Errors
/// The first name that is unknown.
pub(crate) fn shape(schema: &Schema, object: &Object, names: &[&str]) -> Result<Shape, String> {
    let context = Context { schema, now: Timestamp::UNIX_EPOCH, user: "" };
    let scope = Scope::without_query(context, object);
    let mut shape = Shape::default();
    for name in names {
        let path = scope.plain_path(name).map_err(|_| (*name).to_owned())?;
        add(&mut shape, path.column.name.clone(), &path);
    }
    Ok(shape)
}

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nesting {
    /// It is the whole text.
    Top,
    /// It lists children of a row.
    Children,
    /// It is the right side of an IN.
    SemiJoin,
}

/// The names that one query can see.
struct Scope<'query> {
    source: &'query str,
    context: Context<'query>,
    object: &'query Object,
    nesting: Nesting,
    /// Names that stand for a path, the object's own alias for an empty one.
    aliases: Vec<(&'query str, Vec<&'query str>)>,
    /// Parent relationships in use, each with the way to it.
    parents: RefCell<BTreeSet<String>>,
    /// The groups of an aggregate query, as far as they are known.
    groups: RefCell<Groups>,
}

type Checked<T> = Result<T, SoqlError>;

impl<'query> Scope<'query> {
    fn new(
        source: &'query str,
        query: &'query Query,
        context: Context<'query>,
        object: &'query Object,
        nesting: Nesting,
    ) -> Self {
        let mut scope = Self { source, nesting, ..Self::without_query(context, object) };
        let own = query.alias.iter().map(|alias| (alias.text.as_str(), Vec::new()));
        scope.aliases.extend(own);
        scope.aliases.push((query.from.text.as_str(), Vec::new()));
        let paths = query.paths.iter();
        scope.aliases.extend(
            paths.map(|(path, alias)| (alias.text.as_str(), path.text.split('.').collect())),
        );
        scope
    }

    fn without_query(context: Context<'query>, object: &'query Object) -> Self {
        Self {
            source: "",
            context,
            object,
            nesting: Nesting::Top,
            aliases: vec![(object.name.as_str(), Vec::new())],
            parents: RefCell::default(),
            groups: RefCell::default(),
        }
    }

    fn query(&self, query: &Query) -> Checked<CheckedQuery> {
        self.fits_nesting(query)?;
        let columns = self.columns(query)?;
        let filter = query.condition.as_ref().map(|condition| {
            self.allows_joins(condition)?;
            Filters { scope: self, clause: Clause::Where }.filter(condition)
        });
        let filter = self.scoped(query, filter.transpose()?)?;
        let order = self.order(query, matches!(columns, Columns::Groups(_)))?;
        // HAVING and ORDER BY may have added computed values.
        let columns = match columns {
            Columns::Groups(mut groups) => {
                groups.computed = self.groups.take().computed;
                Columns::Groups(groups)
            }
            other => other,
        };
        Ok(CheckedQuery {
            object: self.object.name.clone(),
            columns,
            filter,
            order,
            limit: query.limit,
            offset: query.offset.unwrap_or_default(),
        })
    }

    fn columns(&self, query: &Query) -> Checked<Columns> {
        if let [SelectItem::CountAll { at }] = query.select.as_slice() {
            if query.grouping.is_some() || self.nesting != Nesting::Top {
                let text =
                    "COUNT() must be the only element in the SELECT list of a query without groups";
                return Err(self.malformed(*at, text));
            }
            return Ok(Columns::Count);
        }
        let is_grouped = query.grouping.is_some()
            || query.having.is_some()
            || query.select.iter().any(needs_groups);
        if is_grouped { self.grouped(query) } else { self.rows(query) }
    }

    fn order(&self, query: &Query, grouped: bool) -> Checked<Vec<SortKey>> {
        query.order_by.iter().map(|order| self.sort_key(order, grouped)).collect()
    }

    fn sort_key(&self, order: &Order, grouped: bool) -> Checked<SortKey> {
        let Expression { functions, path: name, at } = &order.expression;
        let path = if grouped {
            self.group_path(&order.expression, "Ordered field must be grouped or aggregated")?
        } else {
            let (path, field) = self.row_path(&order.expression)?;
            if !field.sortable {
                let text = format!("field '{}' can not be sorted in a query call", field.name);
                return Err(SoqlError::at("INVALID_FIELD", self.source, name.at, &text));
            }
            if functions.iter().any(|function| *function != Function::ToLabel) {
                return Err(self.malformed(*at, "Ordered field must be grouped or aggregated"));
            }
            path
        };
        Ok(SortKey { path, direction: order.direction, nulls: order.nulls })
    }

    /// Adds what USING SCOPE asks for.
    fn scoped(&self, query: &Query, filter: Option<Filter>) -> Checked<Option<Filter>> {
        let Some(scope) = &query.scope else { return Ok(filter) };
        if scope.text.eq_ignore_ascii_case("everything") {
            return Ok(filter);
        }
        let owner = self.object.field("OwnerId");
        let (true, Some(owner)) = (scope.text.eq_ignore_ascii_case("mine"), owner) else {
            let text = format!("Unsupported filter scope: {} on {}", scope.text, self.object.name);
            return Err(self.malformed(scope.at, &text));
        };
        let user = self.context.user.get(..15).unwrap_or_default().to_owned();
        let mine = Filter::Compare {
            path: Path::own(Column::new(self.object, owner)),
            operator: Operator::Equal,
            operand: Operand::Id(user),
        };
        Ok(Some(match filter {
            None => mine,
            Some(Filter::All(mut parts)) => {
                parts.push(mine);
                Filter::All(parts)
            }
            Some(other) => Filter::All(vec![mine, other]),
        }))
    }

    fn malformed(&self, at: usize, text: &str) -> SoqlError {
        SoqlError::malformed(self.source, at, text)
    }
}

/// True for an entry that only a group has.
fn needs_groups(item: &SelectItem) -> bool {
    match item {
        SelectItem::Value { expression, .. } => expression
            .functions
            .iter()
            .any(|function| function.is_aggregate() || matches!(function, Function::Part(_))),
        SelectItem::CountAll { .. } => true,
        SelectItem::Fields { .. } | SelectItem::Children { .. } | SelectItem::TypeOf { .. } => {
            false
        }
    }
}
