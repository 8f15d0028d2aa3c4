//! SOQL and SOSL: no text makes the simulator panic, and what is refused is refused in the documented form.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use orgsim::clock::Clock;
use orgsim::router::lock;
use orgsim::serve::{ServeOptions, orgs_in_memory};
use orgsim::soql::check_syntax;
use orgsim::wire::ApiRequest;

/// How long a target runs unless the environment says otherwise (`BOLERO_RANDOM_TEST_TIME_MS`).
const TIME: Duration = Duration::from_secs(10);

/// Words that queries are made of; a byte of the input picks one.
const WORDS: [&str; 96] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "BY",
    "HAVING",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "AND",
    "OR",
    "NOT",
    "IN",
    "LIKE",
    "INCLUDES",
    "EXCLUDES",
    "TYPEOF",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "USING",
    "SCOPE",
    "mine",
    "WITH",
    "ASC",
    "DESC",
    "NULLS",
    "FIRST",
    "LAST",
    "FOR",
    "ALL",
    "ROWS",
    "VIEW",
    "AS",
    "ROLLUP",
    "CUBE",
    "COUNT()",
    "COUNT(",
    "SUM(",
    "MAX(",
    "FIELDS(",
    "toLabel(",
    "FORMAT(",
    "CALENDAR_YEAR(",
    "DAY_ONLY(",
    "convertTimezone(",
    "GROUPING(",
    "STANDARD",
    "CUSTOM",
    "Account",
    "Contact",
    "Contacts",
    "Task",
    "User",
    "Opportunity",
    "Id",
    "Name",
    "Owner.Name",
    "AccountId",
    "Account.Owner.Name",
    "What",
    "What.Type",
    "Industry",
    "AnnualRevenue",
    "CreatedDate",
    "CloseDate",
    "IsDeleted",
    "StageName",
    "ERP_Key__c",
    "a",
    "total",
    "(",
    ")",
    ",",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    ":",
    "'Acme'",
    "'a%'",
    r"'\u00e4\''",
    "null",
    "true",
    "5",
    "-1.5e3",
    "USD5",
    "2026-11-20",
    "2026-11-20T10:00:00Z",
    "17:30:00Z",
    "TODAY",
    "LAST_N_DAYS:7",
    "(SELECT",
];

/// The words that the bytes pick.
fn sentence(bytes: &[u8]) -> String {
    let words = bytes.iter().map(|byte| WORDS[usize::from(*byte) % WORDS.len()]);
    words.collect::<Vec<_>>().join(" ")
}

fn checked(text: &str) {
    if let Err(error) = check_syntax(text) {
        assert!(
            error.code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'),
            "{error}"
        );
        let has_place = error.message.contains("\nERROR at Row:");
        assert!(has_place || error.message.contains("longer than"), "{error}");
    }
}

#[test]
fn fuzz_soql_parser() {
    bolero::check!().with_test_time(TIME).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        checked(&text);
        checked(&format!("SELECT Id FROM Account WHERE {text}"));
        checked(&format!("SELECT {}", sentence(bytes)));
    });
}

/// A clock that stands.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_795_176_000).unwrap_or_default()
    }
}

fn request(resource: &str, text: String) -> ApiRequest {
    ApiRequest {
        method: "GET".to_owned(),
        version: "68.0".to_owned(),
        segments: vec![resource.to_owned()],
        query: vec![("q".to_owned(), text)],
        headers: Vec::new(),
        body: Vec::new(),
    }
}

#[test]
fn fuzz_soql_queries() {
    let clock: Arc<dyn Clock> = Arc::new(Noon);
    let options =
        ServeOptions::new(&["sales"]).records("Account", 20).records("Contact", 30).seed(7);
    let org = orgs_in_memory(&options, &clock).expect("an org").remove(0);
    bolero::check!().with_test_time(TIME).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let rest = sentence(bytes);
        for request in [
            request("query", text.clone()),
            request("queryAll", format!("SELECT Id FROM Account WHERE {rest}")),
            request("query", format!("SELECT {rest}")),
            request("search", format!("FIND {{{text}}} RETURNING Account({rest}")),
        ] {
            let answer = orgsim::api::handle(&mut lock(&org), &request);
            assert!(matches!(answer.status, 200 | 400), "{}: {request:?}", answer.status);
        }
    });
}
