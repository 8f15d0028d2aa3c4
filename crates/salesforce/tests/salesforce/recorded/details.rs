//! What single recordings say, in detail.

use isthmus_model::ids::RecordId;
use isthmus_model::schema::{FieldType, ObjectSchema};
use isthmus_model::value::Value;
use isthmus_salesforce::ErrorClass;
use isthmus_salesforce::api::collections::{CreateRow, RowResult};
use isthmus_salesforce::api::describe::schema_from_describe;
use isthmus_salesforce::error::Error;
use isthmus_salesforce::row::RowShape;
use jiff::Timestamp;

use crate::recorded::{client, recording};

fn described(object: &str) -> Option<ObjectSchema> {
    let body = recording(&format!("cumulusci/GET_sobjects_{object}_describe.yaml"), 0)?;
    Some(schema_from_describe(body.as_bytes()).unwrap())
}

#[test]
fn the_describes_of_five_standard_objects_are_read_whole() {
    for (object, prefix, fewest) in [
        ("Account", "001", 50),
        ("Contact", "003", 50),
        ("Lead", "00Q", 45),
        ("Opportunity", "006", 35),
        ("Case", "500", 30),
    ] {
        let Some(schema) = described(object) else { return };
        assert_eq!(schema.name, object);
        assert_eq!(schema.key_prefix.as_deref(), Some(prefix));
        assert!(schema.fields.len() >= fewest, "{object}: {}", schema.fields.len());
        assert!(schema.createable && schema.updateable && schema.queryable && schema.replicateable);
        assert_eq!(schema.field("id").unwrap().kind, FieldType::Id);
        assert_eq!(schema.cursor_field(), Some("SystemModstamp"));
        let unknown: Vec<_> = schema
            .fields
            .iter()
            .filter(|field| matches!(field.kind, FieldType::Other(_)))
            .collect();
        assert!(unknown.is_empty(), "{object}: {unknown:?}");
        assert!(schema.record_types.iter().all(|kind| kind.id != "012000000000000AAA"));
    }
}

#[test]
fn the_details_of_recorded_fields_are_as_the_reference_says() {
    let Some(account) = described("Account") else { return };
    let name = account.field("Name").unwrap();
    assert!(name.required_on_create() && name.name_field && name.length == 255);
    let address = account.field("BillingAddress").unwrap();
    assert!(address.kind == FieldType::Address && !address.createable && !address.updateable);
    assert!(!account.field("Industry").unwrap().picklist_values.is_empty());
    let Some(case) = described("Case") else { return };
    assert_eq!(case.field("OwnerId").unwrap().reference_to, ["Group", "User"]);
    assert!(case.field("CaseNumber").unwrap().auto_number);
    let Some(contact) = described("Contact") else { return };
    let email = contact.field("Email").unwrap();
    assert!(email.id_lookup && !email.external_id && !email.is_unique_key());
    assert_eq!(contact.field("AccountId").unwrap().relationship_name.as_deref(), Some("Account"));
}

#[tokio::test]
async fn a_recorded_global_describe_lists_objects_with_and_without_prefix() {
    let Some(body) = recording("cumulusci/GET_sobjects_Global_describe.yaml", 0) else { return };
    let objects = client(200, body).describe_global().await.unwrap();
    let account = objects.iter().find(|object| object.name == "Account").unwrap();
    assert!(account.queryable && account.key_prefix.as_deref() == Some("001"));
    assert!(objects.iter().any(|object| object.key_prefix.is_none()));
}

#[tokio::test]
async fn a_recorded_query_page_is_read_typed() {
    let Some(account) = described("Account") else { return };
    let file = "cumulusci/TestUpdatesIntegrationTests.test_updates_task.yaml";
    let page = recording(file, 1).unwrap();
    let fields = ["Id".to_owned(), "Name".to_owned()];
    let shape = RowShape::new(&fields, &account).unwrap();
    let client = client(200, page);
    let rows = client.query("SELECT Id,Name FROM Account").all_rows(&shape).await.unwrap();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row.id().is_some_and(|id| id.key_prefix() == "001")));
    assert!(rows.iter().all(|row| matches!(row.values[1], Value::Text(_))));
}

