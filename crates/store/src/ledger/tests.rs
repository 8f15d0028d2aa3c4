//! Creating, opening, closing and refusing ledgers.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::connection;
use crate::error::Error;
use crate::ledger::{Ledger, PreviousStop};
use crate::owner::{OwnerKind, beside};
use crate::tables::sync::SyncState;
use crate::testing::{Bench, CANARY, create_info, document, key, moment, open_info, org_row};

fn contains(file: &Path, text: &str) -> bool {
    let bytes = fs::read(file).unwrap();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn raw(path: &Path) -> Connection {
    let connection = connection::open(path, &key(1)).unwrap();
    connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).unwrap();
    connection
}

fn open(path: &Path) -> Result<Ledger, Error> {
    Ledger::open(path, &key(1), open_info())
}

#[test]
fn no_file_shows_a_header_or_a_value() {
    let bench = Bench::new();
    bench.ledger.write(|tx| tx.put_org(&org_row('E', "sales"))).unwrap();
    let log = beside(&bench.path, "-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    for file in [&bench.path, &log] {
        assert!(!contains(file, CANARY), "{}", file.display());
        assert!(!contains(file, "SQLite format 3"), "{}", file.display());
    }
    bench.ledger.close().unwrap();
    assert!(!contains(&bench.path, CANARY));
    let left: Vec<_> = fs::read_dir(bench.path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(left.iter().all(|name| name == "ledger.db" || name == "ledger.db.lock"), "{left:?}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.ledger.write(|tx| tx.put_org(&org_row('E', "sales"))).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(bench.path.parent().unwrap()), 0o700);
    for suffix in ["", "-wal", ".lock"] {
        assert_eq!(mode(&beside(&bench.path, suffix)), 0o600, "{suffix}");
    }
    let path = bench.path;
    bench.ledger.close().unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let _open = open(&path).unwrap();
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn the_switches_that_keep_data_safe_are_set() {
    let bench = Bench::new();
    let text = |name: &str| -> String {
        bench.ledger.connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
    };
    let number = |name: &str| -> i64 {
        bench.ledger.connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
    };
    assert_eq!(text("journal_mode"), "wal");
    assert_eq!(text("locking_mode"), "exclusive");
    let full = 2;
    for (name, value) in [
        ("synchronous", full),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("temp_store", 2),
        ("cell_size_check", 1),
    ] {
        assert_eq!(number(name), value, "{name}");
    }
    let health = bench.ledger.health().unwrap();
    assert!(health.cipher_version.starts_with("4."), "{health:?}");
    assert_eq!(health.schema_version, crate::migration::SCHEMA_VERSION);
    assert_eq!(bench.ledger.workspace(), "test");
}

#[test]
fn a_wrong_key_is_refused_and_changes_nothing() {
    let bench = Bench::new();
    let path = bench.path;
    bench.ledger.close().unwrap();
    let before = fs::read(&path).unwrap();
    let refused = Ledger::open(&path, &key(2), open_info()).unwrap_err();
    assert!(matches!(refused, Error::WrongKey), "{refused}");
    assert!(refused.to_string().contains("recovery key"));
    assert_eq!(fs::read(&path).unwrap(), before);
    open(&path).unwrap();
}

#[test]
fn a_wrong_key_leaves_the_log_of_a_killed_owner_alone() {
    let bench = Bench::new();
    bench.ledger.write(|tx| tx.put_org(&org_row('E', "sales"))).unwrap();
    let Bench { ledger, path, folder: _folder } = bench;
    drop(ledger);
    Ledger::open(&path, &key(2), open_info()).unwrap_err();
    assert_eq!(open(&path).unwrap().read().orgs().unwrap().len(), 1);
}

#[test]
fn opening_never_makes_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    assert!(matches!(open(&path).unwrap_err(), Error::NotFound(_)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn creating_never_overwrites() {
    let bench = Bench::new();
    let path = bench.path;
    bench.ledger.close().unwrap();
    let before = fs::read(&path).unwrap();
    let refused = Ledger::create(&path, &key(2), create_info()).unwrap_err();
    assert!(matches!(refused, Error::AlreadyExists(_)), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_second_owner_is_refused_until_the_first_is_gone() {
    let bench = Bench::new();
    let Error::Owned { by } = open(&bench.path).unwrap_err() else { panic!("not refused") };
    assert!(by.to_string().starts_with(OwnerKind::Command.as_str()));
    drop(bench.ledger);
    open(&bench.path).unwrap();
}

#[test]
fn a_clean_stop_is_told_from_a_kill() {
    let bench = Bench::new();
    assert_eq!(bench.ledger.previous_stop(), PreviousStop::Clean);
    bench.ledger.write(|tx| tx.put_org(&org_row('E', "sales"))).unwrap();
    let bench = bench.after_kill();
    assert_eq!(bench.ledger.previous_stop(), PreviousStop::Unclean);
    assert_eq!(bench.ledger.read().orgs().unwrap(), [org_row('E', "sales")]);
    let path = bench.path;
    bench.ledger.close().unwrap();
    assert_eq!(open(&path).unwrap().previous_stop(), PreviousStop::Clean);
}

#[test]
fn damage_is_found_after_an_unclean_stop_and_nothing_is_written_over_it() {
    let bench = Bench::new();
    bench.import(&document("Accounts"));
    bench.ledger.check_integrity().unwrap();
    let Bench { ledger, path, folder: _folder } = bench;
    drop(ledger);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&path, &bytes).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, Error::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("backup"));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_log_of_another_ledger_is_refused_and_not_merged() {
    let other = Bench::new();
    other.import(&document("Other"));
    let log = fs::read(beside(&other.path, "-wal")).unwrap();
    let bench = Bench::new();
    bench.import(&document("Accounts"));
    let path = bench.path;
    bench.ledger.close().unwrap();
    let before = fs::read(&path).unwrap();
    fs::write(beside(&path, "-wal"), &log).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, Error::Damaged { .. } | Error::WrongKey), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::remove_file(beside(&path, "-wal")).unwrap();
    assert_eq!(open(&path).unwrap().read().syncs().unwrap()[0].name, "Accounts");
}

#[test]
fn a_plain_sqlite_file_and_another_products_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain.db");
    Connection::open(&plain).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(matches!(open(&plain).unwrap_err(), Error::WrongKey));
    let foreign = folder.path().join("foreign.db");
    fs::write(&foreign, b"").unwrap();
    raw(&foreign).execute_batch("CREATE TABLE t (a)").unwrap();
    let refused = open(&foreign).unwrap_err();
    assert!(matches!(refused, Error::NotALedger), "{refused}");
    let empty = folder.path().join("empty.db");
    fs::write(&empty, b"").unwrap();
    assert!(matches!(open(&empty).unwrap_err(), Error::NotALedger));
}

#[test]
fn a_newer_schema_is_refused_with_the_build_that_opens_it() {
    let bench = Bench::new();
    let path = bench.path;
    bench.ledger.close().unwrap();
    let connection = raw(&path);
    connection
        .execute_batch("UPDATE meta SET value = '0.9.3' WHERE name = 'schema_build'; PRAGMA user_version = 40;")
        .unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, Error::NewerSchema { found: 40, .. }), "{refused}");
    assert!(refused.to_string().contains("Isthmus 0.9.3 or newer"), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_full_disk_rolls_the_transaction_back_and_the_ledger_goes_on() {
    let bench = Bench::new();
    let sync = bench.import(&document("Accounts")).sync;
    bench.ledger.set_max_page_count(1).unwrap();
    let text = "x".repeat(4000);
    let refused = bench.ledger.write(|tx| {
        tx.set_sync_state(sync, SyncState::Disabled, moment(9))?;
        for number in 0..100 {
            let mut row = org_row('G', "third");
            row.label = format!("{text}{number}");
            tx.put_org(&row)?;
            tx.put_describe(row.org_id, &big_schema(number, &text), moment(9))?;
        }
        Ok(())
    });
    let refused = refused.unwrap_err();
    assert!(matches!(refused, Error::DiskFull), "{refused}");
    assert!(refused.to_string().contains("free space") && !refused.is_permanent());
    let syncs = bench.ledger.read().syncs().unwrap();
    assert_eq!(syncs[0].state, SyncState::Enabled);
    bench.ledger.set_max_page_count(u32::MAX).unwrap();
    bench.ledger.write(|tx| tx.put_org(&org_row('G', "third"))).unwrap();
    assert_eq!(bench.after_kill().ledger.read().orgs().unwrap().len(), 3);
}

fn big_schema(number: u32, text: &str) -> isthmus_model::schema::ObjectSchema {
    let mut schema = crate::testing::schema(&format!("Object{number}"));
    schema.label = text.to_owned();
    schema
}

#[test]
fn a_write_that_fails_midway_stores_nothing() {
    let bench = Bench::new();
    let failed = bench.ledger.write(|tx| {
        tx.put_org(&org_row('E', "sales"))?;
        tx.disconnect_org(crate::testing::org('F'), moment(3))
    });
    assert!(matches!(failed.unwrap_err(), Error::Missing(_)));
    assert!(bench.ledger.read().orgs().unwrap().is_empty());
}

#[test]
fn what_a_killed_owner_left_beside_the_ledger_is_removed() {
    let bench = Bench::new();
    let path = bench.path;
    bench.ledger.close().unwrap();
    let left =
        [".unfinished", ".unfinished-journal", ".scratch-00ff"].map(|suffix| beside(&path, suffix));
    for file in &left {
        fs::write(file, b"left").unwrap();
    }
    let stranger = path.with_file_name("other.db.scratch-1");
    fs::write(&stranger, b"not ours").unwrap();
    open(&path).unwrap();
    assert!(left.iter().all(|file| !file.exists()));
    assert!(stranger.exists());
}

#[test]
fn a_ledger_killed_while_it_was_made_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    fs::write(beside(&path, ".unfinished"), b"half").unwrap();
    Ledger::create(&path, &key(1), create_info()).unwrap().close().unwrap();
    open(&path).unwrap();
}
