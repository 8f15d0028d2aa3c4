//! What a search finds.

use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, column, org, refusal, seed};
use crate::org::Org;
use crate::sosl::matching::Terms;

fn people() -> Org {
    let mut org = org();
    for (name, phone, email) in [
        ("Acme Tools", "(415) 555-0100", "office@acme.example"),
        ("Acme Holding", "030 1234", "info@holding.example"),
        ("Borealis", "040 4711", "acme@borealis.example"),
    ] {
        seed(&mut org, "Account", json!({ "Name": name, "Phone": phone, "Industry": "Energy" }));
        seed(&mut org, "Contact", json!({ "LastName": name, "Email": email }));
    }
    org
}

fn found(org: &mut Org, path: &str) -> Vec<Value> {
    let answer = body(call(org, "GET", path, Value::Null), 200);
    answer["searchRecords"].as_array().unwrap().clone()
}

#[test]
fn words_phrases_wildcards_and_operators_choose_rows() {
    let finds = |term: &str, texts: &[&str]| Terms::read(term).unwrap().matches(texts);
    for term in [
        "acme",
        "ACME tools",
        "tools acme",
        "\"acme tools\"",
        "ac*",
        "a?me",
        "(foo OR tools)",
        "acme AND tools",
        "acme AND NOT foo",
        "acme-tools",
        "lee@example.com",
    ] {
        assert!(finds(term, &["Acme Tools Inc", "lee@example.com"]), "{term}");
    }
    for term in ["ac", "\"tools acme\"", "acme foo", "acme AND NOT tools", r"ac\*"] {
        assert!(!finds(term, &["Acme Tools Inc"]), "{term}");
    }
}

#[test]
fn a_search_returns_the_asked_fields_of_each_object() {
    let org = &mut people();
    let records = found(
        org,
        "search?q=FIND {acme} IN ALL FIELDS RETURNING Account(Name WHERE Industry = 'Energy' ORDER BY Name), Contact",
    );
    let types: Vec<&str> =
        records.iter().map(|r| r["attributes"]["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["Account", "Account", "Contact", "Contact", "Contact"]);
    assert_eq!(column(&records[..2], "Name"), ["Acme Holding", "Acme Tools"]);
    assert!(records[4]["Id"].is_string());
    let limited =
        found(org, "search/?q=FIND {acme} RETURNING Account(Id LIMIT 1), Contact LIMIT 2");
    assert_eq!(limited.len(), 2);
    assert_eq!(found(org, "search?q=FIND {acme} IN NAME FIELDS RETURNING Contact").len(), 2);
    assert_eq!(found(org, "search?q=FIND {acme} IN EMAIL FIELDS RETURNING Contact").len(), 2);
    assert_eq!(found(org, "search?q=FIND {4711} IN PHONE FIELDS").len(), 1);
}

#[test]
fn parameters_say_the_same_as_a_search() {
    let org = &mut people();
    let records = found(
        org,
        "parameterizedSearch?q=acme&sobject=Account&Account.fields=id,Name&Account.limit=1",
    );
    assert_eq!(records.len(), 1);
    assert!(records[0]["Name"].as_str().unwrap().starts_with("Acme"));
    assert_eq!(found(org, "parameterizedSearch?q=acme&in=NAME").len(), 4);
    let asked = json!({
        "q": "acme", "in": "ALL", "fields": ["Id"], "overallLimit": 10, "defaultLimit": 2,
        "sobjects": [
            { "name": "Account", "fields": ["Name"], "where": "Name LIKE '%Holding'", "orderBy": "Name" },
            { "name": "Contact" },
        ],
    });
    let answer = body(call(org, "POST", "parameterizedSearch", asked), 200);
    let records = answer["searchRecords"].as_array().unwrap();
    assert_eq!((records.len(), &records[0]["Name"]), (3, &json!("Acme Holding")));
}

#[test]
fn what_is_no_search_is_refused() {
    let org = &mut people();
    for path in [
        "search?q=acme",
        "search",
        "search?q=FIND {a}",
        "search?q=FIND {acme",
        "search?q=FIND {(acme}",
        "search?q=FIND {acme} IN SOME FIELDS",
        "search?q=FIND {acme} RETURNING Account(Id",
        "parameterizedSearch?sobject=Account",
    ] {
        let answer = call(org, "GET", path, Value::Null);
        assert_eq!(refusal(&answer).1, "MALFORMED_SEARCH", "{path}");
    }
    let answer = call(org, "GET", "search?q=FIND {acme} RETURNING Nothing", Value::Null);
    assert_eq!(refusal(&answer).1, "INVALID_TYPE");
}
