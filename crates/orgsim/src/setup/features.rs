//! Parts of the platform that an org has only once they are switched on: they bring objects and fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::org::Org;
use crate::rows::{Row, RowId, Stored, Table};
use crate::schema::build::{
    base64, checkbox, date_time, email, identity, integer, labelled_picklist, lookup, number,
    object, owner, phone, picklist, record_id, stamps, text, text_area,
};
use crate::schema::{Field, Object, PicklistValue};
use crate::setup::Currencies;
use crate::setup::currency::CURRENCY_FIELD;

/// A part of the platform that can be switched on; none is ever switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Accounts that are people.
    PersonAccounts,
    /// Groups, and queues that own rows.
    Queues,
    /// Attachments and files.
    Files,
}

/// The developer name of the record type that makes an Account a person.
pub(crate) const PERSON_RECORD_TYPE: &str = "PersonAccount";

/// Objects that files can hang on.
const PARENTS_OF_FILES: [&str; 6] =
    ["Account", "Case", "Contact", "Lead", "Opportunity", "Site__c"];

/// Switches a feature on.
pub(crate) fn enable(org: &mut Org, feature: Feature) {
    if !org.setup.features.insert(feature) {
        return;
    }
    match feature {
        Feature::PersonAccounts => add_person_accounts(org),
        Feature::Queues => {
            [group(), queue_object()].into_iter().for_each(|own| add_object(org, own))
        }
        Feature::Files => {
            let files = [attachment(), content_document(), content_version(), content_link()];
            files.into_iter().for_each(|own| add_object(org, own));
        }
    }
    org.schema.changed = Some(org.clock.now());
}

/// Switches several currencies on, or changes their rates: every business object gets `CurrencyIsoCode`, and rows that
/// are there get the corporate currency without moving a stamp.
pub(crate) fn enable_currencies(org: &mut Org, currencies: Currencies) {
    let values = currencies.rates.keys().map(|code| PicklistValue {
        value: code.clone(),
        label: code.clone(),
        active: true,
        default_value: *code == currencies.corporate,
    });
    let values: Vec<PicklistValue> = values.collect();
    let field = picklist(CURRENCY_FIELD, "Currency ISO Code", 3, &[]).restricted().defaulted();
    let field = Field { picklist_values: values, nillable: false, ..field };
    let business = |object: &&mut Object| object.createable && object.name != "User";
    for object in org.schema.objects.iter_mut().filter(business) {
        object.fields.retain(|own| own.name != CURRENCY_FIELD);
        object.fields.push(field.clone());
        let Some(table) = org.tables.get_mut(&object.name) else { continue };
        let without = table.all().filter(|(_, own)| !own.row.contains_key(CURRENCY_FIELD));
        let without: Vec<(RowId, Stored)> =
            without.map(|(id, own)| (id.clone(), own.clone())).collect();
        for (id, mut stored) in without {
            stored.row.insert(CURRENCY_FIELD.to_owned(), json!(currencies.corporate));
            table.put(&id, Some(stored));
        }
    }
    add_currency_types(org, &currencies);
    org.setup.currencies = Some(currencies);
    org.schema.changed = Some(org.clock.now());
}

fn add_currency_types(org: &mut Org, currencies: &Currencies) {
    let types = object("CurrencyType", "Currency Type", "Currency Types", "01L")
        .with([
            record_id("Currency Type ID"),
            text("IsoCode", "Currency ISO Code", 3).naming().required(),
            number("ConversionRate", "Conversion Rate", 18, 6).required(),
            integer("DecimalPlaces", "Decimal Places", 2).required(),
            checkbox("IsActive", "Active"),
            checkbox("IsCorporate", "Corporate Currency"),
        ])
        .with(stamps())
        .setup_only();
    add_object(org, types);
    let rows = currencies.rates.iter().map(|(code, rate)| {
        json!({
            "IsoCode": code, "ConversionRate": rate, "DecimalPlaces": 2, "IsActive": true,
            "IsCorporate": *code == currencies.corporate,
        })
    });
    let rows: Vec<Row> = rows.filter_map(|row| Some(as_row(row.as_object()?))).collect();
    let table = Table::new(&named(org, "CurrencyType"), &org.id);
    let table = org.tables.entry("CurrencyType".to_owned()).insert_entry(table).into_mut();
    rows.into_iter().for_each(|row| table.insert_seeded(row));
}

fn as_row(values: &serde_json::Map<String, Value>) -> Row {
    values.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<BTreeMap<_, _>>()
}

fn named(org: &Org, name: &str) -> Object {
    let missing = || object(name, name, name, "000");
    org.schema.object(name).cloned().unwrap_or_else(missing)
}

/// Adds an object in its place, with a table; one that is there already stays.
pub(crate) fn add_object(org: &mut Org, object: Object) {
    if org.schema.object(&object.name).is_some() {
        return;
    }
    let table = Table::new(&object, &org.id);
    org.tables.entry(object.name.clone()).or_insert(table);
    let position = org.schema.objects.partition_point(|own| own.name < object.name);
    org.schema.objects.insert(position, object);
}

