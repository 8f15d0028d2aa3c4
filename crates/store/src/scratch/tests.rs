//! Staging, joining and throwing away.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use isthmus_model::ids::{LinkId, RecordId, Side};
use isthmus_model::snapshot::SnapshotRow;
use isthmus_model::value::Value;
use proptest::prelude::{ProptestConfig, any, proptest};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tempfile::TempDir;

use crate::error::Error;
use crate::scratch::{CANDIDATE_LIMIT, JoinedRow, SUFFIX, Scratch, StagedLink, StagedRow};
use crate::testing::{Bench, CANARY, mapping, moment, record};

fn staged(number: u32, key: Option<&str>) -> StagedRow {
    StagedRow {
        row: SnapshotRow {
            id: record("001", number),
            values: vec![Value::from(CANARY), Value::Boolean(true)],
            last_modified: Some(moment(i64::from(number))),
            modstamp: None,
        },
        key: key.map(str::to_owned),
    }
}

fn scratch() -> (TempDir, Scratch) {
    let folder = tempfile::tempdir().unwrap();
    let mut random = StdRng::seed_from_u64(7);
    let scratch = Scratch::create_beside(&folder.path().join("ledger.db"), &mut random).unwrap();
    (folder, scratch)
}

fn files(folder: &TempDir) -> Vec<PathBuf> {
    fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn link(link: i64, left: u32, right: u32) -> StagedLink {
    StagedLink { link: LinkId(link), left: record("001", left), right: record("001", right) }
}

#[test]
fn staged_rows_are_encrypted_and_gone_with_the_scratch() {
    let (folder, scratch) = scratch();
    let rows: Vec<StagedRow> = (1..2000).map(|number| staged(number, Some("k"))).collect();
    scratch.insert_rows(Side::Left, &mapping(), &rows).unwrap();
    scratch.connection().unwrap().cache_flush().unwrap();
    let [file] = files(&folder).try_into().unwrap();
    let bytes = fs::read(&file).unwrap();
    assert!(bytes.len() > 100_000);
    assert!(!bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()));
    drop(scratch);
    assert!(files(&folder).is_empty());
}

#[test]
fn a_killed_owners_scratch_goes_at_the_next_start() {
    let bench = Bench::new();
    let scratch = Scratch::create(&bench.ledger, &mut StdRng::seed_from_u64(1)).unwrap();
    let path = scratch.path.clone();
    assert!(path.to_string_lossy().contains(SUFFIX));
    std::mem::forget(scratch);
    let _bench = bench.after_kill();
    assert!(!path.exists());
}

#[test]
fn a_row_met_twice_is_staged_once_as_read_last() {
    let (_folder, scratch) = scratch();
    scratch
        .insert_rows(Side::Left, &mapping(), &[staged(1, Some("old")), staged(2, None)])
        .unwrap();
    scratch.insert_rows(Side::Left, &mapping(), &[staged(1, Some("new"))]).unwrap();
    assert_eq!(scratch.count(Side::Left, &mapping()).unwrap(), 2);
    let row = scratch.row(Side::Left, &mapping(), record("001", 1)).unwrap();
    assert_eq!(row, Some(staged(1, Some("new"))));
    assert!(scratch.rows_by_key(Side::Left, &mapping(), "old", 9).unwrap().is_empty());
    scratch.remove_row(Side::Left, &mapping(), record("001", 1)).unwrap();
    assert_eq!(scratch.row(Side::Left, &mapping(), record("001", 1)).unwrap(), None);
}

#[test]
fn left_rows_find_their_links_and_then_their_keys() {
    let (_folder, scratch) = scratch();
    let left = [staged(1, Some("a")), staged(2, Some("b")), staged(3, Some("c")), staged(4, None)];
    let right = [staged(11, Some("z")), staged(12, Some("b")), staged(13, Some("b"))];
    scratch.insert_rows(Side::Left, &mapping(), &left).unwrap();
    scratch.insert_rows(Side::Right, &mapping(), &right).unwrap();
    scratch.insert_links(&mapping(), &[link(5, 1, 11), link(6, 3, 99), link(7, 50, 12)]).unwrap();
    let joined = scratch.joined_page(&mapping(), None, 10).unwrap();
    let linked = joined[0].linked.as_ref().unwrap();
    assert_eq!((linked.link, linked.right.as_ref()), (LinkId(5), Some(&right[0])));
    assert!(joined[1].linked.is_none());
    let candidates: Vec<_> =
        joined[1].candidates.iter().map(|found| (found.row.row.id, found.linked_to)).collect();
    assert_eq!(
        candidates,
        [(record("001", 12), Some(record("001", 50))), (record("001", 13), None)]
    );
    let gone = joined[2].linked.as_ref().unwrap();
    assert_eq!((gone.right_id, &gone.right), (record("001", 99), &None));
    assert_eq!((joined[3].left_with_key, joined[3].candidates.len()), (0, 0));
    let second = scratch.joined_page(&mapping(), Some(record("001", 1)), 1).unwrap();
    assert_eq!(second, joined[1..2]);
}

