//! WHERE and HAVING: operators and literals that fit their fields.

use crate::schema::{Field, FieldType};
use crate::soql::ast::{
    Condition, Expression, Function, Literal, LiteralKind, Name, Operator, SetOperator,
};
use crate::soql::check::{Checked, Scope};
use crate::soql::checked::{Filter, Path, Values};
use crate::soql::error::SoqlError;
use crate::soql::literal::{LikePattern, unescape};
use crate::soql::operand::{Family, Operand, family};

/// Which clause a condition stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// Conditions on rows.
    Where,
    /// Conditions on groups.
    Having,
}

/// Checks the conditions of one clause.
pub(super) struct Filters<'scope, 'query> {
    pub(super) scope: &'scope Scope<'query>,
    pub(super) clause: Clause,
}

impl<'query> Filters<'_, 'query> {
    pub(super) fn filter(&self, condition: &Condition) -> Checked<Filter> {
        match condition {
            Condition::And(parts) => Ok(Filter::All(self.filters(parts)?)),
            Condition::Or(parts) => Ok(Filter::Any(self.filters(parts)?)),
            Condition::Not(inner) => Ok(Filter::Not(Box::new(self.filter(inner)?))),
            Condition::Compare { left, operator, value } => self.compare(left, *operator, value),
            Condition::Set { left, operator, values } => self.set(left, *operator, values),
            Condition::SemiJoin { left, operator, query } if self.clause == Clause::Where => {
                let own = self.filterable(left)?;
                self.scope.semi_join(own, *operator, left, query)
            }
            Condition::SemiJoin { left, .. } => {
                Err(self.scope.malformed(left.at, "semi joins are not allowed in HAVING"))
            }
        }
    }

    fn filters(&self, parts: &[Condition]) -> Checked<Vec<Filter>> {
        parts.iter().map(|part| self.filter(part)).collect()
    }

    fn compare(&self, left: &Expression, operator: Operator, value: &Literal) -> Checked<Filter> {
        let path = self.path(left)?;
        if operator == Operator::Like {
            return self.like(&left.path, path, value);
        }
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if ordered && family(path.column.kind) == Family::Boolean {
            return Err(self.wrong_operator(&left.path, "boolean"));
        }
        if ordered && path.column.kind == FieldType::MultiPicklist {
            return Err(self.wrong_operator(&left.path, "multipicklist"));
        }
        Ok(Filter::Compare { operand: self.operand(&path, value)?, path, operator })
    }

    fn like(&self, name: &Name, path: Path, value: &Literal) -> Checked<Filter> {
        let kind = family(path.column.kind);
        if kind != Family::Text || path.column.kind == FieldType::MultiPicklist {
            let word = if kind == Family::Id { "id" } else { "non-text" };
            return Err(self.wrong_operator(name, word));
        }
        // Checking the literal's type gives the documented message for LIKE 5.
        self.operand(&path, value)?;
        let LiteralKind::Text(raw) = &value.kind else {
            return Err(self.wrong_operator(name, "null"));
        };
        let pattern =
            LikePattern::new(raw).map_err(|_| self.wrong_operator(name, "text with escapes in"))?;
        Ok(Filter::Like { path, pattern })
    }

    fn set(&self, left: &Expression, operator: SetOperator, values: &[Literal]) -> Checked<Filter> {
        let path = self.path(left)?;
        if matches!(operator, SetOperator::Includes | SetOperator::Excludes) {
            let negated = operator == SetOperator::Excludes;
            return self.includes(&left.path, path, negated, values);
        }
        let mut list = Values::default();
        for value in values {
            match self.operand(&path, value)? {
                Operand::Text(text) | Operand::Id(text) => {
                    list.texts.insert(text);
                }
                other => list.others.push(other),
            }
        }
        Ok(Filter::In { path, negated: operator == SetOperator::NotIn, values: list })
    }

    fn includes(
        &self,
        name: &Name,
        path: Path,
        negated: bool,
        values: &[Literal],
    ) -> Checked<Filter> {
        if path.column.kind != FieldType::MultiPicklist {
            return Err(self.wrong_operator(name, "field that is no multipicklist:"));
        }
        let mut groups = Vec::new();
        for value in values {
            let LiteralKind::Text(raw) = &value.kind else {
                return Err(self.wrong_operator(name, "null or unquoted value of a multipicklist"));
            };
            let text = unescape(raw).unwrap_or_default().to_lowercase();
            groups.push(text.split(';').map(|part| part.trim().to_owned()).collect());
        }
        Ok(Filter::Includes { path, negated, groups })
    }

    fn operand(&self, path: &Path, value: &Literal) -> Checked<Operand> {
        Operand::new(self.scope.source, &path.column, value, self.scope.context.now)
    }

    fn path(&self, left: &Expression) -> Checked<Path> {
        match self.clause {
            Clause::Where => Ok(self.filterable(left)?.0),
            Clause::Having => {
                self.scope.group_path(left, "Field in HAVING must be grouped or aggregated")
            }
        }
    }

    fn filterable(&self, left: &Expression) -> Checked<(Path, &'query Field)> {
        let (path, field) = self.scope.row_path(left)?;
        let allowed = |function: &Function| {
            matches!(function, Function::ToLabel | Function::Part(_) | Function::ConvertTimezone)
        };
        if !left.functions.iter().all(allowed) {
            return Err(self.scope.wrong_function(left, field));
        }
        if field.filterable {
            return Ok((path, field));
        }
        let text = format!("field '{}' can not be filtered in a query call", field.name);
        Err(SoqlError::at("INVALID_FIELD", self.scope.source, left.path.at, &text))
    }

    fn wrong_operator(&self, name: &Name, what: &str) -> SoqlError {
        let text = format!("invalid operator on {what} field '{}'", name.text);
        SoqlError::at("INVALID_QUERY_FILTER_OPERATOR", self.scope.source, name.at, &text)
    }
}
