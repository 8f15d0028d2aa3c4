//! A state folder: what a server answered is there after it was killed and started again.

use std::process::Command;

use serde_json::json;

use crate::process::Server;
use crate::support::client;

const ACCOUNTS: &str = "/services/data/v68.0/sobjects/Account";

#[tokio::test]
async fn a_killed_server_has_everything_that_it_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let token = server.token();
    let (_, made) = server
        .send("POST", ACCOUNTS, &token, Some(&json!({ "Name": "Kept", "ERP_Key__c": "K-1" })))
        .await;
    let id = made["id"].as_str().expect("an id").to_owned();
    let (_, gone) = server.send("POST", ACCOUNTS, &token, Some(&json!({ "Name": "Gone" }))).await;
    let gone = format!("{ACCOUNTS}/{}", gone["id"].as_str().expect("an id"));
    assert_eq!(server.send("DELETE", &gone, &token, None).await.0, 204);
    let set_up = json!({ "validation_rules": [{ "object": "Account", "name": "No_Fax", "message": "No fax.",
        "condition": { "not": { "is_blank": "Fax" } } }], "features": ["files"] });
    assert_eq!(server.send("POST", "/__orgsim/setup", "", Some(&set_up)).await.0, 200);
    let schema = json!({ "object": "Account", "field": "Phone", "length": 3 });
    assert_eq!(server.send("POST", "/__orgsim/schema", "", Some(&schema)).await.0, 200);
    let attachment = json!({ "ParentId": id, "Name": "a", "Body": "SGVsbG8=" });
    let (_, file) = server
        .send("POST", "/services/data/v68.0/sobjects/Attachment", &token, Some(&attachment))
        .await;
    let (_, counters) = server.send("GET", "/__orgsim/counters", "", None).await;
    let org_id = server.org["org_id"].clone();
    server.kill();

    let server = Server::start(folder.path());
    assert_eq!(server.org["org_id"], org_id);
    assert_eq!(server.send("GET", "/__orgsim/counters", "", None).await.1, counters);
    // The session of the killed server goes on.
    let (status, row) = server.send("GET", &format!("{ACCOUNTS}/{id}"), &token, None).await;
    assert_eq!((status, &row["Name"]), (200, &json!("Kept")));
    assert_eq!(
        server.send("GET", &gone, &token, None).await.1[0]["errorCode"],
        "ENTITY_IS_DELETED"
    );
    let (_, fax) =
        server.send("POST", ACCOUNTS, &token, Some(&json!({ "Name": "A", "Fax": "1" }))).await;
    assert_eq!(fax[0]["message"], "No fax.");
    let (_, long) =
        server.send("POST", ACCOUNTS, &token, Some(&json!({ "Name": "A", "Phone": "1234" }))).await;
    assert_eq!(long[0]["errorCode"], "STRING_TOO_LONG");
    let (_, twice) = server
        .send("POST", ACCOUNTS, &token, Some(&json!({ "Name": "A", "ERP_Key__c": "k-1" })))
        .await;
    assert_eq!(twice[0]["errorCode"], "DUPLICATE_VALUE");
    let (_, made) = server.send("POST", ACCOUNTS, &token, Some(&json!({ "Name": "Next" }))).await;
    assert!(
        !gone.ends_with(made["id"].as_str().expect("an id")),
        "used-up ids are not given out again"
    );
    let body = format!(
        "{}/services/data/v68.0/sobjects/Attachment/{}/Body",
        server.org["instance_url"].as_str().expect("a url"),
        file["id"].as_str().expect("an id")
    );
    let content = client().get(body).bearer_auth(&token).send().await.expect("an answer");
    assert_eq!(content.text().await.expect("text"), "Hello");
}

#[tokio::test]
async fn half_a_line_is_cut_off_and_a_damaged_one_is_told_with_its_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    server.kill();
    let file = std::fs::read_dir(folder.path().join("sales")).expect("the org's folder").next();
    let file = file.expect("a file").expect("readable").path();
    let mut text = std::fs::read_to_string(&file).expect("text");
    let lines = text.lines().count();
    text.push_str("{\"rows\":[[\"Account\",\"00");
    std::fs::write(&file, &text).expect("written");
    let server = Server::start(folder.path());
    let (_, rows) = server.send("GET", "/__orgsim/rows?object=Account&fields=Id", "", None).await;
    assert_eq!(rows.as_array().map(Vec::len), Some(5));
    server.kill();
    let file = std::fs::read_dir(folder.path().join("sales")).expect("the org's folder").next();
    let file = file.expect("a file").expect("readable").path();
    std::fs::write(
        &file,
        format!("{}\nnonsense\n", text.lines().take(lines).collect::<Vec<_>>().join("\n")),
    )
    .expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_orgsim"))
        .args(["serve", "--org", "sales=0", "--state-dir"])
        .arg(folder.path())
        .output()
        .expect("the binary");
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains(&format!("is damaged in line {}", lines + 1)), "{told}");
}

#[tokio::test]
async fn rows_out_of_sight_and_tables_that_came_later_survive_as_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    let contacts = "/services/data/v68.0/query?q=SELECT+Id+FROM+Contact";
    let rates = "/services/data/v68.0/query?q=SELECT+IsoCode+FROM+CurrencyType";
    let total = async |server: &Server, path: &str| {
        server.send("GET", path, &server.token(), None).await.1["totalSize"].clone()
    };
    let server = Server::start(folder.path());
    let hidden = json!({ "object": "Contact", "rows_visible": false });
    assert_eq!(server.send("POST", "/__orgsim/schema", "", Some(&hidden)).await.0, 200);
    let currencies =
        json!({ "currencies": { "corporate": "EUR", "rates": { "EUR": 1, "USD": 1.1 } } });
    assert_eq!(server.send("POST", "/__orgsim/setup", "", Some(&currencies)).await.0, 200);
    server.kill();
    let server = Server::start(folder.path());
    assert_eq!((total(&server, contacts).await, total(&server, rates).await), (json!(0), json!(2)));
    let shown = json!({ "object": "Contact", "rows_visible": true });
    assert_eq!(server.send("POST", "/__orgsim/schema", "", Some(&shown)).await.0, 200);
    server.kill();
    let server = Server::start(folder.path());
    assert_eq!(total(&server, contacts).await, json!(5));
}
