//! The oracle of the simulation: looks into the target org after every request and never asks Isthmus what it did.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::document::EditedTargetPolicy;
use orgsim::router::{SharedOrg, lock};
use orgsim::rows::{Row, text};
use serde_json::Value;
use tokio::time::Instant;

/// What is synced, parents first, with the fields that are mapped.
pub(super) const OBJECTS: [&str; 3] = ["Account", "Contact", "Site__c"];
pub(super) const FIELDS: [(&str, &[&str]); 3] = [
    ("Account", &["ERP_Key__c", "Name", "Phone", "BillingCity"]),
    ("Contact", &["ERP_Key__c", "LastName", "Phone", "AccountId"]),
    ("Site__c", &["ERP_Key__c", "Name", "City__c", "Account__c"]),
];

type Rows = BTreeMap<(&'static str, String), Row>;

/// A user's edit of a target row.
struct Edit {
    value: Value,
    /// The row was one of ours when it was made.
    linked: bool,
    /// The engine has read it since, before its last write was handed over.
    seen: bool,
    seen_before_write: bool,
}

/// Watches the target org.
pub(super) struct Observer {
    orgs: [SharedOrg; 2],
    policy: EditedTargetPolicy,
    before: Rows,
    written: BTreeMap<&'static str, u64>,
    edits: BTreeMap<(&'static str, String, &'static str), Edit>,
    /// All values that a source field ever had, by object, key and field.
    source: BTreeMap<(&'static str, String, &'static str), BTreeSet<String>>,
    straggling: Option<Instant>,
    last_value: u32,
    /// What we wrote last: users like to look at it at once.
    pub(super) fresh: Option<(&'static str, String)>,
    /// Writes of ours by target row.
    pub(super) writes: BTreeMap<String, u64>,
    /// Rows that we inserted.
    pub(super) inserted: BTreeSet<String>,
    /// Target rows that are linked, as of the last time the ledger was asked.
    pub(super) linked: BTreeSet<String>,
    /// Target rows that a user edited or deleted.
    pub(super) touched: BTreeSet<String>,
    /// What must not have happened.
    pub(super) problems: Vec<String>,
}

impl Observer {
    pub(super) fn new(orgs: [SharedOrg; 2], policy: EditedTargetPolicy) -> Self {
        let mut observer = Self {
            orgs,
            policy,
            before: Rows::new(),
            written: BTreeMap::new(),
            edits: BTreeMap::new(),
            source: BTreeMap::new(),
            straggling: None,
            last_value: 0,
            fresh: None,
            writes: BTreeMap::new(),
            inserted: BTreeSet::new(),
            linked: BTreeSet::new(),
            touched: BTreeSet::new(),
            problems: Vec::new(),
        };
        observer.accept();
        observer
    }

    /// A value that nobody ever wrote before.
    pub(super) fn new_value(&mut self, side: usize) -> String {
        self.last_value += 1;
        format!("{} {:04}", ["Source", "Edit"][side], self.last_value)
    }

    /// Takes both orgs as they are: what changed since the last look was done by users.
    pub(super) fn accept(&mut self) {
        let now = self.rows(1);
        for (place, row) in &self.before {
            if now.get(place) != Some(row) {
                self.touched.insert(place.1.clone());
            }
        }
        self.before = now;
        for ((object, _), row) in self.rows(0) {
            let key = key_of(&row);
            for field in fields(object) {
                let values = self.source.entry((object, key.clone(), field)).or_default();
                values.insert(row.get(*field).unwrap_or(&Value::Null).to_string());
            }
        }
    }

    pub(super) fn edited_target(
        &mut self,
        object: &'static str,
        id: &str,
        field: &'static str,
        value: Value,
    ) {
        // A blank cannot be recognised in an answer, so it protects nothing.
        let linked = !value.is_null() && (self.inserted.contains(id) || self.linked.contains(id));
        let edit = Edit { value, linked, seen: false, seen_before_write: false };
        self.edits.insert((object, id.to_owned(), field), edit);
    }

    /// An answer of the target reached the engine.
    pub(super) fn shown(&mut self, body: &str) {
        for edit in self.edits.values_mut() {
            let shown = edit.value.as_str().is_some_and(|value| body.contains(value));
            edit.seen = edit.seen || shown;
        }
    }

    pub(super) fn write_handed_over(&mut self) {
        self.edits.values_mut().for_each(|edit| edit.seen_before_write = edit.seen);
    }

    /// Until then a request may be carried out that was sent before the engine's last reads.
    pub(super) fn straggles_until(&mut self, until: Instant) {
        self.straggling = self.straggling.max(Some(until));
    }

    /// Takes in what our own requests changed since the last look.
    pub(super) fn look(&mut self) {
        let now = self.rows(1);
        let counted = self.counted();
        for object in OBJECTS {
            let mut effective = 0;
            for ((_, id), row) in now.iter().filter(|((of, _), _)| *of == object) {
                let old = self.before.get(&(object, id.clone())).cloned();
                if self.take_in(object, id, old.as_ref(), row) {
                    effective += 1;
                }
            }
            let writes = counted[object] - self.written.get(object).copied().unwrap_or(0);
            if writes != effective {
                self.problem(format!(
                    "{writes} writes to {object} changed {effective} rows: one had no effect or came twice"
                ));
            }
        }
        self.written = counted;
        self.before = now;
    }

    fn take_in(&mut self, object: &'static str, id: &str, old: Option<&Row>, row: &Row) -> bool {
        let value = |row: Option<&Row>, field: &str| {
            row.and_then(|row| row.get(field)).cloned().unwrap_or_default()
        };
        let changed: Vec<&'static str> = fields(object)
            .iter()
            .copied()
            .filter(|field| value(old, field) != value(Some(row), field))
            .collect();
        if changed.is_empty() && old.is_some() {
            return false;
        }
        *self.writes.entry(id.to_owned()).or_default() += 1;
        self.fresh = Some((object, id.to_owned()));
        if old.is_none() {
            self.inserted.insert(id.to_owned());
        }
        for field in changed {
            self.check_edit(object, id, field, &value(old, field));
            self.check_value(object, row, field, &value(Some(row), field));
        }
        true
    }

    /// An edit that the engine had read may be overwritten only where the policy says so.
    fn check_edit(&mut self, object: &'static str, id: &str, field: &'static str, old: &Value) {
        let Some(edit) = self.edits.remove(&(object, id.to_owned(), field)) else { return };
        let straggling = self.straggling.is_some_and(|until| Instant::now() < until);
        let kept = self.policy != EditedTargetPolicy::Overwrite;
        if kept && edit.linked && edit.seen_before_write && !straggling && edit.value == *old {
            self.problem(format!(
                "the edit {} of {object} {id}.{field} was overwritten",
                edit.value
            ));
        }
    }

    /// Every value that we write was the source's at some time.
    fn check_value(&mut self, object: &'static str, row: &Row, field: &'static str, value: &Value) {
        if matches!(field, "AccountId" | "Account__c") {
            return;
        }
        let known = self.source.get(&(object, key_of(row), field));
        if !known.is_some_and(|values| values.contains(&value.to_string())) {
            self.problem(format!("{object}.{field} was given {value}, which no source row held"));
        }
    }

    fn rows(&self, side: usize) -> Rows {
        let org = lock(&self.orgs[side]);
        let mut rows = Rows::new();
        for object in OBJECTS {
            for row in org.tables.get(object).into_iter().flat_map(orgsim::rows::Table::live_rows) {
                rows.insert((object, text(row, "Id").unwrap_or_default().to_owned()), row.clone());
            }
        }
        rows
    }

    fn counted(&self) -> BTreeMap<&'static str, u64> {
        let org = lock(&self.orgs[1]);
        let written = |object: &str| {
            org.counters.rows_written.get(object).map_or(0, |rows| rows.inserted + rows.updated)
        };
        OBJECTS.into_iter().map(|object| (object, written(object))).collect()
    }

    pub(super) fn problem(&mut self, text: String) {
        self.problems.push(text);
    }
}

pub(super) fn fields(object: &str) -> &'static [&'static str] {
    FIELDS.iter().find(|(name, _)| *name == object).map_or(&[][..], |(_, fields)| fields)
}

pub(super) fn key_of(row: &Row) -> String {
    text(row, "ERP_Key__c").unwrap_or_default().to_lowercase()
}
