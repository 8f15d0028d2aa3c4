//! What holds for every plan, whatever the rows.

use isthmus_model::base::BaseState;
use isthmus_model::document::{EditedTargetPolicy, FirstContactPolicy};
use isthmus_model::plan::Action;
use isthmus_model::snapshot::SnapshotRow;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::fixture::{FIELDS, World, left_id, right_id, row, tally};

/// Names that trim, repeat, are too long or empty.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[A-C]{1,2}", " [A-C] ", "[a-z]{50}"]
}

/// Up to twelve rows a side whose keys overlap and repeat.
fn world() -> impl Strategy<Value = World> {
    let one_side = || proptest::collection::vec((0_u32..8, name(), 0_i64..3), 0..12);
    let linked = proptest::collection::vec((any::<bool>(), name(), any::<bool>()), 0..4);
    let first = prop_oneof![
        Just(FirstContactPolicy::Left),
        Just(FirstContactPolicy::Right),
        Just(FirstContactPolicy::Newest),
        Just(FirstContactPolicy::FillBlanks),
        Just(FirstContactPolicy::Ask),
    ];
    let edited = prop_oneof![
        Just(EditedTargetPolicy::Overwrite),
        Just(EditedTargetPolicy::Leave),
        Just(EditedTargetPolicy::Report),
    ];
    (one_side(), one_side(), linked, first, edited).prop_map(
        |(left, right, linked, first, edited)| {
            let mut world = World::new();
            world.policy.first_contact = first;
            world.policy.edited_target = edited;
            let make = |id: fn(u32) -> isthmus_model::ids::RecordId,
                        rows: Vec<(u32, String, i64)>| {
                let numbered = (1_u32..).zip(rows);
                numbered
                    .map(|(number, (key, name, revenue))| {
                        row(id(number), &format!("K{key}"), &name, "", revenue)
                    })
                    .collect::<Vec<SnapshotRow>>()
            };
            world.left = make(left_id, left);
            world.right = make(right_id, right);
            link_some(&mut world, linked);
            mark_repeated(&mut world);
            world
        },
    )
}

/// Links the first rows of both sides, with a base that may differ from what they hold now.
fn link_some(world: &mut World, linked: Vec<(bool, String, bool)>) {
    for (index, (link, name, settling)) in linked.into_iter().enumerate() {
        let (Some(left), Some(right)) =
            (world.left.get(index).cloned(), world.right.get(index).cloned())
        else {
            return;
        };
        if link {
            let number = u32::try_from(index).unwrap() + 1;
            let was = |row: &SnapshotRow| {
                let mut was = row.clone();
                was.values[1] = isthmus_model::value::Value::from(name.as_str());
                was
            };
            let state = if settling { BaseState::Settling } else { BaseState::Settled };
            world.link(number, &was(&left), &was(&right), state);
        }
    }
}

fn mark_repeated(world: &mut World) {
    let mut seen = std::collections::BTreeSet::new();
    for left in &world.left {
        let key = left.values[0].display().to_lowercase();
        if !seen.insert(key.clone()) {
            world.links.repeated_keys.insert(key);
        }
    }
}

proptest! {
    #[test]
    fn every_source_row_has_exactly_one_operation_in_id_order(world in world()) {
        let planned: Vec<_> = world.plan().iter().map(|operation| operation.source_id).collect();
        let mut expected: Vec<_> = world.left.iter().map(|row| row.id).collect();
        expected.sort();
        prop_assert_eq!(planned, expected);
    }

    #[test]
    fn the_order_of_the_rows_makes_no_difference(mut world in world(), turn in 0_usize..12) {
        let straight = world.plan();
        if !world.left.is_empty() { let by = turn % world.left.len(); world.left.rotate_left(by); }
        if !world.right.is_empty() { let by = turn % world.right.len(); world.right.rotate_left(by); }
        prop_assert_eq!(straight, world.plan());
    }

    #[test]
    fn no_target_row_is_claimed_by_two_operations(world in world()) {
        let mut claimed = std::collections::BTreeSet::new();
        for operation in world.plan() {
            let target = match operation.action {
                Action::Update { target_id, .. } | Action::Link { target_id } => Some(target_id),
                _ => None,
            };
            if let Some(target) = target {
                prop_assert!(claimed.insert(target), "{} twice", target);
            }
        }
    }

    #[test]
    fn carrying_a_plan_out_leaves_nothing_to_write(mut world in world()) {
        let operations = world.plan();
        for operation in &operations {
            carry_out(&mut world, operation);
        }
        // A held row may go on once another row's write has made its partner clear; no other row is written twice.
        let was_held = |id| operations.iter().any(|first| {
            first.source_id == id && matches!(first.action, Action::Hold { .. })
        });
        let mut again = world.plan();
        again.retain(|operation| !was_held(operation.source_id));
        let again = tally(&again);
        prop_assert_eq!(again.get("create"), None);
        prop_assert_eq!(again.get("update"), None);
    }
}

/// What `apply` and a later read would leave behind: the row, the link, the base.
fn carry_out(world: &mut World, operation: &isthmus_model::plan::Operation) {
    let source = world.left.iter().find(|row| row.id == operation.source_id).unwrap().clone();
    let target = match &operation.action {
        Action::Create { fields, .. } => {
            let id = right_id(1000 + u32::try_from(world.right.len()).unwrap());
            let mut created = row(id, "", "", "", 0);
            set(&mut created, fields);
            world.right.push(created.clone());
            created
        }
        Action::Update { target_id, fields, .. } => {
            let target = world.right.iter_mut().find(|row| row.id == *target_id).unwrap();
            set(target, fields);
            target.clone()
        }
        Action::Link { target_id } => {
            world.right.iter().find(|row| row.id == *target_id).unwrap().clone()
        }
        _ => return,
    };
    let number = u32::try_from(world.base.rows.len()).unwrap() + 100;
    world.link(number, &source, &target, BaseState::Settled);
}

fn set(row: &mut SnapshotRow, fields: &[isthmus_model::plan::FieldChange]) {
    for change in fields {
        let position = FIELDS.iter().position(|name| *name == change.field).unwrap();
        row.values[position] = change.after.clone();
    }
}
