//! `columns=true`: what the columns of a query are, in the undocumented form that command-line clients rely on
//! (wire reference 5.1).

use serde_json::{Value, json};

use crate::schema::{FieldType, Schema};
use crate::soql::ast::Function;
use crate::soql::checked::{
    AggregateColumn, CheckedQuery, Column, Columns, Computed, Entry, Groups, Hop, Shape,
};
use crate::soql::operand::{Family, family};

/// One column's description, before it becomes JSON.
struct Described<'query> {
    name: &'query str,
    display: String,
    aggregate: bool,
    kind: Option<FieldType>,
    foreign_key: Option<&'query str>,
    join: Vec<Value>,
}

/// The answer to `columns=true`.
pub(crate) fn metadata(query: &CheckedQuery, schema: &Schema) -> Value {
    let columns = match &query.columns {
        Columns::Rows(shape, _) => columns_of(shape),
        Columns::Count => Vec::new(),
        Columns::Groups(groups) => {
            groups.columns.iter().map(|column| aggregate(column, groups)).collect()
        }
    };
    let id_selected = match &query.columns {
        Columns::Rows(shape, _) => shape.entries.iter().any(|entry| entry.key() == "Id"),
        Columns::Count | Columns::Groups(_) => false,
    };
    let prefix = schema.object(&query.object).map(|object| object.key_prefix.as_str());
    json!({
        "columnMetadata": columns,
        "entityName": query.object,
        "groupBy": matches!(&query.columns, Columns::Groups(groups) if !groups.by.is_empty()),
        "idSelected": id_selected,
        "keyPrefix": prefix,
    })
}

fn columns_of(shape: &Shape) -> Vec<Value> {
    shape.entries.iter().map(column).collect()
}

fn column(entry: &Entry) -> Value {
    match entry {
        Entry::Value { key, path } => plain(key, &path.column),
        Entry::Parent { hop, shape } => parent(hop, columns_of(shape)),
        Entry::TypeOf { hop, cases, otherwise } => {
            let shapes = cases.iter().map(|(_, shape)| shape).chain([otherwise]);
            parent(hop, shapes.flat_map(columns_of).collect())
        }
        Entry::Children(children) => {
            let join = match &children.query.columns {
                Columns::Rows(shape, _) => columns_of(shape),
                Columns::Count | Columns::Groups(_) => Vec::new(),
            };
            let name = children.relationship.as_str();
            let display = name.to_owned();
            let described =
                Described { name, display, aggregate: true, kind: None, foreign_key: None, join };
            described.into_json()
        }
    }
}

fn plain(key: &str, column: &Column) -> Value {
    let display = column.name.clone();
    let kind = Some(column.kind);
    Described { name: key, display, aggregate: false, kind, foreign_key: None, join: Vec::new() }
        .into_json()
}

fn parent(hop: &Hop, join: Vec<Value>) -> Value {
    let name = hop.relationship.as_str();
    let foreign_key = Some(hop.reference.as_str());
    let display = name.to_owned();
    Described { name, display, aggregate: false, kind: None, foreign_key, join }.into_json()
}

fn aggregate(column: &AggregateColumn, groups: &Groups) -> Value {
    let place = column.key.rsplit(' ').next().and_then(|index| index.parse::<usize>().ok());
    let (display, kind) = match (column.computed_by(groups), place) {
        (Some(Computed::Over(function, path)), _) => {
            let kind = match function {
                Function::Minimum | Function::Maximum => path.column.kind,
                Function::Sum | Function::Average => FieldType::Double,
                _ => FieldType::Int,
            };
            (format!("{}({})", function.name(), path.column.name), Some(kind))
        }
        (Some(Computed::Grouping(field)), _) => {
            let name = groups.by.get(*field).map_or("", |path| path.column.name.as_str());
            (format!("GROUPING({name})"), Some(FieldType::Int))
        }
        (None, Some(index)) => {
            let path = groups.by.get(index);
            let name = path.map_or_else(String::new, |path| path.column.name.clone());
            (name, path.map(|path| path.column.kind))
        }
        (None, None) => (String::new(), None),
    };
    let aggregate = column.computed;
    Described { name: &column.name, display, aggregate, kind, foreign_key: None, join: Vec::new() }
        .into_json()
}

impl Described<'_> {
    fn into_json(self) -> Value {
        let kind = self.kind.map(family);
        json!({
            "aggregate": self.aggregate,
            "apexType": self.kind.map(apex_type),
            "booleanType": kind == Some(Family::Boolean),
            "columnName": self.name,
            "custom": self.name.ends_with("__c") || self.name.ends_with("__r"),
            "displayName": self.display,
            "foreignKeyName": self.foreign_key,
            "insertable": !self.aggregate && kind.is_some(),
            "joinColumns": self.join,
            "numberType": kind == Some(Family::Number),
            "textType": kind == Some(Family::Text),
            "updatable": !self.aggregate && kind.is_some(),
        })
    }
}

/// A field type as Apex names it.
fn apex_type(kind: FieldType) -> &'static str {
    match family(kind) {
        Family::Id => "Id",
        Family::Boolean => "Boolean",
        Family::Date => "Date",
        Family::DateTime => "Datetime",
        Family::Time => "Time",
        Family::Number => match kind {
            FieldType::Int => "Integer",
            FieldType::Long => "Long",
            FieldType::Double | FieldType::Percent => "Double",
            _ => "Decimal",
        },
        Family::Compound => match kind {
            FieldType::Base64 => "Blob",
            FieldType::Location => "Location",
            _ => "Address",
        },
        Family::Text => "String",
    }
}
