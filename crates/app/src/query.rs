//! Queries that only read.

use std::io::Write;
use std::path::Path;

use isthmus_contract::query::QueryView;
use isthmus_model::audit::AuditAction;
use isthmus_model::value::Value;
use isthmus_salesforce::row::json_text;
use isthmus_store::AuditDraft;

use crate::error::{Error, Result};
use crate::files::write_recorded;
use crate::org::{Connection, actor, find_connected};
use crate::workspace::Workspace;

/// Longest query the org takes (REST API Developer Guide, "SOQL limits").
const LONGEST_SOQL: usize = 100_000;

/// Reads up to `limit` rows of a query.
///
/// # Errors
/// [`Error::QueryRefused`] for anything but a SELECT; [`Error::Org`] with the org's own words on what is wrong with it.
pub async fn query(workspace: &Workspace, org: &str, soql: &str, limit: u64) -> Result<QueryView> {
    let soql = soql.trim().trim_end_matches(';').trim_end();
    check(soql)?;
    let connection = Connection::open(workspace, find_connected(workspace, org)?)?;
    let refused = || Error::org(&connection.row.name);
    let mut pages = connection.client.query(soql);
    let columns = selected_columns(soql);
    let mut view = QueryView { columns, rows: Vec::new(), total: 0, cut: false };
    while let Some(page) = pages.next_page().await.map_err(refused())? {
        view.total = page.total_size;
        for row in page.loose_rows().map_err(refused())? {
            if view.rows.len() as u64 >= limit {
                view.cut = true;
                return Ok(view);
            }
            add(&mut view, row.columns).map_err(refused())?;
        }
    }
    Ok(view)
}

/// Writes a query's rows to a file, in the form that `fill` gives them; rows that leave for a file are in the audit
/// trail, with org and columns and without a value.
///
/// # Errors
/// [`Error::UnknownOrg`]; [`Error::File`] when it cannot be written: the old file stands then.
pub fn write_rows(
    workspace: &Workspace,
    org: &str,
    view: &QueryView,
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<()> {
    let row = find_connected(workspace, org)?;
    let mut draft =
        AuditDraft::new(workspace.now(), &actor(workspace, &row), AuditAction::Exported);
    draft.org = Some(row.org_id);
    draft.fields.clone_from(&view.columns);
    write_recorded(path, fill, || {
        workspace.ledger.write(|transaction| transaction.append_audit(draft))?;
        Ok(())
    })
}

fn check(soql: &str) -> Result<()> {
    let first = soql.split_whitespace().next().unwrap_or_default();
    if !first.eq_ignore_ascii_case("select") {
        return Err(Error::QueryRefused("a query begins with SELECT".to_owned()));
    }
    if soql.len() > LONGEST_SOQL {
        return Err(Error::QueryRefused(format!("a query has at most {LONGEST_SOQL} characters")));
    }
    refuse_changes(soql)
}

/// FOR VIEW and FOR REFERENCE change what the user sees as recently used, and FOR UPDATE locks rows.
pub(crate) fn refuse_changes(soql: &str) -> Result<()> {
    let upper = without_literals(soql).to_ascii_uppercase();
    let letters = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: Vec<&str> =
        upper.split(|letter| !letters(letter)).filter(|word| !word.is_empty()).collect();
    let changes = |pair: &[&str]| {
        matches!(
            pair,
            ["FOR", "VIEW" | "REFERENCE" | "UPDATE"] | ["UPDATE", "TRACKING" | "VIEWSTAT"]
        )
    };
    if words.windows(2).any(changes) {
        return Err(Error::QueryRefused("FOR and UPDATE clauses change something".to_owned()));
    }
    Ok(())
}

/// The query without what stands in quotes; a backslash takes the next letter along.
fn without_literals(soql: &str) -> String {
    let (mut rest, mut quoted, mut escaped) = (String::new(), false, false);
    for letter in soql.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '\'' => {
                quoted = !quoted;
                rest.push(letter);
            }
            _ if !quoted => rest.push(letter),
            _ => {}
        }
    }
    rest
}