fn add_person_accounts(org: &mut Org) {
    let number =
        1 + org.schema.objects.iter().map(|own| own.record_types.len() as u64).sum::<u64>();
    let id = crate::ids::make("012", crate::ids::instance_code(&org.id), number);
    if let Some(contact) = org.schema.objects.iter_mut().find(|own| own.name == "Contact") {
        contact.fields.push(checkbox("IsPersonAccount", "Is Person Account").system());
    }
    let Some(account) = org.schema.objects.iter_mut().find(|own| own.name == "Account") else {
        return;
    };
    account.fields.extend([
        text("LastName", "Last Name", 80).part_of_name(),
        text("FirstName", "First Name", 40).part_of_name(),
        labelled_picklist("Salutation", "Salutation", 40, &[("Mr.", "Mr."), ("Ms.", "Ms.")])
            .part_of_name(),
        checkbox("IsPersonAccount", "Is Person Account").system(),
        lookup("PersonContactId", "Contact ID", &["Contact"], "PersonContact").read_only(),
        email("PersonEmail", "Email"),
        phone("PersonMobilePhone", "Mobile"),
        text("PersonTitle", "Title", 80),
    ]);
    let place = account.record_types.len().saturating_sub(1);
    account.record_types.insert(
        place,
        crate::schema::RecordType {
            id: id.clone(),
            name: "Person Account".to_owned(),
            developer_name: PERSON_RECORD_TYPE.to_owned(),
            default: false,
            master: false,
        },
    );
    if let Some(table) = org.tables.get_mut("RecordType") {
        let row = json!({
            "Id": id, "Name": "Person Account", "DeveloperName": PERSON_RECORD_TYPE,
            "SobjectType": "Account", "IsActive": true,
        });
        table.insert_seeded(row.as_object().map(as_row).unwrap_or_default());
    }
    reindex(org, "Account");
}

/// Gives the table of an object the indexes of fields that came later.
pub(crate) fn reindex(org: &mut Org, name: &str) {
    if let (Some(object), Some(table)) = (org.schema.object(name), org.tables.get_mut(name)) {
        table.add_indexes(object);
    }
}

fn group() -> Object {
    let types = ["Regular", "Role", "RoleAndSubordinates", "Organization", "Queue"];
    object("Group", "Group", "Group", "00G")
        .with([
            record_id("Group ID"),
            text("Name", "Name", 40).naming().required(),
            text("DeveloperName", "Developer Name", 80),
            picklist("Type", "Type", 40, &types).restricted().default_to("Regular"),
            email("Email", "Email"),
        ])
        .with(stamps())
}

fn queue_object() -> Object {
    let kinds = ["Asset_Visit__c", "Case", "Lead"];
    object("QueueSobject", "Queue Sobject", "Queue Sobject", "03g")
        .with([
            record_id("Queue Sobject ID"),
            lookup("QueueId", "Group ID", &["Group"], "Queue").required().create_only(),
            picklist("SobjectType", "Sobject Type", 40, &kinds).required().create_only(),
        ])
        .with([date_time("SystemModstamp", "System Modstamp").system()])
}

fn attachment() -> Object {
    object("Attachment", "Attachment", "Attachments", "00P")
        .with(identity("Attachment"))
        .with([
            lookup("ParentId", "Parent ID", &PARENTS_OF_FILES, "Parent")
                .required()
                .create_only()
                .children("Attachments")
                .deleted_with_parent(),
            text("Name", "File Name", 255).naming().required(),
            checkbox("IsPrivate", "Private"),
            text("ContentType", "Content Type", 120),
            integer("BodyLength", "Body Length", 9).read_only(),
            base64("Body", "Body").required(),
            text_area("Description", "Description", 500),
            owner(&["User"]),
        ])
        .with(stamps())
}

fn content_document() -> Object {
    let document = object("ContentDocument", "Content Document", "Content Documents", "069")
        .with(identity("ContentDocument"))
        .with([
            text("Title", "Title", 255).naming().required(),
            lookup(
                "LatestPublishedVersionId",
                "Latest Version",
                &["ContentVersion"],
                "LatestPublishedVersion",
            )
            .read_only(),
            text("FileExtension", "File Extension", 40).read_only(),
            integer("ContentSize", "Size", 9).read_only(),
            owner(&["User"]),
        ])
        .with(stamps());
    Object { createable: false, ..document }
}

fn content_version() -> Object {
    object("ContentVersion", "Content Version", "Content Versions", "068")
        .with([record_id("ContentVersion ID")])
        .with([
            lookup(
                "ContentDocumentId",
                "Content Document ID",
                &["ContentDocument"],
                "ContentDocument",
            )
            .create_only()
            .children("ContentVersions")
            .deleted_with_parent(),
            checkbox("IsLatest", "Is Latest").system(),
            text("VersionNumber", "Version Number", 20).read_only(),
            text("Title", "Title", 255).naming(),
            text("PathOnClient", "Path On Client", 500).required().create_only(),
            text("FileExtension", "File Extension", 40).read_only(),
            integer("ContentSize", "Size", 9).read_only(),
            base64("VersionData", "Version Data"),
            lookup(
                "FirstPublishLocationId",
                "First Publish Location ID",
                &PARENTS_OF_FILES,
                "FirstPublishLocation",
            )
            .create_only(),
            owner(&["User"]),
        ])
        .with(stamps())
}

fn content_link() -> Object {
    let share = ["V", "C", "I"];
    object("ContentDocumentLink", "Content Document Link", "Content Document Link", "06A")
        .with(identity("ContentDocumentLink"))
        .with([
            lookup("LinkedEntityId", "Linked Entity ID", &PARENTS_OF_FILES, "LinkedEntity")
                .required()
                .create_only()
                .children("ContentDocumentLinks")
                .deleted_with_parent(),
            lookup(
                "ContentDocumentId",
                "ContentDocument ID",
                &["ContentDocument"],
                "ContentDocument",
            )
            .required()
            .create_only()
            .children("ContentDocumentLinks")
            .deleted_with_parent(),
            picklist("ShareType", "Share Type", 40, &share).restricted(),
            date_time("SystemModstamp", "System Modstamp").system(),
        ])
}
