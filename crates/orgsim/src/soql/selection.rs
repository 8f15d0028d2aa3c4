//! A query compiled once and read row by row, for results that are too many for one JSON value (Bulk API 2.0 queries,
//! wire reference 7.2).

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::moments::read_datetime;
use crate::org::Org;
use crate::rows::{Row, RowId};
use crate::schema::FieldType;
use crate::soql::check::{Context, check};
use crate::soql::checked::{CheckedQuery, Columns, Entry, Path};
use crate::soql::error::SoqlError;
use crate::soql::operand::{Family, family};
use crate::soql::parser::parse;
use crate::soql::render::Reader;
use crate::soql::run::{Answer, Deleted};
use crate::soql::world::World;

/// What a Bulk query cannot do; the words are UNCONFIRMED.
const UNSUPPORTED: &str = "FUNCTIONALITYNOTENABLED";

/// A query of plain columns, compiled against an org's schema and its present moment.
///
/// ```text
/// let selection = Selection::compile(org, "SELECT Id, Owner.Name FROM Account")?;
/// let ids = selection.find(org, Deleted::Hidden);             // the snapshot a job keeps: ids, not rows
/// selection.for_each_row(org, &ids[from..to], Deleted::Hidden, |cells| write_csv_line(cells));
/// ```
///
/// It stays valid for as long as the objects and fields that it names exist.
#[derive(Debug, Clone)]
pub struct Selection {
    query: CheckedQuery,
    paths: Vec<Path>,
    columns: Vec<String>,
}

impl Selection {
    /// Reads and checks a query.
    ///
    /// # Errors
    /// What the query resource answers for the same text (`MALFORMED_QUERY`, `INVALID_FIELD`, `INVALID_TYPE`, …, with
    /// the place), and `FUNCTIONALITYNOTENABLED` for what has no columns of single values: aggregates, child
    /// subqueries, TYPEOF, compound fields, OFFSET.
    pub fn compile(org: &Org, source: &str) -> Result<Self, SoqlError> {
        Self::compile_at(org, source, org.clock.now())
    }

    /// Reads and checks a query whose relative dates count from a moment.
    pub(crate) fn compile_at(org: &Org, source: &str, now: Timestamp) -> Result<Self, SoqlError> {
        let context = Context { schema: &org.schema, now, user: &org.user.id };
        let query = check(source, &parse(source)?, context)?;
        let paths = single_values(&query)?;
        let columns = paths.iter().map(header).collect();
        Ok(Self { query, paths, columns })
    }

