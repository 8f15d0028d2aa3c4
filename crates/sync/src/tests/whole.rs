//! Whole syncs without trouble: first load, second run, edits, selected records.

use std::cell::RefCell;

use isthmus_model::run::{RunEnd, RunKind};
use isthmus_model::value::Value;

use super::world::World;
use crate::engine::CallCause;
use crate::progress::{Progress, Stage};

#[tokio::test(start_paused = true)]
async fn a_first_load_brings_parents_and_children_over_and_a_second_run_writes_nothing() {
    let world = World::seeded(25);
    let first = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(first.end, RunEnd::Succeeded, "{first:?}");
    assert_eq!(first.counts.created, 25 + 50 + 50);
    assert_eq!(first.rows_sent, 125);
    world.assert_synced_once();

    let second = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(second.end, RunEnd::Unchanged, "{second:?}");
    assert_eq!((second.rows_sent, second.counts.unchanged), (0, 125));
    assert!(!second.calls.contains_key(&CallCause::Write));
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn only_the_edited_field_of_the_edited_row_is_sent() {
    let world = World::seeded(5);
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    let account = *world.left.rows("Account").keys().next().unwrap();
    world.left.edit("Account", account, &[("Name", Value::from("Renamed"))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.counts.updated, run.rows_sent, run.end), (1, 1, RunEnd::Succeeded));
    let (left, right) = world.comparable("Account");
    assert_eq!(left, right);
    let written = world.right.trace().into_iter().filter(|call| call.starts_with("write Update"));
    let written: Vec<String> = written.collect();
    assert_eq!(written.len(), 1);
    assert!(written[0].contains("Renamed") && !written[0].contains("AnnualRevenue"), "{written:?}");
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_the_target_is_overwritten_once_and_not_again() {
    let world = World::seeded(3);
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    let target = *world.right.rows("Account").keys().next().unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    world.right.edit("Account", target, &[("Name", Value::from("Edited there"))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.counts.updated, 1, "{run:?}");
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.rows_sent, 0);
}

#[tokio::test(start_paused = true)]
async fn selected_records_come_with_the_parents_they_need_and_nothing_else() {
    let world = World::seeded(9);
    let sites = world.left.rows("Site__c");
    let site = *sites.keys().nth(10).unwrap();
    let run = world.engine().run(&world.sync, RunKind::Selected { records: vec![site] }).await;
    let run = run.unwrap();
    // The site, its contact, its account, and that account's own parent.
    assert_eq!(world.right.rows("Site__c").len(), 1);
    assert_eq!(world.right.rows("Contact").len(), 1);
    assert_eq!(world.right.rows("Account").len(), 2, "{run:?}");
    assert_eq!(run.counts.created, 4);
    let whole = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(whole.counts.unchanged, 4);
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn a_selected_record_that_does_not_exist_is_held_by_name() {
    let world = World::seeded(1);
    let records = vec![isthmus_model::ids::RecordId::parse("001000000000999").unwrap()];
    let run = world.engine().run(&world.sync, RunKind::Selected { records }).await.unwrap();
    assert_eq!((run.counts.held, run.end), (1, RunEnd::Failed));
}

#[tokio::test(start_paused = true)]
async fn rows_that_agree_already_are_linked_and_not_written() {
    let world = World::seeded(2);
    for (_, row) in world.left.rows("Account") {
        let values: Vec<(&str, Value)> = row
            .values
            .iter()
            .filter(|(field, _)| *field != "ParentId")
            .map(|(field, value)| (field.as_str(), value.clone()))
            .collect();
        world.right.insert("Account", &values);
    }
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.counts.unchanged, run.counts.created), (2, 8), "{run:?}");
    for row in world.right.rows("Account").values() {
        assert_eq!(row.effects, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_org_makes_of_a_value_is_accepted_and_not_written_again() {
    let world = World::seeded(2);
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    // The org's automation rewrites a field we sent, in the moment of our write.
    let (target, name) = {
        let rows = world.right.rows("Account");
        let (id, row) = rows.iter().next().unwrap();
        (*id, row.values["Name"].display())
    };
    world.right.automate("Account", target, &[("Name", Value::Text(name.to_uppercase()))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.rows_sent, run.end), (0, RunEnd::Unchanged), "{run:?}");
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.rows_sent, 0);
}

#[tokio::test(start_paused = true)]
async fn progress_tells_every_stage_and_ends_at_the_whole() {
    let world = World::seeded(6);
    let told: RefCell<Vec<Progress>> = RefCell::new(Vec::new());
    let watch = |progress: Progress| told.borrow_mut().push(progress);
    world.engine().watched_by(watch).run(&world.sync, RunKind::Full).await.unwrap();
    let told = told.into_inner();
    for stage in [Stage::ReadingLeft, Stage::Planning, Stage::Writing] {
        assert!(told.iter().any(|progress| progress.stage == stage), "{stage:?}");
    }
    let last = told.iter().rfind(|progress| progress.stage == Stage::Writing).unwrap();
    assert_eq!((last.done, last.total), (30, Some(30)));
    assert_eq!(last.seconds_left, Some(0));
}
