//! Orgs, syncs, runs, links, bases, cursors, quarantine and describes, each through its own reads and writes.

use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::canonical::Fingerprint;
use isthmus_model::cause::Cause;
use isthmus_model::cursor::Cursor;
use isthmus_model::ids::{LaneId, MappingVersion, RunId, Side};
use isthmus_model::plan::PlanCounts;
use isthmus_model::run::{RunCounts, RunEnd};
use isthmus_model::value::Value;

use crate::error::Error;
use crate::tables::link::NewLink;
use crate::tables::org::ClientSecret;
use crate::tables::quarantine::QuarantineRow;
use crate::tables::run::RunState;
use crate::tables::sync::{ImportChange, ImportedSync, SyncState};
use crate::testing::{Bench, document, lanes_of, mapping, moment, org, org_row, record};

fn link(lane: LaneId, run: RunId, left: u32, right: u32) -> NewLink {
    NewLink {
        lane,
        mapping: mapping(),
        mapping_version: MappingVersion(1),
        left: record("001", left),
        right: record("001", right),
        run: Some(run),
        at: moment(40),
    }
}

fn cause() -> Cause {
    Cause {
        code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".to_owned(),
        message: "no".to_owned(),
        fields: vec!["Name".to_owned()],
        remedy: "correct it".to_owned(),
    }
}

#[test]
fn an_org_keeps_its_id_and_its_name_is_its_own() {
    let bench = Bench::new();
    bench.ledger.write(|tx| tx.put_org(&org_row('E', "sales"))).unwrap();
    let taken = bench.ledger.write(|tx| tx.put_org(&org_row('F', "SALES"))).unwrap_err();
    assert!(matches!(taken, Error::Duplicate(_)), "{taken}");
    let mut renamed = org_row('E', "vertrieb");
    renamed.clock_offset_ms = None;
    bench.ledger.write(|tx| tx.put_org(&renamed)).unwrap();
    assert_eq!(bench.ledger.read().org_by_name("Vertrieb").unwrap(), Some(renamed));
    bench
        .ledger
        .write(|tx| {
            tx.set_org_clock_offset(org('E'), 600_000)?;
            tx.disconnect_org(org('E'), moment(9))
        })
        .unwrap();
    let stored = bench.ledger.read().org(org('E')).unwrap().unwrap();
    assert_eq!(stored.disconnected_at, Some(moment(9)));
    assert_eq!(stored.client_secret, ClientSecret::None);
    assert_eq!(stored.clock_offset_ms, Some(600_000));
}

#[test]
fn an_import_makes_a_version_only_when_something_changed() {
    let bench = Bench::new();
    let created = bench.import(&document("Accounts"));
    assert_eq!((created.version, created.change), (MappingVersion(1), ImportChange::Created));
    let same = bench.import(&document("Accounts"));
    assert_eq!((same.version, same.change), (MappingVersion(1), ImportChange::Unchanged));
    let mut edited = document("accounts");
    edited.description = Some("both orgs".to_owned());
    let changed = bench.import(&edited);
    assert_eq!(changed.sync, created.sync);
    assert_eq!((changed.version, changed.change), (MappingVersion(2), ImportChange::Changed));
    let read = bench.ledger.read();
    let first = read.sync_version(created.sync, MappingVersion(1)).unwrap().unwrap();
    assert_eq!(
        (first.document, first.yaml.as_str()),
        (document("Accounts"), "sync: Accounts # as typed")
    );
    assert_eq!(
        read.sync_version(created.sync, MappingVersion(2)).unwrap().unwrap().document,
        edited
    );
    assert_eq!(read.syncs().unwrap().len(), 1);
    assert_eq!(read.lanes(created.sync).unwrap().len(), 1);
}

#[test]
fn a_lane_with_other_orgs_is_another_lane() {
    let bench = Bench::new();
    let sync = bench.import(&document("Accounts")).sync;
    let before = bench.ledger.read().lanes(sync).unwrap().remove(0);
    let mut lanes = lanes_of(&document("Accounts"));
    (lanes[0].left, lanes[0].right) = (org('F'), org('E'));
    let document = document("Accounts");
    let imported = ImportedSync { yaml: "", document: &document, lanes: &lanes, at: moment(6) };
    bench.ledger.write(|tx| tx.import_sync(imported)).unwrap();
    let after = bench.ledger.read().lanes(sync).unwrap();
    assert_eq!(after.len(), 1);
    assert_ne!(after[0].id, before.id);
    assert_eq!(bench.ledger.read().lane(before.id).unwrap(), Some(before));
    lanes[0].right = org('F');
    let same_org = ImportedSync { yaml: "", document: &document, lanes: &lanes, at: moment(7) };
    let refused = bench.ledger.write(|tx| tx.import_sync(same_org)).unwrap_err();
    assert!(matches!(refused, Error::Constraint(_)), "{refused}");
}