    /// The API name of the object in FROM.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.query.object
    }

    /// Column names in the order of SELECT, spelled as describe spells them, parents with dots: `Owner.Name`.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The types of the columns.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = FieldType> {
        self.paths.iter().map(|path| path.column.kind)
    }

    /// Ids of all rows that match now, in result order, LIMIT applied.
    #[must_use]
    pub fn find(&self, org: &Org, deleted: Deleted) -> Arc<[RowId]> {
        match self.query.run(&World::new(&org.schema, &org.tables), deleted) {
            Answer::Rows(ids) => ids,
            // `compile` refuses every other kind of query.
            Answer::Count(_) | Answer::Aggregates(_) => Arc::from([]),
        }
    }

    /// Hands the rows with these ids to `visit`, one value for each column, `None` for null. Rows are read as they
    /// stand now; those that were deleted since [`Selection::find`] are left out unless `deleted` includes them.
    ///
    /// Values are in REST form (wire reference 9): datetimes as `2026-11-20T10:00:00.000+0000`, booleans never null.
    pub fn for_each_row(
        &self,
        org: &Org,
        ids: &[RowId],
        deleted: Deleted,
        mut visit: impl FnMut(&[Option<Cow<'_, Value>>]),
    ) {
        let Some(table) = org.tables.get(&self.query.object) else { return };
        let world = World::new(&org.schema, &org.tables);
        let rows = ids.iter().filter_map(|id| table.stored(id));
        let mut cells = Vec::with_capacity(self.paths.len());
        for stored in rows {
            if deleted == Deleted::Hidden && stored.deleted_date.is_some() {
                continue;
            }
            cells.extend(self.paths.iter().map(|path| cell(&world, &stored.row, path)));
            visit(&cells);
            cells.clear();
        }
    }

    /// Hands the rows with these ids to `visit` as Bulk v1 writes them in JSON: nested like the records of REST under
    /// the paths of `version`, with datetimes as milliseconds since 1970.
    pub(crate) fn for_each_record(
        &self,
        org: &Org,
        ids: &[RowId],
        deleted: Deleted,
        version: &str,
        mut visit: impl FnMut(&Value),
    ) {
        let Some(table) = org.tables.get(&self.query.object) else { return };
        // `compile` refuses every other kind of query.
        let Columns::Rows(shape, _) = &self.query.columns else { return };
        let world = World::new(&org.schema, &org.tables);
        let reader = Reader { world: &world, version };
        let moments = self.paths.iter().filter(|path| path.column.kind == FieldType::DateTime);
        let moments: Vec<&Path> = moments.collect();
        for stored in ids.iter().filter_map(|id| table.stored(id)) {
            if deleted == Deleted::Hidden && stored.deleted_date.is_some() {
                continue;
            }
            let mut record = reader.show(&self.query.object, &stored.row, shape);
            moments.iter().for_each(|path| count_milliseconds(&mut record, path));
            visit(&record);
        }
    }
}

/// Turns the datetime at a path into its milliseconds.
fn count_milliseconds(record: &mut Value, path: &Path) {
    let steps = path.hops.iter().map(|hop| hop.relationship.as_str());
    let mut value = Some(record);
    for step in steps.chain([path.column.name.as_str()]) {
        value = value.and_then(|value| value.get_mut(step));
    }
    let Some(value) = value else { return };
    if let Some(moment) = value.as_str().and_then(read_datetime) {
        *value = Value::from(moment.as_millisecond());
    }
}

/// A checkbox without a value is false, unless there is no parent at all.
fn cell<'row>(world: &World<'row>, row: &'row Row, path: &Path) -> Option<Cow<'row, Value>> {
    const FALSE: &Value = &Value::Bool(false);
    let value = world.value(row, path);
    match family(path.column.kind) {
        Family::Boolean if path.hops.is_empty() => value.or(Some(Cow::Borrowed(FALSE))),
        _ => value,
    }
}

fn single_values(query: &CheckedQuery) -> Result<Vec<Path>, SoqlError> {
    let refused = |what: &str| {
        let message = format!("{what} not supported in Bulk Query");
        Err(SoqlError::plain(UNSUPPORTED, message))
    };
    let Columns::Rows(shape, paths) = &query.columns else {
        return refused("Aggregate functions");
    };
    let is_plain = |entry: &Entry| matches!(entry, Entry::Value { .. } | Entry::Parent { .. });
    if !shape.entries.iter().all(is_plain) {
        return refused("Nested queries and TYPEOF");
    }
    if query.offset > 0 {
        return refused("OFFSET clause");
    }
    match paths.iter().find(|path| family(path.column.kind) == Family::Compound) {
        Some(_) => refused("Selecting compound data"),
        None => Ok(paths.clone()),
    }
}

fn header(path: &Path) -> String {
    let steps = path.hops.iter().map(|hop| hop.relationship.as_str());
    steps.chain([path.column.name.as_str()]).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Selection;
    use crate::api::tests::fixtures::{org, seed};
    use crate::soql::Deleted;

    #[test]
    fn rows_are_handed_over_in_the_columns_of_the_query() {
        let mut org = org();
        let owner = org.user.id.clone();
        for name in ["Acme", "Beta"] {
            seed(&mut org, "Account", json!({ "Name": name, "OwnerId": owner }));
        }
        let source =
            "select name, owner.username, isdeleted, annualrevenue FROM Account ORDER BY Name";
        let selection = Selection::compile(&org, source).unwrap();
        assert_eq!(selection.columns(), ["Name", "Owner.Username", "IsDeleted", "AnnualRevenue"]);
        let ids = selection.find(&org, Deleted::Hidden);
        let mut lines = Vec::new();
        selection.for_each_row(&org, &ids[1..], Deleted::Hidden, |cells| {
            let cells = cells
                .iter()
                .map(|cell| cell.as_deref().map_or("-".to_owned(), ToString::to_string));
            lines.push(cells.collect::<Vec<_>>().join(" "));
        });
        assert_eq!(lines, [r#""Beta" "admin@example.com" false -"#]);
    }

    #[test]
    fn what_has_no_single_values_is_refused() {
        for source in [
            "SELECT COUNT() FROM Account",
            "SELECT COUNT(Id) FROM Account",
            "SELECT BillingAddress FROM Account",
            "SELECT Id FROM Account OFFSET 5",
            "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
            "SELECT TYPEOF What WHEN Account THEN Phone END FROM Task",
        ] {
            let error = Selection::compile(&org(), source).unwrap_err();
            assert_eq!(error.code, "FUNCTIONALITYNOTENABLED", "{source}");
        }
        let error = Selection::compile(&org(), "SELECT Nope FROM Account").unwrap_err();
        assert_eq!(error.code, "INVALID_FIELD");
    }
}
