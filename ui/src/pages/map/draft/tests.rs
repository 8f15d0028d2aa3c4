//! The draft on its own: steps, words, and what counts as a change.

use std::collections::BTreeMap;

use isthmus_contract::sync::{SyncDetail, SyncView};
use isthmus_model::document::{
    CreatePolicy, FieldPairDocument, LaneDocument, MatchDocument, NullPolicy, ObjectDocument,
    PoliciesDocument, Release, SyncDocument, Trigger,
};
use isthmus_model::ids::MappingVersion;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use proptest::{prop_assert, prop_assert_eq};

use super::{Draft, Edit};

fn object(name: &str) -> ObjectDocument {
    ObjectDocument {
        name: None,
        left: name.to_owned(),
        right: name.to_owned(),
        match_rule: MatchDocument::Key(pair("Key__c", "Key__c")),
        filters: None,
        fields: Vec::new(),
        trigger: Trigger::default(),
        policies: PoliciesDocument::default(),
    }
}

fn pair(left: &str, right: &str) -> FieldPairDocument {
    FieldPairDocument { left: left.to_owned(), right: right.to_owned() }
}

fn document() -> SyncDocument {
    SyncDocument {
        isthmus: 1,
        sync: "customers".to_owned(),
        description: None,
        lanes: vec![LaneDocument {
            name: "main".to_owned(),
            left: "sales".to_owned(),
            right: "service".to_owned(),
            values: BTreeMap::new(),
        }],
        objects: vec![object("Account"), object("Contact")],
        schedule: None,
        release: Release::default(),
        target: None,
    }
}

fn detail(version: u32) -> SyncDetail {
    SyncDetail {
        sync: SyncView {
            name: "customers".to_owned(),
            description: None,
            enabled: true,
            version: MappingVersion(version),
            left: "sales".to_owned(),
            right: "service".to_owned(),
            objects: Vec::new(),
        },
        text: "# as stored\n".to_owned(),
        document: document(),
    }
}

fn add(left: &str, right: &str) -> Edit {
    Edit::AddField { object: 0, left: left.to_owned(), right: right.to_owned() }
}

#[test]
fn a_link_to_a_taken_target_replaces_the_former_one_and_keeps_its_place() {
    let mut draft = Draft::of(&detail(1));
    draft.apply(&add("Name", "Name"));
    draft.apply(&add("Phone", "Phone"));
    draft.apply(&Edit::SetNulls { object: 0, field: 0, nulls: NullPolicy::Keep });
    let label = draft.apply(&add("Alias", "name"));
    assert_eq!(label.as_deref(), Some("link Alias to name"));
    let fields = &draft.document().objects[0].fields;
    assert_eq!(fields.len(), 2);
    assert_eq!((fields[0].left.as_str(), fields[0].nulls), ("Alias", NullPolicy::Keep));
    assert_eq!(draft.changes(), 2);
}

#[test]
fn an_edit_that_changes_nothing_is_no_step() {
    let mut draft = Draft::of(&detail(1));
    draft.apply(&add("Name", "Name"));
    assert_eq!(draft.apply(&add("name", "NAME")), None);
    assert_eq!(draft.apply(&Edit::RemoveField { object: 0, field: 7 }), None);
    assert_eq!(draft.apply(&Edit::RemoveObject(9)), None);
    assert_eq!(draft.undo().as_deref(), Some("link Name to Name"));
    assert_eq!(draft.undo(), None);
    assert!(draft.is_saved());
}

#[test]
fn accepting_many_is_one_step_and_never_replaces_a_link() {
    let mut draft = Draft::of(&detail(1));
    draft.apply(&add("Name", "Name"));
    let pairs = vec![pair("Alias", "Name"), pair("Phone", "Phone"), pair("Fax", "Fax")];
    let label = draft.apply(&Edit::AddFields { object: 0, pairs });
    assert_eq!(label.as_deref(), Some("add 3 links"));
    assert_eq!(draft.document().objects[0].fields.len(), 3);
    assert_eq!(draft.document().objects[0].fields[0].left, "Name");
    draft.undo();
    assert_eq!(draft.document().objects[0].fields.len(), 1);
}

