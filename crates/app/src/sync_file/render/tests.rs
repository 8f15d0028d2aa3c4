//! A rendered document reads like the example, and back as itself.

use std::collections::BTreeMap;

use isthmus_model::document::{
    ConflictPolicy, CreatePolicy, DeletePolicy, EditedTargetPolicy, FieldDocument,
    FieldPairDocument, FiltersDocument, FirstContactPolicy, Flow, FormulaDocument, LaneDocument,
    MatchDocument, NullPolicy, ObjectDocument, PoliciesDocument, Release, ScheduleDocument,
    SyncDocument, TargetDocument, Trigger, UpdatePolicy,
};
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

use super::render;
use crate::sync_file::{has_comments, read, read_draft};

const EXAMPLE: &str = include_str!("../../../../../docs/examples/sales-to-service.yaml");

#[test]
fn the_example_is_rendered_as_it_is_written_but_for_its_comments() {
    let document = read(EXAMPLE).unwrap().document;
    let rendered = render(&document);
    assert_eq!(read(&rendered).unwrap().document, document);
    assert!(has_comments(EXAMPLE) && !has_comments(&rendered));
    let lines = |text: &str| -> Vec<String> {
        let kept = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        kept.filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    // What the example says although it is the default.
    let defaults = ["      create: create", "      edited_target: overwrite"];
    let expected: Vec<String> =
        lines(EXAMPLE).into_iter().filter(|line| !defaults.contains(&line.as_str())).collect();
    assert_eq!(lines(&rendered), expected);
}

#[test]
fn a_document_that_is_not_finished_is_rendered_all_the_same() {
    let mut document = read(EXAMPLE).unwrap().document;
    document.lanes.clear();
    document.objects[0].fields.clear();
    document.objects[1].left.clear();
    let reading = read_draft(&render(&document));
    assert_eq!(reading.parsed.unwrap().document, document);
    let paths: Vec<&str> = reading.shape.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["lanes", "objects[0].fields", "objects[1].left"]);
}

/// Text with everything that YAML could take for something else.
fn text() -> impl Strategy<Value = String> {
    const WORDS: [&str; 16] = [
        "yes", "NULL", "007", "1.5", "-", "- a", "a: b", "a #b", "'", "\"", "{x}", "[x]", "",
        " a ", "a\nb", "~",
    ];
    proptest::prop_oneof![
        "[A-Za-z][A-Za-z_]{0,8}",
        proptest::sample::select(&WORDS[..]).prop_map(str::to_owned),
        any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
}

fn texts() -> impl Strategy<Value = BTreeMap<String, String>> {
    proptest::collection::btree_map(text(), text(), 0..3)
}

fn every_part(texts: &[String], map: &BTreeMap<String, String>, full: bool) -> SyncDocument {
    let [one, two, three, four] = [0, 1, 2, 3].map(|at| texts[at].clone());
    let pair = FieldPairDocument { left: one.clone(), right: two.clone() };
    let field = FieldDocument {
        left: three.clone(),
        right: four.clone(),
        flow: if full { Flow::Both } else { Flow::LeftToRight },
        formula: full
            .then(|| FormulaDocument { left_to_right: Some(one.clone()), right_to_left: None }),
        value_map: map.clone(),
        winner: full.then_some(ConflictPolicy::Newest),
        nulls: if full { NullPolicy::Keep } else { NullPolicy::Clear },
        sensitive: full,
    };
    let object = ObjectDocument {
        name: full.then(|| four.clone()),
        left: two.clone(),
        right: three.clone(),
        match_rule: match full {
            true => MatchDocument::Fields(vec![pair.clone(), pair]),
            false => MatchDocument::Key(pair),
        },
        filters: full.then(|| FiltersDocument { left: Some(one.clone()), right: None }),
        fields: vec![field],
        trigger: if full { Trigger::RealTime } else { Trigger::Manual },
        policies: PoliciesDocument {
            create: if full { CreatePolicy::Skip } else { CreatePolicy::Create },
            update: if full { UpdatePolicy::Skip } else { UpdatePolicy::Update },
            edited_target: EditedTargetPolicy::Report,
            delete: if full { DeletePolicy::Delete } else { DeletePolicy::Ignore },
            conflict: if full { ConflictPolicy::Left } else { ConflictPolicy::Ask },
            first_contact: FirstContactPolicy::FillBlanks,
        },
    };
    SyncDocument {
        isthmus: 1,
        sync: one.clone(),
        description: full.then(|| two.clone()),
        lanes: vec![LaneDocument {
            name: if full { three } else { "main".to_owned() },
            left: four,
            right: one.clone(),
            values: BTreeMap::from([(two.clone(), map.clone())]),
        }],
        objects: vec![object.clone(), object],
        schedule: full.then_some(ScheduleDocument { cron: one, time_zone: Some(two) }),
        release: if full { Release::Unattended } else { Release::Attended },
        target: full.then_some(TargetDocument { lag_minutes: Some(5), duration_minutes: None }),
    }
}

proptest! {
    #[test]
    fn whatever_a_document_holds_is_read_back_as_it_was(
        texts in proptest::collection::vec(text(), 4),
        map in texts(),
        full in any::<bool>(),
    ) {
        let document = every_part(&texts, &map, full);
        let rendered = render(&document);
        let reading = read_draft(&rendered);
        let read = reading.parsed.map(|parsed| parsed.document);
        prop_assert_eq!(read, Some(document), "{}", rendered);
    }
}
