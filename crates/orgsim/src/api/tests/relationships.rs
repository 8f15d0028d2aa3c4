//! Queries across relationships: parents of several kinds, lists of children, semi-joins.

use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, column, org, query, query_raw, refusal, seed};
use crate::ids;
use crate::org::Org;

/// Two accounts; the first has three contacts and a task that is about it and one of them.
fn world() -> Org {
    let mut org = org();
    let (user, queue) = (org.user.id.clone(), ids::make("00G", "5A", 1));
    for (number, name) in [(1, "Acme"), (2, "Beta")] {
        let id = ids::make("001", "5A", number);
        seed(&mut org, "Account", json!({ "Id": id, "Name": name, "OwnerId": user, "Phone": "1" }));
    }
    let (acme, lee) = (ids::make("001", "5A", 1), ids::make("003", "5A", 1));
    for (number, name) in [(1, "Lee"), (2, "Kim"), (3, "Ruiz")] {
        let id = ids::make("003", "5A", number);
        let row = json!({ "Id": id, "LastName": name, "AccountId": acme, "OwnerId": user });
        seed(&mut org, "Contact", row);
    }
    seed(
        &mut org,
        "Task",
        json!({ "Subject": "Call", "WhatId": acme, "WhoId": lee, "OwnerId": user }),
    );
    seed(&mut org, "Task", json!({ "Subject": "Idle", "OwnerId": queue }));
    org
}

#[track_caller]
fn refused(org: &mut Org, soql: &str) -> (String, String) {
    let (status, code, message) = refusal(&query_raw(org, "query", soql));
    assert_eq!(status, 400, "{soql}");
    (code, message)
}

#[test]
fn children_are_nested_results_and_null_where_there_are_none() {
    let org = &mut world();
    let rows = query(
        org,
        "SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE LastName != 'Kim' ORDER BY LastName DESC LIMIT 5) \
         FROM Account ORDER BY Name",
    );
    let list = &rows[0]["Contacts"];
    assert_eq!((&list["totalSize"], &list["done"]), (&json!(2), &json!(true)));
    let children = list["records"].as_array().unwrap();
    assert_eq!(column(children, "LastName"), ["Ruiz", "Lee"]);
    assert_eq!(children[0]["Account"]["Name"], "Acme");
    assert_eq!(children[0]["attributes"]["type"], "Contact");
    assert_eq!(rows[1]["Contacts"], Value::Null);
    assert!(list.get("nextRecordsUrl").is_none());
}

#[test]
fn a_long_list_of_children_has_pages_of_its_own() {
    let org = &mut world();
    let beta = ids::make("001", "5A", 2);
    for number in 0..450 {
        let row = json!({ "LastName": format!("N{number:03}"), "AccountId": beta });
        seed(org, "Contact", row);
    }
    let rows = query(
        org,
        "SELECT (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account WHERE Name = 'Beta'",
    );
    let mut page = rows[0]["Contacts"].clone();
    let mut names = Vec::new();
    loop {
        assert_eq!(page["totalSize"], 450);
        names.extend(column(page["records"].as_array().unwrap(), "LastName"));
        let Some(next) = page.get("nextRecordsUrl").and_then(Value::as_str) else { break };
        assert_eq!(page["done"], false);
        let path = next.strip_prefix("/services/data/v68.0/").unwrap().to_owned();
        page = body(call(org, "GET", &path, Value::Null), 200);
    }
    assert_eq!((names.len(), page["done"].clone()), (450, json!(true)));
    assert!(names.is_sorted());
}

#[test]
fn a_polymorphic_parent_shows_what_all_its_kinds_share() {
    let org = &mut world();
    let rows =
        query(org, "SELECT What.Type, What.Name, Who.Name, Who.Type FROM Task ORDER BY Subject");
    assert_eq!(
        (&rows[0]["What"]["Type"], &rows[0]["What"]["Name"]),
        (&json!("Account"), &json!("Acme"))
    );
    assert_eq!(
        (&rows[0]["Who"]["Type"], &rows[0]["Who"]["Name"]),
        (&json!("Contact"), &json!("Lee"))
    );
    assert_eq!(rows[0]["What"]["attributes"]["type"], "Account");
    assert_eq!(rows[1]["What"], Value::Null);
    let by_type = |org: &mut Org, condition: &str| {
        column(&query(org, &format!("SELECT Subject FROM Task WHERE {condition}")), "Subject")
    };
    assert_eq!(by_type(org, "What.Type = 'account'"), ["Call"]);
    assert_eq!(by_type(org, "Who.Type IN ('Lead')"), Vec::<String>::new());
    let (code, message) = refused(org, "SELECT What.Industry FROM Task");
    assert_eq!(code, "INVALID_FIELD");
    assert!(message.contains("No such column 'Industry' on entity 'Name'"), "{message}");
}

