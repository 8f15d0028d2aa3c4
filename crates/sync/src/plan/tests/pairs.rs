//! Rows that have a partner: the decision table.

use isthmus_model::base::BaseState;
use isthmus_model::document::{EditedTargetPolicy, FirstContactPolicy, NullPolicy};
use isthmus_model::plan::{Action, Operation};
use isthmus_model::value::Value;
use jiff::SignedDuration;

use super::fixture::{World, left_id, right_id, row, tally};

/// The update's fields as `name: before -> after`, or the hold's code, or the action's own word.
fn told(operation: &Operation) -> String {
    match &operation.action {
        Action::Update { fields, .. } => {
            let told = |change: &isthmus_model::plan::FieldChange| {
                format!(
                    "{}: {} -> {}",
                    change.field,
                    change.before.display(),
                    change.after.display()
                )
            };
            fields.iter().map(told).collect::<Vec<_>>().join(", ")
        }
        Action::Hold { cause, .. } => cause.code.clone(),
        Action::Link { .. } => "link".to_owned(),
        Action::Unchanged { .. } => "unchanged".to_owned(),
        Action::Create { .. } => "create".to_owned(),
        Action::Delete { .. } => "delete".to_owned(),
    }
}

/// A linked pair: what both held when they agreed, and what they hold now.
fn linked(
    base: (&str, &str),
    now: (&str, &str),
    policy: EditedTargetPolicy,
    state: BaseState,
) -> String {
    let mut world = World::new();
    world.policy.edited_target = policy;
    let was_left = row(left_id(1), "K1", base.0, "Energy", 5);
    let was_right = row(right_id(1), "K1", base.1, "Energy", 5);
    world.link(1, &was_left, &was_right, state);
    world.left = vec![row(left_id(1), "K1", now.0, "Energy", 5)];
    world.right = vec![row(right_id(1), "K1", now.1, "Energy", 5)];
    told(&world.plan()[0])
}

#[test]
fn a_linked_pair_follows_the_decision_table() {
    use EditedTargetPolicy::{Leave, Overwrite, Report};
    let settled = BaseState::Settled;
    assert_eq!(linked(("A", "A"), ("A", "A"), Overwrite, settled), "unchanged");
    assert_eq!(linked(("A", "A"), ("B", "A"), Overwrite, settled), "Name: A -> B");
    assert_eq!(linked(("A", "A"), ("A", "C"), Overwrite, settled), "Name: C -> A");
    assert_eq!(linked(("A", "A"), ("A", "C"), Leave, settled), "unchanged");
    assert_eq!(linked(("A", "A"), ("A", "C"), Report, settled), "target_edited");
    assert_eq!(linked(("A", "A"), ("B", "C"), Overwrite, settled), "Name: C -> B");
    assert_eq!(linked(("A", "A"), ("B", "C"), Leave, settled), "unchanged");
    assert_eq!(linked(("A", "A"), ("B", "C"), Report, settled), "target_edited");
    assert_eq!(linked(("A", "A"), ("B", "B"), Report, settled), "unchanged");
    // Both sides agreed to differ: neither moved since.
    assert_eq!(linked(("A", "Z"), ("A", "Z"), Overwrite, settled), "unchanged");
}

#[test]
fn what_the_org_made_of_our_own_write_is_no_edit() {
    let settling = BaseState::Settling;
    assert_eq!(
        linked(("A", "A"), ("A", "A, Inc."), EditedTargetPolicy::Overwrite, settling),
        "unchanged"
    );
    assert_eq!(
        linked(("A", "A"), ("B", "A, Inc."), EditedTargetPolicy::Overwrite, settling),
        "Name: A, Inc. -> B"
    );
}

#[test]
fn first_contact_follows_its_policy() {
    let first = |policy, left: (&str, i64), right: (&str, i64)| {
        let mut world = World::new();
        world.policy.first_contact = policy;
        world.left = vec![row(left_id(1), "K1", left.0, "", 7)];
        world.right = vec![row(right_id(1), "k1", right.0, "Energy", 7)];
        let stamp = |row: &mut isthmus_model::snapshot::SnapshotRow, seconds| {
            row.last_modified =
                row.last_modified.map(|stamp| stamp + SignedDuration::from_secs(seconds));
        };
        stamp(&mut world.left[0], left.1);
        stamp(&mut world.right[0], right.1);
        told(&world.plan()[0])
    };
    use FirstContactPolicy::{Ask, FillBlanks, Left, Newest, Right};
    assert_eq!(
        first(Left, ("A", 0), ("B", 0)),
        "ERP_Key__c: k1 -> K1, Name: B -> A, Industry: Energy -> "
    );
    assert_eq!(first(Right, ("A", 0), ("B", 0)), "link");
    assert_eq!(first(Newest, ("A", 0), ("B", 60)), "link");
    assert_eq!(
        first(Newest, ("A", 60), ("B", 0)),
        "ERP_Key__c: k1 -> K1, Name: B -> A, Industry: Energy -> "
    );
    assert_eq!(first(FillBlanks, ("A", 0), ("", 0)), "Name:  -> A");
    assert_eq!(first(Ask, ("A", 0), ("B", 0)), "first_contact_differs");
}

