//! Looks up a parsed query's names and fits its literals to the fields.

use jiff::Timestamp;

use crate::schema::{Field, FieldType, Object, Schema};
use crate::soql::ast::{
    Condition, FieldSet, Function, Literal, LiteralKind, Name, Operator, Query, SelectItem,
    SetOperator,
};
use crate::soql::checked::{
    AggregateColumn, AggregateSource, CheckedQuery, Column, Columns, Filter, Hop, Path, Shape,
    SortKey, Values,
};
use crate::soql::error::SoqlError;
use crate::soql::literal::{LikePattern, unescape};
use crate::soql::operand::{Family, Operand, family};

/// Most relationships in one path (wire reference 5.1).
const HOPS_MAX: usize = 5;

/// Largest LIMIT beside FIELDS() (wire reference 5.1).
const FIELDS_LIMIT_MAX: usize = 200;

/// Checks a query against a schema. `source` is the text it was parsed from, for the places in errors.
///
/// # Errors
/// `INVALID_TYPE`, `INVALID_FIELD`, `INVALID_QUERY_FILTER_OPERATOR` or `MALFORMED_QUERY` with the place.
pub(crate) fn check(
    source: &str,
    query: &Query,
    schema: &Schema,
    now: Timestamp,
) -> Result<CheckedQuery, SoqlError> {
    let object = schema
        .object(&query.from.text)
        .ok_or_else(|| SoqlError::no_object(source, query.from.at, &query.from.text))?;
    let alias = query.alias.as_ref().map(|alias| alias.text.as_str());
    let scope = Scope { source, schema, object, alias, now };
    let filter = query.condition.as_ref().map(|condition| scope.filter(condition)).transpose()?;
    Ok(CheckedQuery {
        object: object.name.clone(),
        columns: scope.columns(query)?,
        filter,
        order: scope.order(query)?,
        limit: query.limit,
        offset: query.offset.unwrap_or_default(),
    })
}

/// The shape of a row with these fields or paths; the names of single-record reads.
///
/// # Errors
/// The first name that is unknown.
pub(crate) fn shape(schema: &Schema, object: &Object, names: &[&str]) -> Result<Shape, String> {
    let scope = Scope { source: "", schema, object, alias: None, now: Timestamp::UNIX_EPOCH };
    let mut shape = Shape::default();
    for name in names {
        let path = Name { text: (*name).to_owned(), at: 0 };
        let path = scope.path(&path).map_err(|_| (*name).to_owned())?;
        add(&mut shape, &path);
    }
    Ok(shape)
}

struct Scope<'query> {
    source: &'query str,
    schema: &'query Schema,
    object: &'query Object,
    alias: Option<&'query str>,
    now: Timestamp,
}

type Checked<T> = Result<T, SoqlError>;

impl<'query> Scope<'query> {
    fn columns(&self, query: &Query) -> Checked<Columns> {
        if let Some(count) = query.select.iter().position(|item| *item == SelectItem::CountAll) {
            if query.select.len() > 1 || count > 0 || !query.group_by.is_empty() {
                let text = "Grouped query cannot use COUNT() beside other fields: use COUNT(Id)";
                return Err(SoqlError::malformed(self.source, query.from.at, text));
            }
            return Ok(Columns::Count);
        }
        let aggregated = query.select.iter().any(|i| matches!(i, SelectItem::Aggregate { .. }));
        if aggregated || !query.group_by.is_empty() {
            return self.aggregates(query);
        }
        let (mut shape, mut paths) = (Shape::default(), Vec::new());
        for item in &query.select {
            self.select(query, item, &mut shape, &mut paths)?;
        }
        Ok(Columns::Rows(shape, paths))
    }

    fn select(
        &self,
        query: &Query,
        item: &SelectItem,
        shape: &mut Shape,
        paths: &mut Vec<Path>,
    ) -> Checked<()> {
        match item {
            SelectItem::Field { alias: Some(alias), .. } => {
                let text = "only aggregate expressions use field aliasing";
                Err(SoqlError::malformed(self.source, alias.at, text))
            }
            SelectItem::Field { path: name, alias: None } => {
                let path = self.path(name)?;
                if !add(shape, &path) {
                    let text = format!("duplicate field selected: {}", path.column.name);
                    return Err(SoqlError::at("INVALID_FIELD", self.source, name.at, &text));
                }
                paths.push(path);
                Ok(())
            }
            SelectItem::Fields { set, at } => {
                if query.limit.is_none_or(|limit| limit > FIELDS_LIMIT_MAX) {
                    let text = format!(
                        "The SOQL FIELDS function must have a LIMIT of at most {FIELDS_LIMIT_MAX}"
                    );
                    return Err(SoqlError::malformed(self.source, *at, &text));
                }
                let fields = self.object.fields.iter().filter(|field| in_set(field, *set));
                for field in fields {
                    let column = Column::new(self.object, field);
                    let path = Path { hops: Vec::new(), column };
                    if add(shape, &path) {
                        paths.push(path);
                    }
                }
                Ok(())
            }
            SelectItem::CountAll | SelectItem::Aggregate { .. } => Ok(()),
        }
    }

