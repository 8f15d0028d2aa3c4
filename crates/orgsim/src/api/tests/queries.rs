//! Queries over rows, their pages and their errors.

use jiff::SignedDuration;
use proptest::prelude::{Just, Strategy, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};

use crate::api::tests::fixtures::{
    body, call, call_with, column, create, org, pass, query, query_raw, refusal, seed,
};
use crate::org::Org;

/// Four accounts with two contacts.
fn small_world() -> Org {
    let mut org = org();
    for (name, key, revenue, created) in [
        ("Acme", "A-1", json!(100.0), "2026-11-20T08:00:00.000+0000"),
        ("beta", "A-2", json!(20.0), "2026-11-19T08:00:00.000+0000"),
        ("Gamma 100%", "A-3", Value::Null, "2026-11-10T08:00:00.000+0000"),
        ("Delta_x", "A-4", json!(3.5), "2026-10-01T08:00:00.000+0000"),
    ] {
        let row = json!({
            "Name": name, "ERP_Key__c": key, "AnnualRevenue": revenue, "CreatedDate": created,
            "SystemModstamp": created, "OwnerId": org.user.id, "IsDeleted": false,
        });
        seed(&mut org, "Account", row);
    }
    let acme = query(&mut org, "SELECT Id FROM Account WHERE Name = 'acme'")[0]["Id"].clone();
    create(
        &mut org,
        "Contact",
        json!({ "LastName": "Lee", "AccountId": acme, "Email": "lee@example.com" }),
    );
    create(&mut org, "Contact", json!({ "LastName": "Free" }));
    org
}

#[track_caller]
fn names(org: &mut Org, condition: &str) -> Vec<String> {
    let soql = format!("SELECT Name FROM Account WHERE {condition} ORDER BY ERP_Key__c");
    column(&query(org, &soql), "Name")
}

#[test]
fn conditions_compare_as_documented() {
    let org = &mut small_world();
    for (condition, expected) in [
        ("Name = 'ACME'", vec!["Acme"]),
        ("Name != 'acme'", vec!["beta", "Gamma 100%", "Delta_x"]),
        ("Name <> 'acme' AND AnnualRevenue < 20", vec!["Delta_x"]),
        ("AnnualRevenue >= 20", vec!["Acme", "beta"]),
        ("AnnualRevenue != 20", vec!["Acme", "Gamma 100%", "Delta_x"]),
        ("AnnualRevenue = null", vec!["Gamma 100%"]),
        ("Name LIKE 'a%' OR Name LIKE '%T_'", vec!["Acme", "beta"]),
        (r"Name LIKE '%100\%' OR Name LIKE 'delta\_%'", vec!["Gamma 100%", "Delta_x"]),
        (r"Name LIKE 'acme\_'", vec![]),
        ("ERP_Key__c IN ('a-1', 'A-4', 'nothing')", vec!["Acme", "Delta_x"]),
        ("ERP_Key__c NOT IN ('A-1')", vec!["beta", "Gamma 100%", "Delta_x"]),
        ("NOT (Name = 'Acme' OR Name = 'beta')", vec!["Gamma 100%", "Delta_x"]),
        ("(Name = 'Acme' OR Name = 'beta') AND AnnualRevenue > 50", vec!["Acme"]),
        ("IsDeleted = false AND AnnualRevenue = 3.5", vec!["Delta_x"]),
        ("CreatedDate = TODAY", vec!["Acme"]),
        ("CreatedDate = YESTERDAY", vec!["beta"]),
        ("CreatedDate >= LAST_N_DAYS:10", vec!["Acme", "beta", "Gamma 100%"]),
        ("CreatedDate < THIS_MONTH", vec!["Delta_x"]),
        ("CreatedDate > 2026-11-19T09:00:00+01:00", vec!["Acme"]),
        ("CreatedDate >= 2026-11-19T09:00:00+01:00", vec!["Acme", "beta"]),
        (
            "SystemModstamp >= 2026-11-10T08:00:00Z AND SystemModstamp < 2026-11-20T08:00:00Z",
            vec!["beta", "Gamma 100%"],
        ),
        ("Owner.Name = 'ada admin' AND Name = 'beta'", vec!["beta"]),
    ] {
        assert_eq!(names(org, condition), expected, "{condition}");
    }
}

