//! What goes wrong outside: a full disk, an org that is gone. The page says what happened and what to do, and goes on.

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::small_disk::SmallDisk;
use isthmus_tests::window::{Window, tell};
use orgsim::faults::{Fault, Kind};

use crate::person::{Hand, Person};

/// Enough rows that plan and outbox do not fit into a megabyte beside the rest.
const ACCOUNTS: u64 = 600;

fn assert_everything_arrived(orgs: &Orgs) {
    let arrived = orgs.by_key("service", "Account");
    assert!(orgs.by_key("sales", "Account").keys().all(|key| arrived.contains_key(key)));
}

#[test]
fn a_full_disk_is_told_with_its_remedy_and_with_room_again_the_job_is_done() {
    let orgs = Orgs::pair(ACCOUNTS, 0);
    let mut desk = Desk::new();
    let Some(mut disk) = SmallDisk::mount(&desk.home().join("small")) else {
        println!("`unshare -rm` is refused here: the full disk is not shown in the window");
        return;
    };
    desk.variables.push(("ISTHMUS_HOME".to_owned(), disk.folder.display().to_string()));
    desk.through = disk.entrance();
    let _ = desk.run(&["workspace", "create", "--json"]).passed();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.adopt(&orgs, "service").passed();
    let _ = desk.import(mapping::ACCOUNTS).passed();
    tell(async {
        let window = Window::open(&desk).await;
        window.resize(1440, 900).await;
        let person = Person::before(&window, Hand::Pointer);
        person.go("#/syncs/accounts/preview").await;
        person.use_control("[data-test=plan]").await;
        window.wait_for_text("disk_full").await;
        window.wait_for_text("free space").await;

        disk.grow();
        person.plan_again().await;
        assert_eq!(person.run_plan().await, "Succeeded");
        window.close().await;
    });
    assert_everything_arrived(&orgs);
}

#[test]
fn an_org_that_does_not_answer_is_told_by_name_and_tried_again() {
    let orgs = Orgs::pair(30, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    tell(async {
        let window = Window::open(&desk).await;
        window.resize(1440, 900).await;
        let person = Person::before(&window, Hand::Pointer);
        orgs.fault("service", Fault::new(Kind::RequestLost).times(1_000));
        person.go("#/syncs/accounts/preview").await;
        person.use_control("[data-test=plan]").await;
        window.wait_for_text("org_unreachable").await;
        window.wait_for_text("service").await;

        orgs.org("service").faults.clear();
        person.plan_again().await;
        assert_eq!(person.run_plan().await, "Succeeded");
        window.close().await;
    });
    assert_everything_arrived(&orgs);
}
