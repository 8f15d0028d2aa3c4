//! A full disk: the step is not stored, cause and remedy are told, and with room again the job ends as if undisturbed.

use isthmus_model::audit::AuditAction;
use isthmus_store::{AuditDraft, Error, Ledger, LedgerKey, OpenInfo, OwnerKind};
use isthmus_tests::isthmus::{Desk, Done, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::small_disk::SmallDisk;
use jiff::Timestamp;

use crate::exits::{FILES, PARTIAL};

/// Enough rows that plan and outbox do not fit into a megabyte beside the rest.
const ACCOUNTS: u64 = 600;

/// What an undisturbed job writes into the same orgs.
fn undisturbed() -> u64 {
    let orgs = Orgs::pair(ACCOUNTS, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let _ = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    orgs.rows_written("service")
}

#[test]
fn a_full_disk_stops_the_step_and_with_room_again_nothing_is_lost_or_repeated() {
    let orgs = Orgs::pair(ACCOUNTS, 0);
    let mut desk = Desk::new();
    let Some(mut disk) = SmallDisk::mount(&desk.home().join("small")) else {
        println!(
            "`unshare -rm` is refused here: the full disk is shown with PRAGMA max_page_count alone"
        );
        return;
    };
    println!("the full disk is a tmpfs of 1 MB in `unshare -rm`");
    desk.variables.push(("ISTHMUS_HOME".to_owned(), disk.folder.display().to_string()));
    desk.through = disk.entrance();
    let steps: [&dyn Fn() -> Done; 5] = [
        &|| desk.run(&["workspace", "create", "--json"]),
        &|| desk.adopt(&orgs, "sales"),
        &|| desk.adopt(&orgs, "service"),
        &|| desk.import(mapping::ACCOUNTS),
        &|| desk.run(&["run", "accounts", "--yes", "--json"]),
    ];
    let mut full = 0;
    for (number, step) in steps.into_iter().enumerate() {
        let mut done = step();
        if !matches!(done.code, Some(0 | PARTIAL)) {
            let problem = done.refused(FILES, "disk_full");
            assert!(problem.hint.contains("free space"), "{problem:?}");
            println!("it was full at step {} of 5", number + 1);
            full += 1;
            disk.grow();
            done = step();
        }
        assert!(matches!(done.code, Some(0 | PARTIAL)), "{done:?}");
    }
    assert_eq!(full, 1, "the disk was full once");
    let again = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!((&again["rows_sent"], &again["pending"]), (&0.into(), &0.into()), "{again}");
    let arrived = orgs.by_key("service", "Account");
    assert!(
        orgs.by_key("sales", "Account").keys().all(|key| arrived.contains_key(key)),
        "nothing is lost"
    );
    let counters = orgs.counters("service");
    assert_eq!(
        counters.automations_fired.values().sum::<u64>(),
        undisturbed(),
        "nothing is repeated"
    );
}

#[test]
fn a_ledger_that_may_not_grow_stores_nothing_of_the_step_and_says_so() {
    println!("the full disk is PRAGMA max_page_count");
    let desk = Desk::new();
    let created = desk.run(&["workspace", "create", "--json"]).passed().json();
    let key = LedgerKey::from_recovery(created["recovery_key"].as_str().expect("it is shown once"))
        .expect("a key");
    let now = Timestamp::from_second(1_800_000_000).expect("a moment");
    let info = OpenInfo { now, build: "0.1.0", owner: OwnerKind::Command };
    let ledger =
        Ledger::open(&desk.home().join("isthmus/default/ledger.db"), &key, info).expect("it opens");
    let before = ledger.read().audit_head().expect("the trail is there");
    ledger.set_max_page_count(1).expect("SQLite takes it");
    let written = ledger.write(|transaction| {
        for _ in 0..20_000 {
            transaction.append_audit(AuditDraft::new(
                now,
                "somebody",
                AuditAction::OrgConnected,
            ))?;
        }
        Ok(())
    });
    let error = written.expect_err("there is no room");
    assert!(matches!(error, Error::DiskFull), "{error}");
    assert!(error.to_string().contains("free space"), "{error}");
    assert_eq!(
        ledger.read().audit_head().expect("it can be read"),
        before,
        "nothing of the step was stored"
    );
    ledger.close().expect("it closes");
    let audit = desk.run(&["audit", "verify", "--json"]).passed().json();
    assert_eq!(audit["verified"], true, "{audit}");
}
