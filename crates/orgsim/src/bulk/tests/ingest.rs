//! Ingest jobs that end well: every operation, and what their lists say.

use serde_json::{Value, json};

use super::fixtures::{BASE, Desk};

#[test]
fn a_job_has_the_documented_shape_from_its_creation_to_its_end() {
    let desk = Desk::new();
    let body = json!({
        "object": "account", "operation": "upsert", "externalIdFieldName": "erp_key__c",
        "contentType": "CSV", "lineEnding": "LF",
    });
    let created = desk.call("POST", &format!("{BASE}/ingest/"), body).json();
    let id = created["id"].as_str().expect("an id").to_owned();
    let expected = json!({
        "id": id, "operation": "upsert", "object": "Account", "createdById": created["createdById"],
        "createdDate": "2026-11-20T10:00:30.000+0000",
        "systemModstamp": "2026-11-20T10:00:30.000+0000", "state": "Open",
        "externalIdFieldName": "ERP_Key__c", "concurrencyMode": "Parallel", "contentType": "CSV",
        "apiVersion": 68.0, "lineEnding": "LF", "columnDelimiter": "COMMA",
        "contentUrl": format!("services/data/v68.0/jobs/ingest/{id}/batches"),
    });
    assert_eq!(created, expected);
    assert!(
        id.starts_with("750")
            && created["createdById"].as_str().is_some_and(|id| id.starts_with("005"))
    );

    desk.submit(&id, "ERP_Key__c,Name\nK-1,One\nK-2,Two\n");
    let waiting = desk.info("ingest", &id);
    assert_eq!(
        (&waiting["state"], &waiting["contentUrl"]),
        (&json!("UploadComplete"), &Value::Null)
    );
    desk.pass(100);
    assert_eq!(desk.info("ingest", &id)["state"], "InProgress");
    desk.pass(1_000);
    let done = desk.info("ingest", &id);
    for (name, value) in [
        ("state", json!("JobComplete")),
        ("jobType", json!("V2Ingest")),
        ("numberRecordsProcessed", json!(2)),
        ("numberRecordsFailed", json!(0)),
        ("retries", json!(0)),
        ("totalProcessingTime", json!(200)),
    ] {
        assert_eq!(done[name], value, "{name}");
    }
    assert_eq!(done.get("errorMessage"), None);
}

#[test]
fn insert_writes_rows_like_any_other_save_and_says_their_ids() {
    let desk = Desk::new();
    let csv = "Name,AnnualRevenue,NumberOfEmployees\nOne,12.999,7\n,5,\n\"Two, \"\"B\"\"\",,\n";
    let done = desk.load(json!({ "object": "Account", "operation": "insert" }), csv);
    assert_eq!(
        (&done["numberRecordsProcessed"], &done["numberRecordsFailed"]),
        (&json!(3), &json!(1))
    );
    let rows = desk.rows("SELECT Id, Name, AnnualRevenue FROM Account ORDER BY Name");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["AnnualRevenue"], json!(12.0));
    let lines = desk.lines(&done, "successfulResults");
    assert_eq!(lines[0], "\"sf__Id\",\"sf__Created\",Name,AnnualRevenue,NumberOfEmployees");
    let line = |row: &Value, rest: &str| {
        format!("\"{}\",\"true\",{rest}", row["Id"].as_str().expect("an id"))
    };
    assert!(lines.contains(&line(&rows[0], "\"One\",\"12.999\",\"7\"")), "{lines:?}");
    assert!(lines.contains(&line(&rows[1], "\"Two, \"\"B\"\"\",\"\",\"\"")), "{lines:?}");
    let failed = [
        "\"sf__Id\",\"sf__Error\",Name,AnnualRevenue,NumberOfEmployees",
        "\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --\",\"\",\"5\",\"\"",
    ];
    assert_eq!(desk.lines(&done, "FailedResults"), failed);
    assert_eq!(desk.lines(&done, "unprocessedRecords"), ["Name,AnnualRevenue,NumberOfEmployees"]);
}

#[test]
fn upsert_tells_new_rows_from_old_ones_and_sets_parents_by_their_key() {
    let desk = Desk::new();
    let parent = desk.row("Account", json!({ "Name": "Parent", "ERP_Key__c": "P-1" }));
    desk.row("Account", json!({ "Name": "Old", "ERP_Key__c": "K-1" }));
    let body =
        json!({ "object": "Account", "operation": "upsert", "externalIdFieldName": "ERP_Key__c" });
    let csv =
        "ERP_Key__c,Name,Parent.ERP_Key__c\nK-1,New,P-1\nK-2,Fresh,\nK-3,Lost,P-9\nk-2,Again,\n";
    let done = desk.load(body, csv);
    let created: Vec<bool> = desk.lines(&done, "successfulResults")[1..]
        .iter()
        .map(|line| line.contains("\"true\",\"K-2\""))
        .collect();
    assert_eq!(created.iter().filter(|own| **own).count(), 1);
    let rows = desk.rows("SELECT Name, ParentId FROM Account WHERE ERP_Key__c = 'K-1'");
    assert_eq!((&rows[0]["Name"], &rows[0]["ParentId"]), (&json!("New"), &json!(parent)));
    let failed = desk.lines(&done, "failedResults");
    assert_eq!(failed.len(), 3, "{failed:?}");
    assert!(failed.iter().any(|line| line.contains("Foreign key external ID: p-9 not found")));
    assert!(
        failed
            .iter()
            .any(|line| line.contains("DUPLICATE_VALUE:Duplicate external id specified: k-2"))
    );
}

