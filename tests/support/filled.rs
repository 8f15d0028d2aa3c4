//! A workspace with one large run that no engine made: what lists, searches and exports are tried on.
//!
//! Two orgs, one sync and one ended run, with every outcome, several causes, every try of what was sent, and texts
//! that would like to be markup, formulas, other scripts or thousands of characters long. The same number of rows
//! gives the same ledger.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use isthmus_app::workspace::{Surroundings, WorkspacePath, create};
use isthmus_model::cause::Cause;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RecordId, RunId, Side, SyncId};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, Expectation, FieldChange, Operation, RowKey};
use isthmus_model::run::{Outcome, RunEnd, RunKind};
use isthmus_model::value::Value;
use isthmus_store::{
    ImportedSync, Ledger, LedgerKey, NewLane, NewOperation, NewOutboxRow, NewRun, OpenInfo,
    Ordinal, OrgRow, OwnerKind, RequestNumber, RunState, WriteTransaction,
};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::in_process::org_row;

/// Rows written in one transaction.
const TRANSACTION: u32 = 5_000;
/// Rows of one request, as the engine sends them.
const REQUEST: u32 = 200;
/// Every so many rows have a name that is hard to show.
const HOSTILE: u32 = 23;
/// Characters of the longest name.
const LONGEST: usize = 10_000;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Object {
    Account,
    Contact,
}

impl Object {
    fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Contact => "Contact",
        }
    }

    fn record(self, org: char, number: u32) -> RecordId {
        let prefix = match self {
            Self::Account => "001",
            Self::Contact => "003",
        };
        RecordId::parse(&format!("{prefix}5{org}{number:010}")).expect("a valid id")
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Created,
    Updated,
    Unchanged,
    ParentMissing,
    Duplicates,
    Refused,
    TooLong,
    Locked,
    AnswerLost,
}

impl Fate {
    /// Of forty rows 17 are created, 10 updated, 7 unchanged, and six stopped by six causes.
    fn of(number: u32) -> Self {
        match number % 40 {
            0..=16 => Self::Created,
            17..=26 => Self::Updated,
            27..=33 => Self::Unchanged,
            34 => Self::ParentMissing,
            35 => Self::Duplicates,
            36 => Self::Refused,
            37 => Self::TooLong,
            38 => Self::Locked,
            _ => Self::AnswerLost,
        }
    }

    fn is_sent(self) -> bool {
        !matches!(self, Self::Unchanged | Self::ParentMissing | Self::Duplicates)
    }
}

fn operation(object: Object, number: u32, fate: Fate) -> Operation {
    let target_id = object.record('R', number);
    let (action, why) = match fate {
        Fate::Created | Fate::Refused | Fate::TooLong => {
            (creation(object, number), "only the left org has it")
        }
        Fate::Updated | Fate::Locked | Fate::AnswerLost => {
            (update(number, target_id), "the left org changed it")
        }
        Fate::Unchanged => {
            let action = Action::Unchanged { target_id: Some(target_id), link: None };
            (action, "both orgs agree")
        }
        Fate::ParentMissing | Fate::Duplicates => {
            let action = Action::Hold { target_id: None, cause: cause(object, number, fate) };
            (action, "it cannot be written as it is")
        }
    };
    Operation {
        mapping: MappingName::new(object.name()),
        mapping_version: MappingVersion(1),
        target: Side::Right,
        target_object: object.name().to_owned(),
        source_id: object.record('L', number),
        action,
        why: why.to_owned(),
    }
}

fn creation(object: Object, number: u32) -> Action {
    let value = Value::Text(format!("ERP-{number:06}"));
    let key = RowKey::External { field: "ERP_Key__c".to_owned(), value: value.clone() };
    let mut fields = vec![change("ERP_Key__c", Value::Null, value)];
    match object {
        Object::Account => fields.push(change("Name", Value::Null, Value::Text(company(number)))),
        Object::Contact => {
            let (first, last) = person(number);
            fields.push(change("FirstName", Value::Null, Value::Text(first)));
            fields.push(change("LastName", Value::Null, Value::Text(last)));
        }
    }
    fields.push(change("Phone", Value::Null, Value::Text(phone(number))));
    Action::Create { key, fields, waits_for: Vec::new() }
}

