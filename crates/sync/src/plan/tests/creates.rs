//! Rows without a partner, and the parents they wait for.

use isthmus_model::document::CreatePolicy;
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, RowKey};
use isthmus_model::value::Value;

use super::fixture::{World, left_id, right_id, row};
use crate::plan::inputs::Parent;

#[test]
fn a_row_without_a_partner_is_created_under_its_key() {
    let mut world = World::new();
    world.left = vec![row(left_id(1), "K1", "A", "", 5)];
    let Action::Create { key, fields, waits_for } = world.plan().remove(0).action else {
        panic!("not created")
    };
    assert_eq!(key, RowKey::External { field: "ERP_Key__c".to_owned(), value: Value::from("K1") });
    let names: Vec<&str> = fields.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(
        names,
        ["ERP_Key__c", "Name", "AnnualRevenue"],
        "empty values are left out of an insert"
    );
    assert!(waits_for.is_empty());
}

#[test]
fn the_create_policy_can_leave_rows_out() {
    let mut world = World::new();
    world.policy.create = CreatePolicy::Skip;
    world.left = vec![row(left_id(1), "K1", "A", "", 5)];
    assert!(matches!(world.plan()[0].action, Action::Unchanged { target_id: None, link: None }));
}

#[test]
fn a_missing_required_value_and_a_missing_permission_are_held_together() {
    let mut world = World::new();
    world.right_object.createable = false;
    world.left = vec![row(left_id(1), "K1", "", "", 5)];
    let Action::Hold { cause, .. } = world.plan().remove(0).action else { panic!("not held") };
    assert_eq!(cause.code, "not_createable");
    assert_eq!(cause.fields, ["Name"]);
    assert!(cause.message.contains("the target needs a value in Name"));
}

#[test]
fn a_child_takes_waits_for_or_is_held_by_its_parent() {
    let account = MappingName::new("Account");
    let mut world = World::new();
    for number in 1..=4 {
        let mut child = row(left_id(number), &format!("K{number}"), "Child", "", 1);
        child.values[4] = Value::Id(left_id(100 + number));
        world.left.push(child);
    }
    world.links.parents.insert((account.clone(), left_id(101)), Parent::Exists(right_id(101)));
    world.links.parents.insert((account.clone(), left_id(102)), Parent::Planned);
    world.links.parents.insert((account, left_id(103)), Parent::Waiting);
    let told: Vec<String> = world
        .plan()
        .into_iter()
        .map(|operation| match operation.action {
            Action::Create { fields, waits_for, .. } => {
                let parent = fields.iter().find(|change| change.field == "ParentId").unwrap();
                format!("{} / waits for {}", parent.after.display(), waits_for.len())
            }
            Action::Hold { cause, .. } => cause.code,
            other => format!("{other:?}"),
        })
        .collect();
    let exists = format!("{} / waits for 0", right_id(101));
    assert_eq!(told, [exists.as_str(), " / waits for 1", "parent_waiting", "parent_missing"]);
}