#[test]
fn an_empty_source_value_clears_or_keeps_by_policy() {
    for (nulls, expected) in
        [(NullPolicy::Clear, "Industry: Energy -> "), (NullPolicy::Keep, "link")]
    {
        let mut world = World::new();
        world.nulls = nulls;
        world.left = vec![row(left_id(1), "K1", "A", "", 7)];
        world.right = vec![row(right_id(1), "K1", "A", "Energy", 7)];
        assert_eq!(told(&world.plan()[0]), expected);
    }
}

#[test]
fn values_that_the_org_holds_as_equal_are_not_written() {
    let mut world = World::new();
    world.left = vec![row(left_id(1), "K1", "  A  ", "ENERGY", 7)];
    world.right = vec![row(right_id(1), "K1", "A", "Energy", 7)];
    assert_eq!(told(&world.plan()[0]), "link");
}

#[test]
fn a_linked_target_that_cannot_be_read_is_held_and_never_created_again() {
    let mut world = World::new();
    let left = row(left_id(1), "K1", "A", "", 7);
    world.link(1, &left, &row(right_id(1), "K1", "A", "", 7), BaseState::Settled);
    world.left = vec![left];
    assert_eq!(told(&world.plan()[0]), "target_missing");
}

#[test]
fn doubtful_partners_are_held() {
    let mut world = World::new();
    world.left = vec![
        row(left_id(1), "", "no key", "", 1),
        row(left_id(2), "K2", "two on the right", "", 1),
        row(left_id(3), "K3", "repeated on the left", "", 1),
        row(left_id(4), "K4", "partner linked elsewhere", "", 1),
    ];
    world.right = vec![
        row(right_id(2), "K2", "x", "", 1),
        row(right_id(3), "k2", "x", "", 1),
        row(right_id(4), "K4", "x", "", 1),
    ];
    world.links.repeated_keys.insert("k3".to_owned());
    world.links.by_right.insert(right_id(4), left_id(9));
    let codes: Vec<String> = world.plan().iter().map(told).collect();
    assert_eq!(codes, ["key_blank", "match_ambiguous", "key_repeated", "partner_taken"]);
}

#[test]
fn one_bad_field_holds_the_row_and_the_others_go_on() {
    let mut world = World::new();
    world.right_object.fields[1].length = 3;
    world.left = vec![row(left_id(1), "K1", "Four", "", 1), row(left_id(2), "K2", "Two", "", 2)];
    world.right = vec![row(right_id(1), "K1", "One", "", 9), row(right_id(2), "K2", "Two", "", 9)];
    let operations = world.plan();
    assert_eq!(told(&operations[0]), "text_too_long");
    assert_eq!(told(&operations[1]), "AnnualRevenue: 9 -> 2");
    assert_eq!(tally(&operations).get("hold"), Some(&1));
}

#[test]
fn a_value_outside_a_restricted_picklist_is_held_with_its_remedy() {
    let mut world = World::new();
    let picklist = &mut world.right_object.fields[2];
    picklist.restricted_picklist = true;
    picklist.picklist_values = vec![isthmus_model::schema::PicklistValue {
        value: "Energy".to_owned(),
        label: "Energy".to_owned(),
        active: true,
    }];
    world.left = vec![row(left_id(1), "K1", "A", "Legacy", 1)];
    let Action::Hold { cause, .. } = world.plan().remove(0).action else { panic!("not held") };
    assert_eq!(cause.code, "picklist_value_unknown");
    assert!(cause.remedy.contains("picklist"));
}

#[test]
fn a_lookup_whose_value_is_no_id_is_held() {
    let mut world = World::new();
    world.left = vec![row(left_id(1), "K1", "A", "", 1)];
    world.left[0].values[4] = Value::from("not an id");
    assert_eq!(told(&world.plan()[0]), "not_an_id");
}
