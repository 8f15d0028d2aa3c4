//! Aggregate queries: groups, functions, HAVING, date functions, subtotals.

use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, column, org, query, query_raw, refusal, seed};
use crate::org::Org;

fn deals() -> Org {
    let mut org = org();
    for (name, stage, amount, close, created) in [
        ("A", "Prospecting", json!(100.0), "2026-01-15", "2026-01-01T23:30:00.000+0000"),
        ("B", "Prospecting", json!(300.0), "2026-02-15", "2026-01-02T01:00:00.000+0000"),
        ("C", "Closed Won", json!(50.5), "2026-05-15", "2026-05-01T09:00:00.000+0000"),
        ("D", "Closed Won", Value::Null, "2025-05-15", "2025-05-01T09:00:00.000+0000"),
    ] {
        let row = json!({
            "Name": name, "StageName": stage, "Amount": amount, "CloseDate": close, "CreatedDate": created,
        });
        seed(&mut org, "Opportunity", row);
    }
    org
}

/// The result's columns, row by row, as one text.
#[track_caller]
fn table(org: &mut Org, soql: &str) -> Vec<String> {
    let rows = query(org, soql);
    let shown = |row: &Value| {
        let cells = row.as_object().unwrap().iter().filter(|(name, _)| *name != "attributes");
        cells.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(shown).collect()
}

#[test]
fn groups_have_their_functions_names_and_order() {
    let org = &mut deals();
    assert_eq!(
        table(
            org,
            "SELECT StageName, COUNT(Id), SUM(Amount) total, AVG(Amount), MIN(CloseDate) FROM Opportunity \
             GROUP BY StageName ORDER BY COUNT(Id) DESC, SUM(Amount) DESC",
        ),
        [
            r#"StageName="Prospecting" expr0=2 expr1=200.0 expr2="2026-01-15" total=400.0"#,
            r#"StageName="Closed Won" expr0=2 expr1=50.5 expr2="2025-05-15" total=50.5"#,
        ]
    );
    assert_eq!(
        table(org, "SELECT COUNT_DISTINCT(StageName) kinds, MAX(Name) FROM Opportunity"),
        [r#"expr0="D" kinds=2"#]
    );
    assert_eq!(
        table(org, "SELECT COUNT(Amount) FROM Opportunity WHERE Name = 'none'"),
        ["expr0=0"]
    );
    assert_eq!(
        table(org, "SELECT MIN(Name) expressed, MAX(Name) FROM Opportunity"),
        [r#"expr0="D" expressed="A""#]
    );
    let none =
        query(org, "SELECT StageName FROM Opportunity WHERE Name = 'none' GROUP BY StageName");
    assert!(none.is_empty());
}

#[test]
fn having_keeps_groups_by_value_and_by_function() {
    let org = &mut deals();
    let stages = |org: &mut Org, having: &str| {
        let soql = format!("SELECT StageName FROM Opportunity GROUP BY StageName HAVING {having}");
        column(&query(org, &soql), "StageName")
    };
    assert_eq!(stages(org, "SUM(Amount) > 100"), ["Prospecting"]);
    assert_eq!(stages(org, "COUNT(Amount) = 1 AND StageName LIKE 'closed%'"), ["Closed Won"]);
    assert_eq!(stages(org, "MIN(CloseDate) < 2026-01-01 OR StageName = 'x'"), ["Closed Won"]);
    assert_eq!(stages(org, "NOT StageName IN ('Closed Won')"), ["Prospecting"]);
}

#[test]
fn date_functions_group_and_filter_in_utc() {
    let org = &mut deals();
    assert_eq!(
        table(
            org,
            "SELECT CALENDAR_YEAR(CloseDate) year, COUNT(Id) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate) \
             ORDER BY CALENDAR_YEAR(CloseDate)",
        ),
        ["expr0=1 year=2025", "expr0=3 year=2026"]
    );
    let names = |org: &mut Org, condition: &str| {
        let soql = format!("SELECT Name FROM Opportunity WHERE {condition} ORDER BY Name");
        column(&query(org, &soql), "Name")
    };
    assert_eq!(names(org, "CALENDAR_QUARTER(CloseDate) = 1"), ["A", "B"]);
    assert_eq!(names(org, "DAY_ONLY(CreatedDate) = 2026-01-01"), ["A"]);
    assert_eq!(names(org, "DAY_ONLY(convertTimezone(CreatedDate)) > 2026-01-01"), ["B", "C"]);
    assert_eq!(names(org, "HOUR_IN_DAY(CreatedDate) IN (1, 23)"), ["A", "B"]);
}

#[test]
fn rollup_and_cube_add_subtotals() {
    let org = &mut deals();
    assert_eq!(
        table(
            org,
            "SELECT StageName, GROUPING(StageName) total, COUNT(Id) rows FROM Opportunity GROUP BY ROLLUP(StageName) \
             ORDER BY GROUPING(StageName), StageName",
        ),
        [
            r#"StageName="Closed Won" rows=2 total=0"#,
            r#"StageName="Prospecting" rows=2 total=0"#,
            "StageName=null rows=4 total=1",
        ]
    );
    let cube = "SELECT StageName, CALENDAR_YEAR(CloseDate), COUNT(Id) FROM Opportunity \
                GROUP BY CUBE(StageName, CALENDAR_YEAR(CloseDate))";
    // Three pairs, two stages, two years, one total.
    assert_eq!(query(org, cube).len(), 8);
}

#[test]
fn labels_amounts_and_formats_show_in_rows() {
    let org = &mut deals();
    let rows = query(
        org,
        "SELECT toLabel(StageName), FORMAT(Amount) shown, FORMAT(CloseDate) day, convertCurrency(Amount) FROM Opportunity \
         WHERE toLabel(StageName) = 'prospecting' AND Amount >= USD300",
    );
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((&row["StageName"], &row["shown"]), (&json!("Prospecting"), &json!("300.00")));
    assert_eq!((&row["day"], &row["Amount"]), (&json!("2/15/2026"), &json!(300.0)));
}

#[test]
fn aggregates_that_fit_nothing_are_refused() {
    let org = &mut deals();
    for (soql, part) in [
        ("SELECT Name, COUNT(Id) FROM Opportunity", "Field must be grouped or aggregated: Name"),
        ("SELECT Name FROM Opportunity GROUP BY StageName", "must be grouped or aggregated: Name"),
        (
            "SELECT StageName FROM Opportunity GROUP BY StageName ORDER BY Name",
            "Ordered field must be grouped or aggregated: Name",
        ),
        ("SELECT SUM(Name) FROM Opportunity", "does not support aggregate operator SUM"),
        ("SELECT COUNT(Id) FROM Opportunity LIMIT 5", "cannot also use LIMIT"),
        ("SELECT COUNT(), Id FROM Opportunity", "COUNT()"),
        ("SELECT COUNT() FROM Opportunity GROUP BY StageName", "COUNT()"),
        ("SELECT CALENDAR_YEAR(CloseDate) FROM Opportunity", "must be grouped or aggregated"),
        ("SELECT Id FROM Opportunity WHERE COUNT(Id) > 1", "COUNT is not allowed here"),
        ("SELECT MAX(Amount) a, MIN(Amount) A FROM Opportunity", "duplicate alias"),
        ("SELECT COUNT(Id) FROM Opportunity HAVING Id IN (SELECT Id FROM Account)", "HAVING"),
    ] {
        let (status, code, message) = refusal(&query_raw(org, "query", soql));
        assert_eq!((status, code.as_str()), (400, "MALFORMED_QUERY"), "{soql}: {message}");
        assert!(message.contains(part), "{soql}: {message}");
    }
    let wrong = query_raw(
        org,
        "query",
        "SELECT COUNT(Id) FROM Opportunity WHERE HOUR_IN_DAY(CloseDate) = 1",
    );
    assert_eq!(refusal(&wrong).1, "INVALID_FIELD");
}

#[test]
fn more_groups_than_one_page_are_refused() {
    let mut org = org();
    for number in 0..2_001 {
        seed(&mut org, "Account", json!({ "Name": format!("N{number}") }));
    }
    let groups = "SELECT Name, COUNT(Id) FROM Account GROUP BY Name";
    assert_eq!(refusal(&query_raw(&mut org, "query", groups)).1, "EXCEEDED_ID_LIMIT");
    let limited = body(query_raw(&mut org, "query", &format!("{groups} LIMIT 2000")), 200);
    assert_eq!(limited["records"].as_array().unwrap().len(), 2_000);
}
