//! Single records.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::api::tests::fixtures::{
    body, call, call_with, create, org, pass, query, read, refusal, seed,
};
use crate::faults::{Fault, Kind};
use crate::org::Org;

const UNKNOWN: &str = "0015i00000zzzzz";

#[test]
fn a_created_record_has_an_id_a_location_and_the_stamps_of_the_org() {
    let mut org = org();
    let response = call(&mut org, "POST", "sobjects/account", json!({ "Name": "  Acme " }));
    let location = response.headers[0].clone();
    let created = body(response, 201);
    let id = created["id"].as_str().unwrap().to_owned();
    assert_eq!(created, json!({ "id": id, "success": true, "errors": [] }));
    assert_eq!(
        location,
        ("Location".to_owned(), format!("/services/data/v68.0/sobjects/Account/{id}"))
    );
    let row = read(&mut org, "Account", &id);
    assert_eq!(row["Name"], "Acme");
    for stamp in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        assert_eq!(row[stamp], "2026-11-20T10:00:30.000+0000");
    }
    for user in ["OwnerId", "CreatedById", "LastModifiedById"] {
        assert_eq!(row[user], org.user.id.as_str());
    }
    assert_eq!(row["IsDeleted"], false);
    assert_eq!(row["attributes"]["type"], "Account");
}

#[test]
fn an_update_moves_the_stamps_and_fires_automations_also_when_nothing_changes() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Acme" }));
    pass(&mut org, SignedDuration::from_secs(5));
    let path = format!("sobjects/Account/{id}");
    body(call(&mut org, "PATCH", &path, json!({ "Name": "Acme" })), 204);
    let row = read(&mut org, "Account", &id);
    assert_eq!(row["SystemModstamp"], "2026-11-20T10:00:35.000+0000");
    assert_eq!(row["CreatedDate"], "2026-11-20T10:00:30.000+0000");
    assert_eq!(org.counters.automations_fired["Account"], 2);
    assert_eq!(org.counters.rows_written["Account"].updated, 1);
}

#[test]
fn a_refused_write_counts_nothing() {
    let mut org = org();
    body(call(&mut org, "POST", "sobjects/Account", json!({ "Name": "" })), 400);
    assert!(org.counters.rows_written.is_empty());
    assert!(org.counters.automations_fired.is_empty());
}

#[test]
fn null_and_empty_text_clear_a_field_and_a_missing_key_leaves_it() {
    let mut org = org();
    let id = create(
        &mut org,
        "Account",
        json!({ "Name": "Acme", "Phone": "1", "Fax": "2", "Site": "3" }),
    );
    let path = format!("sobjects/Account/{id}");
    body(call(&mut org, "PATCH", &path, json!({ "Phone": null, "Fax": "" })), 204);
    let row = read(&mut org, "Account", &id);
    assert_eq!(
        (&row["Phone"], &row["Fax"], &row["Site"]),
        (&Value::Null, &Value::Null, &json!("3"))
    );
}

#[test]
fn deleting_twice_and_unknown_ids_have_their_own_404s() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let path = format!("sobjects/Account/{id}");
    body(call(&mut org, "DELETE", &path, Value::Null), 204);
    let again = refusal(&call(&mut org, "DELETE", &path, Value::Null));
    assert_eq!(again, (404, "ENTITY_IS_DELETED".to_owned(), "entity is deleted".to_owned()));
    let unknown = format!("sobjects/Account/{UNKNOWN}");
    let (status, code, message) =
        refusal(&call(&mut org, "PATCH", &unknown, json!({ "Name": "B" })));
    assert_eq!((status, code.as_str()), (404, "INVALID_CROSS_REFERENCE_KEY"));
    assert_eq!(message, "invalid cross reference id");
    let (status, code, message) =
        refusal(&call(&mut org, "DELETE", "sobjects/Account/rid", Value::Null));
    assert_eq!((status, code.as_str()), (404, "NOT_FOUND"));
    assert_eq!(message, "Provided external ID field does not exist or is not accessible: rid");
}

#[test]
fn deleting_an_account_takes_its_details_along_and_frees_other_lookups() {
    let mut org = org();
    let parent = create(&mut org, "Account", json!({ "Name": "Group" }));
    let child = create(&mut org, "Account", json!({ "Name": "Daughter", "ParentId": parent }));
    let site = create(&mut org, "Site__c", json!({ "Name": "HQ", "Account__c": parent }));
    body(call(&mut org, "DELETE", &format!("sobjects/Account/{parent}"), Value::Null), 204);
    assert_eq!(read(&mut org, "Account", &child)["ParentId"], Value::Null);
    assert_eq!(call(&mut org, "GET", &format!("sobjects/Site__c/{site}"), Value::Null).status, 404);
    assert_eq!(org.counters.rows_written["Site__c"].deleted, 0);
}