/// Adds a row; a column that earlier rows did not have (a null parent hides its fields) is added to the right.
fn add(
    view: &mut QueryView,
    columns: Vec<(String, Value)>,
) -> std::result::Result<(), isthmus_salesforce::Error> {
    let mut cells = vec![serde_json::Value::Null; view.columns.len()];
    for (name, value) in columns {
        // A row without the parent has the parent's name and null instead of the parent's fields.
        let parent = format!("{name}.");
        if value == Value::Null && view.columns.iter().any(|known| starts_with(known, &parent)) {
            continue;
        }
        let cell = json_cell(&value)?;
        match view.columns.iter().position(|known| known.eq_ignore_ascii_case(&name)) {
            Some(position) => cells[position] = cell,
            None => {
                view.columns.push(name);
                for row in &mut view.rows {
                    row.push(serde_json::Value::Null);
                }
                cells.push(cell);
            }
        }
    }
    view.rows.push(cells);
    Ok(())
}

fn starts_with(name: &str, beginning: &str) -> bool {
    name.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// The plain fields of the query's list, in its order; what else stands there (functions, subqueries) comes as the
/// org names it.
fn selected_columns(soql: &str) -> Vec<String> {
    let upper = soql.to_ascii_uppercase();
    let Some(end) = upper.find(" FROM ") else { return Vec::new() };
    let list = soql.get("SELECT".len()..end).unwrap_or_default();
    let plain = |name: &&str| {
        let letters = |letter: char| letter.is_ascii_alphanumeric() || "._".contains(letter);
        !name.is_empty() && name.chars().all(letters)
    };
    let names: Vec<&str> = list.split(',').map(str::trim).collect();
    if names.iter().all(plain) {
        names.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// The value as JSON.
pub(crate) fn json_cell(
    value: &Value,
) -> std::result::Result<serde_json::Value, isthmus_salesforce::Error> {
    let text = json_text(value)?;
    // What is no JSON is shown as text rather than lost.
    Ok(serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)))
}

#[cfg(test)]
mod tests {
    use isthmus_contract::query::QueryView;
    use isthmus_model::value::Value;
    use serde_json::json;

    use super::{add, check, selected_columns};

    #[test]
    fn only_a_select_that_changes_nothing_is_sent() {
        for soql in [
            "SELECT Id FROM Account",
            "select count() from Contact where Name = 'FOR VIEW x'",
            "SELECT Id FROM Account WHERE Name = 'it\\'s FOR UPDATE'",
            "SELECT Id, Update__c, For__c FROM Task",
        ] {
            check(soql).unwrap();
        }
        for soql in [
            "",
            "DELETE FROM Account",
            "FIND {x} IN ALL FIELDS",
            "SELECT Id FROM Account FOR UPDATE",
            "SELECT Id FROM Account for  view",
            "SELECT Id FROM FAQ__kav UPDATE TRACKING",
            "SELECT Id FROM FAQ__kav UPDATE TRACKING, VIEWSTAT",
            "SELECT Id FROM Account FOR\nVIEW FOR REFERENCE LIMIT 1",
            "SELECT Id FROM Account WHERE Name = 'x'FOR UPDATE",
        ] {
            assert!(check(soql).is_err(), "{soql}");
        }
    }

    #[test]
    fn columns_stand_as_the_query_lists_them_whatever_comes_first() {
        let columns = selected_columns("SELECT Name, Id, Parent.Name FROM Account");
        assert_eq!(columns, ["Name", "Id", "Parent.Name"]);
        let mut view = QueryView { columns, rows: Vec::new(), total: 0, cut: false };
        let text = |text: &str| Value::Text(text.to_owned());
        let row = |pairs: Vec<(&str, Value)>| {
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>()
        };
        add(&mut view, row(vec![("Id", text("1")), ("name", text("A")), ("Parent", Value::Null)]))
            .unwrap();
        add(&mut view, row(vec![("Parent.Name", text("P")), ("Extra", text("x"))])).unwrap();
        assert_eq!(view.columns, ["Name", "Id", "Parent.Name", "Extra"]);
        assert_eq!(view.rows[0], [json!("A"), json!("1"), json!(null), json!(null)]);
        assert_eq!(view.rows[1], [json!(null), json!(null), json!("P"), json!("x")]);
    }

    #[test]
    fn functions_leave_the_names_to_the_org() {
        assert!(selected_columns("SELECT COUNT(Id), Name FROM Account GROUP BY Name").is_empty());
    }
}
