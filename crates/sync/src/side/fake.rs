//! A small in-memory org for the engine's own tests: keeps rows, counts effects, and fails where it is told to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use isthmus_model::canonical::canonical;
use isthmus_model::cause::Cause;
use isthmus_model::clock::Clock;
use isthmus_model::ids::{OrgId, RecordId};
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, ObjectName, ObjectSchema};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;
use jiff::{SignedDuration, Timestamp};

use crate::side::{
    Capabilities, Page, PageMark, RefusalClass, RowRefusal, RowResult, Selection, SideError,
    SideErrorKind, SideFuture, SidePort, WriteBatch, WriteVerb,
};

/// Small pages, so that paging happens in tests.
const PAGE_ROWS: usize = 7;
/// What the fake gives a request.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(150);

/// What goes wrong with one write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The answer is lost, and nothing was done.
    LostBefore,
    /// The answer is lost after everything was done.
    LostAfter,
    /// The answer is lost, and the org does it a while later.
    LostLate(Duration),
    /// The program dies while the request is under way; it reaches the org, and is done there, a while later.
    CrashLate(Duration),
    /// Nothing leaves the machine.
    NotSent,
    /// The first rows are locked.
    Locked(usize),
    /// The first rows are refused for their data.
    BadData(usize),
    /// The first row is refused for want of rights.
    Forbidden,
    /// The first row is refused with a code nobody knows.
    Strange,
    /// The login is gone, from now on.
    AuthLost,
    /// The daily limit is reached.
    Limit,
}

/// One stored row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FakeRow {
    pub(crate) values: BTreeMap<FieldName, Value>,
    pub(crate) modified: Timestamp,
    pub(crate) modified_by_us: bool,
    /// How often automations ran on it because of a write by the engine.
    pub(crate) effects: u64,
}

#[derive(Default)]
struct State {
    objects: BTreeMap<ObjectName, (Arc<ObjectSchema>, BTreeMap<RecordId, FakeRow>)>,
    /// One per write, taken in order; `None` for a write that goes well.
    faults: VecDeque<Option<Fault>>,
    /// Requests that the org is still at: when they reach it, when they end, and what they do.
    in_flight: Vec<(Timestamp, Timestamp, WriteBatch)>,
    trace: Vec<String>,
    calls: u64,
    next_id: u64,
    auth_lost: bool,
    hidden: BTreeSet<String>,
}

/// One org in memory.
pub(crate) struct FakeOrg {
    org: OrgId,
    clock: Rc<dyn Clock>,
    state: RefCell<State>,
}

impl FakeOrg {
    pub(crate) fn new(org: &str, clock: Rc<dyn Clock>) -> Self {
        let state = State { next_id: 1, ..State::default() };
        Self { org: OrgId::parse(org).unwrap(), clock, state: RefCell::new(state) }
    }

    pub(crate) fn own_user_id() -> RecordId {
        RecordId::parse("005000000000001").unwrap()
    }

    pub(crate) fn add_object(&self, schema: ObjectSchema) {
        let mut state = self.state.borrow_mut();
        state.objects.insert(schema.name.clone(), (Arc::new(schema), BTreeMap::new()));
    }

    /// A row as a person of that org would make it.
    pub(crate) fn insert(&self, object: &str, values: &[(&str, Value)]) -> RecordId {
        let now = self.clock.now();
        let mut state = self.state.borrow_mut();
        let id = state.new_id(object);
        let (schema, rows) = state.objects.get_mut(object).unwrap();
        let mut row =
            FakeRow { values: BTreeMap::new(), modified: now, modified_by_us: false, effects: 0 };
        store(schema, &mut row, values.iter().map(|(field, value)| (*field, value)));
        rows.insert(id, row);
        id
    }

    /// An edit as a person of that org would make it.
    pub(crate) fn edit(&self, object: &str, id: RecordId, values: &[(&str, Value)]) {
        let now = self.clock.now();
        let mut state = self.state.borrow_mut();
        let (schema, rows) = state.objects.get_mut(object).unwrap();
        let schema = Arc::clone(schema);
        let row = rows.get_mut(&id).unwrap();
        store(&schema, row, values.iter().map(|(field, value)| (*field, value)));
        row.modified = now;
        row.modified_by_us = false;
    }

    /// A change by the org's automation, in the same moment as our write before it.
    pub(crate) fn automate(&self, object: &str, id: RecordId, values: &[(&str, Value)]) {
        let mut state = self.state.borrow_mut();
        let (schema, rows) = state.objects.get_mut(object).unwrap();
        let schema = Arc::clone(schema);
        let row = rows.get_mut(&id).unwrap();
        store(&schema, row, values.iter().map(|(field, value)| (*field, value)));
    }

