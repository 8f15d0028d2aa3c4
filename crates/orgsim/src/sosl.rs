//! SOSL: `FIND {text} IN ALL FIELDS RETURNING Account(Id, Name WHERE … LIMIT n), Contact`, over an org's rows.
//!
//! A word matches a whole word of a field, without case; `*` and `?` stand for any and for one character; words stand
//! beside each other with AND, OR, AND NOT and parentheses; quotes make a phrase. Results of one object come in the order
//! of a query. The wire reference says nothing on SOSL: what is here follows the published SOSL reference.

mod matching;
mod parse;

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::org::Org;
use crate::rows::Row;
use crate::schema::{FieldType, Object};
use crate::soql::{
    Answer, Columns, Context, Deleted, Family, Query, Reader, SoqlError, World, check, family,
};
use crate::sosl::matching::Terms;

pub(crate) use parse::parse;

/// Most results of one search.
pub(crate) const RESULTS_MAX: usize = 2_000;

/// A search as read.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) terms: Terms,
    pub(crate) fields: SearchGroup,
    /// What to return, each as a query; without any, ids of every object.
    pub(crate) returning: Vec<Query>,
    pub(crate) limit: usize,
}

/// Which fields are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchGroup {
    All,
    Name,
    Email,
    Phone,
    /// Name, e-mail, phone and external ids.
    Sidebar,
}

/// Runs a search and shows its records.
///
/// # Errors
/// `MALFORMED_SEARCH`, and what a query over the same names answers.
pub(crate) fn search(org: &Org, version: &str, source: &str) -> Result<Value, SoqlError> {
    let search = parse(source)?;
    let world = World::new(&org.schema, &org.tables);
    let mut records = Vec::new();
    for query in search.queries(org) {
        let context = Context { schema: &org.schema, now: org.clock.now(), user: &org.user.id };
        let mut checked = check(source, &query, context)?;
        let limit = checked.limit.take().unwrap_or(RESULTS_MAX);
        let offset = std::mem::take(&mut checked.offset);
        let (Answer::Rows(ids), Columns::Rows(shape, _)) =
            (checked.run(&world, Deleted::Hidden), &checked.columns)
        else {
            return Err(malformed("aggregate functions are not allowed in a search"));
        };
        let (Some(object), Some(table)) =
            (org.schema.object(&checked.object), org.tables.get(&checked.object))
        else {
            continue;
        };
        let reader = Reader { world: &world, version };
        let rows = ids.iter().filter_map(|id| table.live(id));
        let found = rows.filter(|row| search.finds(object, row)).skip(offset).take(limit);
        records.extend(found.map(|row| reader.show(&object.name, row, shape)));
    }
    records.truncate(search.limit);
    Ok(json!({ "searchRecords": records }))
}

impl Search {
    fn queries(&self, org: &Org) -> Vec<Query> {
        if !self.returning.is_empty() {
            return self.returning.clone();
        }
        let objects = org.schema.objects.iter().filter(|object| is_searchable(object));
        objects.map(|object| Query::of_ids(&object.name)).collect()
    }

    fn finds(&self, object: &Object, row: &Row) -> bool {
        let fields = object.fields.iter().filter(|field| self.fields.holds(field));
        let texts = fields.filter_map(|field| row.get(&field.name)?.as_str());
        self.terms.matches(&texts.collect::<Vec<_>>())
    }
}

impl SearchGroup {
    fn holds(self, field: &crate::schema::Field) -> bool {
        let is_name = field.name_field || matches!(field.name.as_str(), "FirstName" | "LastName");
        let (is_email, is_phone) = (field.kind == FieldType::Email, field.kind == FieldType::Phone);
        match self {
            Self::All => family(field.kind) == Family::Text,
            Self::Name => is_name,
            Self::Email => is_email,
            Self::Phone => is_phone,
            Self::Sidebar => is_name || is_email || is_phone || field.external_id,
        }
    }
}

/// Objects that hold what users write.
fn is_searchable(object: &Object) -> bool {
    object.createable && object.fields.iter().any(|field| field.name_field)
}

fn malformed(message: &str) -> SoqlError {
    SoqlError { code: "MALFORMED_SEARCH", message: message.to_owned() }
}