#[test]
fn ids_are_compared_by_their_first_15_characters() {
    let org = &mut small_world();
    let id = query(org, "SELECT Id FROM Account WHERE Name = 'beta'")[0]["Id"]
        .as_str()
        .unwrap()
        .to_owned();
    for text in [&id[..15], &id] {
        assert_eq!(names(org, &format!("Id = '{text}'")), ["beta"]);
        assert_eq!(names(org, &format!("Id IN ('{text}')")), ["beta"]);
    }
    let above =
        query(org, &format!("SELECT Id FROM Account WHERE Id > '{id}' ORDER BY Id LIMIT 1"));
    assert!(above[0]["Id"].as_str().unwrap() > id.as_str());
}

#[test]
fn parents_are_nested_and_null_where_there_is_none() {
    let org = &mut small_world();
    let rows =
        query(org, "SELECT Name, Account.Name, Account.Owner.Username FROM Contact ORDER BY Name");
    assert_eq!(rows[0]["Account"], Value::Null);
    assert_eq!(rows[1]["Account"]["Name"], "Acme");
    assert_eq!(rows[1]["Account"]["Owner"]["Username"], "admin@example.com");
    assert_eq!(rows[1]["Account"]["Owner"]["attributes"]["type"], "User");
    assert_eq!(
        query(org, "SELECT c.Id FROM Contact c WHERE c.Account.ERP_Key__c = 'A-1'").len(),
        1
    );
    assert_eq!(query(org, "SELECT Id FROM Contact WHERE Account.Name = null").len(), 1);
}

#[test]
fn rows_are_sorted_with_nulls_where_asked() {
    let org = &mut small_world();
    let sorted = |org: &mut Org, order: &str| {
        column(&query(org, &format!("SELECT Name FROM Account ORDER BY {order}")), "Name")
    };
    assert_eq!(sorted(org, "AnnualRevenue"), ["Gamma 100%", "Delta_x", "beta", "Acme"]);
    assert_eq!(
        sorted(org, "AnnualRevenue DESC NULLS LAST"),
        ["Acme", "beta", "Delta_x", "Gamma 100%"]
    );
    assert_eq!(sorted(org, "IsDeleted, Name DESC LIMIT 2 OFFSET 1"), ["Delta_x", "beta"]);
}

#[test]
fn counts_and_groups_answer_without_rows() {
    let org = &mut small_world();
    let count =
        body(query_raw(org, "query", "select count() from Account where AnnualRevenue > 1"), 200);
    assert_eq!(count, json!({ "totalSize": 3, "done": true, "records": [] }));
    let rows =
        query(org, "SELECT COUNT(Id) total, MAX(AnnualRevenue), SUM(AnnualRevenue) FROM Account");
    assert_eq!(
        rows[0],
        json!({ "attributes": { "type": "AggregateResult" }, "total": 4, "expr0": 100.0, "expr1": 123.5 })
    );
    let groups = query(org, "SELECT AccountId, COUNT(Id) FROM Contact GROUP BY AccountId");
    assert_eq!(groups.len(), 2);
}

#[test]
fn semi_joins_pick_by_another_object() {
    let org = &mut small_world();
    assert_eq!(
        names(org, "Id IN (SELECT AccountId FROM Contact WHERE LastName = 'Lee')"),
        ["Acme"]
    );
    assert_eq!(
        names(org, "Id NOT IN (SELECT AccountId FROM Contact) AND AnnualRevenue = 20"),
        ["beta"]
    );
}