    fn aggregates(&self, query: &Query) -> Checked<Columns> {
        let groups: Vec<Path> =
            query.group_by.iter().map(|name| self.path(name)).collect::<Checked<_>>()?;
        let mut columns = Vec::new();
        let mut unnamed = 0;
        for item in &query.select {
            columns.push(self.aggregate(item, &groups, query.from.at, &mut unnamed)?);
        }
        Ok(Columns::Aggregates { groups, columns })
    }

    fn aggregate(
        &self,
        item: &SelectItem,
        groups: &[Path],
        place: usize,
        unnamed: &mut usize,
    ) -> Checked<AggregateColumn> {
        match item {
            SelectItem::Aggregate { function, path: name, alias } => {
                let path = self.path(name)?;
                self.fits_function(*function, &path, name)?;
                let name = alias.as_ref().map_or_else(
                    || {
                        *unnamed += 1;
                        format!("expr{}", *unnamed - 1)
                    },
                    |alias| alias.text.clone(),
                );
                Ok(AggregateColumn { name, source: AggregateSource::Function(*function, path) })
            }
            SelectItem::Field { path: name, alias } => {
                let path = self.path(name)?;
                let group = groups.iter().position(|group| *group == path).ok_or_else(|| {
                    let text = format!("Field must be grouped or aggregated: {}", path.column.name);
                    SoqlError::malformed(self.source, name.at, &text)
                })?;
                let column = path.column.name;
                let name = alias.as_ref().map_or(column, |alias| alias.text.clone());
                Ok(AggregateColumn { name, source: AggregateSource::Group(group) })
            }
            SelectItem::CountAll | SelectItem::Fields { .. } => {
                let text = "Grouped query cannot use COUNT() or FIELDS()";
                Err(SoqlError::malformed(self.source, place, text))
            }
        }
    }

    fn fits_function(&self, function: Function, path: &Path, name: &Name) -> Checked<()> {
        let kind = family(path.column.kind);
        let fits = match function {
            Function::Sum | Function::Average => kind == Family::Number,
            Function::Minimum | Function::Maximum => {
                !matches!(kind, Family::Boolean | Family::Compound)
            }
            Function::Count | Function::CountDistinct => kind != Family::Compound,
        };
        if fits {
            return Ok(());
        }
        let text = format!("field {} does not support this aggregate operator", path.column.name);
        Err(SoqlError::malformed(self.source, name.at, &text))
    }

    fn order(&self, query: &Query) -> Checked<Vec<SortKey>> {
        query
            .order_by
            .iter()
            .map(|order| {
                let (path, field) = self.resolve(&order.path)?;
                if !field.sortable {
                    let text = format!("field '{}' can not be sorted in a query call", field.name);
                    return Err(SoqlError::at("INVALID_FIELD", self.source, order.path.at, &text));
                }
                Ok(SortKey { path, direction: order.direction, nulls: order.nulls })
            })
            .collect()
    }

    fn filter(&self, condition: &Condition) -> Checked<Filter> {
        match condition {
            Condition::And(parts) => Ok(Filter::All(self.filters(parts)?)),
            Condition::Or(parts) => Ok(Filter::Any(self.filters(parts)?)),
            Condition::Not(inner) => Ok(Filter::Not(Box::new(self.filter(inner)?))),
            Condition::Compare { path, operator, value } => self.compare(path, *operator, value),
            Condition::Set { path, operator, values } => self.set(path, *operator, values),
            Condition::SemiJoin { path, operator, query } => self.semi_join(path, *operator, query),
        }
    }

    fn filters(&self, parts: &[Condition]) -> Checked<Vec<Filter>> {
        parts.iter().map(|part| self.filter(part)).collect()
    }

    fn compare(&self, name: &Name, operator: Operator, value: &Literal) -> Checked<Filter> {
        let path = self.filterable(name)?;
        if operator == Operator::Like {
            return self.like(name, path, value);
        }
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if ordered && family(path.column.kind) == Family::Boolean {
            return Err(self.wrong_operator(name, "boolean"));
        }
        if ordered && path.column.kind == FieldType::MultiPicklist {
            return Err(self.wrong_operator(name, "multipicklist"));
        }
        let operand = Operand::new(self.source, &path.column, value, self.now)?;
        Ok(Filter::Compare { path, operator, operand })
    }

    fn like(&self, name: &Name, path: Path, value: &Literal) -> Checked<Filter> {
        let kind = family(path.column.kind);
        if kind != Family::Text || path.column.kind == FieldType::MultiPicklist {
            let word = if kind == Family::Id { "id" } else { "non-text" };
            return Err(self.wrong_operator(name, word));
        }
        // Checking the literal's type gives the documented message for LIKE 5.
        Operand::new(self.source, &path.column, value, self.now)?;
        let LiteralKind::Text(raw) = &value.kind else {
            return Err(self.wrong_operator(name, "null"));
        };
        let pattern =
            LikePattern::new(raw).map_err(|_| self.wrong_operator(name, "text with escapes in"))?;
        Ok(Filter::Like { path, pattern })
    }

