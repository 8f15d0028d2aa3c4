//! What an administrator sets up: rules, automations, computed fields, features, and what each does to a write.

use serde_json::{Value, json};

use crate::rig::Rig;
use crate::support::control;

const BASE: &str = "/services/data/v68.0";

#[tokio::test]
async fn a_validation_rule_refuses_with_its_own_words_and_tooling_tells_its_formula() {
    let rig = Rig::new();
    rig.set_up(json!({ "validation_rules": [{
        "object": "Account", "name": "Phone_Required", "message": "Customers need a phone.", "field": "Phone",
        "condition": { "all": [{ "equals": { "field": "Type", "value": "Prospect" } }, { "is_blank": "Phone" }] },
    }] }))
    .await;
    let error = rig.refused("Account", json!({ "Name": "A", "Type": "Prospect" })).await;
    assert_eq!(error["errorCode"], "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    assert_eq!(
        (&error["message"], &error["fields"]),
        (&json!("Customers need a phone."), &json!(["Phone"]))
    );
    let id = rig.create("Account", json!({ "Name": "A", "Type": "Prospect", "Phone": "1" })).await;
    let path = format!("sobjects/Account/{id}");
    assert_eq!(rig.send("PATCH", &path, json!({ "Phone": null })).await.status, 400);
    let soql =
        "tooling/query?q=SELECT+Id,Metadata+FROM+ValidationRule+WHERE+EntityDefinitionId='Account'";
    let rules = rig.send("GET", soql, Value::Null).await.body;
    let formula = &rules["records"][0]["Metadata"]["errorConditionFormula"];
    assert_eq!(formula, "AND(Type = \"Prospect\", ISBLANK(Phone))");
    let sandbox =
        rig.send("GET", "tooling/query?q=SELECT+Id+FROM+SandboxProcess", Value::Null).await;
    assert_eq!((sandbox.status, &sandbox.body[0]["errorCode"]), (400, &json!("INVALID_TYPE")));
}