    pub(crate) fn rows(&self, object: &str) -> BTreeMap<RecordId, FakeRow> {
        self.land_due();
        self.state.borrow().objects[object].1.clone()
    }

    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.state.borrow_mut().faults.extend(faults);
    }

    pub(crate) fn log_in_again(&self) {
        self.state.borrow_mut().auth_lost = false;
    }

    pub(crate) fn clear_faults(&self) {
        self.state.borrow_mut().faults.clear();
    }

    /// From now on the user sees no row at all.
    pub(crate) fn hide_everything(&self) {
        let objects: Vec<String> = self.state.borrow().objects.keys().cloned().collect();
        objects.iter().for_each(|object| self.hide(object));
    }

    /// From now on the user sees no row of an object.
    pub(crate) fn hide(&self, object: &str) {
        self.state.borrow_mut().hidden.insert(object.to_owned());
    }

    pub(crate) fn trace(&self) -> Vec<String> {
        self.state.borrow().trace.clone()
    }

    /// Does what requests under way come to once their time has come.
    fn land_due(&self) {
        let now = self.clock.now();
        let due: Vec<WriteBatch> = {
            let mut state = self.state.borrow_mut();
            let (due, later) = std::mem::take(&mut state.in_flight)
                .into_iter()
                .partition(|(_, ends, _)| *ends <= now);
            state.in_flight = later;
            due.into_iter().map(|(_, _, batch)| batch).collect()
        };
        for batch in due {
            self.commit(&batch, 0, None);
        }
    }

    fn do_later(&self, batch: &WriteBatch, arrives: Duration, ends: Duration) {
        let after = |delay| self.clock.now() + SignedDuration::try_from(delay).unwrap();
        self.state.borrow_mut().in_flight.push((after(arrives), after(ends), batch.clone()));
    }

    fn begin(&self, call: String) -> Result<(), SideError> {
        self.land_due();
        let mut state = self.state.borrow_mut();
        state.calls += 1;
        state.trace.push(call);
        if state.auth_lost {
            return Err(side_error(SideErrorKind::AuthLost, "login_lost"));
        }
        Ok(())
    }

    fn snapshot(
        &self,
        selection: &Selection,
        wanted: impl Fn(&RecordId, &FakeRow) -> bool,
    ) -> Snapshot {
        let state = self.state.borrow();
        let rows = &state.objects[&selection.object.name].1;
        let rows = rows
            .iter()
            .filter(|(id, row)| !state.hidden.contains(&selection.object.name) && wanted(id, row))
            .map(|(id, row)| SnapshotRow {
                id: *id,
                values: selection.fields.iter().map(|field| shown(*id, row, field)).collect(),
                last_modified: Some(row.modified),
                modstamp: Some(row.modified),
            })
            .collect();
        Snapshot {
            object: selection.object.name.clone(),
            fields: Arc::clone(&selection.fields),
            rows,
        }
    }

    /// Carries out a batch; the first `refused` rows come back as refusals.
    fn commit(
        &self,
        batch: &WriteBatch,
        refused: usize,
        refusal: Option<(RefusalClass, &str)>,
    ) -> Vec<RowResult> {
        let now = self.clock.now();
        let mut state = self.state.borrow_mut();
        let mut results = Vec::new();
        for (position, write) in batch.rows.iter().enumerate() {
            if let Some((class, code)) = refusal
                && position < refused
            {
                results.push(refused_row(class, code));
                continue;
            }
            results.push(state.write_row(batch, write, now));
        }
        results
    }
}

impl State {
    fn new_id(&mut self, object: &str) -> RecordId {
        let prefix = self.objects[object].0.key_prefix.clone().unwrap();
        let id = RecordId::parse(&format!("{prefix}{:012}", self.next_id)).unwrap();
        self.next_id += 1;
        id
    }

