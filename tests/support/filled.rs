//! A workspace with one large run that no engine made: what lists, searches and exports are tried on.
//!
//! Two orgs, one sync and one ended run, with every outcome, several causes, every try of what was sent, and texts
//! that would like to be markup, formulas, other scripts or thousands of characters long. The same number of rows
//! gives the same ledger.

mod fate;
mod sent;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use isthmus_app::workspace::{Surroundings, WorkspacePath, create};
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RunId, SyncId};
use isthmus_model::run::{RunEnd, RunKind};
use isthmus_store::{
    ImportedSync, Ledger, LedgerKey, NewLane, NewOperation, NewRun, OpenInfo, Ordinal, OrgRow,
    OwnerKind, RunState, WriteTransaction,
};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::filled::fate::{Fate, Object, operation, outcome};
use crate::filled::sent::send;
use crate::in_process::org_row;

/// Rows written in one transaction.
const TRANSACTION: u32 = 5_000;
/// Rows of one request, as the engine sends them.
const REQUEST: u32 = 200;
/// How long the run took.
const TOOK: SignedDuration = SignedDuration::from_mins(6);

/// The sync's name.
pub const SYNC: &str = "Customers";

/// The sync's mapping file.
pub const MAPPING: &str = "\
isthmus: 1
sync: Customers
description: Companies and people from sales to service
lanes:
  - {left: sales, right: service}
objects:
  - left: Account
    right: Account
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    fields:
      - {left: Name, right: Name}
      - {left: Phone, right: Phone}
  - left: Contact
    right: Contact
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    fields:
      - {left: LastName, right: LastName}
      - {left: FirstName, right: FirstName}
      - {left: Phone, right: Phone}
";

/// Creates a workspace of this name below `home` and fills it.
///
/// # Errors
/// What creating a workspace or writing the ledger says; a workspace that is there is never touched.
pub fn filled_workspace(
    home: &Path,
    name: &str,
    rows: u32,
    surroundings: &Surroundings,
) -> Result<RunId, Box<dyn std::error::Error>> {
    let path = WorkspacePath::below(home, name)?;
    let created = create(&path, surroundings)?;
    let key = LedgerKey::from_recovery(created.recovery_key.expose_secret())?;
    let now = surroundings.clock.now();
    let info = OpenInfo { now, build: env!("CARGO_PKG_VERSION"), owner: OwnerKind::Command };
    let ledger = Ledger::open(&path.folder().join("ledger.db"), &key, info)?;
    let run = fill(&ledger, rows, now)?;
    ledger.close()?;
    Ok(run)
}

/// Fills a new ledger with two orgs, the sync [`SYNC`] and one run of that many rows that ended at `now`.
///
/// # Errors
/// When the ledger cannot be written, or holds the orgs or the sync already.
///
/// # Panics
/// Never: the ids and the document are valid ones.
pub fn fill(ledger: &Ledger, rows: u32, now: Timestamp) -> isthmus_store::Result<RunId> {
    let began = now.checked_sub(TOOK).unwrap_or(now);
    let run = ledger.write(|tx| begin(tx, began))?;
    let mut next = 1;
    while next <= rows {
        let last = rows.min(next + TRANSACTION - 1);
        ledger.write(|tx| (next..=last).try_for_each(|number| row(tx, &run, number, rows)))?;
        next = last + 1;
    }
    ledger.write(|tx| {
        let counts = tx.plan_counts(run.id)?;
        tx.set_run_planned(run.id, began, counts)?;
        tx.set_run_state(run.id, RunState::Applying)?;
        let decided = tx.outcome_counts(run.id)?.decided;
        tx.end_run(run.id, RunEnd::Partial, now, decided, None)?;
        let sent = decided.created + decided.updated + decided.failed + decided.pending;
        tx.set_run_traffic(run.id, sent, sent / u64::from(REQUEST) * 2 + 40)
    })?;
    Ok(run.id)
}

/// The run that is being written.
struct Filling {
    id: RunId,
    lane: LaneId,
    right: OrgId,
    began: Timestamp,
}

fn begin(tx: &WriteTransaction<'_>, began: Timestamp) -> isthmus_store::Result<Filling> {
    let org = |name: &str, label: &str, id: &str| -> OrgRow {
        let org_id = OrgId::parse(id).expect("a valid id");
        // Nobody holds a token for them: the window shows them as disconnected.
        OrgRow {
            label: label.to_owned(),
            disconnected_at: Some(began),
            ..org_row(org_id, name, began)
        }
    };
    let left = org("sales", "Northwind Sales", "00D5g00000SaLes");
    let right = org("service", "Northwind Service", "00D5g00000SeRvi");
    tx.put_org(&left)?;
    tx.put_org(&right)?;
    let lane = NewLane {
        name: "main".to_owned(),
        left: left.org_id,
        right: right.org_id,
        values: BTreeMap::new(),
    };
    let document = document();
    let lanes = std::slice::from_ref(&lane);
    let import = ImportedSync { yaml: MAPPING, document: &document, lanes, at: began };
    let sync: SyncId = tx.import_sync(import)?.sync;
    let lane = tx.lanes(sync)?[0].id;
    let id = tx.start_run(&NewRun {
        sync,
        lane,
        mapping_version: MappingVersion(1),
        kind: RunKind::Full,
        build: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: began,
    })?;
    tx.pin_run_api_versions(id, "65.0", "65.0")?;
    Ok(Filling { id, lane, right: right.org_id, began })
}

/// [`MAPPING`] as a document.
fn document() -> SyncDocument {
    let object = |name: &str, fields: &[&str]| {
        let fields: Vec<_> =
            fields.iter().map(|field| json!({ "left": field, "right": field })).collect();
        let key = json!({ "left": "ERP_Key__c", "right": "ERP_Key__c" });
        json!({ "left": name, "right": name, "match": { "key": key }, "fields": fields })
    };
    serde_json::from_value(json!({
        "isthmus": 1,
        "sync": SYNC,
        "description": "Companies and people from sales to service",
        "lanes": [{ "left": "sales", "right": "service" }],
        "objects": [
            object("Account", &["Name", "Phone"]),
            object("Contact", &["LastName", "FirstName", "Phone"]),
        ],
    }))
    .expect("a document")
}

fn row(
    tx: &WriteTransaction<'_>,
    run: &Filling,
    number: u32,
    rows: u32,
) -> isthmus_store::Result<()> {
    // Two fifths are accounts, and parents come first.
    let object = if number <= rows / 5 * 2 { Object::Account } else { Object::Contact };
    let fate = Fate::of(number);
    let operation = operation(object, number, fate);
    let ordinal = Ordinal(number);
    let wave = u32::from(object == Object::Contact);
    tx.insert_operation(run.id, run.lane, NewOperation { ordinal, wave, operation: &operation })?;
    let decided = run.began.saturating_add(moment(number, rows)).unwrap_or(run.began);
    send(tx, run, &operation, ordinal, fate, decided)?;
    tx.set_outcome(run.id, ordinal, &outcome(object, number, fate), decided)
}

/// Rows are decided evenly over the run.
fn moment(number: u32, rows: u32) -> SignedDuration {
    let seconds = TOOK.as_secs() * i64::from(number) / i64::from(rows.max(1));
    SignedDuration::from_secs(seconds)
}
