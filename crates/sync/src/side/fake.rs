//! A small in-memory org for the engine's own tests: keeps rows, counts effects, and fails where it is told to.

mod port;
mod rows;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use isthmus_model::clock::Clock;
use isthmus_model::ids::{OrgId, RecordId};
use isthmus_model::schema::{FieldName, ObjectName, ObjectSchema};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;
use jiff::{SignedDuration, Timestamp};

use crate::side::fake::rows::{folded, refused_row, shown, side_error, store};
use crate::side::{
    RefusalClass, RowResult, Selection, SideError, SideErrorKind, WriteBatch, WriteVerb,
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