#[test]
fn an_account_with_cases_is_not_deleted() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "Acme" }));
    create(&mut org, "Case", json!({ "Subject": "Help", "AccountId": account }));
    let refused = call(&mut org, "DELETE", &format!("sobjects/Account/{account}"), Value::Null);
    assert_eq!(refusal(&refused).1, "DELETE_FAILED");
}

#[test]
fn an_upsert_creates_with_201_and_updates_with_200() {
    let mut org = org();
    let path = "sobjects/Account/ERP_Key__c/A-1";
    let created = body(call(&mut org, "PATCH", path, json!({ "Name": "Acme" })), 201);
    assert_eq!(created["created"], true);
    let updated = body(call(&mut org, "PATCH", path, json!({ "Name": "Acme 2" })), 200);
    assert_eq!(updated["created"], false);
    assert_eq!(created["id"], updated["id"]);
    let row = body(call(&mut org, "GET", path, Value::Null), 200);
    assert_eq!((&row["Name"], &row["ERP_Key__c"]), (&json!("Acme 2"), &json!("A-1")));
}

#[test]
fn an_external_id_of_several_records_answers_300_with_their_urls() {
    let mut org = org();
    for name in ["One", "Two"] {
        create(&mut org, "Account", json!({ "Name": name, "Legacy_Code__c": "L1" }));
    }
    let path = "sobjects/Account/Legacy_Code__c/L1";
    let urls = body(call(&mut org, "PATCH", path, json!({ "Site": "x" })), 300);
    let urls = urls.as_array().unwrap();
    assert_eq!(urls.len(), 2);
    assert!(urls[0].as_str().unwrap().starts_with("/services/data/v68.0/sobjects/Account/001"));
    assert_eq!(org.counters.rows_written["Account"].updated, 0);
}

#[test]
fn upserts_are_refused_where_the_documentation_says_so() {
    let mut org = org();
    let in_body = call(
        &mut org,
        "PATCH",
        "sobjects/Account/ERP_Key__c/A",
        json!({ "ERP_Key__c": "A", "Name": "N" }),
    );
    assert_eq!(refusal(&in_body).1, "INVALID_FIELD");
    let only = call(
        &mut org,
        "PATCH",
        "sobjects/Account/ERP_Key__c/A?updateOnly=true",
        json!({ "Name": "N" }),
    );
    assert_eq!((refusal(&only).0, refusal(&only).1.as_str()), (404, "NOT_FOUND"));
    let no_key = call(&mut org, "PATCH", "sobjects/Account/Phone/1", json!({ "Name": "N" }));
    let message = "Provided external ID field does not exist or is not accessible: Phone";
    assert_eq!(refusal(&no_key), (404, "NOT_FOUND".to_owned(), message.to_owned()));
    let unknown = call(&mut org, "GET", "sobjects/Account/ERP_Key__c/A", Value::Null);
    assert_eq!(unknown.status, 404);
}

#[test]
fn inserting_by_the_field_id_says_created() {
    let mut org = org();
    let created =
        body(call(&mut org, "POST", "sobjects/Account/Id", json!({ "Name": "Acme" })), 201);
    assert_eq!(created["created"], true);
}

#[test]
fn if_unmodified_since_guards_an_update() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let path = format!("sobjects/Account/{id}");
    let late = [("if-unmodified-since", "Fri, 20 Nov 2026 10:00:29 GMT")];
    let refused = call_with(&mut org, "PATCH", &path, json!({ "Site": "x" }), &late);
    assert_eq!((refusal(&refused).0, refusal(&refused).1.as_str()), (412, "PRECONDITION_FAILED"));
    let right = [("if-unmodified-since", "Fri, 20 Nov 2026 10:00:30 GMT")];
    body(call_with(&mut org, "PATCH", &path, json!({ "Site": "x" }), &right), 204);
    let since = [("if-modified-since", "Fri, 20 Nov 2026 10:00:30 GMT")];
    body(call_with(&mut org, "GET", &path, Value::Null, &since), 304);
}

#[test]
fn reading_some_fields_shows_only_them_and_refuses_unknown_ones() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "Acme", "BillingCity": "Bonn" }));
    let contact = create(&mut org, "Contact", json!({ "LastName": "Lee", "AccountId": account }));
    let path = format!("sobjects/Contact/{contact}?fields=Id,Name,Account.BillingAddress");
    let row = body(call(&mut org, "GET", &path, Value::Null), 200);
    assert_eq!(row["Account"]["BillingAddress"]["city"], "Bonn");
    assert_eq!(row.as_object().unwrap().len(), 4);
    let refused =
        call(&mut org, "GET", &format!("sobjects/Contact/{contact}?fields=Nope"), Value::Null);
    assert_eq!(refusal(&refused).2, "No such column 'Nope' on sobject of type Contact");
}

