//! The side port over a Salesforce org: SOQL scans, retrieves by id, collections for writes, getUpdated for SETTLED.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_model::cause::Cause;
use isthmus_model::ids::{OrgId, RecordId};
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, ObjectName, ObjectSchema};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;
use isthmus_salesforce::api::collections::{CreateRow, RowResult as SavedRow, UpdateRow};
use isthmus_salesforce::api::query::QueryPages;
use isthmus_salesforce::error::{ApiError, ErrorClass, OriginalBody};
use isthmus_salesforce::row::{Row, RowShape};
use isthmus_salesforce::soql::{Comparison, Condition, Direction, Literal, Select};
use isthmus_salesforce::{Client, Error, REQUEST_TIMEOUT, TransportError};
use jiff::{SignedDuration, Timestamp};

use crate::side::{
    Capabilities, Page, PageMark, RefusalClass, RowRefusal, RowResult, Selection, SideError,
    SideErrorKind, SideFuture, SidePort, WriteBatch, WriteVerb,
};

/// Rows of one collections call (wire reference 5.3).
const MAX_WRITE_ROWS: usize = 200;
/// Ids of one retrieve; the org takes 2,000.
const MAX_READ_IDS: usize = 2000;
/// Keys of one IN list: with keys of 80 characters the query stays below half of SOQL's 100,000.
const MAX_READ_KEYS: usize = 500;
/// Objects of one composite call (wire reference 5.4).
const MAX_SETTLED_OBJECTS: usize = 25;
/// getUpdated wants a window of more than a minute and ignores seconds: three always hold two whole ones.
const SETTLED_WINDOW: SignedDuration = SignedDuration::from_mins(3);

/// One connected Salesforce org.
pub struct SalesforceSide {
    client: Client,
    org: OrgId,
    user: RecordId,
    username: String,
    /// Queries under way, by the number their page marks hold.
    open_queries: RefCell<BTreeMap<u64, QueryPages>>,
    last_query: Cell<u64>,
}

impl SalesforceSide {
    /// A side over a connected client; `user` and `username` are the connected user's.
    #[must_use]
    pub fn new(client: Client, org: OrgId, user: RecordId, username: String) -> Self {
        let open_queries = RefCell::new(BTreeMap::new());
        Self { client, org, user, username, open_queries, last_query: Cell::new(0) }
    }

    /// The client, for what is no part of a sync.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    async fn next_page(
        &self,
        columns: &Columns,
        from: Option<PageMark>,
    ) -> Result<(Vec<Row>, Option<PageMark>), Error> {
        let number = match &from {
            None => {
                let select = columns.select()?.order_by("Id", Direction::Ascending)?;
                self.last_query.set(self.last_query.get() + 1);
                let pages = self.client.query(select.to_string());
                self.open_queries.borrow_mut().insert(self.last_query.get(), pages);
                self.last_query.get()
            }
            Some(mark) => mark.0.parse().unwrap_or_default(),
        };
        let Some(mut pages) = self.open_queries.borrow_mut().remove(&number) else {
            return Err(lost_mark());
        };
        let page = pages.next_page().await;
        let done = page.as_ref().is_ok_and(|page| page.as_ref().is_none_or(|page| page.done));
        // After an error the same page can be asked for again, except for a first page: its query is made anew.
        if !done && (page.is_ok() || from.is_some()) {
            self.open_queries.borrow_mut().insert(number, pages);
        }
        let rows = page?.map(|page| page.rows(&columns.shape)).transpose()?.unwrap_or_default();
        Ok((rows, (!done).then(|| PageMark(number.to_string()))))
    }

    async fn retrieve(&self, columns: &Columns, ids: &[RecordId]) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        for part in ids.chunks(MAX_READ_IDS) {
            let found = self.client.retrieve(&columns.object, part, &columns.shape).await?;
            rows.extend(found.into_iter().flatten());
        }
        Ok(rows)
    }

    async fn query_keys(&self, columns: &Columns, keys: &[RowKey]) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        for part in keys.chunks(MAX_READ_KEYS) {
            let select = columns.select()?.filter(condition(part)?);
            let select = select.order_by("Id", Direction::Ascending)?;
            rows.extend(self.client.query(select.to_string()).all_rows(&columns.shape).await?);
        }
        Ok(rows)
    }

    async fn save(&self, batch: &WriteBatch) -> Result<Vec<SavedRow>, Error> {
        let object = &batch.object.name;
        match &batch.verb {
            WriteVerb::Insert => {
                let rows = batch
                    .rows
                    .iter()
                    .map(|row| CreateRow { object: object.clone(), values: row.values.clone() });
                self.client.create_rows(&rows.collect::<Vec<_>>()).await
            }
            WriteVerb::Update => {
                let rows = batch.rows.iter().map(|row| {
                    let id = row.id.ok_or_else(|| no_target(object))?;
                    Ok(UpdateRow { object: object.clone(), id, values: row.values.clone() })
                });
                self.client.update_rows(&rows.collect::<Result<Vec<_>, Error>>()?).await
            }
            WriteVerb::Upsert { key } => {
                let rows: Vec<Vec<(FieldName, Value)>> = batch
                    .rows
                    .iter()
                    .map(|row| {
                        let own_key = (key.name.clone(), row.key.clone().unwrap_or_default());
                        std::iter::once(own_key).chain(row.values.iter().cloned()).collect()
                    })
                    .collect();
                self.client.upsert_rows(object, &key.name, &rows).await
            }
        }
    }
}

