//! From an empty profile to records in agreement, checked at the orgs.

use isthmus_tests::isthmus::Desk;
use isthmus_tests::orgs::Orgs;
use orgsim::serve::ServeOptions;

use crate::person::{Hand, Person};
use isthmus_tests::window::{Window, let_in, tell};

const ACCOUNTS: u64 = 30;
const CONTACTS: u64 = 40;

fn serve() -> Orgs {
    let options = ServeOptions::new(&["sales", "service"])
        .seed(7)
        .records("Account", ACCOUNTS)
        .records("Contact", CONTACTS);
    Orgs::serve(&options)
}

/// Every keyed account of the left org is in the right one with the same name, unless it was refused.
fn agreeing(orgs: &Orgs) -> usize {
    let (sales, service) = (orgs.by_key("sales", "Account"), orgs.by_key("service", "Account"));
    let same = |(key, row): &(&String, &orgsim::rows::Row)| {
        service.get(*key).is_some_and(|other| other.get("Name") == row.get("Name"))
    };
    sales.iter().filter(same).count()
}

fn from_nothing_to_a_run(hand: Hand) {
    let (desk, orgs) = (Desk::new(), serve());
    let_in(&desk, &orgs, &["sales", "service"], "allow");
    tell(drive(hand, &desk, &orgs));
}

async fn drive(hand: Hand, desk: &Desk, orgs: &Orgs) {
    let window = Window::open(desk).await;
    window.resize(1440, 900).await;
    let person = Person::before(&window, hand);
    let before = agreeing(orgs);

    person.create_workspace().await;
    person.connect(orgs, "sales").await;
    person.connect(orgs, "service").await;
    person.make_sync("customers").await;
    let end = person.preview_and_run("customers").await;

    assert!(["Succeeded", "Partial"].contains(&end.as_str()), "{end}");
    let keyed = orgs.by_key("sales", "Account").len();
    assert!(agreeing(orgs) > before, "no account was written");
    assert!(agreeing(orgs) * 10 >= keyed * 9, "{} of {keyed} agree", agreeing(orgs));
    window.close().await;
}

#[test]
fn a_newcomer_comes_from_an_empty_profile_to_a_finished_sync() {
    from_nothing_to_a_run(Hand::Pointer);
}

#[test]
fn a_newcomer_comes_to_a_finished_sync_by_keyboard_alone() {
    from_nothing_to_a_run(Hand::Keyboard);
}