    fn write_row(
        &mut self,
        batch: &WriteBatch,
        write: &crate::side::WriteRow,
        now: Timestamp,
    ) -> RowResult {
        let object = batch.object.name.clone();
        let found: Vec<RecordId> = match &batch.verb {
            WriteVerb::Insert => Vec::new(),
            WriteVerb::Update => {
                let id = write.id.unwrap();
                self.objects[&object].1.contains_key(&id).then_some(id).into_iter().collect()
            }
            WriteVerb::Upsert { key } => {
                let wanted = folded(write.key.as_ref().unwrap());
                self.objects[&object]
                    .1
                    .iter()
                    .filter(|(_, row)| {
                        row.values.get(&key.name).map(folded) == Some(wanted.clone())
                    })
                    .map(|(id, _)| *id)
                    .collect()
            }
        };
        if found.len() > 1 {
            return refused_row(RefusalClass::RowData, "DUPLICATE_EXTERNAL_ID");
        }
        if found.is_empty() && batch.verb == WriteVerb::Update {
            return refused_row(RefusalClass::RowData, "ENTITY_IS_DELETED");
        }
        let created = found.is_empty();
        let id = found.first().copied().unwrap_or_else(|| self.new_id(&object));
        let (schema, rows) = self.objects.get_mut(&object).unwrap();
        let schema = Arc::clone(schema);
        let row = rows.entry(id).or_insert(FakeRow {
            values: BTreeMap::new(),
            modified: now,
            modified_by_us: true,
            effects: 0,
        });
        if let (WriteVerb::Upsert { key }, Some(value)) = (&batch.verb, &write.key) {
            store(&schema, row, [(key.name.as_str(), value)].into_iter());
        }
        store(&schema, row, write.values.iter().map(|(field, value)| (field.as_str(), value)));
        row.modified = now;
        row.modified_by_us = true;
        row.effects += 1;
        RowResult::Written { id, created }
    }
}

impl SidePort for FakeOrg {
    fn org(&self) -> OrgId {
        self.org
    }

    fn username(&self) -> String {
        "integration@example.com".to_owned()
    }

    fn version(&self) -> String {
        "1".to_owned()
    }

    fn own_user(&self) -> Option<RecordId> {
        Some(Self::own_user_id())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            max_write_rows: 4,
            max_read_ids: 8,
            max_read_keys: 6,
            request_timeout: REQUEST_TIMEOUT,
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn calls(&self) -> u64 {
        self.state.borrow().calls
    }

    fn describe<'a>(&'a self, object: &'a str) -> SideFuture<'a, ObjectSchema> {
        Box::pin(async move {
            self.begin(format!("describe {object}"))?;
            Ok((*self.state.borrow().objects[object].0).clone())
        })
    }

    fn count<'a>(&'a self, object: &'a str) -> SideFuture<'a, u64> {
        Box::pin(async move {
            self.begin(format!("count {object}"))?;
            let state = self.state.borrow();
            Ok(if state.hidden.contains(object) { 0 } else { state.objects[object].1.len() as u64 })
        })
    }

    fn scan<'a>(
        &'a self,
        selection: &'a Selection,
        from: Option<PageMark>,
    ) -> SideFuture<'a, Page> {
        Box::pin(async move {
            self.begin(format!("scan {} {from:?}", selection.object.name))?;
            let start = from.map_or(0, |mark| mark.0.parse::<usize>().unwrap());
            let mut rows = self.snapshot(selection, |_, _| true);
            let more = rows.rows.len() > start + PAGE_ROWS;
            rows.rows = rows.rows.into_iter().skip(start).take(PAGE_ROWS).collect();
            let next = more.then(|| PageMark((start + PAGE_ROWS).to_string()));
            Ok(Page { rows, next })
        })
    }

    fn by_ids<'a>(
        &'a self,
        selection: &'a Selection,
        ids: &'a [RecordId],
    ) -> SideFuture<'a, Snapshot> {
        Box::pin(async move {
            assert!(ids.len() <= self.capabilities().max_read_ids);
            self.begin(format!("by_ids {} {ids:?}", selection.object.name))?;
            Ok(self.snapshot(selection, |id, _| ids.contains(id)))
        })
    }

    fn by_keys<'a>(
        &'a self,
        selection: &'a Selection,
        keys: &'a [RowKey],
    ) -> SideFuture<'a, Snapshot> {
        Box::pin(async move {
            assert!(keys.len() <= self.capabilities().max_read_keys);
            self.begin(format!("by_keys {} {keys:?}", selection.object.name))?;
            Ok(self.snapshot(selection, |_, row| keys.iter().any(|key| has_key(row, key))))
        })
    }

    fn write<'a>(&'a self, batch: &'a WriteBatch) -> SideFuture<'a, Vec<RowResult>> {
        Box::pin(async move {
            assert!(batch.rows.len() <= self.capabilities().max_write_rows);
            let fault = self.state.borrow_mut().faults.pop_front().flatten();
            self.begin(format!("write {:?} {:?} {fault:?}", batch.verb, batch.rows))?;
            // Somebody else may be scheduled while a request is under way.
            tokio::time::sleep(Duration::from_millis(200)).await;
            let lost = || side_error(SideErrorKind::Unanswered, "connection_lost");
            match fault {
                None => Ok(self.commit(batch, 0, None)),
                Some(Fault::LostBefore) => Err(lost()),
                Some(Fault::LostAfter) => {
                    self.commit(batch, 0, None);
                    Err(lost())
                }
                Some(Fault::LostLate(delay)) => {
                    self.do_later(batch, Duration::ZERO, delay);
                    Err(lost())
                }
                Some(Fault::CrashLate(delay)) => {
                    self.do_later(batch, delay, delay);
                    crate::failpoint::armed::stop_here().await;
                    Err(lost())
                }
                Some(Fault::NotSent) => Err(side_error(SideErrorKind::NotSent, "org_unreachable")),
                Some(Fault::Locked(rows)) => {
                    Ok(self.commit(batch, rows, Some((RefusalClass::Retry, "UNABLE_TO_LOCK_ROW"))))
                }
                Some(Fault::BadData(rows)) => Ok(self.commit(
                    batch,
                    rows,
                    Some((RefusalClass::RowData, "FIELD_CUSTOM_VALIDATION_EXCEPTION")),
                )),
                Some(Fault::Forbidden) => {
                    let code = "INSUFFICIENT_ACCESS_OR_READONLY";
                    Ok(self.commit(batch, 1, Some((RefusalClass::Permission, code))))
                }
                Some(Fault::Strange) => {
                    Ok(self.commit(batch, 1, Some((RefusalClass::Unknown, "NEVER_HEARD_OF"))))
                }
                Some(Fault::AuthLost) => {
                    self.state.borrow_mut().auth_lost = true;
                    Err(side_error(SideErrorKind::AuthLost, "login_lost"))
                }
                Some(Fault::Limit) => Err(side_error(
                    SideErrorKind::Rejected(RefusalClass::Limit),
                    "REQUEST_LIMIT_EXCEEDED",
                )),
            }
        })
    }

    fn settled<'a>(
        &'a self,
        objects: &'a [ObjectName],
    ) -> SideFuture<'a, BTreeMap<ObjectName, Timestamp>> {
        Box::pin(async move {
            self.begin(format!("settled {objects:?}"))?;
            // As documented: held back to the start of the oldest request under way, and in whole minutes.
            let state = self.state.borrow();
            let oldest = state.in_flight.iter().map(|(started, _, _)| *started).min();
            let now = self.clock.now();
            let covered = oldest.map_or(now, |oldest| oldest.min(now));
            let minute = Timestamp::from_second(covered.as_second() / 60 * 60).unwrap();
            Ok(objects.iter().map(|object| (object.clone(), minute)).collect())
        })
    }
}

