//! Names and dotted paths to fields.

use crate::schema::{Field, FieldType, Object};
use crate::soql::ast::Name;
use crate::soql::check::{Checked, Scope};
use crate::soql::checked::{Column, Hop, Path, Reading};
use crate::soql::error::SoqlError;

/// Most relationships in one path (wire reference 5.1).
const HOPS_MAX: usize = 5;

/// Most child-to-parent relationships of one query (wire reference 5.1).
const PARENTS_MAX: usize = 55;

/// What a reference to several objects shows of its target without TYPEOF: the fields of the entity `Name`.
const NAME_FIELDS: [&str; 16] = [
    "Alias",
    "Email",
    "FirstName",
    "Id",
    "IsActive",
    "LastName",
    "MiddleName",
    "Name",
    "Phone",
    "ProfileId",
    "RecordTypeId",
    "Suffix",
    "Title",
    "Type",
    "UserRoleId",
    "Username",
];

/// Relationships of the entity `Name`.
const NAME_RELATIONSHIPS: [&str; 3] = ["Profile", "RecordType", "UserRole"];

/// Where a path has come to.
struct Target<'query> {
    objects: Vec<&'query Object>,
    /// The reference names several objects, so that only what they share can be asked.
    polymorphic: bool,
}

impl<'query> Scope<'query> {
    /// A field of the row or of a parent by its written name.
    pub(super) fn plain_path(&self, name: &str) -> Checked<Path> {
        Ok(self.resolve(&Name { text: name.to_owned(), at: 0 })?.0)
    }

    /// A field of the row or of a parent.
    pub(super) fn resolve(&self, name: &Name) -> Checked<(Path, &'query Field)> {
        let mut steps: Vec<&str> = name.text.split('.').collect();
        let field_name = steps.pop().unwrap_or_default();
        let hops = self.expanded(steps);
        if hops.len() > HOPS_MAX {
            let text = format!("a field path may hold at most {HOPS_MAX} relationships");
            return Err(self.malformed(name.at, &text));
        }
        let mut target = Target { objects: vec![self.object], polymorphic: false };
        let mut path = Vec::new();
        for step in hops {
            let reference = target
                .relationship(step)
                .ok_or_else(|| SoqlError::no_relationship(self.source, name.at, step))?;
            path.push(Hop::of(reference));
            target = self.behind(reference);
        }
        self.uses(&path, name)?;
        self.field(&target, path, field_name, name.at)
    }

    /// The target of the parent relationship `name` of this query's object.
    pub(super) fn parent(&self, name: &Name) -> Checked<(&'query Field, Vec<&'query Object>)> {
        let reference = self.object.relationship(&name.text);
        let reference = reference
            .ok_or_else(|| SoqlError::no_relationship(self.source, name.at, &name.text))?;
        self.uses(&[Hop::of(reference)], name)?;
        Ok((reference, self.behind(reference).objects))
    }

    /// Counts the relationships of a path.
    fn uses(&self, path: &[Hop], name: &Name) -> Checked<()> {
        let mut parents = self.parents.borrow_mut();
        let mut way = String::new();
        for hop in path {
            way.push('.');
            way.push_str(&hop.relationship);
            parents.insert(way.clone());
        }
        if parents.len() <= PARENTS_MAX {
            return Ok(());
        }
        let text = format!("a query may hold at most {PARENTS_MAX} child-to-parent relationships");
        Err(self.malformed(name.at, &text))
    }

    /// Relationship names with a leading alias replaced by what it stands for.
    fn expanded<'name>(&self, steps: Vec<&'name str>) -> Vec<&'name str>
    where
        'query: 'name,
    {
        let mut steps = steps;
        // Each alias is used once at most, so that aliases of aliases come to an end.
        for _ in 0..=self.aliases.len() {
            let Some(first) = steps.first() else { break };
            if self.object.relationship(first).is_some() {
                break;
            }
            let alias = self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(first));
            let Some((_, path)) = alias else { break };
            steps.splice(..1, path.iter().copied());
        }
        steps
    }

    fn behind(&self, reference: &Field) -> Target<'query> {
        let targets = reference.reference_to.iter();
        Target {
            objects: targets.filter_map(|to| self.context.schema.object(to)).collect(),
            polymorphic: reference.reference_to.len() > 1,
        }
    }

    fn field(
        &self,
        target: &Target<'query>,
        hops: Vec<Hop>,
        name: &str,
        at: usize,
    ) -> Checked<(Path, &'query Field)> {
        let found = target.field(name).ok_or_else(|| {
            let entity = target.objects.first().map_or("Name", |object| object.name.as_str());
            let entity = if target.polymorphic { "Name" } else { entity };
            SoqlError::no_column(self.source, at, name, entity)
        })?;
        let (object, field) = found;
        let mut column = Column::new(object, field);
        let mut reading = Reading::Stored;
        if target.polymorphic && name.eq_ignore_ascii_case("Type") {
            column = Column {
                name: "Type".to_owned(),
                kind: FieldType::String,
                exact: false,
                parts: Vec::new(),
            };
            reading = Reading::ObjectName;
        }
        Ok((Path { hops, column, reading }, field))
    }
}

impl<'query> Target<'query> {
    fn relationship(&self, name: &str) -> Option<&'query Field> {
        let known = |own: &&str| own.eq_ignore_ascii_case(name);
        if self.polymorphic && !NAME_RELATIONSHIPS.iter().any(known) {
            return None;
        }
        self.objects.iter().find_map(|object| object.relationship(name))
    }

    fn field(&self, name: &str) -> Option<(&'query Object, &'query Field)> {
        if self.polymorphic && !NAME_FIELDS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            return None;
        }
        // The type of a polymorphic parent is no field of its own: it is shown in place of the name.
        let is_type = self.polymorphic && name.eq_ignore_ascii_case("Type");
        let name = if is_type { "Id" } else { name };
        self.objects.iter().find_map(|object| Some((*object, object.field(name)?)))
    }
}

impl Hop {
    fn of(reference: &Field) -> Self {
        Self {
            reference: reference.name.clone(),
            relationship: reference.relationship_name.clone().unwrap_or_default(),
        }
    }
}