#[test]
fn an_empty_cell_leaves_a_field_and_the_documented_word_clears_it() {
    let desk = Desk::new();
    let id = desk.row("Account", json!({ "Name": "One", "Phone": "1", "Website": "a.example" }));
    let csv = format!("Id,Phone,Website\n{},,#N/A\n", &id[..15]);
    let done = desk.load(json!({ "object": "Account", "operation": "update" }), &csv);
    assert_eq!(done["numberRecordsFailed"], 0);
    let rows = desk.rows("SELECT Phone, Website FROM Account");
    assert_eq!((&rows[0]["Phone"], &rows[0]["Website"]), (&json!("1"), &Value::Null));
}

#[test]
fn checkboxes_take_one_and_zero_and_a_bad_value_is_named_by_its_column() {
    let desk = Desk::new();
    let csv = "Name,IsActive,StartDate\nOne,1,\nTwo,0,31/12/2026\nThree,true,2026-11-20\n";
    let done = desk.load(json!({ "object": "Campaign", "operation": "insert" }), csv);
    let rows = desk.rows("SELECT Name FROM Campaign WHERE IsActive = true ORDER BY Name");
    assert_eq!(rows.len(), 2);
    let failed = desk.lines(&done, "failedResults");
    let expected = "INVALID_FIELD:Failed to deserialize field at col 2. Due to, '31/12/2026' is not a valid value for the \
                    type xsd:date:StartDate --";
    assert!(failed[1].contains(expected), "{failed:?}");
}

#[test]
fn delete_goes_to_the_recycle_bin_and_hard_delete_past_it() {
    let desk = Desk::new();
    let one = desk.row("Account", json!({ "Name": "One" }));
    let two = desk.row("Account", json!({ "Name": "Two" }));
    let refused = desk.call(
        "POST",
        &format!("{BASE}/ingest"),
        json!({ "object": "Account", "operation": "hardDelete" }),
    );
    assert_eq!((refused.status, refused.refusal().1.as_str()), (400, "FEATURENOTENABLED"));
    desk.settings(json!({ "hard_delete": "allowed" }));
    desk.load(json!({ "object": "Account", "operation": "delete" }), &format!("Id\n{one}\n"));
    desk.load(json!({ "object": "Account", "operation": "hardDelete" }), &format!("Id\n{two}\n"));
    let id = desk.create(
        "query",
        json!({ "operation": "queryAll", "query": "SELECT Id, IsDeleted FROM Account" }),
    );
    desk.pass(1_000);
    let all = desk.get(&format!("{BASE}/query/{id}/results")).text;
    assert_eq!(all, format!("\"Id\",\"IsDeleted\"\n\"{one}\",\"true\"\n"));
    let again = desk.load(
        json!({ "object": "Account", "operation": "delete" }),
        &format!("Id\n{one}\n{two}\n"),
    );
    let failed = desk.lines(&again, "failedResults");
    let error = |id: &str, error: &str| format!("\"{id}\",\"{error}\",\"{id}\"");
    assert!(failed.contains(&error(&one, "ENTITY_IS_DELETED:entity is deleted:--")), "{failed:?}");
    assert!(
        failed.contains(&error(&two, "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--"))
    );
}

#[test]
fn results_do_not_come_in_the_order_of_the_file() {
    let desk = Desk::new();
    let rows: Vec<String> = (0..9).map(|number| format!("Row {number}\n")).collect();
    let done = desk.load(
        json!({ "object": "Account", "operation": "insert" }),
        &format!("Name\n{}", rows.concat()),
    );
    let id = done["id"].as_str().expect("an id");
    let text = desk.get(&format!("{BASE}/ingest/{id}/successfulResults")).text;
    let order: Vec<&str> =
        text.lines().skip(1).filter_map(|line| line.rsplit('"').nth(1)).collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted.len(), 9);
    assert_ne!(order, sorted);
}

#[test]
fn a_multipart_create_starts_at_upload_complete() {
    let desk = Desk::new();
    let body = "--b0\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n\
                {\"object\":\"Account\",\"operation\":\"insert\",\"lineEnding\":\"CRLF\"}\r\n--b0\r\n\
                Content-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"; filename=\"content\"\r\n\r\n\
                Name\r\nOne\r\nTwo\r\n\r\n--b0--\r\n";
    let created = desk.send(
        "POST",
        &format!("{BASE}/ingest"),
        "multipart/form-data; boundary=b0",
        body.as_bytes(),
    );
    assert_eq!(created.json()["state"], "UploadComplete", "{}", created.text);
    desk.pass(1_000);
    let done = desk.info("ingest", created.json()["id"].as_str().expect("an id"));
    assert_eq!(
        (&done["state"], &done["numberRecordsProcessed"]),
        (&json!("JobComplete"), &json!(2))
    );
}

#[test]
fn a_delimiter_and_line_ending_govern_both_ways() {
    let desk = Desk::new();
    let body = json!({ "object": "Account", "operation": "insert", "columnDelimiter": "PIPE", "lineEnding": "CRLF" });
    let done = desk.load(body, "Name|Phone\r\n\"a|b\"|1\r\n");
    let id = done["id"].as_str().expect("an id");
    let text = desk.get(&format!("{BASE}/ingest/{id}/successfulResults")).text;
    assert!(text.starts_with("\"sf__Id\"|\"sf__Created\"|Name|Phone\r\n\"001"), "{text}");
    assert!(text.ends_with("|\"true\"|\"a|b\"|\"1\"\r\n"), "{text}");
}
