//! Selected records bring the parents they need, and nothing else.

use isthmus_tests::isthmus::ready;
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use orgsim::rows::text;

#[test]
fn a_selected_contact_is_written_with_its_account_alone() {
    let orgs = Orgs::pair(30, 60);
    let desk = ready(&orgs, mapping::FAMILY);
    let accounts = orgs.by_key("service", "Account");
    let source_accounts = orgs.rows("sales", "Account");
    let new_parent = |row: &orgsim::rows::Row| {
        let parent =
            source_accounts.iter().find(|account| text(account, "Id") == text(row, "AccountId"))?;
        let key = text(parent, "ERP_Key__c")?.to_owned();
        (!accounts.contains_key(&key)).then_some(key)
    };
    let existing = orgs.by_key("service", "Contact");
    let contacts = orgs.by_key("sales", "Contact");
    let (key, contact, parent) = contacts
        .iter()
        .filter(|(key, row)| {
            !existing.contains_key(*key)
                && text(row, "Email").is_some_and(|mail| mail.contains("."))
        })
        .find_map(|(key, row)| Some((key, row, new_parent(row)?)))
        .expect("a contact whose account is only in sales");

    let id = text(contact, "Id").expect("rows have ids");
    let run = desk.run(&["run", "family", "--records", id, "--yes", "--json"]).passed().json();

    assert_eq!(run["created"], 2, "{run}");
    assert!(orgs.by_key("service", "Contact").contains_key(key));
    assert!(orgs.by_key("service", "Account").contains_key(&parent));
    let counters = orgs.counters("service");
    let written: u64 =
        counters.rows_written.values().map(|rows| rows.inserted + rows.updated).sum();
    assert_eq!(written, 2, "{counters:?}");
}
