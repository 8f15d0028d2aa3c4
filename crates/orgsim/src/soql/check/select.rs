//! The SELECT list of a query that answers with rows.

use std::sync::Arc;

use crate::schema::{Field, Object};
use crate::soql::ast::{FieldSet, Function, Name, Query, SelectItem, TypeCase};
use crate::soql::check::{Checked, Nesting, Scope};
use crate::soql::checked::{Children, Column, Columns, Entry, Hop, Path, Shape};
use crate::soql::error::SoqlError;

/// Largest LIMIT beside FIELDS(ALL) and FIELDS(CUSTOM) (wire reference 5.1).
const FIELDS_LIMIT_MAX: usize = 200;

/// Most parent-to-child relationships of one query (wire reference 5.1).
const CHILDREN_MAX: usize = 20;

/// What a SELECT list gives: the shape of a row, and its single values in order.
#[derive(Default)]
struct Selected {
    shape: Shape,
    paths: Vec<Path>,
}

impl<'query> Scope<'query> {
    pub(super) fn rows(&self, query: &Query) -> Checked<Columns> {
        let mut selected = Selected::default();
        for item in &query.select {
            self.select(query, item, &mut selected)?;
        }
        Ok(Columns::Rows(selected.shape, selected.paths))
    }

    fn select(&self, query: &Query, item: &SelectItem, selected: &mut Selected) -> Checked<()> {
        match item {
            SelectItem::Value { expression, alias } => {
                let (path, _) = self.row_path(expression)?;
                if expression.functions.is_empty()
                    && let Some(alias) = alias
                {
                    let text = "only aggregate expressions use field aliasing";
                    return Err(self.malformed(alias.at, text));
                }
                let key = alias.as_ref().map_or(&path.column.name, |alias| &alias.text).clone();
                if !add(&mut selected.shape, key, &path) {
                    return Err(self.duplicate(&path.column.name, expression.at));
                }
                selected.paths.push(path);
                Ok(())
            }
            SelectItem::Fields { set, at } => self.field_set(query, *set, *at, selected),
            SelectItem::Children { query, at } => self.children(query, *at, selected),
            SelectItem::TypeOf { relationship, cases, otherwise } => {
                self.type_of(relationship, cases, otherwise, selected)
            }
            SelectItem::CountAll { at } => Err(self.malformed(*at, "unexpected token: 'COUNT'")),
        }
    }

    fn field_set(
        &self,
        query: &Query,
        set: FieldSet,
        at: usize,
        selected: &mut Selected,
    ) -> Checked<()> {
        let bounded = query.limit.is_some_and(|limit| limit <= FIELDS_LIMIT_MAX);
        if set != FieldSet::Standard && !bounded {
            let text =
                format!("The SOQL FIELDS function must have a LIMIT of at most {FIELDS_LIMIT_MAX}");
            return Err(self.malformed(at, &text));
        }
        for field in self.object.fields.iter().filter(|field| in_set(field, set)) {
            let path = Path::own(Column::new(self.object, field));
            if add(&mut selected.shape, path.column.name.clone(), &path) {
                selected.paths.push(path);
            }
        }
        Ok(())
    }

    fn children(&self, query: &Query, at: usize, selected: &mut Selected) -> Checked<()> {
        let lists =
            selected.shape.entries.iter().filter(|entry| matches!(entry, Entry::Children(_)));
        if self.nesting != Nesting::Top {
            let text = "only one level of child subqueries is allowed, and none in a semi-join";
            return Err(self.malformed(at, text));
        }
        if lists.count() == CHILDREN_MAX {
            let text = format!("a query may hold at most {CHILDREN_MAX} child subqueries");
            return Err(self.malformed(at, &text));
        }
        let (object, reference) = self.child(&query.from)?;
        let scope = Scope::new(self.source, query, self.context, object, Nesting::Children);
        let relationship = reference.child_relationship_name.clone().unwrap_or_default();
        let is_new = selected.shape.entries.iter().all(|entry| *entry.key() != relationship);
        if !is_new {
            return Err(self.duplicate(&relationship, at));
        }
        selected.shape.entries.push(Entry::Children(Children {
            relationship,
            reference: reference.name.clone(),
            query: Arc::new(scope.query(query)?),
        }));
        Ok(())
    }

    /// The object and the reference behind the name of a list of children.
    fn child(&self, name: &Name) -> Checked<(&'query Object, &'query Field)> {
        // The parent's own name may stand before the list: `FROM Account.Contacts`.
        let list = name.text.rsplit('.').next().unwrap_or_default();
        let fields = self
            .context
            .schema
            .objects
            .iter()
            .flat_map(|object| object.fields.iter().map(move |field| (object, field)));
        let mut fields = fields.filter(|(_, field)| {
            let own = field.child_relationship_name.as_deref();
            own.is_some_and(|own| own.eq_ignore_ascii_case(list))
                && field.reference_to.contains(&self.object.name)
        });
        fields.next().ok_or_else(|| SoqlError::no_children(self.source, name.at, &name.text))
    }

