//! Search by text: SOSL (REST API Developer Guide, "Search", "Parameterized Search"; SOQL and SOSL Reference, "FIND").

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use url::form_urlencoded;

use crate::client::{Call, Client, MAX_URL_BYTES, unreadable};
use crate::error::Error;
use crate::governor::{CallCause, Repeat};
use crate::row::LooseRow;
use crate::soql::Name;

/// Characters that mean something in FIND; each stands for itself behind a backslash.
const RESERVED: &str = "?&|!{}[]()^~*:\\\"'+-";

/// One record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its object.
    pub object: String,
    /// The fields that were asked for.
    pub row: LooseRow,
}

/// A search without SOSL: the text is taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSearch {
    /// What to look for; two characters or more.
    pub text: String,
    /// Which fields are looked into.
    pub within: SearchGroup,
    /// Where to look, each with the fields to bring.
    pub objects: Vec<SearchObject>,
    /// The most records in all.
    pub limit: u32,
}

/// One object of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchObject {
    /// The object.
    pub object: String,
    /// The fields to bring; the id alone where there are none.
    pub fields: Vec<String>,
}

/// Which fields are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SearchGroup {
    /// All that can be searched.
    #[default]
    All,
    /// E-mail addresses.
    Email,
    /// Names.
    Name,
    /// Telephone numbers.
    Phone,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    q: &'a str,
    r#in: SearchGroup,
    overall_limit: u32,
    sobjects: Vec<BodyObject<'a>>,
}

#[derive(Serialize)]
struct BodyObject<'a> {
    name: &'a str,
    fields: &'a [String],
}

/// Since v37 an object; before that, and in some recordings, the bare list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Wrapped {
        #[serde(rename = "searchRecords")]
        records: Vec<serde_json::Value>,
    },
    Bare(Vec<serde_json::Value>),
}

/// A text as FIND takes it, every reserved character standing for itself.
#[must_use]
pub fn search_term(text: &str) -> String {
    let mut term = String::with_capacity(text.len());
    for character in text.chars() {
        if RESERVED.contains(character) {
            term.push('\\');
        }
        term.push(character);
    }
    term
}

impl Client {
    /// Runs a search in SOSL (`FIND {acme} IN NAME FIELDS RETURNING Account(Id,Name)`).
    ///
    /// # Errors
    /// `MALFORMED_SEARCH` for a search the org does not understand; [`Error::Invalid`] for one too long for an address.
    pub async fn search(&self, sosl: &str) -> Result<Vec<Found>, Error> {
        let encoded: String = form_urlencoded::byte_serialize(sosl.as_bytes()).collect();
        let path = self.data_path(&format!("search/?q={encoded}"));
        if path.len() > MAX_URL_BYTES {
            return Err(Error::invalid(
                "search",
                "it is too long; search for fewer objects at once",
            ));
        }
        self.found("search", Call::get(path, "search")).await
    }

    /// Searches for a text.
    ///
    /// # Errors
    /// [`Error::Invalid`] for names that are none; `MALFORMED_SEARCH` for a text of one character.
    pub async fn search_text(&self, search: &TextSearch) -> Result<Vec<Found>, Error> {
        let route = "parameterizedSearch";
        for object in &search.objects {
            Name::parse(&object.object)?;
            object.fields.iter().try_for_each(|field| Name::parse_path(field).map(|_| ()))?;
        }
        let objects = search.objects.iter();
        let objects =
            objects.map(|SearchObject { object, fields }| BodyObject { name: object, fields });
        let body = Body {
            q: &search.text,
            r#in: search.within,
            overall_limit: search.limit,
            sobjects: objects.collect(),
        };
        let call = Call::new(Method::POST, self.data_path(route), route)
            .caused_by(CallCause::Read)
            .repeatable(Repeat::Freely)
            .json(&body)?;
        self.found(route, call).await
    }

