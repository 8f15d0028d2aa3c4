//! Searching records of an org by name, id or condition, as a table to choose from; it only reads.

mod columns;
mod condition;

use isthmus_contract::record::{RecordColumn, RecordRow, RecordSearch, RecordsView, SearchBy};
use isthmus_model::ids::{OrgId, RecordId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::schema::ObjectSchema;
use isthmus_model::value::Value;
use isthmus_salesforce::api::query::{MAX_BATCH, MIN_BATCH, QueryOptions};
use isthmus_salesforce::row::{Row, RowShape};
use isthmus_salesforce::soql::{Comparison, Condition, Direction, Literal, Select};
use isthmus_store::LaneRow;

use crate::error::{Error, Result};
use crate::org::{Connection, find_connected};
use crate::query::refuse_changes;
use crate::record::mappings_of;
use crate::syncs::stored;
use crate::workspace::Workspace;
use columns::Columns;

/// Most records of one search: more than a person looks through, and one page of the org's.
const MOST_RECORDS: u32 = 2_000;

/// Searches records of an object.
///
/// # Errors
/// [`Error::UnknownOrg`], [`Error::UnknownObject`]; a bad request for text that is more than a condition, and for a
/// search by name where the object has none; [`Error::Org`] with the org's own words on a condition.
pub async fn search(workspace: &Workspace, request: &RecordSearch) -> Result<RecordsView> {
    let connection = Connection::open(workspace, find_connected(workspace, &request.org)?)?;
    let schema = connection.describe_one(&request.object).await?;
    let refused = || Error::org(&connection.row.name);
    let columns = Columns::of(&schema);
    let fields = columns.fields();
    let soql = match &request.by {
        SearchBy::NameOrId(text) => by_name_or_id(&schema, &fields, text.trim())?,
        SearchBy::Condition(text) => by_condition(&schema, &fields, text)?,
    };
    let limit = request.limit.min(MOST_RECORDS) as usize;
    let shape = RowShape::new(&fields, &schema).map_err(refused())?;
    let batch = u16::try_from(limit).unwrap_or(MAX_BATCH).clamp(MIN_BATCH, MAX_BATCH);
    // Without LIMIT the first page tells how many there are; no page is asked for beyond what is shown.
    let options = QueryOptions { batch_size: Some(batch), ..QueryOptions::default() };
    let mut pages = connection.client.query_with(soql, options);
    let (mut found, mut total) = (Vec::new(), 0);
    while found.len() < limit {
        let Some(page) = pages.next_page().await.map_err(refused())? else { break };
        total = page.total_size;
        found.extend(page.rows(&shape).map_err(refused())?);
        if limit == 0 {
            break;
        }
    }
    found.truncate(limit);
    let links = Links::of(workspace, connection.row.org_id, &schema.name)?;
    let rows = found.into_iter().map(|row| record(&links, &columns, row));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(RecordsView { label: schema.label.clone(), columns: columns.shown, rows, total })
}

/// The newest records, one by its id, or those whose name holds the text.
fn by_name_or_id(schema: &ObjectSchema, fields: &[String], text: &str) -> Result<String> {
    let select = Select::new(&schema.name, fields).map_err(|error| no_query(&error))?;
    if text.is_empty() {
        return Ok(newest_first(select, schema)?.to_string());
    }
    if let Some(id) = record_id(schema, text) {
        let by_id = Condition::compare("Id", Comparison::Equal, Literal::Id(id));
        return Ok(select.filter(by_id.map_err(|error| no_query(&error))?).to_string());
    }
    let name = schema.fields.iter().find(|field| field.name_field && field.filterable);
    let Some(name) = name else {
        let text = format!("{} has no name to search by", schema.name);
        return Err(Error::bad(text, "give a record's id, or write a condition"));
    };
    let part = Literal::Contains(text.to_owned());
    let holds =
        Condition::compare(&name.name, Comparison::Like, part).map_err(|error| no_query(&error))?;
    let select = select.filter(holds);
    let ordered = match name.sortable {
        true => {
            select.order_by(&name.name, Direction::Ascending).map_err(|error| no_query(&error))?
        }
        false => select,
    };
    Ok(ordered.to_string())
}

fn by_condition(schema: &ObjectSchema, fields: &[String], text: &str) -> Result<String> {
    let parts = condition::read(text)?;
    let select = Select::new(&schema.name, fields).map_err(|error| no_query(&error))?;
    let soql = match (parts.condition, parts.order) {
        (None, None) => newest_first(select, schema)?.to_string(),
        (Some(condition), None) => format!("{select} WHERE ({condition})"),
        (None, Some(order)) => format!("{select} ORDER BY {order}"),
        (Some(condition), Some(order)) => format!("{select} WHERE ({condition}) ORDER BY {order}"),
    };
    refuse_changes(&soql)?;
    Ok(soql)
}

fn newest_first(select: Select, schema: &ObjectSchema) -> Result<Select> {
    let sortable = |name: &&str| schema.field(name).is_some_and(|field| field.sortable);
    match schema.cursor_field().filter(sortable) {
        Some(stamp) => {
            select.order_by(stamp, Direction::Descending).map_err(|error| no_query(&error))
        }
        None => Ok(select),
    }
}

/// The text as an id of this object: words of 15 or 18 letters are names of other things.
fn record_id(schema: &ObjectSchema, text: &str) -> Option<RecordId> {
    let id = RecordId::parse(text).ok()?;
    let fits = schema.key_prefix.as_ref().is_none_or(|prefix| id.key_prefix() == prefix);
    fits.then_some(id)
}

fn no_query(error: &isthmus_salesforce::Error) -> Error {
    Error::bad(error.to_string(), "report it: describe gave a name that is none")
}

fn record(links: &Links<'_>, columns: &Columns, row: Row) -> Result<RecordRow> {
    let id = row.id();
    let mut values = row.values.into_iter();
    // Id stands first; the name, the cells and the stamp follow in the order of the fields.
    let _ = values.next();
    let text = id.map(|id| id.to_string()).unwrap_or_default();
    let name = columns.name.as_ref().and_then(|_| values.next()).filter(|name| !name.is_blank());
    let cells = values.by_ref().take(columns.shown.len()).map(|value| value.display()).collect();
    let changed = columns.changed.as_ref().and_then(|_| values.next());
    Ok(RecordRow {
        name: name.map_or_else(|| text.clone(), |name| name.display()),
        id: text,
        cells,
        linked: id.map(|id| links.of_record(id)).transpose()?.unwrap_or_default(),
        changed_at: changed.filter(|at| *at != Value::Null).map(|at| at.display()),
    })
}

/// The mappings of all syncs that cover an object of an org.
struct Links<'a> {
    workspace: &'a Workspace,
    mappings: Vec<(LaneRow, Side, MappingName)>,
}