#[test]
fn typeof_chooses_fields_by_the_kind_of_parent() {
    let org = &mut world();
    let soql = "SELECT Subject, TYPEOF What WHEN Account THEN Phone, Name WHEN Opportunity THEN StageName ELSE Name END, \
                TYPEOF Who WHEN Lead THEN Company END FROM Task ORDER BY Subject";
    let rows = query(org, soql);
    assert_eq!(rows[0]["What"]["Phone"], "1");
    assert_eq!(rows[0]["Who"].as_object().unwrap().keys().collect::<Vec<_>>(), ["attributes"]);
    assert_eq!(rows[1]["What"], Value::Null);
    let (code, _) = refused(org, "SELECT TYPEOF Account WHEN Account THEN Id END FROM Contact");
    assert_eq!(code, "MALFORMED_QUERY");
    let (code, _) = refused(org, "SELECT TYPEOF What WHEN User THEN Id END FROM Task");
    assert_eq!(code, "INVALID_TYPE");
}

#[test]
fn aliases_stand_for_objects_and_paths() {
    let org = &mut world();
    for soql in [
        "SELECT c.LastName FROM Contact c, c.Account a WHERE a.Name = 'Acme'",
        "SELECT c.LastName FROM Contact AS c WHERE c.Account.Name = 'Acme'",
        "SELECT Contact.LastName FROM Contact WHERE Contact.Account.Name = 'Acme'",
        "SELECT LastName FROM Contact USING SCOPE mine",
        "SELECT LastName FROM Contact USING SCOPE everything",
        "SELECT LastName FROM Contact WITH SECURITY_ENFORCED",
    ] {
        assert_eq!(query(org, soql).len(), 3, "{soql}");
    }
    let none = query(org, "SELECT Subject FROM Task USING SCOPE mine WHERE Subject = 'Idle'");
    assert!(none.is_empty());
}

#[test]
fn semi_joins_keep_their_documented_restrictions() {
    let org = &mut world();
    let tasks = query(org, "SELECT Subject FROM Task WHERE WhoId IN (SELECT Id FROM Contact)");
    assert_eq!(column(&tasks, "Subject"), ["Call"]);
    let anti = "SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact)";
    assert_eq!(column(&query(org, anti), "Name"), ["Beta"]);
    let join = "Id IN (SELECT AccountId FROM Contact)";
    for (condition, part) in [
        (format!("Name = 'x' OR {join}"), "not allowed with the 'OR' operator"),
        (format!("NOT {join}"), "under 'NOT'"),
        (format!("{join} AND {join} AND {join}"), "Maximum 2 semi join sub-selects are allowed"),
        ("Id IN (SELECT ParentId FROM Account)".to_owned(), "same object type"),
        ("Id IN (SELECT Name FROM Contact)".to_owned(), "exactly one id or reference field"),
        ("Id IN (SELECT Account.OwnerId FROM Contact)".to_owned(), "exactly one id or reference"),
        ("Id IN (SELECT OwnerId FROM Contact)".to_owned(), "should point to the same object type"),
        ("Name IN (SELECT AccountId FROM Contact)".to_owned(), "not an ID or reference field"),
        ("Id IN (SELECT AccountId FROM Contact LIMIT 1)".to_owned(), "not allowed in semi join"),
        (
            "Id IN (SELECT AccountId FROM Contact WHERE OwnerId IN (SELECT Id FROM User))"
                .to_owned(),
            "Nested semi join",
        ),
    ] {
        let (code, message) = refused(org, &format!("SELECT Id FROM Account WHERE {condition}"));
        assert_eq!(code, "MALFORMED_QUERY", "{condition}");
        assert!(message.contains(part), "{condition}: {message}");
    }
}

#[test]
fn wrong_lists_of_children_are_refused_with_their_place() {
    let org = &mut world();
    let (code, message) = refused(org, "SELECT Id, (SELECT Id FROM Contactz) FROM Account");
    assert_eq!(code, "INVALID_TYPE");
    let start = "\nSELECT Id, (SELECT Id FROM Contactz) FROM Account\n                           ^\nERROR at \
        Row:1:Column:28\nDidn't understand relationship 'Contactz' in FROM part of query call.";
    assert!(message.starts_with(start), "{message}");
    for soql in [
        "SELECT (SELECT Id, (SELECT Id FROM Tasks) FROM Contacts) FROM Account",
        "SELECT (SELECT COUNT(Id) FROM Contacts) FROM Account",
        "SELECT (SELECT COUNT() FROM Contacts) FROM Account",
    ] {
        assert_eq!(refused(org, soql).0, "MALFORMED_QUERY", "{soql}");
    }
    let twice = "SELECT (SELECT Id FROM Contacts), (SELECT Name FROM Contacts) FROM Account";
    assert_eq!(refused(org, twice).0, "INVALID_FIELD");
}