impl SidePort for SalesforceSide {
    fn org(&self) -> OrgId {
        self.org
    }

    fn username(&self) -> String {
        self.username.clone()
    }

    fn version(&self) -> String {
        self.client.version().to_string()
    }

    fn own_user(&self) -> Option<RecordId> {
        Some(self.user)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            max_write_rows: MAX_WRITE_ROWS,
            max_read_ids: MAX_READ_IDS,
            max_read_keys: MAX_READ_KEYS,
            request_timeout: REQUEST_TIMEOUT,
        }
    }

    fn now(&self) -> Timestamp {
        self.client.org_now()
    }

    fn calls(&self) -> u64 {
        self.client.counters().calls
    }

    fn describe<'a>(&'a self, object: &'a str) -> SideFuture<'a, ObjectSchema> {
        Box::pin(async move { self.client.describe(object).await.map_err(read_error) })
    }

    fn count<'a>(&'a self, object: &'a str) -> SideFuture<'a, u64> {
        Box::pin(async move {
            let select = Select::new::<&str>(object, &[]).map_err(read_error)?;
            self.client.count(select.to_string()).await.map_err(read_error)
        })
    }

    fn scan<'a>(
        &'a self,
        selection: &'a Selection,
        from: Option<PageMark>,
    ) -> SideFuture<'a, Page> {
        Box::pin(async move {
            let columns = Columns::new(selection).map_err(read_error)?;
            let (rows, next) = self.next_page(&columns, from).await.map_err(read_error)?;
            Ok(Page { rows: columns.snapshot(selection, rows).map_err(read_error)?, next })
        })
    }

    fn by_ids<'a>(
        &'a self,
        selection: &'a Selection,
        ids: &'a [RecordId],
    ) -> SideFuture<'a, Snapshot> {
        Box::pin(async move {
            let columns = Columns::new(selection).map_err(read_error)?;
            let rows = self.retrieve(&columns, ids).await.map_err(read_error)?;
            columns.snapshot(selection, rows).map_err(read_error)
        })
    }

    fn by_keys<'a>(
        &'a self,
        selection: &'a Selection,
        keys: &'a [RowKey],
    ) -> SideFuture<'a, Snapshot> {
        Box::pin(async move {
            let columns = Columns::new(selection).map_err(read_error)?;
            let rows = self.query_keys(&columns, keys).await.map_err(read_error)?;
            columns.snapshot(selection, rows).map_err(read_error)
        })
    }

    fn write<'a>(&'a self, batch: &'a WriteBatch) -> SideFuture<'a, Vec<RowResult>> {
        Box::pin(async move {
            let saved = self.save(batch).await.map_err(write_error)?;
            Ok(saved.into_iter().map(row_result).collect())
        })
    }

    fn settled<'a>(
        &'a self,
        objects: &'a [ObjectName],
    ) -> SideFuture<'a, BTreeMap<ObjectName, Timestamp>> {
        Box::pin(async move {
            let mut marks = BTreeMap::new();
            for part in objects.chunks(MAX_SETTLED_OBJECTS) {
                let end = self.client.org_now();
                let start = end.checked_sub(SETTLED_WINDOW).unwrap_or(end);
                let windows: Vec<(&str, Timestamp, Timestamp)> =
                    part.iter().map(|object| (object.as_str(), start, end)).collect();
                let answers = self.client.updated_of_many(&windows).await.map_err(read_error)?;
                for (object, answer) in part.iter().zip(answers) {
                    // An object that is not replicateable certifies nothing.
                    if let Ok(updated) = answer {
                        marks.insert(object.clone(), updated.latest_date_covered);
                    }
                }
            }
            Ok(marks)
        })
    }
}

