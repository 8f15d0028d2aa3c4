//! A query whose names and types fit an org's schema.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::schema::{Field, FieldType, Object};
use crate::soql::ast::{DatePart, Direction, Function, Nulls, Operator, SetOperator};
use crate::soql::literal::LikePattern;
use crate::soql::operand::Operand;

/// A query ready to run; made by parsing and checking a text.
#[derive(Debug, Clone)]
pub struct CheckedQuery {
    pub(crate) object: String,
    pub(crate) columns: Columns,
    pub(crate) filter: Option<Filter>,
    pub(crate) order: Vec<SortKey>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

/// What a query answers with.
#[derive(Debug, Clone)]
pub(crate) enum Columns {
    /// Rows with these fields and parents; the paths of single values stand beside them in the order of SELECT.
    Rows(Shape, Vec<Path>),
    /// Their number alone.
    Count,
    /// Grouped values.
    Groups(Box<Groups>),
}

/// Fields of a row, of its parents and of its children, in the order of SELECT.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pub(crate) entries: Vec<Entry>,
}

/// One key of a shown row.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A value under a key; the path has no hops.
    Value { key: String, path: Path },
    /// A parent with fields of its own.
    Parent { hop: Hop, shape: Shape },
    /// A parent whose fields go by what it is.
    TypeOf { hop: Hop, cases: Vec<(String, Shape)>, otherwise: Shape },
    /// A list of children.
    Children(Children),
}

/// A child subquery.
#[derive(Debug, Clone)]
pub(crate) struct Children {
    /// The list's name on the parent.
    pub(crate) relationship: String,
    /// The child's field that holds the parent's id.
    pub(crate) reference: String,
    pub(crate) query: Arc<CheckedQuery>,
}

/// GROUP BY and what is computed for each group. A group is a row of its own: its values stand under made-up keys, so
/// that HAVING and ORDER BY are conditions and sort keys like any others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    pub(crate) by: Vec<Path>,
    /// Which entries of `by` hold together: one set without subtotals, one more for each kind of subtotal.
    pub(crate) sets: Vec<Vec<usize>>,
    pub(crate) computed: Vec<Computed>,
    /// The name in the result and the key in the group's row.
    pub(crate) columns: Vec<AggregateColumn>,
    pub(crate) having: Option<Filter>,
}

/// A value computed for each group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Computed {
    /// A function over the group's rows.
    Over(Function, Path),
    /// 1 where the entry of `by` is summed up by a subtotal.
    Grouping(usize),
}

/// One column of an aggregate query.
#[derive(Debug, Clone)]
pub(crate) struct AggregateColumn {
    pub(crate) name: String,
    /// The key of the group's own row.
    pub(crate) key: String,
    /// True for a function's value.
    pub(crate) computed: bool,
}

impl AggregateColumn {
    /// What computes the column; `None` for an entry of GROUP BY.
    pub(crate) fn computed_by<'groups>(
        &self,
        groups: &'groups Groups,
    ) -> Option<&'groups Computed> {
        self.key
            .strip_prefix("computed ")
            .and_then(|index| groups.computed.get(index.parse::<usize>().ok()?))
    }
}

/// A field as queries see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: FieldType,
    /// Text is compared with case.
    pub(crate) exact: bool,
    /// For compound fields: key of the JSON object and the field behind it.
    pub(crate) parts: Vec<(String, String)>,
}

impl Column {
    /// How queries see `field` of `object`.
    pub(crate) fn new(object: &Object, field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            kind: field.kind,
            exact: field.case_sensitive,
            parts: parts(object, field),
        }
    }
}

/// One step to a parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hop {
    /// The field that holds the parent's id.
    pub(crate) reference: String,
    /// The relationship's name in results.
    pub(crate) relationship: String,
}

/// A field of the row or of a parent, and what is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) hops: Vec<Hop>,
    pub(crate) column: Column,
    pub(crate) reading: Reading,
}

impl Path {
    /// A field of the row itself as it is stored.
    pub(crate) fn own(column: Column) -> Self {
        Self { hops: Vec::new(), column, reading: Reading::Stored }
    }

    /// The field's name when this is a field of the row itself as it is stored: what an index can answer.
    pub(crate) fn own_field(&self) -> Option<&str> {
        let plain = self.hops.is_empty() && self.reading == Reading::Stored;
        plain.then_some(self.column.name.as_str())
    }
}

/// What is made of a stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The value as it is.
    Stored,
    /// The API name of the row's object: `What.Type`.
    ObjectName,
    /// The label of a picklist's value, by value.
    Label(BTreeMap<String, String>),
    /// A part of a date.
    Part(DatePart),
    /// As the user reads it.
    Formatted,
}

/// A checked condition.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare { path: Path, operator: Operator, operand: Operand },
    Like { path: Path, pattern: LikePattern },
    In { path: Path, negated: bool, values: Values },
    Includes { path: Path, negated: bool, groups: Vec<Vec<String>> },
    SemiJoin { path: Path, operator: SetOperator, query: Box<CheckedQuery>, selected: Box<Path> },
}

/// The list of an IN. Texts and ids are looked up; everything else is compared one by one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub(crate) texts: BTreeSet<String>,
    pub(crate) others: Vec<Operand>,
}

/// One ORDER BY entry.
#[derive(Debug, Clone)]
pub(crate) struct SortKey {
    pub(crate) path: Path,
    pub(crate) direction: Direction,
    pub(crate) nulls: Nulls,
}

/// Keys that an address always has, also where the object has no such part.
const ADDRESS_KEYS: [&str; 8] = [
    "city",
    "country",
    "geocodeAccuracy",
    "latitude",
    "longitude",
    "postalCode",
    "state",
    "street",
];

fn parts(object: &Object, field: &Field) -> Vec<(String, String)> {
    match field.kind {
        FieldType::Address => address_parts(object, field),
        FieldType::Location => ["latitude", "longitude"]
            .into_iter()
            .map(|key| {
                let base = field.name.trim_end_matches("__c");
                let capital = if key == "latitude" { "Latitude" } else { "Longitude" };
                (key.to_owned(), format!("{base}__{capital}__s"))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn address_parts(object: &Object, field: &Field) -> Vec<(String, String)> {
    let prefix = field.name.trim_end_matches("Address");
    let mut parts: Vec<(String, String)> = object
        .fields
        .iter()
        .filter(|part| part.compound_field_name.as_deref() == Some(field.name.as_str()))
        .filter_map(|part| Some((lower_first(part.name.strip_prefix(prefix)?), part.name.clone())))
        .collect();
    for key in ADDRESS_KEYS {
        if !parts.iter().any(|(own, _)| own == key) {
            parts.push((key.to_owned(), String::new()));
        }
    }
    parts
}

fn lower_first(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}
