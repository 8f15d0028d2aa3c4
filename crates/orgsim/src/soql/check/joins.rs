//! Semi-joins and anti-joins, `Id IN (SELECT …)`, with their documented restrictions.

use crate::schema::Field;
use crate::soql::ast::{Condition, Expression, Query, SelectItem, SetOperator};
use crate::soql::check::{Checked, Nesting, Scope};
use crate::soql::checked::{Columns, Filter, Path};
use crate::soql::error::SoqlError;
use crate::soql::operand::{Family, family};

/// Most semi-joins and anti-joins of one WHERE.
const JOINS_MAX: usize = 2;

impl Scope<'_> {
    /// Where in a condition semi-joins may stand.
    pub(super) fn allows_joins(&self, condition: &Condition) -> Checked<()> {
        let mut places = Vec::new();
        self.find_joins(condition, true, &mut places)?;
        match places.get(JOINS_MAX) {
            Some(at) => {
                let text = format!("Maximum {JOINS_MAX} semi join sub-selects are allowed");
                Err(self.malformed(*at, &text))
            }
            None => Ok(()),
        }
    }

    fn find_joins(
        &self,
        condition: &Condition,
        allowed: bool,
        places: &mut Vec<usize>,
    ) -> Checked<()> {
        match condition {
            Condition::And(parts) => {
                parts.iter().try_for_each(|part| self.find_joins(part, allowed, places))
            }
            Condition::Or(parts) => {
                parts.iter().try_for_each(|part| self.find_joins(part, false, places))
            }
            Condition::Not(inner) => self.find_joins(inner, false, places),
            Condition::SemiJoin { left, .. } if !allowed => {
                let text =
                    "Semi join sub-selects are not allowed with the 'OR' operator or under 'NOT'";
                Err(self.malformed(left.at, text))
            }
            Condition::SemiJoin { left, .. } => {
                places.push(left.at);
                Ok(())
            }
            Condition::Compare { .. } | Condition::Set { .. } => Ok(()),
        }
    }

    pub(super) fn semi_join(
        &self,
        left: (Path, &Field),
        operator: SetOperator,
        place: &Expression,
        query: &Query,
    ) -> Checked<Filter> {
        let (path, field) = left;
        if family(path.column.kind) != Family::Id {
            let text = format!(
                "The left operand field '{}' in the where expression is not an ID or reference field",
                path.column.name
            );
            return Err(self.malformed(place.at, &text));
        }
        self.fits_semi_join(query, place)?;
        let schema = self.context.schema;
        let object = schema
            .object(&query.from.text)
            .ok_or_else(|| SoqlError::no_object(self.source, query.from.at, &query.from.text))?;
        if object.name == self.object.name {
            let text = "The inner and outer selects should not be on the same object type";
            return Err(self.malformed(query.from.at, text));
        }
        let scope = Scope::new(self.source, query, self.context, object, Nesting::SemiJoin);
        let checked = scope.query(query)?;
        let selected = only_reference(&checked.columns).ok_or_else(|| {
            let text =
                "The inner select of a semi-join must select exactly one id or reference field";
            self.malformed(query.from.at, text)
        })?;
        let inner = object.field(&selected.column.name);
        let own = targets(field, &self.object.name);
        let theirs = inner.map(|inner| targets(inner, &object.name)).unwrap_or_default();
        if path.hops.is_empty() && !own.iter().any(|own| theirs.contains(own)) {
            let text = format!(
                "The selected field '{}' in the subquery and the left operand field '{}' in the where expression in \
                 the outer query should point to the same object type",
                selected.column.name, path.column.name
            );
            return Err(self.malformed(place.at, &text));
        }
        let selected = Box::new(selected);
        Ok(Filter::SemiJoin { path, operator, query: Box::new(checked), selected })
    }

    fn fits_semi_join(&self, query: &Query, place: &Expression) -> Checked<()> {
        let refused = if self.nesting == Nesting::SemiJoin {
            Some("Nested semi join sub-selects are not supported")
        } else if !query.order_by.is_empty() || query.limit.is_some() || query.offset.is_some() {
            Some("ORDER BY, LIMIT and OFFSET are not allowed in semi join sub-selects")
        } else if matches!(query.select.as_slice(), [SelectItem::Value { expression, .. }]
            if expression.functions.is_empty())
        {
            None
        } else {
            Some("The inner select of a semi-join must select exactly one id or reference field")
        };
        refused.map_or(Ok(()), |text| Err(self.malformed(place.at, text)))
    }
}

fn only_reference(columns: &Columns) -> Option<Path> {
    let Columns::Rows(_, paths) = columns else { return None };
    let [path] = paths.as_slice() else { return None };
    let fits = path.hops.is_empty() && family(path.column.kind) == Family::Id;
    fits.then(|| path.clone())
}

/// The objects whose ids a field holds.
fn targets<'field>(field: &'field Field, object: &'field str) -> Vec<&'field str> {
    if field.reference_to.is_empty() {
        return vec![object];
    }
    field.reference_to.iter().map(String::as_str).collect()
}
