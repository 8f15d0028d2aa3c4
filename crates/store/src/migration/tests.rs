//! Every earlier schema is brought up with its rows, and a step that fails leaves the earlier one.

use rusqlite::Connection;
use rusqlite_migration::M;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::ledger::Reader;
use crate::migration::{SCHEMA_VERSION, STEPS, migrate, run_steps, schema_of};

/// Rows as a ledger of each schema held them: schema `n` is at `n - 1`. A new schema adds a file here, and none
/// is ever edited.
const ROWS: &[&str] = &[
    include_str!("../../tests/fixtures/rows_v1.sql"),
    include_str!("../../tests/fixtures/rows_v2.sql"),
];

/// The first half of each migration file's SHA-256.
const FINGERPRINTS: &[&str] =
    &["6a2fa8a8a4d21c2f5f785caa6323e183", "95b19eee08711c85248e5b1035a74b98"];

fn memory() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    connection
}

fn schema_text(connection: &Connection) -> Vec<String> {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn every_earlier_schema_comes_up_with_its_rows() {
    assert_eq!(ROWS.len(), STEPS.len());
    let mut newest = memory();
    migrate(&mut newest).unwrap();
    for earlier in 1..=STEPS.len() {
        let mut connection = memory();
        run_steps(&mut connection, &STEPS[..earlier]).unwrap();
        connection.execute_batch(ROWS[earlier - 1]).unwrap();
        let changed = migrate(&mut connection).unwrap();
        assert_eq!(changed, earlier < STEPS.len());
        assert_eq!(schema_of(&connection).unwrap(), SCHEMA_VERSION);
        assert_eq!(schema_text(&connection), schema_text(&newest));
        every_row_is_readable(&connection);
    }
}

/// Reads each table through the ledger's own reads.
fn every_row_is_readable(connection: &Connection) {
    use isthmus_model::ids::{LaneId, LinkId, MappingVersion, RunId, Side, SyncId};
    let read = Reader { connection };
    let mapping = isthmus_model::mapping::MappingName::new("Account");
    let orgs = read.orgs().unwrap();
    assert_eq!(orgs.len(), 2);
    assert_eq!(read.syncs().unwrap().len(), 1);
    assert!(read.sync_version(SyncId(1), MappingVersion(1)).unwrap().is_some());
    assert_eq!(read.lanes(SyncId(1)).unwrap().len(), 1);
    assert_eq!(read.runs(None, None, 10).unwrap().len(), 1);
    let all = crate::OperationFilter::default();
    assert_eq!(read.operations_page(RunId(1), &all, None, 10).unwrap().len(), 1);
    assert_eq!(read.links_page(LaneId(1), &mapping, None, 10).unwrap().len(), 1);
    assert!(read.base(LinkId(1), Side::Right).unwrap().is_some());
    assert_eq!(read.outbox_page(RunId(1), None, 10).unwrap().len(), 1);
    assert_eq!(read.cursors(LaneId(1)).unwrap().len(), 1);
    assert_eq!(read.quarantine_page(LaneId(1), &mapping, None, 10).unwrap().len(), 1);
    assert_eq!(read.cached_describes(orgs[0].org_id).unwrap().len(), 1);
    assert!(read.verify_audit(None).unwrap().is_intact());
    assert_eq!(read.audit_page(None, 0, 10).unwrap().len(), 1);
}

#[test]
fn rows_of_the_first_schema_are_found_by_name_and_cause_afterwards() {
    let mut connection = memory();
    run_steps(&mut connection, &STEPS[..1]).unwrap();
    connection.execute_batch(ROWS[0]).unwrap();
    let held = "UPDATE plan_operation SET outcome = '{\"outcome\":\"held\",\"cause\":{\"message\":\"No Parent\"}}'";
    connection.execute_batch(held).unwrap();
    migrate(&mut connection).unwrap();
    let sql = "SELECT name_text, cause_text FROM plan_operation";
    let texts: (String, String) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(texts, ("k-1".to_owned(), "no parent".to_owned()));
}

#[test]
fn a_migration_that_fails_midway_leaves_the_earlier_schema() {
    let mut connection = memory();
    run_steps(&mut connection, &STEPS[..1]).unwrap();
    connection.execute_batch(ROWS[0]).unwrap();
    let before = schema_text(&connection);
    let mut steps = STEPS[..1].to_vec();
    steps.push(M::up("CREATE TABLE later (a TEXT) STRICT; DELETE FROM quarantine;"));
    steps.push(M::up("CREATE TABLE latest (a TEXT) STRICT; INSERT INTO missing VALUES (1);"));
    let failed = run_steps(&mut connection, &steps).unwrap_err();
    assert!(matches!(failed, Error::Migration(_)), "{failed}");
    assert_eq!(schema_of(&connection).unwrap(), 1);
    assert_eq!(schema_text(&connection), before);
    every_row_is_readable(&connection);
}

#[test]
fn a_released_migration_is_never_edited() {
    let files = [
        include_str!("../migrations/0001_first_ledger.sql"),
        include_str!("../migrations/0002_row_lists.sql"),
    ];
    assert_eq!(files.len(), SCHEMA_VERSION as usize);
    for (file, known) in files.iter().zip(FINGERPRINTS) {
        let digest = Sha256::digest(file.as_bytes());
        let text: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text, *known, "write a new migration instead of editing one");
    }
}