fn update(number: u32, target_id: RecordId) -> Action {
    let before = Value::Text(phone(number + 1));
    let fields = vec![change("Phone", before, Value::Text(phone(number)))];
    let fingerprint = isthmus_model::canonical::Fingerprint([7; 16]);
    let expectation = Expectation { fingerprint, last_modified: None };
    Action::Update { target_id, link: None, fields, expectation, waits_for: Vec::new() }
}

fn change(field: &str, before: Value, after: Value) -> FieldChange {
    FieldChange { field: field.to_owned(), before, after }
}

fn outcome(object: Object, number: u32, fate: Fate) -> Outcome {
    let target_id = object.record('R', number);
    let cause = || cause(object, number, fate);
    match fate {
        Fate::Created => Outcome::Created { target_id },
        Fate::Updated => Outcome::Updated { target_id },
        Fate::Unchanged => Outcome::Unchanged { target_id: Some(target_id) },
        Fate::ParentMissing | Fate::Duplicates => Outcome::Held { cause: cause() },
        Fate::Refused | Fate::TooLong | Fate::Locked => Outcome::Quarantined { cause: cause() },
        Fate::AnswerLost => Outcome::Pending { cause: cause() },
    }
}

fn cause(object: Object, number: u32, fate: Fate) -> Cause {
    let (code, message, field, remedy) = match fate {
        Fate::ParentMissing => (
            "parent_missing",
            "its parent is not in the right org and no mapping brings it there".to_owned(),
            Some("AccountId"),
            "map the parent's object, or link the parent by hand",
        ),
        Fate::Duplicates => (
            "duplicate_key",
            format!("2 rows of the left org have the key ERP-{number:06}"),
            Some("ERP_Key__c"),
            "give each row a key of its own",
        ),
        Fate::Refused => (
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            format!("\"{}\": a customer needs a tax number", called(object, number)),
            None,
            "fill what the org's rule asks for, then retry",
        ),
        Fate::TooLong => (
            "STRING_TOO_LONG",
            format!("Phone: data value too large: {} (max length=20)", phone(number).repeat(4)),
            Some("Phone"),
            "shorten the value, or map it to a longer field",
        ),
        Fate::Locked => (
            "UNABLE_TO_LOCK_ROW",
            "unable to obtain exclusive access to this record".to_owned(),
            None,
            "retry: another job held the record",
        ),
        _ => (
            "answer_pending",
            "it was sent, and the answer was lost".to_owned(),
            None,
            "run again in a few minutes; it is read back before anything is sent again",
        ),
    };
    Cause {
        code: code.to_owned(),
        message,
        fields: field.map(str::to_owned).into_iter().collect(),
        remedy: remedy.to_owned(),
    }
}

/// What was sent for a row and what the org answered, as the engine keeps it.
fn send(
    tx: &WriteTransaction<'_>,
    run: &Filling,
    operation: &Operation,
    ordinal: Ordinal,
    fate: Fate,
    at: Timestamp,
) -> isthmus_store::Result<()> {
    let (fields, target_id) = match &operation.action {
        Action::Create { fields, .. } => (fields, None),
        Action::Update { fields, target_id, .. } => (fields, Some(*target_id)),
        _ => return Ok(()),
    };
    if !fate.is_sent() {
        return Ok(());
    }
    let values = |of: fn(&FieldChange) -> &Value| -> BTreeMap<String, Value> {
        fields.iter().map(|change| (change.field.clone(), of(change).clone())).collect()
    };
    let body = fields.iter().map(|change| (change.field.clone(), json!(change.after.display())));
    let request = RequestNumber(ordinal.0 / REQUEST + 1);
    let id = tx.insert_outbox(&NewOutboxRow {
        run: run.id,
        ordinal,
        lane: run.lane,
        mapping_version: MappingVersion(1),
        request,
        org: run.right,
        object: operation.target_object.clone(),
        target_id,
        key: None,
        base: if target_id.is_some() { values(|change| &change.before) } else { BTreeMap::new() },
        desired: values(|change| &change.after),
        payload: serde_json::Value::Object(body.collect()),
        intended_at: at,
    })?;
    let timeout = SignedDuration::try_from(Duration::from_secs(120)).unwrap_or_default();
    let ends = at.saturating_add(timeout).unwrap_or(at);
    tx.mark_request_sent(run.id, request, at, ends)?;
    if let Some(answer) = answer(operation, ordinal.0, fate) {
        tx.record_answer(id, None, &answer, at)?;
    }
    tx.mark_outbox_done(id)
}

