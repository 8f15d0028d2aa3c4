//! What must hold once a simulation has come to rest: nothing lost, nothing double, everything told and written down.

use std::collections::BTreeMap;

use isthmus_model::document::{EditedTargetPolicy, FirstContactPolicy, NullPolicy};
use isthmus_model::ids::{RecordId, RunId};
use isthmus_model::run::Outcome;
use isthmus_store::OperationFilter;
use isthmus_sync::RunReport;
use orgsim::router::lock;
use orgsim::rows::{Row, text};
use serde_json::Value;

use super::observer::{OBJECTS, fields, key_of};
use super::wire::on;
use super::world::World;

/// More than any world here comes to.
const ALL: u32 = 100_000;

/// Everything that is wrong in the end, in sentences.
pub(super) fn problems(world: &World, last: &RunReport) -> Vec<String> {
    let mut found = std::mem::take(&mut on(&world.stage).observer.problems);
    automations(world, &mut found);
    trail(world, &mut found);
    if emptied(world, last) {
        return found;
    }
    let outcomes = outcomes(world, last.run);
    let left: usize = OBJECTS.iter().map(|object| rows(world, 0, object).len()).sum();
    let undecided = world.ledger().read().outcome_counts(last.run).expect("counts");
    if last.counts.rows_read() != left as u64 || undecided.undecided > 0 {
        found.push(format!("{left} rows were there, the report tells of {:?}", last.counts));
    }
    for object in OBJECTS {
        pairs(world, object, &outcomes, &mut found);
    }
    found
}

/// Automations ran once for each row written.
fn automations(world: &World, found: &mut Vec<String>) {
    let target = lock(&world.orgs[1]);
    for (object, written) in &target.counters.rows_written {
        let fired = target.counters.automations_fired.get(object).copied().unwrap_or(0);
        if fired != written.inserted + written.updated {
            found.push(format!("{object}: {written:?}, {fired} automations"));
        }
    }
}

/// One audit entry for each row written. Only a row that a user took over before we could read it back may lack one.
fn trail(world: &World, found: &mut Vec<String>) {
    let reader = world.ledger().read();
    if !reader.verify_audit(None).expect("the trail can be read").is_intact() {
        found.push("the audit trail is broken".to_owned());
    }
    let mut entries: BTreeMap<String, u64> = BTreeMap::new();
    for row in reader.audit_page(None, 0, ALL).expect("the trail can be read") {
        if let Some(record) = row.entry.record {
            *entries.entry(record.to_string()).or_default() += 1;
        }
    }
    let stage = on(&world.stage);
    let observer = &stage.observer;
    let all = entries.keys().chain(observer.writes.keys());
    for id in all.collect::<std::collections::BTreeSet<_>>() {
        let told = entries.get(id).copied().unwrap_or(0);
        let done = observer.writes.get(id).copied().unwrap_or(0);
        if told > done || (told < done && !observer.touched.contains(id)) {
            found.push(format!("{id}: {done} writes, {told} audit entries"));
        }
    }
}

/// Users deleted every linked row of an object: absence is no evidence, so the run stops and says so.
fn emptied(world: &World, last: &RunReport) -> bool {
    let said = last.cause.as_ref().is_some_and(|cause| cause.code == "nothing_readable");
    said && [0, 1]
        .into_iter()
        .any(|side| OBJECTS.into_iter().any(|object| rows(world, side, object).is_empty()))
}

fn outcomes(world: &World, run: RunId) -> BTreeMap<RecordId, Outcome> {
    let all = OperationFilter::default();
    let page = world.ledger().read().operations_page(run, &all, None, ALL).expect("the plan");
    page.into_iter()
        .filter_map(|planned| Some((planned.operation.source_id, planned.outcome?)))
        .collect()
}

fn pairs(
    world: &World,
    object: &'static str,
    outcomes: &BTreeMap<RecordId, Outcome>,
    found: &mut Vec<String>,
) {
    let mut by_key: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows(world, 1, object) {
        by_key.entry(key_of(&row)).or_default().push(row);
    }
    let stage = on(&world.stage);
    for (key, rows) in by_key.iter().filter(|(key, rows)| !key.is_empty() && rows.len() > 1) {
        let ours =
            |row: &&Row| stage.observer.inserted.contains(text(row, "Id").unwrap_or_default());
        if rows.iter().any(|row| ours(&row)) {
            found.push(format!("{} {object} rows have the key {key}", rows.len()));
        }
    }
    for row in rows(world, 0, object) {
        let id = text(&row, "Id").unwrap_or_default();
        let outcome = id.parse().ok().and_then(|id: RecordId| outcomes.get(&id));
        let key = key_of(&row);
        match outcome {
            None => found.push(format!("{object} {id} is in no report")),
            Some(Outcome::Held { cause } | Outcome::Quarantined { cause }) => {
                if cause.code.is_empty() || cause.message.is_empty() || cause.remedy.is_empty() {
                    found.push(format!("{object} {id} is not written and nobody says why"));
                }
            }
            Some(Outcome::Pending { cause }) => {
                found.push(format!("{object} {id} is pending for ever: {}", cause.code));
            }
            Some(_) => match by_key.get(&key).map(Vec::as_slice) {
                Some([target]) => {
                    let touched = text(target, "Id")
                        .is_some_and(|target| stage.observer.touched.contains(target));
                    if strict(world, touched) {
                        agreement(world, object, &row, target, found);
                    }
                }
                Some(_) => {}
                None => found.push(format!("{object} {id} with the key {key} is lost")),
            },
        }
    }
}

/// True where both sides must agree in everything: the source always wins, and nobody else wrote the target.
fn strict(world: &World, touched: bool) -> bool {
    let policy = &world.rules.policy;
    policy.first_contact == FirstContactPolicy::Left
        && (policy.edited_target == EditedTargetPolicy::Overwrite || !touched)
}

fn agreement(world: &World, object: &str, source: &Row, target: &Row, found: &mut Vec<String>) {
    for field in fields(object) {
        let (left, right) = (value(world, 0, source, field), value(world, 1, target, field));
        let kept = left.is_null() && world.rules.nulls == NullPolicy::Keep;
        if left != right && !kept {
            let id = text(source, "Id").unwrap_or_default();
            found.push(format!("{object} {id}.{field} is {left} and its partner has {right}"));
        }
    }
}

/// A field's value; of a lookup the parent's key, which is the same in both orgs.
fn value(world: &World, side: usize, row: &Row, field: &str) -> Value {
    let value = row.get(field).cloned().unwrap_or_default();
    match (field, value.as_str()) {
        ("AccountId" | "Account__c", Some(parent)) => {
            let org = lock(&world.orgs[side]);
            let parent = org.tables.get("Account").and_then(|table| table.live(parent));
            Value::from(parent.map(key_of))
        }
        _ => value,
    }
}

fn rows(world: &World, side: usize, object: &str) -> Vec<Row> {
    let org = lock(&world.orgs[side]);
    org.tables.get(object).map(|table| table.live_rows().cloned().collect()).unwrap_or_default()
}