#[test]
fn people_are_named_by_first_and_last_name() {
    let mut org = org();
    let id = create(&mut org, "Contact", json!({ "FirstName": "Ann", "LastName": "Lee" }));
    assert_eq!(read(&mut org, "Contact", &id)["Name"], "Ann Lee");
    body(
        call(&mut org, "PATCH", &format!("sobjects/Contact/{id}"), json!({ "FirstName": null })),
        204,
    );
    assert_eq!(query(&mut org, "SELECT Id FROM Contact WHERE Name = 'lee'").len(), 1);
}

#[test]
fn a_locked_row_is_refused_once() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Acme" }));
    org.faults.add(Fault::new(Kind::RowLock { row_id: Some(id.clone()) }).object("Account"));
    let path = format!("sobjects/Account/{id}");
    let refused = call(&mut org, "PATCH", &path, json!({ "Site": "x" }));
    assert_eq!(refusal(&refused).1, "UNABLE_TO_LOCK_ROW");
    body(call(&mut org, "PATCH", &path, json!({ "Site": "x" })), 204);
}

#[test]
fn new_ids_go_on_behind_seeded_ones() {
    let mut org = org();
    let seeded = crate::ids::make("001", crate::ids::instance_code(&org.id), 41);
    seed(&mut org, "Account", json!({ "Id": seeded, "Name": "Old" }));
    let id = create(&mut org, "Account", json!({ "Name": "New" }));
    assert_eq!(id, crate::ids::make("001", crate::ids::instance_code(&org.id), 42));
}

#[test]
fn unknown_resources_and_wrong_methods_are_refused_in_the_documented_words() {
    let mut org = org();
    for path in ["sobjects/Foo", "nonsense", "sobjects/Account/a/b/c", "limits/nope"] {
        let refused = refusal(&call(&mut org, "GET", path, Value::Null));
        assert_eq!(
            refused,
            (404, "NOT_FOUND".to_owned(), "The requested resource does not exist".to_owned())
        );
    }
    let (status, code, message) = refusal(&call(&mut org, "PATCH", "sobjects/Account", json!({})));
    assert_eq!((status, code.as_str()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(message, "HTTP Method 'PATCH' not allowed. Allowed are HEAD,GET,POST");
}

#[test]
fn the_resource_list_names_the_identity() {
    let mut org = org();
    let list = body(call(&mut org, "GET", "", Value::Null), 200);
    assert_eq!(list["sobjects"], "/services/data/v68.0/sobjects");
    assert_eq!(list["identity"], format!("http://localhost:8701/id/{}/{}", org.id, org.user.id));
}

#[test]
fn a_describe_answers_304_until_the_schema_changes() {
    let mut org = org();
    let since = [("if-modified-since", "Wed, 18 Nov 2026 10:00:00 GMT")];
    for path in ["sobjects", "sobjects/Account/describe"] {
        let response = call_with(&mut org, "GET", path, Value::Null, &since);
        assert_eq!(response.headers.len(), 2);
        assert_eq!(body(response, 304), Value::Null);
    }
    org.schema.changed = Some(org.clock.now());
    body(call_with(&mut org, "GET", "sobjects/Account/describe", Value::Null, &since), 200);
}

#[test]
fn record_counts_leave_out_empty_and_unknown_objects() {
    let mut org = org();
    create(&mut org, "Account", json!({ "Name": "Acme" }));
    let path = "limits/recordCount?sObjects=Account,Contact,Nope";
    let counts = body(call(&mut org, "GET", path, Value::Null), 200);
    assert_eq!(counts, json!({ "sObjects": [{ "count": 1, "name": "Account" }] }));
}

#[test]
fn an_account_carries_a_tag_that_conditions_reads_and_writes() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "A" }));
    let path = format!("sobjects/Account/{id}");
    let tag_of = |org: &mut Org| {
        let read = call(org, "GET", &path, Value::Null);
        read.headers.iter().find(|(name, _)| name == "ETag").map(|(_, tag)| tag.clone()).unwrap()
    };
    let tag = tag_of(&mut org);
    let known = call_with(&mut org, "GET", &path, Value::Null, &[("if-none-match", &tag)]);
    assert_eq!((known.status, known.body), (304, None));
    let matching = [("if-match", tag.as_str())];
    let written = call_with(&mut org, "PATCH", &path, json!({ "Phone": "1" }), &matching);
    assert_eq!(written.status, 204);
    let late = call_with(&mut org, "PATCH", &path, json!({ "Phone": "2" }), &matching);
    assert_eq!(late.status, 412);
    let garbled = call_with(&mut org, "PATCH", &path, json!({}), &[("if-match", "x")]);
    assert_eq!(garbled.status, 400);
    assert_ne!(tag_of(&mut org), tag);
    let contact = create(&mut org, "Contact", json!({ "LastName": "L" }));
    let contact = call(&mut org, "GET", &format!("sobjects/Contact/{contact}"), Value::Null);
    assert!(contact.headers.iter().all(|(name, _)| name != "ETag"));
}
