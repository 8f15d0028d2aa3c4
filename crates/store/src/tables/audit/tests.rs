//! The tamper drill: what is done to the trail behind the ledger's back is found.

use isthmus_model::audit::{AuditAction, AuditEntry, AuditHash, chain};
use isthmus_model::ids::{LaneId, MappingVersion, RunId};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_oneof};
use proptest::test_runner::TestRunner;
use rusqlite::Connection;

use crate::error::Error;
use crate::ledger::Reader;
use crate::tables::audit::{AuditDraft, AuditFinding, AuditHead};
use crate::tables::meta;
use crate::testing::{Bench, moment, org, record};

const ENTRIES: u32 = 12;
/// Tamperings tried: some hundreds of each of the eight kinds.
const CASES: u32 = 3000;

fn draft(number: u32) -> AuditDraft {
    AuditDraft {
        org: Some(org('F')),
        object: Some("Account".to_owned()),
        record: Some(record("001", number)),
        fields: vec!["Name".to_owned(), "Phone".to_owned()],
        run: Some(RunId(i64::from(number % 3))),
        lane: Some(LaneId(1)),
        mapping_version: Some(MappingVersion(1)),
        ..AuditDraft::new(
            moment(i64::from(number)),
            "admin (admin@sales.example)",
            AuditAction::RecordUpdated,
        )
    }
}

/// A ledger with a trail whose triggers are gone: the drill's attacker has the key and a tool of his own.
fn unguarded() -> Bench {
    let bench = Bench::new();
    bench
        .ledger
        .write(|tx| (1..=ENTRIES).try_for_each(|number| tx.append_audit(draft(number)).map(|_| ())))
        .unwrap();
    let drop_triggers = "DROP TRIGGER audit_is_never_edited; DROP TRIGGER audit_is_never_cut;";
    bench.ledger.read().connection.execute_batch(drop_triggers).unwrap();
    bench
}

/// What an attacker does to one entry or the end of the trail.
#[derive(Debug, Clone, Copy)]
enum Tampering {
    Flip { entry: u32, column: u8, bit: u8 },
    Delete { entry: u32 },
    CutTail { from: u32 },
    Swap { first: u32, second: u32 },
    Insert { after: u32 },
    Renumber { entry: u32 },
    Relabel { entry: u32, column: u8 },
    Rehash { entry: u32 },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let entry = 1..=ENTRIES;
    prop_oneof![
        (entry.clone(), 0_u8..3, any::<u8>()).prop_map(|(entry, column, bit)| Tampering::Flip {
            entry,
            column,
            bit
        }),
        entry.clone().prop_map(|entry| Tampering::Delete { entry }),
        entry.clone().prop_map(|from| Tampering::CutTail { from }),
        (1..ENTRIES, 1..ENTRIES).prop_map(|(first, step)| Tampering::Swap {
            first,
            second: (first + step - 1) % ENTRIES + 1
        }),
        entry.clone().prop_map(|after| Tampering::Insert { after }),
        entry.clone().prop_map(|entry| Tampering::Renumber { entry }),
        (entry.clone(), 0_u8..5).prop_map(|(entry, column)| Tampering::Relabel { entry, column }),
        entry.prop_map(|entry| Tampering::Rehash { entry }),
    ]
}

impl Tampering {
    fn commit(self, connection: &Connection) {
        match self {
            Self::Flip { entry, column, bit } => {
                let column = ["bytes", "previous_hash", "hash"][usize::from(column)];
                let sql = format!("SELECT {column} FROM audit WHERE counter = ?1");
                let mut blob: Vec<u8> =
                    connection.query_row(&sql, [entry], |row| row.get(0)).unwrap();
                let place = usize::from(bit) % blob.len();
                blob[place] ^= 1 << (bit % 8);
                let sql = format!("UPDATE audit SET {column} = ?2 WHERE counter = ?1");
                connection.execute(&sql, (entry, blob)).unwrap();
            }
            Self::Delete { entry } => {
                run(connection, &format!("DELETE FROM audit WHERE counter = {entry}"))
            }
            Self::CutTail { from } => {
                run(connection, &format!("DELETE FROM audit WHERE counter >= {from}"))
            }
            Self::Swap { first, second } => run(
                connection,
                &format!(
                    "UPDATE audit SET counter = -1 WHERE counter = {first}; \
                     UPDATE audit SET counter = {first} WHERE counter = {second}; \
                     UPDATE audit SET counter = {second} WHERE counter = -1"
                ),
            ),
            Self::Insert { after } => run(
                connection,
                &format!(
                    "UPDATE audit SET counter = -counter - 1 WHERE counter > {after}; \
                     UPDATE audit SET counter = -counter WHERE counter < 0; \
                     INSERT INTO audit SELECT {after} + 1, encoding, bytes, previous_hash, hash, run_id, lane_id, \
                     mapping_version, org_id FROM audit WHERE counter = {after}"
                ),
            ),
            Self::Renumber { entry } => {
                run(
                    connection,
                    &format!("UPDATE audit SET counter = 1000 WHERE counter = {entry}"),
                );
            }
            Self::Relabel { entry, column } => {
                let change = [
                    "encoding = 2",
                    "run_id = 77",
                    "lane_id = NULL",
                    "mapping_version = 9",
                    "org_id = 'x'",
                ][usize::from(column)];
                run(connection, &format!("UPDATE audit SET {change} WHERE counter = {entry}"));
            }
            Self::Rehash { entry } => rehash(connection, entry),
        }
    }
}

