//! Rows with contents, rows with children, and graphs of calls.

use serde_json::{Value, json};

use crate::rig::Rig;
use crate::support::ask;

const BASE: &str = "/services/data/v68.0";

#[tokio::test]
async fn files_are_written_in_json_or_in_parts_and_read_at_their_own_path() {
    let rig = Rig::new();
    rig.set_up(json!({ "features": ["files"] })).await;
    let account = rig.create("Account", json!({ "Name": "Acme" })).await;
    let row = json!({ "ParentId": account, "Name": "a.txt", "ContentType": "text/plain", "Body": "SGVsbG8=" });
    let attachment = rig.create("Attachment", row).await;
    let shown = rig.read("Attachment", &attachment).await;
    assert_eq!(shown["BodyLength"], 5);
    let path = shown["Body"].as_str().expect("a path").to_owned();
    assert_eq!(path, format!("{BASE}/sobjects/Attachment/{attachment}/Body"));
    let content = ask(&rig.org, "GET", &path, &rig.token, None).await;
    assert_eq!(
        (&content.bytes[..], &content.headers["content-type"]),
        (&b"Hello"[..], &http::HeaderValue::from_static("text/plain"))
    );
    let wrong =
        rig.refused("Attachment", json!({ "ParentId": account, "Name": "a", "Body": "%" })).await;
    assert_eq!(wrong["errorCode"], "INVALID_BASE64");
    let body = "--b\r\nContent-Disposition: form-data; name=\"entity_content\";\r\nContent-Type: application/json\r\n\r\n\
        {\"PathOnClient\":\"photo.png\"}\r\n--b\r\nContent-Disposition: form-data; name=\"VersionData\"; filename=\"photo.png\"\r\n\
        Content-Type: image/png\r\n\r\n\u{1}\r\n\u{2}\r\n--b--";
    let request = http::Request::post(format!("{BASE}/sobjects/ContentVersion"))
        .header("authorization", format!("Bearer {}", rig.token))
        .header("content-type", "multipart/form-data; boundary=\"b\"")
        .body(body.into())
        .expect("a request");
    let made =
        crate::support::read(orgsim::router::answer(&rig.org, request).await.expect("an answer"));
    assert_eq!(made.status, 201, "{}", made.body);
    let version = rig.read("ContentVersion", made.body["id"].as_str().expect("an id")).await;
    assert_eq!(
        (&version["ContentSize"], &version["Title"], &version["IsLatest"]),
        (&json!(4), &json!("photo"), &json!(true))
    );
    let data =
        ask(&rig.org, "GET", version["VersionData"].as_str().expect("a path"), &rig.token, None)
            .await;
    assert_eq!(&data.bytes[..], b"\x01\r\n\x02");
    let document =
        rig.read("ContentDocument", version["ContentDocumentId"].as_str().expect("an id")).await;
    assert_eq!(document["LatestPublishedVersionId"], version["Id"]);
}

#[tokio::test]
async fn a_tree_is_planted_whole_or_not_at_all() {
    let rig = Rig::new();
    let contact = |reference: &str, name: Value| json!({ "attributes": { "type": "Contact", "referenceId": reference }, "LastName": name });
    let tree = |name: Value| {
        json!({ "records": [{
        "attributes": { "type": "Account", "referenceId": "ref1" }, "Name": "Tree",
        "Contacts": { "records": [contact("ref2", json!("Lee")), contact("ref3", name)] },
    }] })
    };
    let planted = rig.send("POST", "composite/tree/Account", tree(json!("Ray"))).await;
    assert_eq!((planted.status, &planted.body["hasErrors"]), (201, &json!(false)));
    assert_eq!(planted.body["results"].as_array().map(Vec::len), Some(3));
    let id = planted.body["results"][1]["id"].as_str().expect("an id").to_owned();
    assert_eq!(rig.read("Contact", &id).await["AccountId"], planted.body["results"][0]["id"]);
    let refused = rig.send("POST", "composite/tree/Account", tree(Value::Null)).await;
    assert_eq!((refused.status, &refused.body["hasErrors"]), (400, &json!(true)));
    assert_eq!(refused.body["results"][0]["referenceId"], "ref3");
    assert_eq!(refused.body["results"][0]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING");
    let count =
        rig.send("GET", "query?q=SELECT+COUNT()+FROM+Account+WHERE+Name='Tree'", Value::Null).await;
    assert_eq!(count.body["totalSize"], 1);
}

#[tokio::test]
async fn each_graph_stands_or_falls_alone() {
    let rig = Rig::new();
    let url = format!("{BASE}/sobjects/Account");
    let node = |reference: &str, body: Value| json!({ "method": "POST", "url": url, "referenceId": reference, "body": body });
    let child = json!({ "Name": "Child", "ParentId": "@{one.id}" });
    let graphs = json!({ "graphs": [
        { "graphId": "good", "compositeRequest": [node("one", json!({ "Name": "G1" })), node("two", child)] },
        { "graphId": "bad", "compositeRequest": [node("one", json!({ "Name": "G2" })), node("two", json!({ "Phone": "1" }))] },
    ] });
    let answer = rig.send("POST", "composite/graph", graphs).await;
    let graphs = &answer.body["graphs"];
    assert_eq!(
        (&graphs[0]["isSuccessful"], &graphs[1]["isSuccessful"]),
        (&json!(true), &json!(false))
    );
    let failed = &graphs[1]["graphResponse"]["compositeResponse"];
    assert_eq!(failed[0]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert_eq!(failed[1]["body"][0]["errorCode"], "REQUIRED_FIELD_MISSING");
    for (name, count) in [("G1", 1), ("G2", 0), ("Child", 1)] {
        let soql = format!("query?q=SELECT+COUNT()+FROM+Account+WHERE+Name='{name}'");
        assert_eq!(rig.send("GET", &soql, Value::Null).await.body["totalSize"], count, "{name}");
    }
    let outside = json!({ "graphs": [{ "graphId": "1", "compositeRequest": [
        { "method": "GET", "url": format!("{BASE}/query?q=x"), "referenceId": "r" }] }] });
    assert_eq!(rig.send("POST", "composite/graph", outside).await.status, 400);
}
