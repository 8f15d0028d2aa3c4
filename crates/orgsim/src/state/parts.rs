//! The parts of an org beside its rows: each is written whole when it changed.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::faults::{Chances, Fault, Held};
use crate::limits::Usage;
use crate::oauth::Tokens;
use crate::org::{Counters, Org, User};
use crate::rows::{Stored, Table};
use crate::schema::Schema;
use crate::setup::Setup;
use crate::soap;

/// What each part was when it was written last.
#[derive(Debug, Default)]
pub(super) struct Parts {
    written: BTreeMap<&'static str, Value>,
    /// The schema is large and changes rarely, so its stamp and size stand for it.
    schema: Option<(Option<Timestamp>, usize)>,
}

/// Next id number and erased rows of a table.
type Remains = (u64, Vec<(String, String)>);

/// The faults of an org as data.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Faults {
    waiting: Vec<Fault>,
    open_transaction_since: Option<Timestamp>,
    latency_ms: u64,
    held: Vec<Held>,
    chances: Option<Chances>,
    unshared: BTreeMap<String, (Remains, Vec<(String, Stored)>)>,
}

/// Where a random stream stands. The position has 68 bits, so it is written as text.
#[derive(Debug, Serialize, Deserialize)]
struct Randomness {
    seed: [u8; 32],
    stream: u64,
    position: String,
}

/// The parts that changed since they were written last; from then on they count as written.
pub(super) fn sections(org: &Org, parts: &mut Parts) -> io::Result<BTreeMap<String, Value>> {
    let mut changed = BTreeMap::new();
    let size = org.schema.objects.iter().map(|object| 1 + object.fields.len()).sum();
    let schema = Some((org.schema.changed, size));
    if parts.schema != schema {
        changed.insert("schema".to_owned(), serde_json::to_value(&org.schema)?);
        parts.schema = schema;
    }
    let tables = org.tables.iter().map(|(name, table)| (name, table.remains()));
    let all = [
        ("bulk", serde_json::to_value((&org.bulk.settings, org.bulk.next_number))?),
        ("clock", serde_json::to_value(org.clock.shift.as_nanos().to_string())?),
        ("counters", serde_json::to_value(&org.counters)?),
        ("faults", serde_json::to_value(faults(org))?),
        ("limits", serde_json::to_value(&org.limits)?),
        ("oauth", serde_json::to_value(&org.oauth)?),
        ("rng", serde_json::to_value(randomness(&org.rng))?),
        ("soap", serde_json::to_value(org.soap)?),
        ("setup", serde_json::to_value(&org.setup)?),
        ("tables", serde_json::to_value(tables.collect::<BTreeMap<_, _>>())?),
        ("user", serde_json::to_value(&org.user)?),
    ];
    for (name, value) in all {
        if parts.written.get(name) != Some(&value) {
            changed.insert(name.to_owned(), value.clone());
            parts.written.insert(name, value);
        }
    }
    Ok(changed)
}

/// Puts one part of a file into an org. Parts of a later version are left alone.
pub(super) fn take_over(org: &mut Org, name: &str, value: Value) -> Result<(), serde_json::Error> {
    match name {
        "schema" => {
            org.schema = serde_json::from_value::<Schema>(value)?;
            for object in &org.schema.objects {
                let table = || Table::new(object, &org.id);
                org.tables.entry(object.name.clone()).or_insert_with(table).add_indexes(object);
            }
        }
        "bulk" => {
            (org.bulk.settings, org.bulk.next_number) = serde_json::from_value(value)?;
        }
        "clock" => {
            let shift: String = serde_json::from_value(value)?;
            let nanoseconds = shift.parse::<i128>().unwrap_or_default();
            org.clock.shift = SignedDuration::from_nanos_i128(nanoseconds);
        }
        "counters" => org.counters = serde_json::from_value::<Counters>(value)?,
        "faults" => put_faults(org, serde_json::from_value(value)?),
        "limits" => org.limits = serde_json::from_value::<Usage>(value)?,
        "oauth" => org.oauth = serde_json::from_value::<Tokens>(value)?,
        "rng" => org.rng = stream(&serde_json::from_value(value)?),
        "setup" => {
            let blobs = std::mem::take(&mut org.setup.blobs);
            org.setup = Setup { blobs, ..serde_json::from_value::<Setup>(value)? };
        }
        "soap" => org.soap = serde_json::from_value::<soap::Settings>(value)?,
        "tables" => {
            let tables: BTreeMap<String, Remains> = serde_json::from_value(value)?;
            for (name, (next, erased)) in tables {
                if let Some(table) = org.tables.get_mut(&name) {
                    table.restore(next, erased);
                }
            }
        }
        "user" => org.user = serde_json::from_value::<User>(value)?,
        _ => {}
    }
    Ok(())
}

fn faults(org: &Org) -> Faults {
    let plan = &org.faults;
    let unshared = plan.unshared.iter().map(|(name, table)| {
        let rows = table.stored_rows().into_iter();
        let rows = rows.map(|(id, stored)| (id.to_string(), stored.clone())).collect();
        (name.clone(), (table.remains(), rows))
    });
    Faults {
        waiting: plan.waiting().to_vec(),
        open_transaction_since: plan.open_transaction_since,
        latency_ms: u64::try_from(plan.latency.as_millis()).unwrap_or(u64::MAX),
        held: plan.held_transactions.clone(),
        chances: plan.chances.clone(),
        unshared: unshared.collect(),
    }
}

fn put_faults(org: &mut Org, faults: Faults) {
    let plan = &mut org.faults;
    plan.clear();
    faults.waiting.into_iter().for_each(|fault| plan.add(fault));
    plan.open_transaction_since = faults.open_transaction_since;
    plan.latency = Duration::from_millis(faults.latency_ms);
    plan.held_transactions = faults.held;
    plan.chances = faults.chances;
    plan.unshared.clear();
    for (name, ((next, erased), rows)) in faults.unshared {
        let Some(object) = org.schema.object(&name) else { continue };
        let mut table = Table::new(object, &org.id);
        for (id, stored) in rows {
            table.put(&id.into(), Some(stored));
        }
        table.restore(next, erased);
        plan.unshared.insert(name, table);
    }
}

fn randomness(rng: &ChaCha8Rng) -> Randomness {
    Randomness {
        seed: rng.get_seed(),
        stream: rng.get_stream(),
        position: rng.get_word_pos().to_string(),
    }
}

fn stream(randomness: &Randomness) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::from_seed(randomness.seed);
    rng.set_stream(randomness.stream);
    rng.set_word_pos(randomness.position.parse().unwrap_or_default());
    rng
}