#[tokio::test]
async fn an_alert_can_be_saved_over_and_a_block_cannot() {
    let rig = Rig::new();
    let rule = |action: &str| {
        json!({ "duplicate_rules": [{
        "object": "Contact", "name": "Same_Person", "fields": ["LastName", "Email"], "action": action,
    }] })
    };
    rig.set_up(rule("alert")).await;
    let row = json!({ "LastName": "Lee", "Email": "ann@example.com" });
    let first = rig.create("Contact", row.clone()).await;
    let error =
        rig.refused("Contact", json!({ "LastName": "LEE", "Email": "Ann@example.com" })).await;
    assert_eq!(
        (&error["errorCode"], &error["message"]),
        (&json!("DUPLICATES_DETECTED"), &json!("Use one of these records?"))
    );
    let result = &error["duplicateResult"];
    assert_eq!(
        (&result["allowSave"], &result["duplicateRule"]),
        (&json!(true), &json!("Same_Person"))
    );
    assert_eq!(result["matchResults"][0]["matchRecords"][0]["record"]["Id"], json!(first));
    for (action, status) in [("alert", 201), ("block", 400)] {
        rig.set_up(rule(action)).await;
        let request = http::Request::post(format!("{BASE}/sobjects/Contact"))
            .header("authorization", format!("Bearer {}", rig.token))
            .header("content-type", "application/json")
            .header("sforce-duplicate-rule-header", "allowSave=true; includeRecordDetails=true");
        let request = request.body(row.to_string().into()).expect("a request");
        let answer = crate::support::read(
            orgsim::router::answer(&rig.org, request).await.expect("an answer"),
        );
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let records = json!({ "records": [{ "attributes": { "type": "Contact" }, "LastName": "Lee", "Email": "ann@example.com" }] });
    let rows = rig.send("POST", "composite/sobjects", records).await.body;
    let shown = json!({ "statusCode": "DUPLICATES_DETECTED", "message": "Use one of these records?", "fields": [] });
    assert_eq!(rows[0]["errors"], json!([shown]));
}

#[tokio::test]
async fn automations_rewrite_what_was_sent_or_fail_as_a_trigger_does() {
    let rig = Rig::new();
    rig.set_up(json!({ "automations": [
        { "object": "Account", "name": "Capitals", "action": { "upper_case": "Name" } },
        { "object": "Account", "name": "Phones", "action": { "normalize_phone": "Phone" } },
        { "object": "Account", "name": "Copies", "action": { "copy": { "from": "Name", "to": "Site" } } },
        { "object": "Account", "name": "Guard", "on_insert": false,
          "action": { "fail": { "when": { "changed": "Fax" }, "message": "System.DmlException: no" } } },
    ] }))
    .await;
    let id = rig.create("Account", json!({ "Name": "Acme", "Phone": "+1 (555) 01-00" })).await;
    let row = rig.read("Account", &id).await;
    assert_eq!(
        (&row["Name"], &row["Phone"], &row["Site"]),
        (&json!("ACME"), &json!("+15550100"), &json!("ACME"))
    );
    let path = format!("sobjects/Account/{id}");
    let failed = rig.send("PATCH", &path, json!({ "Fax": "1" })).await;
    assert_eq!(failed.body[0]["errorCode"], "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    let message = failed.body[0]["message"].as_str().expect("text");
    assert!(
        message
            .starts_with("Guard: execution of BeforeUpdate\n\ncaused by: System.DmlException: no"),
        "{message}"
    );
    control(&rig.org, "DELETE", "setup", None).await;
    assert_eq!(rig.send("PATCH", &path, json!({ "Fax": "1" })).await.status, 204);
}

#[tokio::test]
async fn a_formula_follows_its_parent_and_moves_no_stamp_and_a_roll_up_moves_the_systems() {
    let rig = Rig::new();
    rig.set_up(json!({
        "formulas": [{ "object": "Site__c", "field": "Full_Name__c", "type": "text",
            "expression": { "concatenate": [{ "field": "Account__r.Name" }, { "value": " / " }, { "field": "Name" }] } }],
        "roll_ups": [{ "object": "Account", "field": "Area__c", "child": "Site__c", "reference": "Account__c",
            "function": "sum", "source": "Floor_Area__c" }],
        "auto_numbers": [{ "object": "Site__c", "field": "Number__c", "format": "S-{0000}", "next": 7 }],
    }))
    .await;
    let account = rig.create("Account", json!({ "Name": "Acme" })).await;
    let site = rig
        .create("Site__c", json!({ "Name": "HQ", "Account__c": account, "Floor_Area__c": 10.5 }))
        .await;
    rig.create("Site__c", json!({ "Name": "East", "Account__c": account, "Floor_Area__c": 2 }))
        .await;
    let before = rig.read("Site__c", &site).await;
    assert_eq!(
        (&before["Full_Name__c"], &before["Number__c"]),
        (&json!("Acme / HQ"), &json!("S-0007"))
    );
    control(&rig.org, "POST", "clock", Some(&json!({ "advance_seconds": 60 }))).await;
    rig.send("PATCH", &format!("sobjects/Account/{account}"), json!({ "Name": "Apex" })).await;
    let after = rig.read("Site__c", &site).await;
    assert_eq!(after["Full_Name__c"], "Apex / HQ");
    assert_eq!(after["SystemModstamp"], before["SystemModstamp"]);
    let parent = rig.read("Account", &account).await;
    assert_eq!(parent["Area__c"], 12.5);
    control(&rig.org, "POST", "clock", Some(&json!({ "advance_seconds": 60 }))).await;
    rig.send("DELETE", &format!("sobjects/Site__c/{site}"), Value::Null).await;
    let rolled = rig.read("Account", &account).await;
    assert_eq!(
        (&rolled["Area__c"], &rolled["LastModifiedDate"]),
        (&json!(2.0), &parent["LastModifiedDate"])
    );
    assert_ne!(rolled["SystemModstamp"], parent["SystemModstamp"]);
    let read_only = rig.refused("Account", json!({ "Name": "A", "Area__c": 1 })).await;
    assert_eq!(read_only["errorCode"], "INVALID_FIELD_FOR_INSERT_UPDATE");
    let describe = rig.send("GET", "sobjects/Site__c/describe", Value::Null).await.body;
    let fields = describe["fields"].as_array().expect("fields");
    let field = fields.iter().find(|field| field["name"] == "Full_Name__c").expect("the formula");
    assert_eq!(
        (&field["calculated"], &field["calculatedFormula"]),
        (&json!(true), &json!("Account__r.Name & \" / \" & Name"))
    );
}

#[tokio::test]
async fn a_person_account_has_a_contact_and_no_name_of_its_own() {
    let rig = Rig::new();
    rig.set_up(json!({ "features": ["person_accounts"] })).await;
    let id = rig
        .create(
            "Account",
            json!({ "FirstName": "Ann", "LastName": "Lee", "PersonEmail": "ann@example.com" }),
        )
        .await;
    let row = rig.read("Account", &id).await;
    assert_eq!((&row["Name"], &row["IsPersonAccount"]), (&json!("Ann Lee"), &json!(true)));
    let contact = row["PersonContactId"].as_str().expect("a contact").to_owned();
    assert_eq!(rig.read("Contact", &contact).await["Email"], "ann@example.com");
    let path = format!("sobjects/Account/{id}");
    let named = rig.send("PATCH", &path, json!({ "Name": "B" })).await;
    assert_eq!(named.body[0]["errorCode"], "INVALID_FIELD_FOR_INSERT_UPDATE");
    assert_eq!(rig.send("PATCH", &path, json!({ "LastName": "Ray" })).await.status, 204);
    assert_eq!(rig.read("Contact", &contact).await["Name"], "Ann Ray");
    let business = rig.create("Account", json!({ "Name": "Acme" })).await;
    assert_eq!(rig.read("Account", &business).await["IsPersonAccount"], false);
}

#[tokio::test]
async fn a_changed_currency_converts_the_amounts_that_are_not_sent() {
    let rig = Rig::new();
    rig.set_up(
        json!({ "currencies": { "corporate": "EUR", "rates": { "EUR": 1.0, "USD": 1.1 } } }),
    )
    .await;
    let row = json!({ "Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-12-01", "Amount": 100 });
    let id = rig.create("Opportunity", row).await;
    assert_eq!(rig.read("Opportunity", &id).await["CurrencyIsoCode"], "EUR");
    let path = format!("sobjects/Opportunity/{id}");
    assert_eq!(rig.send("PATCH", &path, json!({ "CurrencyIsoCode": "USD" })).await.status, 204);
    assert_eq!(rig.read("Opportunity", &id).await["Amount"], 110.0);
    assert_eq!(
        rig.send("PATCH", &path, json!({ "CurrencyIsoCode": "EUR", "Amount": 5 })).await.status,
        204
    );
    assert_eq!(rig.read("Opportunity", &id).await["Amount"], 5.0);
    let unknown = rig.send("PATCH", &path, json!({ "CurrencyIsoCode": "XXX" })).await;
    assert_eq!(unknown.status, 400);
    let rates = rig
        .send(
            "GET",
            "query?q=SELECT+IsoCode,ConversionRate+FROM+CurrencyType+WHERE+IsCorporate=true",
            Value::Null,
        )
        .await;
    assert_eq!(rates.body["records"][0]["IsoCode"], "EUR");
}

#[tokio::test]
async fn a_queue_owns_rows_and_an_assignment_rule_chooses_it_unless_the_caller_says_no() {
    let rig = Rig::new();
    rig.set_up(json!({ "features": ["queues"] })).await;
    let queue = rig.create("Group", json!({ "Name": "Support", "Type": "Queue" })).await;
    rig.create("QueueSobject", json!({ "QueueId": queue, "SobjectType": "Case" })).await;
    rig.set_up(json!({ "assignment_rules": [{ "object": "Case", "id": "01Q5A000000001AAAA", "owner_id": queue }] })).await;
    let assigned = rig.create("Case", json!({ "Subject": "Help" })).await;
    assert_eq!(rig.read("Case", &assigned).await["OwnerId"], json!(queue));
    let request = http::Request::post(format!("{BASE}/sobjects/Case"))
        .header("authorization", format!("Bearer {}", rig.token))
        .header("content-type", "application/json")
        .header("sforce-auto-assign", "FALSE")
        .body(json!({ "Subject": "Mine" }).to_string().into())
        .expect("a request");
    let answer =
        crate::support::read(orgsim::router::answer(&rig.org, request).await.expect("an answer"));
    let own = answer.body["id"].as_str().expect("an id").to_owned();
    assert_ne!(rig.read("Case", &own).await["OwnerId"], json!(queue));
}

#[tokio::test]
async fn a_record_type_has_picklist_values_of_its_own() {
    let rig = Rig::new();
    let allowed = json!({ "Account.Partner_Account": { "Customer_Tier__c": ["Small"] } });
    rig.set_up(json!({ "record_type_values": allowed })).await;
    let describe = rig.send("GET", "sobjects/Account/describe", Value::Null).await.body;
    let types = describe["recordTypeInfos"].as_array().expect("record types");
    let id = |name: &str| {
        types.iter().find(|own| own["developerName"] == name).expect("a type")["recordTypeId"]
            .clone()
    };
    let partner = id("Partner_Account");
    let path =
        format!("ui-api/object-info/Account/picklist-values/{}", partner.as_str().expect("an id"));
    let values = rig.send("GET", &path, Value::Null).await.body;
    let tiers = &values["picklistFieldValues"]["Customer_Tier__c"]["values"];
    assert_eq!(tiers.as_array().map(Vec::len), Some(1), "{tiers}");
    let row = |tier: &str, kind: &Value| json!({ "Name": "A", "RecordTypeId": kind, "Customer_Tier__c": tier });
    let other = describe["fields"].as_array().expect("fields").iter();
    let other = other.clone().find(|own| own["name"] == "Customer_Tier__c").expect("the field");
    let other = other["picklistValues"]
        .as_array()
        .expect("values")
        .iter()
        .find(|own| own["value"] != "Small");
    let other = other.expect("another tier")["value"].as_str().expect("text").to_owned();
    let error = rig.refused("Account", row(&other, &partner)).await;
    assert_eq!(error["errorCode"], "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    rig.create("Account", row("Small", &partner)).await;
    rig.create("Account", row(&other, &id("Customer_Account"))).await;
    let info = rig.send("GET", "ui-api/object-info/Account", Value::Null).await.body;
    assert_eq!((&info["apiName"], &info["keyPrefix"]), (&json!("Account"), &json!("001")));
}

#[tokio::test]
async fn filters_locks_and_counts_follow_the_setup() {
    let rig = Rig::new();
    let parent = rig.create("Account", json!({ "Name": "Parent" })).await;
    rig.set_up(json!({
        "lookup_filters": [{ "object": "Account", "field": "ParentId", "condition": { "equals": { "field": "Rating", "value": "Hot" } } }],
        "locked_rows": [parent],
        "cached_counts": { "Account": 1, "Case": 0 },
    }))
    .await;
    let error = rig.refused("Account", json!({ "Name": "Child", "ParentId": parent })).await;
    assert_eq!(error["errorCode"], "FIELD_FILTER_VALIDATION_EXCEPTION");
    let path = format!("sobjects/Account/{parent}");
    for (method, body) in [("PATCH", json!({ "Rating": "Hot" })), ("DELETE", Value::Null)] {
        let locked = rig.send(method, &path, body).await;
        assert_eq!(locked.body[0]["errorCode"], "ENTITY_IS_LOCKED", "{method}");
    }
    rig.set_up(json!({ "unlocked_rows": [parent] })).await;
    assert_eq!(rig.send("PATCH", &path, json!({ "Rating": "Hot" })).await.status, 204);
    rig.create("Account", json!({ "Name": "Child", "ParentId": parent })).await;
    let counts =
        rig.send("GET", "limits/recordCount?sObjects=Account,Case", Value::Null).await.body;
    assert_eq!(
        counts["sObjects"],
        json!([{ "count": 1, "name": "Account" }, { "count": 0, "name": "Case" }])
    );
}

#[tokio::test]
async fn new_objects_and_fields_behave_like_those_that_were_there() {
    let rig = Rig::new();
    let object = json!({ "object": "Machine__c", "label": "Machine", "fields": [
        { "name": "Serial__c", "type": "string", "length": 5, "external_id": true, "unique": true },
        { "name": "Place__c", "type": "location" },
        { "name": "Owner_Account__c", "type": "reference", "reference_to": ["Account"], "master_detail": true, "children": "Machines__r" },
        { "name": "Part_Of__c", "type": "reference", "reference_to": ["Machine__c"] },
    ] });
    let made = control(&rig.org, "POST", "objects", Some(&object)).await;
    assert_eq!(made["key_prefix"], "a02");
    let account = rig.create("Account", json!({ "Name": "Acme" })).await;
    let row = json!({ "Serial__c": "M-1", "Owner_Account__c": account, "Place__Latitude__s": 1.5, "Place__Longitude__s": 2 });
    let machine = rig.create("Machine__c", row).await;
    assert!(machine.starts_with("a02"));
    let shown = rig.read("Machine__c", &machine).await;
    assert_eq!(shown["Place__c"], json!({ "latitude": 1.5, "longitude": 2.0 }));
    let part = json!({ "Owner_Account__c": account, "Part_Of__r": { "Serial__c": "m-1" } });
    let part = rig.create("Machine__c", part).await;
    assert_eq!(rig.read("Machine__c", &part).await["Part_Of__c"], json!(machine));
    let soql = format!(
        "query?q=SELECT+Name,(SELECT+Serial__c+FROM+Machines__r)+FROM+Account+WHERE+Id='{account}'"
    );
    let nested = rig.send("GET", &soql, Value::Null).await.body;
    assert_eq!(nested["records"][0]["Machines__r"]["totalSize"], 2, "{nested}");
    let twice = control_refused(&rig, "objects", &object).await;
    assert_eq!(twice, "there is an object Machine__c already");
    let field = json!({ "object": "Account", "fields": [{ "name": "Grade__c", "type": "picklist", "values": ["A"], "restricted": true }] });
    control(&rig.org, "POST", "fields", Some(&field)).await;
    let error = rig.refused("Account", json!({ "Name": "B", "Grade__c": "Z" })).await;
    assert_eq!(error["errorCode"], "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    rig.send("DELETE", &format!("sobjects/Account/{account}"), Value::Null).await;
    assert_eq!(
        rig.send("GET", &format!("sobjects/Machine__c/{machine}"), Value::Null).await.status,
        404
    );
}

async fn control_refused(rig: &Rig, call: &str, body: &Value) -> String {
    let path = format!("/__orgsim/{call}");
    let answer =
        crate::support::call(&rig.org, "POST", &path, None, Some(body)).await.expect("an answer");
    assert_eq!(answer.status, 400);
    answer.body["error"].as_str().expect("text").to_owned()
}
