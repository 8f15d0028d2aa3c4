//! What a row may hold.

use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, create, org, read, refusal};
use crate::org::Org;

const UNKNOWN_ACCOUNT: &str = "0015A00000zzzzz";

fn refused(org: &mut Org, object: &str, row: Value) -> (String, String) {
    let (status, code, message) = refusal(&call(org, "POST", &format!("sobjects/{object}"), row));
    assert_eq!(status, 400, "{code}");
    (code, message)
}

#[test]
fn missing_fields_are_named_together() {
    let mut org = org();
    let response = call(&mut org, "POST", "sobjects/Opportunity", json!({ "Amount": 5 }));
    let message = "Required fields are missing: [Name, StageName, CloseDate]";
    assert_eq!(refusal(&response), (400, "REQUIRED_FIELD_MISSING".to_owned(), message.to_owned()));
    assert_eq!(response.body.unwrap()[0]["fields"], json!(["Name", "StageName", "CloseDate"]));
}

#[test]
fn unknown_and_read_only_fields_are_refused() {
    let mut org = org();
    let unknown = refused(&mut org, "Account", json!({ "Name": "A", "foo": 1 }));
    assert_eq!(unknown.1, "No such column 'foo' on sobject of type Account");
    let read_only =
        refused(&mut org, "Account", json!({ "Name": "A", "CreatedDate": "2026-01-01T00:00:00Z" }));
    assert_eq!(read_only.0, "INVALID_FIELD_FOR_INSERT_UPDATE");
    assert!(read_only.1.starts_with("Unable to create/update fields: CreatedDate. Please check"));
    let id = refused(&mut org, "Account", json!({ "Name": "A", "Id": UNKNOWN_ACCOUNT }));
    assert_eq!(id.0, "INVALID_FIELD");
    let not_object = refused(&mut org, "Organization", json!({ "Name": "A" }));
    assert_eq!(not_object.0, "INVALID_TYPE_FOR_OPERATION");
}

#[test]
fn a_detail_never_moves_to_another_master() {
    let mut org = org();
    let one = create(&mut org, "Account", json!({ "Name": "One" }));
    let two = create(&mut org, "Account", json!({ "Name": "Two" }));
    let site = create(&mut org, "Site__c", json!({ "Name": "HQ", "Account__c": one }));
    let path = format!("sobjects/Site__c/{site}");
    let moved = call(&mut org, "PATCH", &path, json!({ "Account__c": two }));
    assert_eq!(refusal(&moved).1, "INVALID_FIELD_FOR_INSERT_UPDATE");
}

#[test]
fn texts_over_their_length_are_refused_with_the_value() {
    let mut org = org();
    let long = "x".repeat(256);
    let (code, message) = refused(&mut org, "Account", json!({ "Name": long }));
    assert_eq!(code, "STRING_TOO_LONG");
    assert_eq!(message, format!("Account Name: data value too large: {long} (max length=255)"));
}

#[test]
fn restricted_picklists_refuse_and_open_ones_accept_unknown_values() {
    let mut org = org();
    let (code, message) =
        refused(&mut org, "Account", json!({ "Name": "A", "Customer_Tier__c": "X" }));
    assert_eq!(code, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    assert_eq!(message, "Customer Tier: bad value for restricted picklist field: X");
    let id = create(
        &mut org,
        "Account",
        json!({ "Name": "A", "Rating": "Lukewarm", "Industry": "banking" }),
    );
    let row = read(&mut org, "Account", &id);
    assert_eq!((&row["Rating"], &row["Industry"]), (&json!("Lukewarm"), &json!("Banking")));
}

#[test]
fn multipicklists_take_the_order_of_their_definition() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "A" }));
    let site =
        json!({ "Name": "HQ", "Account__c": account, "Services__c": "Shipping;Assembly; Repair" });
    let id = create(&mut org, "Site__c", site);
    assert_eq!(read(&mut org, "Site__c", &id)["Services__c"], "Assembly;Repair;Shipping");
}

#[test]
fn numbers_may_come_as_texts_and_are_cut_to_scale() {
    let mut org = org();
    let id = create(
        &mut org,
        "Account",
        json!({ "Name": "A", "NumberOfEmployees": "10000", "AnnualRevenue": 12.9 }),
    );
    let row = read(&mut org, "Account", &id);
    assert_eq!(row["NumberOfEmployees"].to_string(), "10000");
    assert_eq!(row["AnnualRevenue"].to_string(), "12.0");
    let (code, _) =
        refused(&mut org, "Account", json!({ "Name": "A", "NumberOfEmployees": 100_000_000 }));
    assert_eq!(code, "NUMBER_OUTSIDE_VALID_RANGE");
}

#[test]
fn email_addresses_are_checked_and_stored_in_lower_case() {
    let mut org = org();
    let (code, message) = refused(&mut org, "Contact", json!({ "LastName": "L", "Email": "123" }));
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("INVALID_EMAIL_ADDRESS", "Email: invalid email address: 123")
    );
    let id =
        create(&mut org, "Contact", json!({ "LastName": "L", "Email": "Ann.Lee@Example.com" }));
    assert_eq!(read(&mut org, "Contact", &id)["Email"], "ann.lee@example.com");
}