    fn type_of(
        &self,
        relationship: &Name,
        cases: &[TypeCase],
        otherwise: &[Name],
        selected: &mut Selected,
    ) -> Checked<()> {
        let (reference, objects) = self.parent(relationship)?;
        if reference.reference_to.len() < 2 {
            let text =
                format!("TYPEOF needs a polymorphic relationship, unlike {}", relationship.text);
            return Err(self.malformed(relationship.at, &text));
        }
        let mut shapes = Vec::new();
        for case in cases {
            let wanted = &case.object.text;
            let object = objects.iter().find(|object| object.name.eq_ignore_ascii_case(wanted));
            let object =
                object.ok_or_else(|| SoqlError::no_object(self.source, case.object.at, wanted))?;
            shapes.push((object.name.clone(), self.shape_of(object, &case.fields)?));
        }
        let mut rest = Shape::default();
        for name in otherwise {
            let text = format!("{}.{}", relationship.text, name.text);
            let (path, _) = self.resolve(&Name { text, at: name.at })?;
            add(&mut rest, path.column.name.clone(), &Path { hops: Vec::new(), ..path });
        }
        let hop = Hop {
            reference: reference.name.clone(),
            relationship: reference.relationship_name.clone().unwrap_or_default(),
        };
        selected.shape.entries.push(Entry::TypeOf { hop, cases: shapes, otherwise: rest });
        Ok(())
    }

    fn shape_of(&self, object: &'query Object, fields: &[Name]) -> Checked<Shape> {
        let scope = Scope { source: self.source, ..Scope::without_query(self.context, object) };
        let mut shape = Shape::default();
        for name in fields {
            let (path, _) = scope.resolve(name)?;
            add(&mut shape, path.column.name.clone(), &path);
        }
        Ok(shape)
    }

    /// What a child subquery and a semi-join may not hold.
    pub(super) fn fits_nesting(&self, query: &Query) -> Checked<()> {
        let aggregated = query.select.iter().find_map(|item| match item {
            SelectItem::Value { expression, .. }
                if expression
                    .functions
                    .iter()
                    .any(|function| Function::is_aggregate(*function)) =>
            {
                Some(expression.at)
            }
            _ => None,
        });
        let grouped = query.grouping.as_ref().and_then(|grouping| grouping.by.first());
        let place = aggregated.or(grouped.map(|first| first.at));
        match (self.nesting, place) {
            (Nesting::Top, _) | (_, None) => Ok(()),
            (_, Some(at)) => {
                Err(self.malformed(at, "aggregate functions are not allowed in a subquery"))
            }
        }
    }

    fn duplicate(&self, name: &str, at: usize) -> SoqlError {
        let text = format!("duplicate field selected: {name}");
        SoqlError::at("INVALID_FIELD", self.source, at, &text)
    }
}

fn in_set(field: &Field, set: FieldSet) -> bool {
    match set {
        FieldSet::All => true,
        FieldSet::Standard => !field.custom,
        FieldSet::Custom => field.custom,
    }
}

/// Adds a path to a shape under a key; false when the key was there already.
pub(super) fn add(shape: &mut Shape, key: String, path: &Path) -> bool {
    let mut place = shape;
    for hop in &path.hops {
        place = parent_of(place, hop);
    }
    let is_new = place.entries.iter().all(|entry| *entry.key() != key);
    if is_new {
        let path = Path { hops: Vec::new(), ..path.clone() };
        place.entries.push(Entry::Value { key, path });
    }
    is_new
}

fn parent_of<'shape>(shape: &'shape mut Shape, wanted: &Hop) -> &'shape mut Shape {
    let is_wanted = |entry: &Entry| matches!(entry, Entry::Parent { hop, .. } if hop == wanted);
    let index = shape.entries.iter().position(is_wanted).unwrap_or_else(|| {
        shape.entries.push(Entry::Parent { hop: wanted.clone(), shape: Shape::default() });
        shape.entries.len() - 1
    });
    match &mut shape.entries[index] {
        Entry::Parent { shape, .. } => shape,
        _ => unreachable!("the entry was found or made as a parent just above"),
    }
}

impl Entry {
    /// The key in the shown row.
    pub(crate) fn key(&self) -> &String {
        match self {
            Self::Value { key, .. } => key,
            Self::Parent { hop, .. } | Self::TypeOf { hop, .. } => &hop.relationship,
            Self::Children(children) => &children.relationship,
        }
    }
}