#[test]
fn deleting_a_sync_keeps_its_runs_and_gives_its_name_back() {
    let (bench, sync, lane, run) = Bench::with_run();
    let busy = bench.ledger.write(|tx| tx.delete_sync(sync, moment(50))).unwrap_err();
    assert!(matches!(busy, Error::SyncBusy(busy) if busy == run));
    bench
        .ledger
        .write(|tx| {
            tx.insert_link(&link(lane, run, 1, 2))?;
            tx.end_run(run, RunEnd::Succeeded, moment(49), RunCounts::default(), None)?;
            tx.delete_sync(sync, moment(50))
        })
        .unwrap();
    let read = bench.ledger.read();
    assert!(read.syncs().unwrap().is_empty());
    assert_eq!(read.count_links(lane, &mapping()).unwrap(), 0);
    assert_eq!(read.runs(Some(sync), None, 10).unwrap().len(), 1);
    let again = bench.import(&document("Accounts"));
    assert_ne!(again.sync, sync);
    let state = SyncState::Disabled;
    bench.ledger.write(|tx| tx.set_sync_state(again.sync, state, moment(60))).unwrap();
    assert_eq!(bench.ledger.read().sync(again.sync).unwrap().unwrap().state, state);
    let gone = bench.ledger.write(|tx| tx.set_sync_state(sync, SyncState::Enabled, moment(61)));
    assert!(matches!(gone.unwrap_err(), Error::Missing(_)));
}

#[test]
fn a_plan_that_was_only_shown_does_not_hold_a_sync_back() {
    let (bench, sync, _, run) = Bench::with_run();
    let counts = PlanCounts::default();
    bench.ledger.write(|tx| tx.set_run_planned(run, moment(11), counts)).unwrap();
    bench.ledger.write(|tx| tx.delete_sync(sync, moment(12))).unwrap();
    assert!(bench.ledger.read().syncs().unwrap().is_empty());
}

#[test]
fn a_run_goes_through_its_states_and_ends_once() {
    let (bench, sync, _, run) = Bench::with_run();
    assert_eq!(bench.ledger.read().run(run).unwrap().unwrap().state, RunState::Planning);
    let planned = PlanCounts { rows_read: 3, creates: 3, ..PlanCounts::default() };
    let counts = RunCounts { created: 2, failed: 1, ..RunCounts::default() };
    bench
        .ledger
        .write(|tx| {
            tx.pin_run_api_versions(run, "65.0", "66.0")?;
            tx.set_run_planned(run, moment(11), planned)?;
            tx.set_run_state(run, RunState::Applying)?;
            tx.set_run_traffic(run, 4, 9)?;
            tx.set_run_counts(run, counts)
        })
        .unwrap();
    let bench = bench.after_kill();
    let open = bench.ledger.read().open_runs().unwrap();
    assert_eq!((open.len(), open[0].state), (1, RunState::Applying));
    let end = |tx: &crate::WriteTransaction<'_>| {
        tx.end_run(run, RunEnd::Partial, moment(70), counts, Some(&cause()))
    };
    bench.ledger.write(end).unwrap();
    assert!(matches!(bench.ledger.write(end).unwrap_err(), Error::Missing(_)));
    let reopened = bench.ledger.write(|tx| tx.set_run_state(run, RunState::Applying));
    assert!(reopened.is_err());
    let row = bench.ledger.read().run(run).unwrap().unwrap();
    assert_eq!((row.state, row.end), (RunState::Ended, Some(RunEnd::Partial)));
    assert_eq!((row.counts, row.plan_counts), (Some(counts), Some(planned)));
    assert_eq!(row.stop_cause, Some(cause()));
    assert_eq!((row.rows_sent, row.calls), (4, 9));
    assert_eq!(row.right_api_version.as_deref(), Some("66.0"));
    assert!(bench.ledger.read().open_runs().unwrap().is_empty());
    assert!(bench.ledger.read().runs(Some(sync), Some(run), 10).unwrap().is_empty());
}

#[test]
fn a_record_is_in_one_link_of_its_mapping() {
    let (bench, _, lane, run) = Bench::with_run();
    let first = bench.ledger.write(|tx| tx.insert_link(&link(lane, run, 1, 2))).unwrap();
    for taken in [link(lane, run, 1, 3), link(lane, run, 3, 2)] {
        let refused = bench.ledger.write(|tx| tx.insert_link(&taken)).unwrap_err();
        assert!(matches!(refused, Error::Duplicate(_)), "{refused}");
    }
    // The same id on the other side is another org's record.
    let second = bench.ledger.write(|tx| tx.insert_link(&link(lane, run, 2, 1))).unwrap();
    let read = bench.ledger.read();
    let found = read.link_of(lane, &mapping(), Side::Right, record("001", 2)).unwrap().unwrap();
    assert_eq!((found.id, found.left), (first, record("001", 1)));
    assert_eq!(read.links_page(lane, &mapping(), Some(first), 10).unwrap()[0].id, second);
    assert_eq!(read.count_links(lane, &mapping()).unwrap(), 2);
    bench
        .ledger
        .write(|tx| {
            tx.repoint_link(second, Side::Right, record("001", 8))?;
            tx.delete_link(first)
        })
        .unwrap();
    assert_eq!(read.link(second).unwrap().unwrap().right, record("001", 8));
    assert_eq!(read.link(first).unwrap(), None);
}