#[test]
fn references_name_live_rows_of_the_right_object() {
    let mut org = org();
    let user = org.user.id.clone();
    for (value, code) in [
        ("nonsense", "MALFORMED_ID"),
        (user.as_str(), "MALFORMED_ID"),
        (UNKNOWN_ACCOUNT, "INVALID_CROSS_REFERENCE_KEY"),
    ] {
        assert_eq!(
            refused(&mut org, "Contact", json!({ "LastName": "L", "AccountId": value })).0,
            code
        );
    }
    let message = refused(&mut org, "Contact", json!({ "LastName": "L", "AccountId": "x" })).1;
    assert_eq!(message, "Account ID: id value of incorrect type: x");
    let gone = create(&mut org, "Account", json!({ "Name": "A" }));
    body(call(&mut org, "DELETE", &format!("sobjects/Account/{gone}"), Value::Null), 204);
    assert_eq!(
        refused(&mut org, "Contact", json!({ "LastName": "L", "AccountId": gone })).0,
        "ENTITY_IS_DELETED"
    );
    let short = create(&mut org, "Account", json!({ "Name": "B" }));
    let contact =
        create(&mut org, "Contact", json!({ "LastName": "L", "AccountId": &short[..15] }));
    assert_eq!(read(&mut org, "Contact", &contact)["AccountId"], short.as_str());
}

#[test]
fn record_types_must_be_of_the_object() {
    let mut org = org();
    let (code, message) =
        refused(&mut org, "Account", json!({ "Name": "A", "RecordTypeId": "0125A000000zzzz" }));
    assert_eq!(code, "INVALID_CROSS_REFERENCE_KEY");
    assert!(message.contains("this ID value isn't valid for the user"), "{message}");
}

#[test]
fn a_parent_can_be_named_by_its_external_id() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "A", "ERP_Key__c": "A-1" }));
    let by_key = json!({ "LastName": "L", "Account": { "ERP_Key__c": "a-1" } });
    let contact = create(&mut org, "Contact", by_key);
    assert_eq!(read(&mut org, "Contact", &contact)["AccountId"], account.as_str());
    let site =
        create(&mut org, "Site__c", json!({ "Name": "HQ", "Account__r": { "ERP_Key__c": "A-1" } }));
    assert_eq!(read(&mut org, "Site__c", &site)["Account__c"], account.as_str());
    let missing = json!({ "LastName": "L", "Account": { "ERP_Key__c": "A-9" } });
    let (code, message) = refused(&mut org, "Contact", missing);
    assert_eq!(code, "INVALID_FIELD");
    assert_eq!(
        message,
        "Foreign key external ID: a-9 not found for field ERP_Key__c in entity Account"
    );
}

#[test]
fn unique_values_are_compared_without_case_and_name_the_other_record() {
    let mut org = org();
    let first = create(&mut org, "Account", json!({ "Name": "A", "ERP_Key__c": "A-1" }));
    let (code, message) = refused(&mut org, "Account", json!({ "Name": "B", "ERP_Key__c": "a-1" }));
    assert_eq!(code, "DUPLICATE_VALUE");
    assert_eq!(
        message,
        format!(
            "duplicate value found: ERP_Key__c duplicates value on record with id: {}",
            &first[..15]
        )
    );
    body(call(&mut org, "DELETE", &format!("sobjects/Account/{first}"), Value::Null), 204);
    create(&mut org, "Account", json!({ "Name": "B", "ERP_Key__c": "a-1" }));
}

#[test]
fn a_field_that_became_unique_later_is_still_checked() {
    let mut org = org();
    let account = org.schema.objects.iter_mut().find(|own| own.name == "Account").unwrap();
    account.fields.iter_mut().find(|own| own.name == "Site").unwrap().unique = true;
    create(&mut org, "Account", json!({ "Name": "A", "Site": "North" }));
    assert_eq!(
        refused(&mut org, "Account", json!({ "Name": "B", "Site": "north" })).0,
        "DUPLICATE_VALUE"
    );
}

#[test]
fn defaults_fill_what_is_left_out() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "A" }));
    let site = create(&mut org, "Site__c", json!({ "Account__c": account }));
    let row = read(&mut org, "Site__c", &site);
    assert_eq!((&row["Is_Active__c"], &row["Name"]), (&json!(true), &json!(site)));
    let one = create(&mut org, "Case", json!({ "Subject": "Help" }));
    let two = create(&mut org, "Case", json!({ "Subject": "Help", "Status": "Closed" }));
    let (one, two) = (read(&mut org, "Case", &one), read(&mut org, "Case", &two));
    assert_ne!(one["CaseNumber"], two["CaseNumber"]);
    assert_eq!((&one["IsClosed"], &two["IsClosed"]), (&json!(false), &json!(true)));
    let deal =
        json!({ "Name": "D", "StageName": "Closed Won", "CloseDate": "2026-11-30", "Amount": 50 });
    let deal = create(&mut org, "Opportunity", deal);
    let row = read(&mut org, "Opportunity", &deal);
    assert_eq!((&row["IsWon"], &row["Probability"]), (&json!(true), &json!(100.0)));
    assert_eq!((&row["ExpectedRevenue"], &row["Fiscal"]), (&json!(50.0), &json!("2026 4")));
}

#[test]
fn bodies_that_are_no_json_objects_are_parser_errors() {
    let mut org = org();
    for body in [Value::Null, json!([1]), json!("x")] {
        assert_eq!(refused(&mut org, "Account", body).0, "JSON_PARSER_ERROR");
    }
    assert_eq!(refused(&mut org, "Account", json!({ "Name": 5 })).0, "JSON_PARSER_ERROR");
}
