//! Answers about records.

use isthmus_contract::command::RecordSearchRows;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::record::{RecordColumn, RecordRow, RecordSearch, RecordsView, SearchBy};
use serde_json::Value;

use crate::backend::fake::data::{
    EMEA, MARKUP, RIGHT_TO_LEFT, SALES, SERVICE, endless, record_id, unreachable,
};
use crate::backend::fake::{Question, Scenario};

const NAMES: [(&str, &str); 14] = [
    ("Alfreds Futterkiste", "Berlin"),
    ("Ana Trujillo Emparedados", "México D.F."),
    ("Antonio Moreno Taquería", "México D.F."),
    ("Around the Horn", "London"),
    ("Berglunds snabbköp", "Luleå"),
    ("Blauer See Delikatessen", "Mannheim"),
    ("Blondesddsl père et fils", "Strasbourg"),
    ("Bólido Comidas preparadas", "Madrid"),
    ("Bottom-Dollar Markets", "Tsawassen"),
    ("Cactus Comidas para llevar", "Buenos Aires"),
    ("Chop-suey Chinese", "Bern"),
    ("Ernst Handel", "Graz"),
    ("Island Trading", "Cowes"),
    ("Königlich Essen", "Brandenburg"),
];

/// How many records the demo's objects have.
const FULL: usize = 240;
/// How many the large scenario finds.
const LARGE: usize = 2_000;

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question.answer::<RecordSearchRows>(|question, request| search(question.scenario, &request))
}

fn search(scenario: Scenario, request: &RecordSearch) -> Result<RecordsView, Problem> {
    if scenario == Scenario::Failing {
        return Err(unreachable(&request.org));
    }
    let count = if scenario == Scenario::Large { LARGE } else { FULL };
    let all = (0..count).map(|number| row(scenario, request, number));
    let found: Vec<RecordRow> = match &request.by {
        SearchBy::NameOrId(text) => {
            let wanted = text.trim().to_lowercase();
            all.filter(|row| {
                row.name.to_lowercase().contains(&wanted) || row.id.to_lowercase() == wanted
            })
            .collect()
        }
        SearchBy::Condition(text) => conditioned(&request.org, text, all)?,
    };
    let total = found.len() as u64;
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    Ok(RecordsView {
        label: if scenario == Scenario::Hostile {
            MARKUP.to_owned()
        } else {
            request.object.clone()
        },
        columns: columns(&request.object),
        rows: found.into_iter().take(limit).collect(),
        total,
    })
}

/// The fake knows two conditions: one that the org refuses, and any other, which lets every second record through.
fn conditioned(
    org: &str,
    text: &str,
    rows: impl Iterator<Item = RecordRow>,
) -> Result<Vec<RecordRow>, Problem> {
    if !text.contains(['=', '<', '>']) && !text.to_lowercase().contains(" like ") {
        return Err(Problem::new(
            Code::QueryRefused,
            format!("{org}: MALFORMED_QUERY: unexpected token: '{text}'"),
            "check the names and the spelling; what the connected user may not see is unknown to the query",
        ));
    }
    Ok(rows.step_by(2).collect())
}

fn columns(object: &str) -> Vec<RecordColumn> {
    let column = |field: &str, label: &str| RecordColumn {
        field: field.to_owned(),
        label: label.to_owned(),
    };
    match object {
        "Account" => vec![column("BillingCity", "Billing City"), column("ERP_Key__c", "ERP Key")],
        "Contact" => vec![column("Email", "Email"), column("Contact_Key__c", "Contact Key")],
        "Opportunity" => vec![column("StageName", "Stage"), column("Amount", "Amount")],
        _ => vec![column("External_Key__c", "External Key")],
    }
}

fn row(scenario: Scenario, request: &RecordSearch, number: usize) -> RecordRow {
    let (name, city) = NAMES[number % NAMES.len()];
    let round = number / NAMES.len();
    let name = if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) };
    let name = match (scenario, number) {
        (Scenario::Hostile, 0) => MARKUP.to_owned(),
        (Scenario::Hostile, 1) => RIGHT_TO_LEFT.to_owned(),
        (Scenario::Hostile, 2) => endless(),
        _ => name,
    };
    let key = format!("A-{}", 10_021 + number);
    let cells = match request.object.as_str() {
        "Account" => vec![city.to_owned(), key],
        "Contact" => vec![format!("person{number}@northwind.example"), key],
        "Opportunity" => vec!["Negotiation".to_owned(), format!("{}.00", 1_200 + 35 * number)],
        _ => vec![key],
    };
    RecordRow {
        id: record_id(prefix(&request.object), number + 1).to_string(),
        name,
        cells,
        linked: linked(scenario, &request.org, number),
        changed_at: Some(format!(
            "2026-11-{:02}T{:02}:{:02}:00Z",
            20 - number / 24 % 20,
            23 - number % 24,
            (number * 7) % 60
        )),
    }
}

fn prefix(object: &str) -> &'static str {
    match object {
        "Account" => "001",
        "Contact" => "003",
        "Opportunity" => "006",
        _ => "a01",
    }
}

fn linked(scenario: Scenario, org: &str, number: usize) -> Vec<String> {
    if scenario == Scenario::Hostile {
        return vec![RIGHT_TO_LEFT.to_owned(), endless()];
    }
    let others = [SALES, SERVICE, EMEA].into_iter().filter(|other| *other != org);
    others.take((number + 2) % 3).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use isthmus_contract::record::{RecordSearch, SearchBy};

    use super::{FULL, LARGE, Scenario, search};
    use crate::backend::fake::data::SALES;

    fn asked(by: SearchBy) -> RecordSearch {
        RecordSearch { org: SALES.to_owned(), object: "Account".to_owned(), by, limit: 5_000 }
    }

    #[test]
    fn a_part_of_the_name_or_an_id_finds_records() {
        let all = search(Scenario::Full, &asked(SearchBy::NameOrId(String::new()))).unwrap();
        assert_eq!(all.rows.len(), FULL);
        let some = asked(SearchBy::NameOrId("horn".to_owned()));
        assert!(search(Scenario::Full, &some).unwrap().total < 30);
        let one = asked(SearchBy::NameOrId(all.rows[7].id.clone()));
        assert_eq!(search(Scenario::Full, &one).unwrap().rows, all.rows[7..8]);
        let none = asked(SearchBy::NameOrId("nobody".to_owned()));
        assert_eq!(search(Scenario::Full, &none).unwrap().total, 0);
    }

    #[test]
    fn the_large_scenario_has_two_thousand_rows_of_its_own() {
        let all = search(Scenario::Large, &asked(SearchBy::NameOrId(String::new()))).unwrap();
        let ids: std::collections::BTreeSet<&str> =
            all.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids.len(), LARGE);
    }

    #[test]
    fn a_condition_that_is_none_is_refused() {
        let wrong = asked(SearchBy::Condition("Industry".to_owned()));
        assert!(search(Scenario::Full, &wrong).is_err());
        let right = asked(SearchBy::Condition("Industry = 'Retail'".to_owned()));
        assert_eq!(search(Scenario::Full, &right).unwrap().rows.len(), FULL / 2);
    }
}