#[test]
fn deleted_rows_show_only_in_query_all() {
    let org = &mut small_world();
    let id = query(org, "SELECT Id FROM Account WHERE Name = 'beta'")[0]["Id"]
        .as_str()
        .unwrap()
        .to_owned();
    body(call(org, "DELETE", &format!("sobjects/Account/{id}"), Value::Null), 204);
    assert!(names(org, "Name = 'beta'").is_empty());
    let all = body(
        query_raw(org, "queryAll", "SELECT IsDeleted FROM Account WHERE IsDeleted = true"),
        200,
    );
    assert_eq!((&all["totalSize"], &all["records"][0]["IsDeleted"]), (&json!(1), &json!(true)));
}

#[test]
fn multipicklists_are_asked_by_value() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "A" }));
    for services in ["Assembly;Repair", "Packing"] {
        create(&mut org, "Site__c", json!({ "Account__c": account, "Services__c": services }));
    }
    let count = |org: &mut Org, condition: &str| {
        query(org, &format!("SELECT Id FROM Site__c WHERE Services__c {condition}")).len()
    };
    assert_eq!(count(&mut org, "INCLUDES ('Assembly;Repair', 'Shipping')"), 1);
    assert_eq!(count(&mut org, "INCLUDES ('Assembly;Packing')"), 0);
    assert_eq!(count(&mut org, "EXCLUDES ('Repair')"), 1);
}

#[test]
fn fields_all_needs_a_small_limit() {
    let org = &mut small_world();
    let row = &query(org, "SELECT FIELDS(ALL) FROM Account LIMIT 1")[0];
    assert!(row.get("ERP_Key__c").is_some() && row.get("BillingAddress").is_some());
    let custom = &query(org, "SELECT Id, FIELDS(CUSTOM) FROM Account LIMIT 200")[0];
    assert!(custom.get("ERP_Key__c").is_some() && custom.get("Name").is_none());
    for soql in ["SELECT FIELDS(ALL) FROM Account", "SELECT FIELDS(ALL) FROM Account LIMIT 201"] {
        let (_, code, message) = refusal(&query_raw(org, "query", soql));
        assert_eq!(code, "MALFORMED_QUERY");
        assert!(message.ends_with("The SOQL FIELDS function must have a LIMIT of at most 200"));
    }
}

fn many(count: usize) -> Org {
    let mut org = org();
    for number in 0..count {
        seed(
            &mut org,
            "Account",
            json!({ "Name": format!("N{number:05}"), "ERP_Key__c": format!("K{number}") }),
        );
    }
    org
}

#[test]
fn pages_follow_their_locator_to_the_last_one() {
    let mut org = many(4_500);
    let mut page = body(query_raw(&mut org, "query", "SELECT Name FROM Account"), 200);
    let mut seen = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let records = page["records"].as_array().unwrap().clone();
        sizes.push(records.len());
        seen.extend(column(&records, "Name"));
        assert_eq!(page["totalSize"], 4_500);
        let Some(next) = page.get("nextRecordsUrl").and_then(Value::as_str) else { break };
        assert_eq!(page["done"], false);
        let path = next.strip_prefix("/services/data/v68.0/").unwrap().to_owned();
        assert!(path.starts_with("query/0r8"), "{path}");
        page = body(call(&mut org, "GET", &path, Value::Null), 200);
    }
    assert_eq!((sizes, &page["done"]), (vec![2_000, 2_000, 500], &json!(true)));
    assert!(!seen.is_sorted(), "rows without ORDER BY must not come in the order of their ids");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4_500);
}

#[test]
fn the_batch_size_is_a_hint_within_bounds() {
    let mut org = many(700);
    let size = |org: &mut Org, option: &str| {
        let headers = [("sforce-query-options", option)];
        let page = body(
            call_with(org, "GET", "query?q=SELECT Id FROM Account", Value::Null, &headers),
            200,
        );
        page["records"].as_array().unwrap().len()
    };
    assert_eq!(size(&mut org, "batchSize=500"), 500);
    assert_eq!(size(&mut org, "batchSize=1"), 200);
    assert_eq!(size(&mut org, "batchSize=9000"), 700);
}

