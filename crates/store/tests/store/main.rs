//! The ledger between processes: one owner, SIGKILL at any moment, a disk that is really full.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "test code outside test functions, too"
)]

mod child;

use std::io::{BufRead, BufReader};
use std::path::Path;

use isthmus_model::audit::AuditAction;
use isthmus_store::{
    AuditDraft, CreateInfo, Error, Ledger, LedgerKey, OpenInfo, Owner, OwnerKind, PreviousStop,
};
use jiff::Timestamp;

use crate::child::{Child, FOLDER, inside, spawn, spawn_on_small_disk};

/// Rounds of killing: each at another moment of the child's writing.
const ROUNDS: usize = 8;

fn key() -> LedgerKey {
    LedgerKey::from_bytes([3; 32])
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn open(path: &Path) -> Result<Ledger, Error> {
    let owner = OwnerKind::Command;
    Ledger::open(path, &key(), OpenInfo { now: now(), build: "0.1.0", owner })
}

fn create(path: &Path) -> Ledger {
    let owner = OwnerKind::Window;
    let info = CreateInfo { now: now(), build: "0.1.0", workspace: "test", owner };
    Ledger::create(path, &key(), info).unwrap()
}

fn append(ledger: &Ledger) -> Result<u64, Error> {
    let draft = AuditDraft::new(now(), "tester", AuditAction::Exported);
    ledger.write(|tx| tx.append_audit(draft))
}

/// The child: it appends for ever and says each counter once it is committed.
fn append_for_ever(path: &Path) {
    let ledger = if path.exists() { open(path).unwrap() } else { create(path) };
    loop {
        println!("stored {}", append(&ledger).unwrap());
    }
}

fn stored(line: &str) -> Option<u64> {
    line.trim().strip_prefix("stored ")?.parse().ok()
}

#[test]
fn a_killed_owner_loses_nothing_it_had_stored_and_blocks_nobody() {
    if let Some(folder) = inside() {
        append_for_ever(&folder.join("ledger.db"));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    for round in 0..ROUNDS {
        let mut child =
            spawn("a_killed_owner_loses_nothing_it_had_stored_and_blocks_nobody", folder.path());
        let last = read_some(&mut child, 3 + round * 7);
        let Error::Owned { by } = open(&path).unwrap_err() else { panic!("two owners") };
        let Owner::Process { process, .. } = by else { panic!("unknown owner") };
        assert_eq!(process, child.0.id());
        child.0.kill().unwrap();
        child.0.wait().unwrap();
        let ledger = open(&path).unwrap();
        assert_eq!(ledger.previous_stop(), PreviousStop::Unclean);
        let trail = ledger.read().verify_audit(None).unwrap();
        assert!(trail.is_intact() && trail.entries >= last, "{trail:?} after {last}");
        if round % 2 == 0 {
            ledger.close().unwrap();
        }
    }
}

/// Reads so many of the child's lines and gives the last counter it said.
fn read_some(child: &mut Child, lines: usize) -> u64 {
    let output = child.0.stdout.take().unwrap();
    let counters = BufReader::new(output).lines().map_while(Result::ok);
    counters.filter_map(|line| stored(&line)).take(lines).last().unwrap()
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let test = "a_full_disk_is_told_and_loses_nothing";
    let Some(folder) = inside() else {
        let folder = tempfile::tempdir().unwrap();
        return spawn_on_small_disk(test, folder.path());
    };
    let path = folder.join("ledger.db");
    let ledger = create(&path);
    let ballast = folder.join("ballast");
    std::fs::write(&ballast, vec![0_u8; 400_000]).unwrap();
    let mut last = 0;
    let refused = loop {
        match append(&ledger) {
            Ok(counter) => last = counter,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, Error::DiskFull), "{refused}");
    assert!(matches!(append(&ledger).unwrap_err(), Error::DiskFull));
    std::fs::remove_file(ballast).unwrap();
    assert_eq!(append(&ledger).unwrap(), last + 1);
    drop(ledger);
    let ledger = open(&path).unwrap();
    assert_eq!(ledger.read().verify_audit(None).unwrap().entries, last + 1);
    assert!(std::env::var_os(FOLDER).is_some());
}

#[test]
fn creating_on_a_full_disk_leaves_nothing_behind() {
    let test = "creating_on_a_full_disk_leaves_nothing_behind";
    let Some(folder) = inside() else {
        let folder = tempfile::tempdir().unwrap();
        return spawn_on_small_disk(test, folder.path());
    };
    let ballast = folder.join("ballast");
    while std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&ballast)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &[0; 4096]))
        .is_ok()
    {}
    let path = folder.join("workspace").join("ledger.db");
    let owner = OwnerKind::Window;
    let info = CreateInfo { now: now(), build: "0.1.0", workspace: "test", owner };
    let refused = Ledger::create(&path, &key(), info).unwrap_err();
    assert!(matches!(refused, Error::DiskFull), "{refused}");
    std::fs::remove_file(ballast).unwrap();
    Ledger::create(&path, &key(), info).unwrap().close().unwrap();
    open(&path).unwrap();
}