#[test]
fn duplicates_and_rows_of_the_right_alone_are_listed() {
    let (_folder, scratch) = scratch();
    let left = [
        staged(1, Some("a")),
        staged(2, Some("a")),
        staged(3, Some("b")),
        staged(4, None),
        staged(5, None),
    ];
    let right =
        [staged(11, Some("b")), staged(12, Some("x")), staged(13, None), staged(14, Some("y"))];
    scratch.insert_rows(Side::Left, &mapping(), &left).unwrap();
    scratch.insert_rows(Side::Right, &mapping(), &right).unwrap();
    scratch.insert_links(&mapping(), &[link(1, 4, 12)]).unwrap();
    let duplicates = scratch.duplicate_keys(Side::Left, &mapping(), None, 10).unwrap();
    assert_eq!(duplicates.len(), 1);
    assert_eq!((duplicates[0].key.as_str(), duplicates[0].rows), ("a", 2));
    assert_eq!(duplicates[0].first, record("001", 1));
    assert!(scratch.duplicate_keys(Side::Left, &mapping(), Some("a"), 10).unwrap().is_empty());
    assert!(scratch.duplicate_keys(Side::Right, &mapping(), None, 10).unwrap().is_empty());
    let alone = scratch.right_only_page(&mapping(), None, 10).unwrap();
    assert_eq!(alone, [staged(13, None), staged(14, Some("y"))]);
    let other = isthmus_model::mapping::MappingName::new("Contact");
    assert_eq!(scratch.count(Side::Left, &other).unwrap(), 0);
    assert!(scratch.joined_page(&other, None, 10).unwrap().is_empty());
}

#[test]
fn a_full_disk_is_said_so() {
    let (_folder, scratch) = scratch();
    scratch
        .connection()
        .unwrap()
        .pragma_update_and_check(None, "max_page_count", 1, |_| Ok(()))
        .unwrap();
    let rows: Vec<StagedRow> = (1..2000).map(|number| staged(number, None)).collect();
    let refused = scratch.insert_rows(Side::Left, &mapping(), &rows).unwrap_err();
    assert!(matches!(refused, Error::DiskFull), "{refused}");
}

/// Left id, left rows with its key, the linked right row where there is a link, candidates.
type Shape = (RecordId, u64, Option<Option<RecordId>>, Vec<RecordId>);

/// What the join must give, by looking at every pair.
fn naive(
    left: &BTreeMap<RecordId, StagedRow>,
    right: &BTreeMap<RecordId, StagedRow>,
    links: &BTreeMap<RecordId, StagedLink>,
) -> Vec<Shape> {
    let with_key = |rows: &BTreeMap<RecordId, StagedRow>, key: &Option<String>| -> Vec<RecordId> {
        let same = |row: &&StagedRow| key.is_some() && row.key == *key;
        rows.values().filter(same).map(|row| row.row.id).collect()
    };
    left.values()
        .map(|row| {
            let linked = links.get(&row.row.id);
            let found = linked.map(|link| right.contains_key(&link.right).then_some(link.right));
            let mut candidates = with_key(right, &row.key);
            candidates.truncate(if linked.is_some() { 0 } else { CANDIDATE_LIMIT as usize });
            (row.row.id, with_key(left, &row.key).len() as u64, found, candidates)
        })
        .collect()
}

fn shape(row: &JoinedRow) -> Shape {
    let linked = row.linked.as_ref().map(|linked| linked.right.as_ref().map(|row| row.row.id));
    let candidates = row.candidates.iter().map(|found| found.row.row.id).collect();
    (row.left.row.id, row.left_with_key, linked, candidates)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_join_is_what_looking_at_every_pair_gives(
        left in proptest::collection::vec((0_u32..30, any::<Option<u8>>()), 0..40),
        right in proptest::collection::vec((0_u32..30, any::<Option<u8>>()), 0..40),
        links in proptest::collection::vec((0_u32..30, 0_u32..30), 0..15),
        page in 1_u32..7,
    ) {
        let (_folder, scratch) = scratch();
        let row = |(number, key): (u32, Option<u8>)| staged(number, key.map(|key| format!("k{}", key % 6)).as_deref());
        let left: Vec<StagedRow> = left.into_iter().map(row).collect();
        let right: Vec<StagedRow> = right.into_iter().map(row).collect();
        let links: Vec<StagedLink> = links.into_iter().map(|(a, b)| link(1, a, b)).collect();
        scratch.insert_rows(Side::Left, &mapping(), &left).unwrap();
        scratch.insert_rows(Side::Right, &mapping(), &right).unwrap();
        scratch.insert_links(&mapping(), &links).unwrap();
        let by_id = |rows: Vec<StagedRow>| rows.into_iter().map(|row| (row.row.id, row)).collect();
        let links = links.into_iter().map(|link| (link.left, link)).collect();
        let expected = naive(&by_id(left), &by_id(right), &links);
        let mut found: Vec<Shape> = Vec::new();
        loop {
            let after = found.last().map(|(id, ..)| *id);
            let joined = scratch.joined_page(&mapping(), after, page).unwrap();
            if joined.is_empty() {
                break;
            }
            found.extend(joined.iter().map(shape));
        }
        assert_eq!(found, expected);
    }
}
