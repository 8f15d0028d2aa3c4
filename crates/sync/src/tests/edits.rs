//! Edits of the target by its own users: when they are overwritten, and when they stay.

use std::time::Duration;

use isthmus_model::document::EditedTargetPolicy;
use isthmus_model::ids::RecordId;
use isthmus_model::run::RunKind;
use isthmus_model::value::Value;

use super::world::World;
use crate::engine::RunReport;
use crate::side::fake::Fault;

fn only_row(world: &World, left: bool) -> RecordId {
    let org = if left { &world.left } else { &world.right };
    *org.rows("Account").keys().next().unwrap()
}

fn name(world: &World) -> String {
    world.right.rows("Account")[&only_row(world, false)].values["Name"].display()
}

async fn run(world: &World) -> RunReport {
    tokio::time::sleep(Duration::from_secs(300)).await;
    world.engine().run(&world.sync, RunKind::Full).await.unwrap()
}

fn with_policy(edited_target: EditedTargetPolicy) -> World {
    let mut world = World::new();
    let values = [("ERP_Key__c", Value::from("A-1")), ("Name", Value::from("Source"))];
    world.left.insert("Account", &values);
    for object in &mut world.sync.objects {
        object.policy.edited_target = edited_target;
    }
    world
}

#[tokio::test(start_paused = true)]
async fn an_edit_in_the_moment_of_our_write_is_an_edit() {
    let world = with_policy(EditedTargetPolicy::Overwrite);
    run(&world).await;
    world.right.edit("Account", only_row(&world, false), &[("Name", Value::from("Edited"))]);
    let second = run(&world).await;
    assert_eq!((second.counts.updated, name(&world).as_str()), (1, "Source"), "{second:?}");
    assert_eq!(run(&world).await.rows_sent, 0);
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_is_left_alone_stays_however_often_the_source_changes() {
    let world = with_policy(EditedTargetPolicy::Leave);
    run(&world).await;
    world.right.edit("Account", only_row(&world, false), &[("Name", Value::from("Edited"))]);
    for change in ["One", "Two", "Three"] {
        world.left.edit("Account", only_row(&world, true), &[("Name", Value::from(change))]);
        run(&world).await;
        assert_eq!(name(&world), "Edited", "{change}");
    }
    // Once both sides say the same there is no edit any more.
    world.left.edit("Account", only_row(&world, true), &[("Name", Value::from("Edited"))]);
    run(&world).await;
    world.left.edit("Account", only_row(&world, true), &[("Name", Value::from("Four"))]);
    run(&world).await;
    assert_eq!(name(&world), "Four");
}

#[tokio::test(start_paused = true)]
async fn an_edit_before_a_lost_answer_is_read_back_is_an_edit() {
    for (policy, expected) in
        [(EditedTargetPolicy::Overwrite, "Changed"), (EditedTargetPolicy::Leave, "Edited")]
    {
        let mut world = with_policy(policy);
        run(&world).await;
        world.left.edit("Account", only_row(&world, true), &[("Name", Value::from("Changed"))]);
        world.settle_wait = Duration::ZERO;
        world.right.fail([Some(Fault::LostLate(Duration::from_secs(30)))]);
        run(&world).await;
        tokio::time::sleep(Duration::from_secs(40)).await;
        let _ = world.right.rows("Account");
        world.right.edit("Account", only_row(&world, false), &[("Name", Value::from("Edited"))]);
        run(&world).await;
        run(&world).await;
        assert_eq!(name(&world), expected, "{policy:?}");
    }
}
