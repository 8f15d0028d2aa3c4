//! A query whose names and types fit an org's schema.

use std::collections::BTreeSet;

use crate::schema::{Field, FieldType, Object};
use crate::soql::ast::{Direction, Function, Nulls, Operator, SetOperator};
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
    Aggregates { groups: Vec<Path>, columns: Vec<AggregateColumn> },
}

/// Fields of a row and of its parents.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pub(crate) fields: Vec<Column>,
    pub(crate) parents: Vec<(Hop, Shape)>,
}

/// One column of an aggregate query.
#[derive(Debug, Clone)]
pub(crate) struct AggregateColumn {
    pub(crate) name: String,
    pub(crate) source: AggregateSource,
}

/// Where an aggregate column's value comes from.
#[derive(Debug, Clone)]
pub(crate) enum AggregateSource {
    /// The group's own value, by its place in the GROUP BY list.
    Group(usize),
    /// A function over the group's rows.
    Function(Function, Path),
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

/// A field of the row or of a parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) hops: Vec<Hop>,
    pub(crate) column: Column,
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
    SemiJoin { path: Path, operator: SetOperator, query: Box<CheckedQuery>, selected: Path },
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
