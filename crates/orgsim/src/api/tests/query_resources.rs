//! What can be asked about a query beside its rows: columns, plans, ended cursors.

use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, call_with, org, refusal, seed};
use crate::org::Org;

fn columns(org: &mut Org, soql: &str) -> Value {
    body(call(org, "GET", &format!("query?q={soql}&columns=true"), Value::Null), 200)
}

#[test]
fn columns_are_described_in_the_order_of_select() {
    let org = &mut org();
    let answer = columns(
        org,
        "SELECT Name, Id, Owner.Username, AnnualRevenue, (SELECT LastName FROM Contacts) FROM Account",
    );
    assert_eq!((&answer["entityName"], &answer["keyPrefix"]), (&json!("Account"), &json!("001")));
    assert_eq!((&answer["idSelected"], &answer["groupBy"]), (&json!(true), &json!(false)));
    let described = answer["columnMetadata"].as_array().unwrap();
    let names: Vec<&str> =
        described.iter().map(|column| column["columnName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Name", "Id", "Owner", "AnnualRevenue", "Contacts"]);
    assert_eq!(described[0]["textType"], true);
    assert_eq!(described[1]["apexType"], "Id");
    assert_eq!(described[2]["foreignKeyName"], "OwnerId");
    assert_eq!(described[2]["joinColumns"][0]["columnName"], "Username");
    assert_eq!(described[3]["numberType"], true);
    assert_eq!(
        (&described[4]["aggregate"], &described[4]["joinColumns"][0]["columnName"]),
        (&json!(true), &json!("LastName"))
    );
    let keys: Vec<&String> = described[0].as_object().unwrap().keys().collect();
    let documented = [
        "aggregate",
        "apexType",
        "booleanType",
        "columnName",
        "custom",
        "displayName",
        "foreignKeyName",
        "insertable",
        "joinColumns",
        "numberType",
        "textType",
        "updatable",
    ];
    assert_eq!(keys, documented);
}

#[test]
fn columns_of_groups_name_their_functions() {
    let org = &mut org();
    let answer =
        columns(org, "SELECT Name, COUNT(Id), MAX(AnnualRevenue) top FROM Account GROUP BY Name");
    let described = answer["columnMetadata"].as_array().unwrap();
    let shown: Vec<(Value, Value, Value)> = described
        .iter()
        .map(|c| (c["columnName"].clone(), c["displayName"].clone(), c["aggregate"].clone()))
        .collect();
    assert_eq!(
        shown,
        [
            (json!("Name"), json!("Name"), json!(false)),
            (json!("expr0"), json!("COUNT(Id)"), json!(true)),
            (json!("top"), json!("MAX(AnnualRevenue)"), json!(true)),
        ]
    );
    assert_eq!(answer["groupBy"], true);
}

#[test]
fn a_plan_says_whether_an_index_helps() {
    let org = &mut org();
    seed(org, "Account", json!({ "Name": "A", "ERP_Key__c": "K1" }));
    let plan = |org: &mut Org, condition: &str| {
        let path = format!("query?explain=SELECT Id FROM Account WHERE {condition}");
        body(call(org, "GET", &path, Value::Null), 200)["plans"][0].clone()
    };
    assert_eq!(plan(org, "ERP_Key__c = 'k1'")["leadingOperationType"], "Index");
    assert_eq!(plan(org, "Name = 'A'")["leadingOperationType"], "TableScan");
}

#[test]
fn an_ended_cursor_has_no_further_page() {
    let mut org = org();
    for number in 0..450 {
        seed(&mut org, "Account", json!({ "Name": format!("N{number}") }));
    }
    let headers = [("sforce-query-options", "batchSize=200")];
    let first = |org: &mut Org| {
        let path = "query?q=SELECT Id FROM Account";
        let page = call_with(org, "GET", path, Value::Null, &headers);
        body(page, 200)["nextRecordsUrl"].as_str().unwrap()["/services/data/v68.0/query/".len()..]
            .to_owned()
    };
    let (one, two) = (first(&mut org), first(&mut org));
    assert!(one.starts_with("0r8") && one.ends_with("-200") && one != two, "{one} {two}");
    assert!(org.cursors.expire(&one) && !org.cursors.expire(&one));
    let gone = call(&mut org, "GET", &format!("query/{one}"), Value::Null);
    assert_eq!(refusal(&gone).1, "INVALID_QUERY_LOCATOR");
    assert_eq!(call(&mut org, "GET", &format!("queryAll/{two}"), Value::Null).status, 200);
    assert_eq!(org.cursors.expire_all(), 1);
    assert!(org.cursors.is_empty());
}