#[test]
fn typing_is_one_step() {
    let mut draft = Draft::of(&detail(1));
    for words in ["A", "Ac", "Acc"] {
        draft.apply(&Edit::Describe(Some(words.to_owned())));
    }
    draft.apply(&Edit::RenameObject { object: 0, name: Some("c".to_owned()) });
    draft.undo();
    assert_eq!(draft.document().description.as_deref(), Some("Acc"));
    draft.undo();
    assert_eq!(draft.document().description, None);
    assert_eq!(draft.redo().as_deref(), Some("change the description"));
    assert_eq!(draft.document().description.as_deref(), Some("Acc"));
}

#[test]
fn text_stays_with_its_document_and_leaves_with_another_edit() {
    let mut draft = Draft::of(&detail(1));
    assert_eq!(draft.text().map(AsRef::as_ref), Some("# as stored\n"));
    draft.apply(&Edit::ReplaceDocument { document: document(), text: "# reworded\n".to_owned() });
    assert_eq!(draft.changes(), 1, "comments are worth saving");
    draft.apply(&add("Name", "Name"));
    assert_eq!(draft.text(), None);
    draft.undo();
    assert_eq!(draft.text().map(AsRef::as_ref), Some("# reworded\n"));
}

#[test]
fn what_was_edited_while_saving_stays_a_change() {
    let mut draft = Draft::of(&detail(1));
    draft.apply(&add("Name", "Name"));
    let sent = std::sync::Arc::clone(draft.document());
    draft.apply(&add("Phone", "Phone"));
    draft.stored(sent, "text", MappingVersion(2));
    assert_eq!(draft.changes(), 1);
    assert_eq!(draft.based_on(), Some(MappingVersion(2)));
    draft.undo();
    assert!(draft.is_saved());
}

#[test]
fn keeping_a_draft_over_theirs_compares_it_with_theirs() {
    let mut draft = Draft::of(&detail(1));
    draft.apply(&add("Name", "Name"));
    let mut theirs = detail(5);
    theirs.document.objects[1].policies.create = CreatePolicy::Skip;
    draft.keep_over(&theirs);
    assert_eq!(draft.based_on(), Some(MappingVersion(5)));
    assert_eq!(draft.changes(), 2);
    draft.discard();
    assert_eq!(**draft.document(), theirs.document);
    draft.undo();
    assert_eq!(draft.document().objects[0].fields.len(), 1);
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let name = || "[A-E]";
    prop_oneof![
        (0..3_usize, name(), name()).prop_map(|(object, left, right)| Edit::AddField {
            object,
            left,
            right
        }),
        (0..3_usize, vec((name(), name()), 0..4)).prop_map(|(object, pairs)| {
            let pairs = pairs.iter().map(|(left, right)| pair(left, right)).collect();
            Edit::AddFields { object, pairs }
        }),
        (0..3_usize, 0..4_usize).prop_map(|(object, field)| Edit::RemoveField { object, field }),
        (0..3_usize, 0..4_usize).prop_map(|(object, field)| Edit::SetNulls {
            object,
            field,
            nulls: NullPolicy::Keep
        }),
        name().prop_map(|name| Edit::AddObject(object(&name))),
        (0..4_usize).prop_map(Edit::RemoveObject),
        (0..3_usize, name())
            .prop_map(|(object, name)| Edit::RenameObject { object, name: Some(name) }),
        name().prop_map(|words| Edit::Describe(Some(words))),
        Just(Edit::ReplaceDocument { document: document(), text: "text".to_owned() }),
    ]
}

proptest! {
    #[test]
    fn undo_leads_back_through_every_state_and_redo_forth_again(edits in vec(any_edit(), 0..40)) {
        let mut draft = Draft::of(&detail(1));
        for edit in &edits {
            draft.apply(edit);
        }
        let last = draft.document().clone();
        let mut seen = vec![last.clone()];
        while draft.undo().is_some() {
            seen.push(draft.document().clone());
        }
        prop_assert_eq!(&**draft.document(), &document());
        prop_assert!(draft.is_saved());
        while draft.redo().is_some() {
            seen.pop();
            prop_assert_eq!(Some(draft.document()), seen.last());
        }
        prop_assert_eq!(draft.document(), &last);
        prop_assert_eq!(draft.is_saved(), *last == document() && draft.changes() == 0);
    }
}