fn shown(id: RecordId, row: &FakeRow, field: &str) -> Value {
    match field {
        "Id" => Value::Id(id),
        "LastModifiedById" if row.modified_by_us => Value::Id(FakeOrg::own_user_id()),
        "LastModifiedById" => Value::Id(RecordId::parse("005000000000099").unwrap()),
        _ => row.values.get(field).cloned().unwrap_or_default(),
    }
}

/// Stores values as an org does: trimmed, cut to scale, empty text as null.
fn store<'v>(
    schema: &ObjectSchema,
    row: &mut FakeRow,
    values: impl Iterator<Item = (&'v str, &'v Value)>,
) {
    for (name, value) in values {
        let field = schema.field(name).unwrap_or_else(|| panic!("no field {name}"));
        row.values.insert(field.name.clone(), canonical(value, field));
    }
}

fn has_key(row: &FakeRow, key: &RowKey) -> bool {
    let holds =
        |field: &FieldName, value: &Value| row.values.get(field).map(folded) == Some(folded(value));
    match key {
        RowKey::External { field, value } => holds(field, value),
        RowKey::Fields { fields } => fields.iter().all(|(field, value)| holds(field, value)),
    }
}

fn folded(value: &Value) -> String {
    value.display().to_lowercase()
}

fn refused_row(class: RefusalClass, code: &str) -> RowResult {
    RowResult::Refused(RowRefusal { class, cause: fake_cause(code) })
}

fn side_error(kind: SideErrorKind, code: &str) -> SideError {
    SideError { kind, cause: fake_cause(code) }
}

fn fake_cause(code: &str) -> Cause {
    Cause {
        code: code.to_owned(),
        message: format!("the fake org says {code}"),
        fields: Vec::new(),
        remedy: "tell the test".to_owned(),
    }
}