    async fn found(&self, route: &str, call: Call) -> Result<Vec<Found>, Error> {
        let response = self.send(call).await?;
        let answer: Answer = serde_json::from_slice(&response.body)
            .map_err(|cause| unreadable(route, &response, &cause))?;
        let (Answer::Wrapped { records } | Answer::Bare(records)) = answer;
        records.iter().map(|record| found(route, record)).collect()
    }
}

fn found(route: &str, record: &serde_json::Value) -> Result<Found, Error> {
    let object = record.pointer("/attributes/type").and_then(serde_json::Value::as_str);
    let object = object.ok_or_else(|| Error::decode(route, "a record without its type"))?;
    let json: Box<RawValue> = RawValue::from_string(record.to_string())
        .map_err(|_| Error::decode(route, "a record that is none"))?;
    Ok(Found { object: object.to_owned(), row: LooseRow::read(&json)? })
}

#[cfg(test)]
mod tests {
    use isthmus_model::value::Value;

    use super::{SearchGroup, SearchObject, TextSearch, search_term};
    use crate::testing::{FakeTransport, body_text, client, reply};

    const ANSWER: &str = r#"{"searchRecords":[{"attributes":{"type":"Account","url":"/x"},"Id":"001Hs00002aBcDeIAK","Name":"Acme"}],"metadata":{}}"#;

    #[test]
    fn no_character_of_a_term_means_anything() {
        assert_eq!(search_term("O'Neil & Co. (a*b)"), "O\\'Neil \\& Co. \\(a\\*b\\)");
        assert_eq!(search_term("a\\b"), "a\\\\b");
    }

    #[tokio::test]
    async fn a_search_in_sosl_travels_in_the_address() {
        let transport = FakeTransport::new(|_| reply(200, ANSWER));
        let sosl = "FIND {acme} RETURNING Account(Id,Name)";
        let found = client(transport.clone()).search(sosl).await.unwrap();
        assert_eq!(found[0].object, "Account");
        assert_eq!(found[0].row.columns[1], ("Name".to_owned(), Value::from("Acme")));
        let url = &transport.sent()[0].url;
        assert_eq!(url.path(), "/services/data/v65.0/search/");
        assert_eq!(url.query_pairs().next().unwrap().1, sosl);
        let long = format!("FIND {{{}}}", "x".repeat(20_000));
        assert!(client(transport.clone()).search(&long).await.is_err());
        assert_eq!(transport.sent().len(), 1);
    }

    #[tokio::test]
    async fn a_search_for_a_text_travels_in_the_body() {
        let transport = FakeTransport::new(|_| reply(200, ANSWER));
        let object = |object: &str| SearchObject {
            object: object.to_owned(),
            fields: vec!["Id".to_owned(), "Name".to_owned()],
        };
        let mut search = TextSearch {
            text: "acme {*}".to_owned(),
            within: SearchGroup::Name,
            objects: vec![object("Account")],
            limit: 20,
        };
        client(transport.clone()).search_text(&search).await.unwrap();
        assert_eq!(
            body_text(&transport.sent()[0]),
            r#"{"q":"acme {*}","in":"NAME","overallLimit":20,"sobjects":[{"name":"Account","fields":["Id","Name"]}]}"#
        );
        search.objects.push(object("Contact)"));
        assert!(client(transport).search_text(&search).await.is_err());
    }

    #[tokio::test]
    async fn an_answer_of_the_older_kind_is_read_and_a_record_without_type_is_not() {
        let bare = r#"[{"attributes":{"type":"Whizbang","url":"/x"},"Id":"foo"}]"#;
        let transport = FakeTransport::new(move |_| reply(200, bare));
        assert_eq!(client(transport).search("FIND {x}").await.unwrap()[0].object, "Whizbang");
        let transport = FakeTransport::new(|_| reply(200, r#"{"searchRecords":[{"Id":"foo"}]}"#));
        assert!(client(transport).search("FIND {x}").await.is_err());
    }
}