#[test]
fn a_base_settles_and_goes_with_its_link() {
    let (bench, _, lane, run) = Bench::with_run();
    let link = bench.ledger.write(|tx| tx.insert_link(&link(lane, run, 1, 2))).unwrap();
    let mut base = BaseRow {
        link,
        side: Side::Right,
        lane,
        mapping_version: MappingVersion(1),
        state: BaseState::Settling,
        fingerprint: Fingerprint([7; 16]),
        values: [("Name".to_owned(), Value::from("Acme")), ("Phone".to_owned(), Value::Null)]
            .into(),
    };
    bench.ledger.write(|tx| tx.put_base(&base, moment(41))).unwrap();
    let settling = bench.ledger.read().settling_bases_page(lane, None, 10).unwrap();
    assert_eq!((&settling[0].row, settling[0].written_at), (&base, moment(41)));
    base.state = BaseState::Settled;
    bench.ledger.write(|tx| tx.put_base(&base, moment(42))).unwrap();
    assert!(bench.ledger.read().settling_bases_page(lane, None, 10).unwrap().is_empty());
    assert_eq!(bench.ledger.read().base(link, Side::Right).unwrap().unwrap().row, base);
    assert_eq!(bench.ledger.read().base(link, Side::Left).unwrap(), None);
    bench.ledger.write(|tx| tx.delete_link(link)).unwrap();
    assert_eq!(bench.ledger.read().base(link, Side::Right).unwrap(), None);
}

#[test]
fn a_cursor_moves_with_the_rows_it_covers() {
    let (bench, _, lane, _) = Bench::with_run();
    let mut cursor = Cursor {
        org: org('E'),
        object: "Account".to_owned(),
        lane,
        mapping_version: MappingVersion(1),
        read: Some(moment(50)),
        settled: None,
    };
    bench.ledger.write(|tx| tx.put_cursor(&cursor)).unwrap();
    cursor.settled = Some(moment(45));
    bench.ledger.write(|tx| tx.put_cursor(&cursor)).unwrap();
    let read = bench.ledger.read();
    assert_eq!(read.cursor(org('E'), "ACCOUNT", lane).unwrap(), Some(cursor.clone()));
    assert_eq!(read.cursors(lane).unwrap(), [cursor]);
}

#[test]
fn quarantine_counts_attempts_and_keeps_its_first_time() {
    let (bench, _, lane, run) = Bench::with_run();
    let mut row = QuarantineRow {
        lane,
        mapping: mapping(),
        source_id: record("001", 1),
        mapping_version: MappingVersion(1),
        run,
        cause: cause(),
        payload: serde_json::json!({"Name": "x"}),
        source_fingerprint: Fingerprint([1; 16]),
        describe_fingerprint: Fingerprint([2; 16]),
        attempts: 1,
        since: moment(50),
        next_try_at: moment(86_450),
    };
    bench.ledger.write(|tx| tx.put_quarantine(&row)).unwrap();
    let mut again = row.clone();
    (again.since, again.next_try_at) = (moment(99), moment(90_000));
    bench.ledger.write(|tx| tx.put_quarantine(&again)).unwrap();
    (row.attempts, row.next_try_at) = (2, moment(90_000));
    let read = bench.ledger.read();
    assert_eq!(read.quarantined(lane, &mapping(), record("001", 1)).unwrap(), Some(row.clone()));
    assert_eq!(read.quarantine_page(lane, &mapping(), None, 10).unwrap(), [row]);
    assert_eq!(read.count_quarantined(lane).unwrap(), 1);
    bench.ledger.write(|tx| tx.release_quarantine(lane, &mapping(), record("001", 1))).unwrap();
    assert_eq!(read.count_quarantined(lane).unwrap(), 0);
}

#[test]
fn a_describe_is_kept_per_org_and_object() {
    let (bench, ..) = Bench::with_run();
    let mut schema = crate::testing::schema("Account");
    bench.ledger.write(|tx| tx.put_describe(org('E'), &schema, moment(1))).unwrap();
    schema.label = "Firma".to_owned();
    bench.ledger.write(|tx| tx.put_describe(org('E'), &schema, moment(2))).unwrap();
    let read = bench.ledger.read();
    let cached = read.cached_describe(org('E'), "account").unwrap().unwrap();
    assert_eq!((cached.schema, cached.fetched_at), (schema, moment(2)));
    assert_eq!(read.cached_describes(org('E')).unwrap().len(), 1);
    assert_eq!(read.cached_describe(org('F'), "Account").unwrap(), None);
    bench.ledger.write(|tx| tx.forget_describes(org('E'))).unwrap();
    assert!(read.cached_describes(org('E')).unwrap().is_empty());
}
