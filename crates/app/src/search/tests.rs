//! The queries of a search, and the columns of its table.

use isthmus_model::schema::ObjectSchema;

use super::columns::Columns;
use super::{by_condition, by_name_or_id};
use crate::error::Error;
use crate::sync_file::tests::describes::sides;

fn account() -> ObjectSchema {
    let mut schema = sides().left.object("Account").unwrap().as_ref().clone();
    schema.key_prefix = Some("001".to_owned());
    for field in &mut schema.fields {
        field.name_field = field.name == "Name";
        field.filterable = true;
        field.sortable = true;
    }
    schema
}

fn named(text: &str) -> String {
    by_name_or_id(&account(), &["Id".to_owned()], text).unwrap()
}

#[test]
fn a_name_is_searched_as_it_was_typed_whatever_it_holds() {
    assert_eq!(
        named(r"O'Neil \ 50%_"),
        r"SELECT Id FROM Account WHERE Name LIKE '%O\'Neil \\ 50\%\_%' ORDER BY Name"
    );
}

#[test]
fn an_id_of_the_object_is_looked_up_and_another_word_of_its_length_is_a_name() {
    assert!(named("001000000000001AAA").contains("WHERE Id = '001000000000001AAA'"));
    assert!(named("001000000000001").contains("WHERE Id = '001000000000001AAA'"));
    assert!(named("Wilhelminastree").contains("LIKE '%Wilhelminastree%'"));
}

#[test]
fn an_empty_search_gives_the_newest_records() {
    assert!(named("").ends_with("ORDER BY SystemModstamp DESC"), "{}", named(""));
}

#[test]
fn a_condition_stands_in_brackets_of_its_own() {
    let soql =
        by_condition(&account(), &["Id".to_owned()], "Name = 'x' OR Name = 'y' ORDER BY Name");
    assert_eq!(
        soql.unwrap(),
        "SELECT Id FROM Account WHERE (Name = 'x' OR Name = 'y') ORDER BY Name"
    );
    let refused = by_condition(&account(), &[], "Name = 'x' LIMIT 5");
    assert!(matches!(refused, Err(Error::BadRequest { .. })));
}

#[test]
fn an_object_without_a_name_says_how_it_can_be_searched() {
    let mut schema = account();
    schema.fields.retain(|field| !field.name_field);
    let refused = by_name_or_id(&schema, &["Id".to_owned()], "Acme");
    assert!(matches!(refused, Err(Error::BadRequest { hint, .. }) if hint.contains("condition")));
}

#[test]
fn a_table_shows_keys_first_and_nothing_long() {
    let columns = Columns::of(&account());
    assert_eq!(columns.name.as_deref(), Some("Name"));
    assert!(columns.shown.len() <= 5);
    let schema = account();
    assert!(schema.field(&columns.shown[0].field).unwrap().external_id, "{columns:?}");
    for column in &columns.shown {
        assert!(!matches!(column.field.as_str(), "Id" | "Name" | "Description"), "{columns:?}");
    }
    assert_eq!(columns.fields()[0], "Id");
}