#[test]
fn a_locator_dies_after_two_days_and_foreign_ones_are_refused() {
    let mut org = many(2_100);
    let page = body(query_raw(&mut org, "query", "SELECT Id FROM Account"), 200);
    let path = page["nextRecordsUrl"].as_str().unwrap()["/services/data/v68.0/".len()..].to_owned();
    pass(&mut org, SignedDuration::from_hours(47));
    assert_eq!(call(&mut org, "GET", &path, Value::Null).status, 200);
    pass(&mut org, SignedDuration::from_hours(1));
    for path in [path.as_str(), "query/0r8zzzzzzzzzzzzzzz-2000", "query/nonsense"] {
        assert_eq!(refusal(&call(&mut org, "GET", path, Value::Null)).1, "INVALID_QUERY_LOCATOR");
    }
}

#[test]
fn paging_by_id_visits_every_row_once() {
    let mut org = many(1_000);
    let (mut last, mut total) = (String::from("000000000000000"), 0);
    loop {
        let soql = format!("SELECT Id FROM Account WHERE Id > '{last}' ORDER BY Id LIMIT 300");
        let rows = query(&mut org, &soql);
        let Some(row) = rows.last() else { break };
        total += rows.len();
        last = row["Id"].as_str().unwrap().to_owned();
    }
    assert_eq!(total, 1_000);
}

/// Query, error code, part of the message.
const REFUSED: [(&str, &str, &str); 20] = [
    ("SELECT foo FROM Account", "INVALID_FIELD", "No such column 'foo' on entity 'Account'"),
    (
        "SELECT Foo.Name FROM Account",
        "INVALID_FIELD",
        "Didn't understand relationship 'Foo' in field path",
    ),
    ("SELECT Id, id FROM Account", "INVALID_FIELD", "duplicate field selected: Id"),
    (
        "SELECT Id FROM Account WHERE AnnualRevenue = '5'",
        "INVALID_FIELD",
        "must be of type currency and should not be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Account WHERE Name = 5",
        "INVALID_FIELD",
        "must be of type string and should be enclosed in quotes",
    ),
    (
        "SELECT Id FROM Account WHERE CreatedDate > 2026-01-01",
        "INVALID_FIELD",
        "must be of type dateTime",
    ),
    (
        "SELECT Id FROM Account WHERE Description = 'x'",
        "INVALID_FIELD",
        "field 'Description' can not be filtered in a query call",
    ),
    (
        "SELECT Id FROM Account ORDER BY Description",
        "INVALID_FIELD",
        "field 'Description' can not be sorted in a query call",
    ),
    (
        "SELECT Id FROM Account WHERE Id = 'x'",
        "INVALID_QUERY_FILTER_OPERATOR",
        "invalid ID field: x",
    ),
    (
        "SELECT Id FROM Account WHERE Id LIKE '001%'",
        "INVALID_QUERY_FILTER_OPERATOR",
        "invalid operator on id field",
    ),
    (
        "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
        "MALFORMED_QUERY",
        "unexpected token: 'OR'",
    ),
    (r"SELECT Id FROM Account WHERE Name = 'a\q'", "MALFORMED_QUERY", "Illegal escape sequence"),
    ("SELECT Id FROM Account WHERE Name = 'a", "MALFORMED_QUERY", "string literals"),
    ("SELECT Id FROM Account FOR UPDATE", "MALFORMED_QUERY", "unexpected token: 'FOR'"),
    ("SELECT Id FROM Account ALL ROWS", "MALFORMED_QUERY", "ALL ROWS not allowed in this context"),
    (
        "SELECT Id FROM Account OFFSET 2001",
        "NUMBER_OUTSIDE_VALID_RANGE",
        "Maximum SOQL offset allowed is 2000",
    ),
    (
        "SELECT Id Name FROM Account",
        "MALFORMED_QUERY",
        "only aggregate expressions use field aliasing",
    ),
    ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
    (
        "SELECT Owner.Manager.Manager.Manager.Manager.Manager.Name FROM Account",
        "MALFORMED_QUERY",
        "at most 5 relationships",
    ),
    ("", "MALFORMED_QUERY", "query string"),
];