fn run(connection: &Connection, sql: &str) {
    connection.execute_batch(sql).unwrap();
}

/// A careful attacker edits an entry and gives it the hash that fits; only the next entry or the head shows it.
fn rehash(connection: &Connection, entry: u32) {
    let sql = "SELECT bytes, previous_hash FROM audit WHERE counter = ?1";
    let (bytes, previous): (Vec<u8>, [u8; 32]) =
        connection.query_row(sql, [entry], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let mut edited = AuditEntry::decode(&bytes).unwrap();
    edited.actor = "somebody else".to_owned();
    let bytes = edited.encode();
    let hash = chain(AuditHash(previous), &bytes).0;
    let sql = "UPDATE audit SET bytes = ?2, hash = ?3 WHERE counter = ?1";
    connection.execute(sql, (entry, bytes, hash)).unwrap();
}

#[test]
fn every_kind_of_tampering_is_found() {
    // One ledger for all cases, put back after each: making one waits for the disk several times.
    let bench = unguarded();
    let connection = bench.ledger.read().connection;
    let config =
        ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let drill = TestRunner::new(config).run(&tampering(), |kind| {
        connection.execute_batch("BEGIN").unwrap();
        kind.commit(connection);
        let verification = bench.ledger.read().verify_audit(None).unwrap();
        connection.execute_batch("ROLLBACK").unwrap();
        prop_assert!(!verification.is_intact(), "{kind:?} was not found");
        Ok(())
    });
    drill.unwrap();
    assert!(bench.ledger.read().verify_audit(None).unwrap().is_intact());
}

#[test]
fn entries_are_chained_and_read_back_in_order() {
    let bench = Bench::new();
    let counters: Vec<u64> = (1..=3)
        .map(|number| bench.ledger.write(|tx| tx.append_audit(draft(number))).unwrap())
        .collect();
    assert_eq!(counters, [1, 2, 3]);
    let read = bench.ledger.read();
    let rows = read.audit_page(None, 0, 10).unwrap();
    assert_eq!(rows[0].previous_hash, AuditHash::START);
    assert_eq!(rows[1].previous_hash, rows[0].hash);
    assert_eq!(rows[2].entry.record, Some(record("001", 3)));
    assert_eq!(read.audit_page(Some(RunId(2)), 0, 10).unwrap().len(), 1);
    assert_eq!(read.audit_page(None, 2, 10).unwrap(), rows[2..]);
    let verification = read.verify_audit(None).unwrap();
    assert!(verification.is_intact());
    assert_eq!((verification.entries, verification.head), (3, read.audit_head().unwrap()));
}

#[test]
fn an_entry_goes_with_the_transaction_it_explains() {
    let bench = Bench::new();
    let failed = bench.ledger.write(|tx| {
        tx.append_audit(draft(1))?;
        tx.disconnect_org(org('E'), moment(1))
    });
    failed.unwrap_err();
    assert_eq!(bench.ledger.read().audit_head().unwrap(), AuditHead::EMPTY);
    assert!(bench.ledger.read().verify_audit(None).unwrap().is_intact());
}

#[test]
fn the_ledger_itself_never_edits_or_cuts_the_trail() {
    let bench = Bench::new();
    bench.ledger.write(|tx| tx.append_audit(draft(1))).unwrap();
    for sql in ["UPDATE audit SET run_id = 2", "DELETE FROM audit"] {
        let refused = bench.ledger.write(|tx| tx.execute(sql, [])).unwrap_err();
        assert!(matches!(refused, Error::Constraint(_)), "{refused}");
    }
}

#[test]
fn a_cut_trail_is_not_continued() {
    let bench = unguarded();
    run(bench.ledger.read().connection, "DELETE FROM audit WHERE counter > 5");
    let refused = bench.ledger.write(|tx| tx.append_audit(draft(6))).unwrap_err();
    assert!(matches!(refused, Error::Damaged { .. }), "{refused}");
}

#[test]
fn a_trail_written_anew_is_found_by_its_seal() {
    let bench = unguarded();
    let read: Reader<'_> = bench.ledger.read();
    let sealed = read.audit_head().unwrap();
    assert!(read.verify_audit(Some(sealed)).unwrap().is_intact());
    assert!(read.verify_audit(Some(AuditHead::EMPTY)).unwrap().is_intact());
    run(read.connection, "DELETE FROM audit WHERE counter > 5");
    let last = read.last_entry().unwrap();
    meta::set_value(read.connection, meta::AUDIT_HEAD, &last.to_text()).unwrap();
    assert!(read.verify_audit(None).unwrap().is_intact());
    let verification = read.verify_audit(Some(sealed)).unwrap();
    assert_eq!(verification.findings, [AuditFinding::Seal { expected: sealed.counter }]);
}

#[test]
fn a_head_survives_its_text_form() {
    let head = AuditHead {
        counter: 7,
        hash: AuditHash(std::array::from_fn(|index| u8::try_from(index).unwrap())),
    };
    assert_eq!(AuditHead::from_text(&head.to_text()), Some(head));
    for text in ["", "7", "7:00", "x:00", &format!("7:{}", "g".repeat(64))] {
        assert_eq!(AuditHead::from_text(text), None, "{text}");
    }
}