/// The columns of a selection: id and stamps first, then the fields.
struct Columns {
    object: ObjectName,
    shape: RowShape,
    last_modified: Option<usize>,
    modstamp: Option<usize>,
    /// Where each field of the selection stands.
    fields: Vec<usize>,
}

impl Columns {
    fn new(selection: &Selection) -> Result<Self, Error> {
        let object = &selection.object;
        let mut names: Vec<FieldName> = vec!["Id".to_owned()];
        let mut place = |name: &str| {
            let known = names.iter().position(|known| known.eq_ignore_ascii_case(name));
            known.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            })
        };
        let last_modified = object.field("LastModifiedDate").map(|field| place(&field.name));
        let modstamp = object.cursor_field().map(&mut place);
        let fields = selection.fields.iter().map(|field| place(field)).collect();
        let shape = RowShape::new(&names, object)?;
        Ok(Self { object: object.name.clone(), shape, last_modified, modstamp, fields })
    }

    fn select(&self) -> Result<Select, Error> {
        Select::new(&self.object, self.shape.fields())
    }

    fn snapshot(&self, selection: &Selection, rows: Vec<Row>) -> Result<Snapshot, Error> {
        let rows = rows.into_iter().map(|row| self.row(&row)).collect::<Result<_, Error>>()?;
        Ok(Snapshot { object: self.object.clone(), fields: Arc::clone(&selection.fields), rows })
    }

    fn row(&self, row: &Row) -> Result<SnapshotRow, Error> {
        let id = row.id().ok_or_else(|| Error::Decode {
            body: OriginalBody::none(),
            call: format!("reading {}", self.object),
            reason: "a row came without its id".to_owned(),
        })?;
        let moment = |position: Option<usize>| match row.values.get(position?)? {
            Value::DateTime(moment) => Some(*moment),
            _ => None,
        };
        let value = |position: &usize| row.values.get(*position).cloned().unwrap_or_default();
        Ok(SnapshotRow {
            id,
            values: self.fields.iter().map(value).collect(),
            last_modified: moment(self.last_modified),
            modstamp: moment(self.modstamp),
        })
    }
}

/// Rows with any of these keys. Keys by one unique field share one IN list.
fn condition(keys: &[RowKey]) -> Result<Condition, Error> {
    let mut lists: BTreeMap<&str, Vec<Literal>> = BTreeMap::new();
    let mut parts = Vec::new();
    for key in keys {
        match key {
            RowKey::External { field, value } => {
                lists.entry(field).or_default().push(literal(field, value)?);
            }
            RowKey::Fields { fields } => {
                let equal = |(field, value): &(FieldName, Value)| {
                    Condition::compare(field, Comparison::Equal, literal(field, value)?)
                };
                let all = fields.iter().map(equal).collect::<Result<_, Error>>()?;
                parts.push(Condition::All(all));
            }
        }
    }
    for (field, literals) in lists {
        parts.push(Condition::within(field, literals)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) })
}