#[test]
fn refused_queries_name_code_and_place() {
    let org = &mut small_world();
    let unknown = "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is \
        not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. \
        Please reference your WSDL or the describe call for the appropriate names.";
    let answer = refusal(&query_raw(org, "query", "select count() from XYZZY"));
    assert_eq!(answer, (400, "INVALID_TYPE".to_owned(), unknown.to_owned()));
    for (soql, code, part) in REFUSED {
        let (status, got, message) = refusal(&query_raw(org, "query", soql));
        assert_eq!((status, got.as_str()), (400, code), "{soql}: {message}");
        assert!(message.contains(part), "{soql}: {message}");
    }
}

#[test]
fn long_texts_and_deep_nesting_are_refused_and_do_not_crash() {
    let org = &mut small_world();
    let deep = format!(
        "SELECT Id FROM Account WHERE {}Name = 'a'{}",
        "(".repeat(9_000),
        ")".repeat(9_000)
    );
    let long = format!("SELECT Id FROM Account WHERE Name = '{}'", "x".repeat(4_001));
    let huge = format!("SELECT Id FROM Account WHERE Name = 'a'{}", " ".repeat(100_000));
    for soql in [deep, long, huge] {
        assert_eq!(refusal(&query_raw(org, "query", &soql)).1, "MALFORMED_QUERY");
    }
}

/// Conditions that indexes narrow, and some that they do not.
fn any_condition() -> impl Strategy<Value = String> {
    let key = (0..70_u32).prop_map(|n| format!("'K{n}'"));
    let simple = prop_oneof![
        key.clone().prop_map(|key| format!("ERP_Key__c = {key}")),
        (key.clone(), key.clone()).prop_map(|(a, b)| format!("ERP_Key__c IN ({a}, {b}, null)")),
        key.prop_map(|key| format!("ERP_Key__c NOT IN ({key})")),
        (0..60_u32).prop_map(|n| format!("SystemModstamp >= 2026-11-20T00:{n:02}:00Z")),
        (0..60_u32).prop_map(|n| format!("SystemModstamp < 2026-11-20T00:{n:02}:00Z")),
        (0..60_u32).prop_map(|n| format!("SystemModstamp <= 2026-11-20T00:{n:02}:00Z")),
        Just("SystemModstamp < TODAY".to_owned()),
        (0..99_u64).prop_map(|n| format!("Id >= '{}'", crate::ids::make("001", "5A", n))),
        (0..99_u64).prop_map(|n| format!("Id = '{}'", &crate::ids::make("001", "5A", n)[..15])),
        Just("Name LIKE '%1%'".to_owned()),
    ];
    let pair = (simple.clone(), prop_oneof![Just("AND"), Just("OR")], simple.clone());
    prop_oneof![simple, pair.prop_map(|(one, word, other)| format!("{one} {word} {other}"))]
}

proptest! {
    #[test]
    fn an_index_never_changes_what_a_query_finds(condition in any_condition()) {
        let mut org = org();
        for number in 0..60_u64 {
            seed(&mut org, "Account", json!({
                "Id": crate::ids::make("001", "5A", number + 1), "Name": format!("N{number}"),
                "ERP_Key__c": if number % 7 == 0 { Value::Null } else { json!(format!("K{number}")) },
                "SystemModstamp": format!("2026-11-20T00:{number:02}:00.000+0000"),
            }));
        }
        let plain = query(&mut org, &format!("SELECT Id FROM Account WHERE {condition}"));
        // No index looks into a NOT.
        let scanned = query(&mut org, &format!("SELECT Id FROM Account WHERE NOT (NOT ({condition}))"));
        prop_assert_eq!(&plain, &scanned);
        let by_id = query(&mut org, &format!("SELECT Id FROM Account WHERE {condition} ORDER BY Id"));
        let mut sorted = column(&plain, "Id");
        sorted.sort();
        prop_assert_eq!(column(&by_id, "Id"), sorted);
    }
}