    fn set(&self, name: &Name, operator: SetOperator, values: &[Literal]) -> Checked<Filter> {
        let path = self.filterable(name)?;
        if matches!(operator, SetOperator::Includes | SetOperator::Excludes) {
            let negated = operator == SetOperator::Excludes;
            return self.includes(name, path, negated, values);
        }
        let mut list = Values::default();
        for value in values {
            match Operand::new(self.source, &path.column, value, self.now)? {
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

    fn semi_join(&self, name: &Name, operator: SetOperator, query: &Query) -> Checked<Filter> {
        let path = self.filterable(name)?;
        let checked = check(self.source, query, self.schema, self.now)?;
        let (Family::Id, Columns::Rows(shape, _)) = (family(path.column.kind), &checked.columns)
        else {
            return Err(self.wrong_operator(name, "semi-join on a non-id"));
        };
        let selected = only_column(shape).filter(|path| family(path.column.kind) == Family::Id);
        let selected = selected.ok_or_else(|| {
            let text =
                "The inner select of a semi-join must select exactly one id or reference field";
            SoqlError::malformed(self.source, query.from.at, text)
        })?;
        Ok(Filter::SemiJoin { path, operator, query: Box::new(checked), selected })
    }

    fn filterable(&self, name: &Name) -> Checked<Path> {
        let (path, field) = self.resolve(name)?;
        if field.filterable {
            return Ok(path);
        }
        let text = format!("field '{}' can not be filtered in a query call", field.name);
        Err(SoqlError::at("INVALID_FIELD", self.source, name.at, &text))
    }

    fn path(&self, name: &Name) -> Checked<Path> {
        Ok(self.resolve(name)?.0)
    }

    fn resolve(&self, name: &Name) -> Checked<(Path, &'query Field)> {
        let mut steps: Vec<&str> = name.text.split('.').collect();
        let field_name = steps.pop().unwrap_or_default();
        if let Some(first) = steps.first()
            && self.object.relationship(first).is_none()
            && self.names_this_object(first)
        {
            steps.remove(0);
        }
        if steps.len() > HOPS_MAX {
            let text = format!("a field path may hold at most {HOPS_MAX} relationships");
            return Err(SoqlError::malformed(self.source, name.at, &text));
        }
        let (mut objects, mut hops) = (vec![self.object], Vec::new());
        for step in steps {
            let hop = objects.iter().find_map(|object| object.relationship(step));
            let reference =
                hop.ok_or_else(|| SoqlError::no_relationship(self.source, name.at, step))?;
            hops.push(Hop {
                reference: reference.name.clone(),
                relationship: reference.relationship_name.clone().unwrap_or_default(),
            });
            objects =
                reference.reference_to.iter().filter_map(|to| self.schema.object(to)).collect();
        }
        let found = objects.iter().find_map(|object| Some((*object, object.field(field_name)?)));
        let (object, field) = found.ok_or_else(|| {
            let entity = objects.first().map_or("Name", |object| object.name.as_str());
            SoqlError::no_column(self.source, name.at, field_name, entity)
        })?;
        Ok((Path { hops, column: Column::new(object, field) }, field))
    }

    fn names_this_object(&self, word: &str) -> bool {
        self.object.name.eq_ignore_ascii_case(word)
            || self.alias.is_some_and(|alias| alias.eq_ignore_ascii_case(word))
    }

    fn wrong_operator(&self, name: &Name, what: &str) -> SoqlError {
        let text = format!("invalid operator on {what} field '{}'", name.text);
        SoqlError::at("INVALID_QUERY_FILTER_OPERATOR", self.source, name.at, &text)
    }
}

fn in_set(field: &Field, set: FieldSet) -> bool {
    match set {
        FieldSet::All => true,
        FieldSet::Standard => !field.custom,
        FieldSet::Custom => field.custom,
    }
}

/// Adds a path to a shape; false when it was there already.
fn add(shape: &mut Shape, path: &Path) -> bool {
    let mut place = shape;
    for hop in &path.hops {
        let known = place.parents.iter().position(|(own, _)| own == hop);
        let index = known.unwrap_or(place.parents.len());
        if known.is_none() {
            place.parents.push((hop.clone(), Shape::default()));
        }
        place = &mut place.parents[index].1;
    }
    let is_new = !place.fields.contains(&path.column);
    if is_new {
        place.fields.push(path.column.clone());
    }
    is_new
}

fn only_column(shape: &Shape) -> Option<Path> {
    match (shape.fields.as_slice(), shape.parents.is_empty()) {
        ([column], true) => Some(Path { hops: Vec::new(), column: column.clone() }),
        _ => None,
    }
}
