//! Accounts that are people: each has a Contact of its own that shows the same person.

use serde_json::{Value, json};

use crate::api::error::ApiError;
use crate::api::input::Changes;
use crate::api::journal::Change;
use crate::api::transaction::Transaction;
use crate::rows::{Row, RowId, Stored, text};
use crate::schema::Object;
use crate::setup::{Feature, PERSON_RECORD_TYPE};

/// Fields of the account that its contact repeats: account's name, contact's name.
const SHARED: [(&str, &str); 7] = [
    ("LastName", "LastName"),
    ("FirstName", "FirstName"),
    ("Salutation", "Salutation"),
    ("PersonEmail", "Email"),
    ("PersonMobilePhone", "MobilePhone"),
    ("PersonTitle", "Title"),
    ("OwnerId", "OwnerId"),
];

/// True when an account's write is about a person: it names one, or the row is one.
pub(crate) fn is_person(transaction: &Transaction<'_>, object: &Object, row: &Row) -> bool {
    if object.name != "Account" || !transaction.setup.has(Feature::PersonAccounts) {
        return false;
    }
    let person = object.record_types.iter().find(|own| own.developer_name == PERSON_RECORD_TYPE);
    let typed = person.is_some_and(|own| text(row, "RecordTypeId") == Some(own.id.as_str()));
    typed || row.contains_key("LastName") || row.get("IsPersonAccount") == Some(&Value::Bool(true))
}

/// Gives a person its name and record type; `sent` are the fields of this write.
///
/// # Errors
/// `INVALID_FIELD_FOR_INSERT_UPDATE` when the write sets `Name`, `REQUIRED_FIELD_MISSING` without a last name.
pub(crate) fn shape(
    transaction: &Transaction<'_>,
    object: &Object,
    sent: &Changes,
    row: &mut Row,
) -> Result<(), ApiError> {
    if !is_person(transaction, object, row) {
        return Ok(());
    }
    if sent.contains_key("Name") {
        let message = "Unable to create/update fields: Name. Please check the security settings of this field and \
                       verify that it is read/write for your profile or permission set.";
        return Err(ApiError::data("INVALID_FIELD_FOR_INSERT_UPDATE", message, &["Name"]));
    }
    if !row.contains_key("LastName") {
        let message = "Required fields are missing: [LastName]";
        return Err(ApiError::data("REQUIRED_FIELD_MISSING", message, &["LastName"]));
    }
    let names = [text(row, "FirstName"), text(row, "LastName")];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    row.insert("Name".to_owned(), Value::String(name));
    row.insert("IsPersonAccount".to_owned(), Value::Bool(true));
    let person = object.record_types.iter().find(|own| own.developer_name == PERSON_RECORD_TYPE);
    if let Some(person) = person {
        row.insert("RecordTypeId".to_owned(), Value::from(person.id.as_str()));
    }
    Ok(())
}

/// Writes the person's contact after its account was saved, and makes it for a new account.
pub(crate) fn follow(transaction: &mut Transaction<'_>, object: &Object, id: &RowId) {
    let Some(account) = transaction.stored(object, id).map(|stored| stored.row.clone()) else {
        return;
    };
    let Some(contacts) = transaction.schema.object("Contact") else { return };
    if !is_person(transaction, object, &account) {
        return;
    }
    let known = text(&account, "PersonContactId").map(RowId::from);
    let is_new = known.is_none();
    let contact_id = known.unwrap_or_else(|| transaction.table(contacts).next_id());
    let mut contact = transaction.stored(contacts, &contact_id).map(|own| own.row.clone());
    let contact = contact.get_or_insert_with(|| new_contact(&account, id, &contact_id));
    for (own, theirs) in SHARED {
        match account.get(own) {
            Some(value) => contact.insert(theirs.to_owned(), value.clone()),
            None => contact.remove(theirs),
        };
    }
    for stamp in ["LastModifiedDate", "SystemModstamp"] {
        contact.insert(stamp.to_owned(), json!(transaction.stamp));
    }
    let row = std::mem::take(contact);
    transaction.put(contacts, &contact_id, Stored { row, deleted_date: None }, Change::SideEffect);
    if is_new {
        let mut row = account;
        row.insert("PersonContactId".to_owned(), Value::from(&*contact_id));
        transaction.put(object, id, Stored { row, deleted_date: None }, Change::SideEffect);
    }
}

fn new_contact(account: &Row, account_id: &str, id: &str) -> Row {
    let copied = ["CreatedDate", "CreatedById", "LastModifiedById", "CurrencyIsoCode"];
    let copied =
        copied.iter().filter_map(|name| Some(((*name).to_owned(), account.get(*name)?.clone())));
    let own = [
        ("Id", json!(id)),
        ("AccountId", json!(account_id)),
        ("IsPersonAccount", json!(true)),
        ("IsDeleted", json!(false)),
    ];
    copied.chain(own.map(|(name, value)| (name.to_owned(), value))).collect()
}