#[tokio::test]
async fn recorded_collection_results_are_tied_to_their_rows() {
    let file = "cumulusci/TestUpsert.test_simple_upsert__rest.yaml";
    let Some(created) = recording(file, 0) else { return };
    let row = CreateRow {
        object: "Account".to_owned(),
        values: vec![("Name".to_owned(), Value::from("Sitwell-Bluth"))],
    };
    let results = client(200, created).create_rows(&[row]).await.unwrap();
    let id = RecordId::parse("0015500001QdZPKAA3").unwrap();
    assert_eq!(results, [RowResult::Written { id, created: true }]);
    let upserted = recording(file, 1).unwrap();
    let count =
        serde_json::from_str::<serde_json::Value>(&upserted).unwrap().as_array().unwrap().len();
    let rows: Vec<Vec<(String, Value)>> = (0..count)
        .map(|index| vec![("Email".to_owned(), Value::Text(format!("a{index}@example.com")))])
        .collect();
    let results = client(200, upserted).upsert_rows("Contact", "Email", &rows).await.unwrap();
    assert_eq!(results.len(), count);
    assert!(
        results.iter().all(|result| matches!(result, RowResult::Written { created: true, .. }))
    );
}

#[tokio::test]
async fn recorded_errors_have_their_class() {
    for (file, status, code, class) in [
        ("expired_session", 401, "INVALID_SESSION_ID", ErrorClass::Reauthenticate),
        ("write_error", 400, "INVALID_FIELD", ErrorClass::Configuration),
        ("query_error", 400, "INVALID_FIELD", ErrorClass::Configuration),
        ("delete_error", 404, "NOT_FOUND", ErrorClass::Configuration),
        ("sobject_find_error", 404, "NOT_FOUND", ErrorClass::Configuration),
        ("upsert_multiple_error", 300, "DUPLICATE_EXTERNAL_ID", ErrorClass::RowData),
    ] {
        let Some(body) = recording(&format!("restforce/{file}_response.json"), 0) else { return };
        let error = client(status, body).limits().await.unwrap_err();
        // The session cannot be renewed here, so its refusal ends as what it led to.
        if class == ErrorClass::Reauthenticate {
            assert!(matches!(error, Error::Auth(_)), "{file}: {error:?}");
            continue;
        }
        assert!(error.has_code(code), "{file}: {error:?}");
        assert_eq!(error.class(), class, "{file}");
    }
}

#[tokio::test]
async fn recorded_changes_and_limits_are_read() {
    let Some(updated) = recording("restforce/get_updated_success_response.json", 0) else { return };
    let now = Timestamp::UNIX_EPOCH;
    let answer = client(200, updated).updated("Contact", now, now).await.unwrap();
    assert_eq!(answer.ids.len(), 7);
    assert_eq!(answer.latest_date_covered.to_string(), "2015-08-19T08:17:00Z");
    let deleted = recording("restforce/get_deleted_success_response.json", 0).unwrap();
    let answer = client(200, deleted).deleted("Whizbang__c", now, now).await.unwrap();
    assert_eq!(answer.records.len(), 1);
    let limits = client(200, recording("camel/limits.json", 0).unwrap()).limits().await.unwrap();
    assert!(limits.contains_key("DailyApiRequests"));
}

#[tokio::test]
async fn a_recorded_aggregate_and_a_nested_page_are_read_as_they_come() {
    let Some(aggregate) = recording("restforce/query_aggregate_success_response.json", 0) else {
        return;
    };
    let page = client(200, aggregate).query("SELECT ...").next_page().await.unwrap().unwrap();
    let rows = page.loose_rows().unwrap();
    assert_eq!(rows[0].columns[1].1, Value::Number("300".parse().unwrap()));
    let nested = recording("restforce/query_success_response.json", 0).unwrap();
    let page = client(200, nested).query("SELECT ...").next_page().await.unwrap().unwrap();
    let row = &page.loose_rows().unwrap()[0];
    let column =
        |name: &str| row.columns.iter().find(|(found, _)| found == name).map(|(_, value)| value);
    assert_eq!(column("ParentWhizbang__r.Name"), Some(&Value::from("Parent Whizbang")));
    assert!(matches!(column("Whizbangs__r"), Some(Value::Raw(_))));
}