impl<'a> Links<'a> {
    fn of(workspace: &'a Workspace, org: OrgId, object: &str) -> Result<Self> {
        let mut mappings = Vec::new();
        for sync in stored(workspace)? {
            let Some(lane) = sync.lanes.first().cloned() else { continue };
            let own = mappings_of(&sync, org, object).into_iter();
            mappings.extend(own.map(|(side, mapping)| (lane.clone(), side, mapping)));
        }
        Ok(Self { workspace, mappings })
    }

    /// The names of the orgs that hold the same record, each once.
    fn of_record(&self, id: RecordId) -> Result<Vec<String>> {
        let reader = self.workspace.ledger.read();
        let mut names: Vec<String> = Vec::new();
        for (lane, side, mapping) in &self.mappings {
            if reader.link_of(lane.id, mapping, *side, id)?.is_some() {
                let other = if *side == Side::Left { lane.right } else { lane.left };
                let name = reader.org(other)?.map_or_else(|| other.to_string(), |org| org.name);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Ok(names)
    }
}

impl Columns {
    /// Everything that is asked of a record, in the order in which [`record`] takes it.
    fn fields(&self) -> Vec<String> {
        let shown = self.shown.iter().map(|column: &RecordColumn| column.field.clone());
        let name = self.name.clone().into_iter();
        ["Id".to_owned()].into_iter().chain(name).chain(shown).chain(self.changed.clone()).collect()
    }
}

#[cfg(test)]
mod tests;
