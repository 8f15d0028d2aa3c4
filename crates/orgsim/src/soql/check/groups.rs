//! GROUP BY, HAVING and the aggregate functions.

use crate::schema::FieldType;
use crate::soql::ast::{Expression, Function, GroupStyle, Query, SelectItem};
use crate::soql::check::filters::{Clause, Filters};
use crate::soql::check::{Checked, Scope};
use crate::soql::checked::{AggregateColumn, Column, Columns, Computed, Groups, Path};
use crate::soql::operand::{Family, family};

/// Most fields of a ROLLUP or CUBE.
const SUBTOTALS_MAX: usize = 3;

/// The key of an entry of GROUP BY in a group's row. Keys hold a blank, so that no field is called the same.
pub(crate) fn group_key(index: usize) -> String {
    format!("by {index}")
}

/// The key of a computed value in a group's row.
pub(crate) fn computed_key(index: usize) -> String {
    format!("computed {index}")
}

impl Scope<'_> {
    pub(super) fn grouped(&self, query: &Query) -> Checked<Columns> {
        let by = self.group_by(query)?;
        if query.grouping.is_none() && query.limit.is_some() {
            let text =
                "Non-grouped query that uses overall aggregate functions cannot also use LIMIT";
            return Err(self.malformed(query.from.at, text));
        }
        let sets = self.sets(query, by.len())?;
        self.groups.replace(Groups { by, ..Groups::default() });
        let mut columns = Vec::new();
        for item in &query.select {
            columns.push(self.aggregate_column(item, &columns, query.from.at)?);
        }
        let having = query
            .having
            .as_ref()
            .map(|condition| Filters { scope: self, clause: Clause::Having }.filter(condition));
        let having = having.transpose()?;
        let by = self.groups.borrow().by.clone();
        let groups = Groups { by, sets, computed: Vec::new(), columns, having };
        Ok(Columns::Groups(Box::new(groups)))
    }

    fn group_by(&self, query: &Query) -> Checked<Vec<Path>> {
        let Some(grouping) = &query.grouping else { return Ok(Vec::new()) };
        let mut by = Vec::new();
        for expression in &grouping.by {
            let (path, field) = self.row_path(expression)?;
            let is_plain = matches!(expression.functions.as_slice(), [] | [Function::Part(_), ..]);
            if !is_plain || !field.filterable || family(path.column.kind) == Family::Compound {
                let text = format!("field '{}' can not be grouped in a query call", field.name);
                return Err(self.malformed(expression.at, &text));
            }
            by.push(path);
        }
        Ok(by)
    }

    /// Which fields each kind of group holds together.
    fn sets(&self, query: &Query, fields: usize) -> Checked<Vec<Vec<usize>>> {
        let all: Vec<usize> = (0..fields).collect();
        let Some(grouping) = &query.grouping else { return Ok(vec![all]) };
        if grouping.style != GroupStyle::Plain && fields > SUBTOTALS_MAX {
            let text = format!("ROLLUP and CUBE take at most {SUBTOTALS_MAX} fields");
            return Err(self.malformed(query.from.at, &text));
        }
        Ok(match grouping.style {
            GroupStyle::Plain => vec![all],
            GroupStyle::Rollup => (0..=fields).rev().map(|kept| (0..kept).collect()).collect(),
            GroupStyle::Cube => (0..1_usize << fields)
                .rev()
                .map(|chosen| all.iter().copied().filter(|i| chosen >> i & 1 == 1).collect())
                .collect(),
        })
    }

    fn aggregate_column(
        &self,
        item: &SelectItem,
        before: &[AggregateColumn],
        place: usize,
    ) -> Checked<AggregateColumn> {
        let SelectItem::Value { expression, alias } = item else {
            let text = "Grouped query cannot use COUNT(), FIELDS(), TYPEOF or child subqueries";
            return Err(self.malformed(place, text));
        };
        let key = self.group_path(expression, "Field must be grouped or aggregated")?.column.name;
        let computed = !expression.functions.is_empty();
        let name = match alias {
            Some(alias) => alias.text.clone(),
            None if computed => {
                let unnamed = before.iter().filter(|column| is_made_up(&column.name));
                format!("expr{}", unnamed.count())
            }
            None => self.row_path(expression)?.0.column.name,
        };
        if before.iter().any(|column| column.name.eq_ignore_ascii_case(&name)) {
            return Err(self.malformed(expression.at, &format!("duplicate alias: {name}")));
        }
        Ok(AggregateColumn { name, key, computed })
    }

    /// A value of a group: an entry of GROUP BY, or an aggregate function over the group's rows.
    pub(super) fn group_path(&self, expression: &Expression, otherwise: &str) -> Checked<Path> {
        let inner = match expression.functions.split_first() {
            Some((function, inner)) if function.is_aggregate() => {
                let inner = Expression { functions: inner.to_vec(), ..expression.clone() };
                return self.computed(*function, &inner);
            }
            _ => self.row_path(expression)?.0,
        };
        let groups = self.groups.borrow();
        let index = groups.by.iter().position(|own| *own == inner).ok_or_else(|| {
            let text = format!("{otherwise}: {}", inner.column.name);
            self.malformed(expression.at, &text)
        })?;
        let column = Column { name: group_key(index), parts: Vec::new(), ..inner.column };
        Ok(Path::own(column))
    }

    fn computed(&self, function: Function, inner: &Expression) -> Checked<Path> {
        let (path, field) = self.row_path(inner)?;
        let kind = path.column.kind;
        let exact = path.column.exact;
        let computed = if function == Function::Grouping {
            let place = self.groups.borrow().by.iter().position(|own| *own == path);
            Computed::Grouping(place.ok_or_else(|| {
                let text = format!("GROUPING needs a field of ROLLUP or CUBE: {}", field.name);
                self.malformed(inner.at, &text)
            })?)
        } else {
            self.fits_function(function, &path, inner.at)?;
            Computed::Over(function, path)
        };
        let computed_values = &mut self.groups.borrow_mut().computed;
        let known = computed_values.iter().position(|own| *own == computed);
        let index = known.unwrap_or(computed_values.len());
        if known.is_none() {
            computed_values.push(computed);
        }
        let kind = match function {
            Function::Minimum | Function::Maximum => kind,
            Function::Sum | Function::Average => FieldType::Double,
            _ => FieldType::Int,
        };
        Ok(Path::own(Column { name: computed_key(index), kind, exact, parts: Vec::new() }))
    }

    fn fits_function(&self, function: Function, path: &Path, at: usize) -> Checked<()> {
        let kind = family(path.column.kind);
        let fits = match function {
            Function::Sum | Function::Average => kind == Family::Number,
            Function::Minimum | Function::Maximum => {
                !matches!(kind, Family::Boolean | Family::Compound)
            }
            _ => kind != Family::Compound,
        };
        if fits {
            return Ok(());
        }
        let text = format!(
            "field {} does not support aggregate operator {}",
            path.column.name,
            function.name()
        );
        Err(self.malformed(at, &text))
    }
}

/// `expr0`, `expr1` and so on: the names of functions without an alias.
fn is_made_up(name: &str) -> bool {
    let digits = name.strip_prefix("expr").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