/// The org's answer for a row (REST API Developer Guide, "Create Multiple Records"); `None` where it was lost.
fn answer(operation: &Operation, number: u32, fate: Fate) -> Option<serde_json::Value> {
    let object =
        if operation.target_object == "Account" { Object::Account } else { Object::Contact };
    match fate {
        Fate::AnswerLost => None,
        Fate::Created | Fate::Updated => {
            Some(json!({ "id": object.record('R', number), "success": true, "errors": [] }))
        }
        _ => {
            let cause = cause(object, number, fate);
            let error = json!({
                "statusCode": cause.code, "message": cause.message, "fields": cause.fields,
            });
            Some(json!({ "success": false, "errors": [error] }))
        }
    }
}

fn called(object: Object, number: u32) -> String {
    match object {
        Object::Account => company(number),
        Object::Contact => {
            let (first, last) = person(number);
            format!("{first} {last}")
        }
    }
}

fn company(number: u32) -> String {
    const FIRST: [&str; 12] = [
        "Northwind",
        "Aldgate",
        "Brightwater",
        "Cobalt",
        "Dunmore",
        "Elmfield",
        "Fairhaven",
        "Granite",
        "Hollybrook",
        "Ivory",
        "Juniper",
        "Kestrel",
    ];
    const KIND: [&str; 8] =
        ["Logistics", "Foods", "Energy", "Textiles", "Systems", "Paper", "Marine", "Optics"];
    hostile(number).unwrap_or_else(|| {
        format!("{} {} {number}", pick(&FIRST, number), pick(&KIND, number / 12))
    })
}

fn person(number: u32) -> (String, String) {
    const FIRST: [&str; 10] =
        ["Mia", "Noah", "Lea", "Tomás", "Zoë", "Amir", "Ines", "Jürgen", "Keiko", "Oona"];
    const LAST: [&str; 9] =
        ["Abel", "Brandt", "Castro", "Dvořák", "Eriksen", "Fofana", "García", "Hughes", "Ito"];
    let last = hostile(number).unwrap_or_else(|| format!("{} {number}", pick(&LAST, number / 10)));
    (pick(&FIRST, number).to_owned(), last)
}

/// Names that a list must show as the text they are.
fn hostile(number: u32) -> Option<String> {
    if !number.is_multiple_of(HOSTILE) {
        return None;
    }
    let place = number / HOSTILE;
    Some(match place % 9 {
        0 => format!("<img src=x onerror=\"document.title='owned {number}'\">"),
        1 => {
            format!("Long {number} {}", "name ".repeat(LONGEST / 5)).chars().take(LONGEST).collect()
        }
        2 => format!("شركة النور للتجارة {number}"),
        3 => format!("\u{202e}gpj.exe {number}"),
        4 => format!("</td><script>alert({number})</script>"),
        5 => format!("=cmd|' /C calc'!A{number}"),
        6 => format!("unbreakable{}", "w".repeat(400)),
        7 => format!("👩‍👩‍👧‍👦 Zoë\u{301} Ｗｉｄｅ {number}"),
        _ => format!("two\nlines\tand a tab {number}"),
    })
}

fn phone(number: u32) -> String {
    format!("+49 30 {:07}", number.wrapping_mul(7_919) % 10_000_000)
}

fn pick<'a>(words: &[&'a str], number: u32) -> &'a str {
    words[number as usize % words.len()]
}