fn literal(field: &str, value: &Value) -> Result<Literal, Error> {
    Literal::of(value).ok_or_else(|| Error::Invalid {
        call: "query by key".to_owned(),
        reason: format!(
            "{field} holds a kind of value that no condition can compare; match by another field"
        ),
    })
}

fn no_target(object: &str) -> Error {
    Error::Invalid {
        call: format!("update of {object}"),
        reason: "a row has no record id".to_owned(),
    }
}

fn lost_mark() -> Error {
    let error = ApiError {
        code: crate::read::LOCATOR_GONE.to_owned(),
        message: "the query under way is not known any more".to_owned(),
        fields: Vec::new(),
        raw: serde_json::Value::Null,
    };
    Error::Api { status: 400, errors: vec![error] }
}

fn row_result(saved: SavedRow) -> RowResult {
    match saved {
        SavedRow::Written { id, created } => RowResult::Written { id, created },
        SavedRow::Refused(errors) => RowResult::Refused(refusal(&errors)),
    }
}

/// A row's refusal: the first error speaks, unless a later one asks for more than the row.
fn refusal(errors: &[ApiError]) -> RowRefusal {
    let worst = errors.iter().max_by_key(|error| refusal_class(error.class()));
    let cause = worst.map_or_else(unnamed_cause, ApiError::cause);
    let class = worst.map_or(RefusalClass::Unknown, |error| refusal_class(error.class()));
    RowRefusal { class, cause }
}

fn unnamed_cause() -> Cause {
    Cause {
        code: "refused".to_owned(),
        message: "the org refused the row without a reason".to_owned(),
        fields: Vec::new(),
        remedy: "try the row in the org by hand".to_owned(),
    }
}

fn refusal_class(class: ErrorClass) -> RefusalClass {
    match class {
        // A session that ends between two rows of one call is renewed by the next call.
        ErrorClass::Retry | ErrorClass::Reauthenticate => RefusalClass::Retry,
        ErrorClass::RowData => RefusalClass::RowData,
        ErrorClass::Configuration => RefusalClass::Permission,
        ErrorClass::Limit | ErrorClass::Stop => RefusalClass::Limit,
        ErrorClass::Unknown => RefusalClass::Unknown,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "maps errors by name: `map_err(read_error)`")]
fn read_error(error: Error) -> SideError {
    let kind = error_kind(&error);
    SideError { kind, cause: error.cause() }
}

/// As for reads, but an org that breaks in the middle (500) may have done part of the work.
#[expect(clippy::needless_pass_by_value, reason = "maps errors by name: `map_err(write_error)`")]
fn write_error(error: Error) -> SideError {
    let kind = match &error {
        Error::Api { status: 500.., .. } if !error.has_code("SERVER_UNAVAILABLE") => {
            SideErrorKind::Unanswered
        }
        _ => error_kind(&error),
    };
    SideError { kind, cause: error.cause() }
}

fn error_kind(error: &Error) -> SideErrorKind {
    match error {
        Error::Auth(cause) if cause.is_terminal() => SideErrorKind::AuthLost,
        Error::Auth(_) => SideErrorKind::NotSent,
        Error::Transport(cause @ TransportError::NotSent { .. }) if cause.is_permanent() => {
            SideErrorKind::Unreachable
        }
        Error::Transport(TransportError::NotSent { .. }) => SideErrorKind::NotSent,
        Error::ForeignHost(_) => SideErrorKind::Unreachable,
        Error::Invalid { .. } => SideErrorKind::Rejected(RefusalClass::RowData),
        _ if error.outcome_unknown() => SideErrorKind::Unanswered,
        Error::NotJson { .. } => SideErrorKind::Unreachable,
        _ => SideErrorKind::Rejected(refusal_class(error.class())),
    }
}
