//! Error bodies in all their shapes: an array, one object, OAuth's object, URLs of a 300, plain text, HTML, nothing.

use http::StatusCode;
use serde_json::Value as Json;

use crate::error::fault::fault_of;
use crate::error::original::{MAX_ERRORS, OriginalBody, kept_json, shortened};
use crate::error::{ApiError, Error};
use crate::transport::Response;

/// How much of a foreign page is kept for the person.
const EXCERPT_CHARACTERS: usize = 160;

/// Texts that the identity endpoints send bare, with status 403 (wire reference 2.5).
const BARE_TEXTS: [&str; 3] = ["Bad_OAuth_Token", "Missing_OAuth_Token", "Wrong_Org"];

/// The error of an answer that is no success.
pub(crate) fn error_of_response(response: &Response) -> Error {
    let status = response.status.as_u16();
    let text = String::from_utf8_lossy(&response.body);
    let trimmed = text.trim();
    if let Some(code) = BARE_TEXTS.iter().find(|code| trimmed.trim_matches('"') == **code) {
        return api(status, vec![plain(code, "the identity service refused the token")]);
    }
    if response.status == StatusCode::PRECONDITION_FAILED {
        return api(status, vec![changed_meanwhile(&text)]);
    }
    if let Some(fault) = fault_of(trimmed) {
        return api(status, vec![fault]);
    }
    if let Ok(json) = serde_json::from_str::<Json>(trimmed) {
        if response.status == StatusCode::MULTIPLE_CHOICES {
            return api(status, vec![several_matches(&json)]);
        }
        let errors = errors_of_body(&json);
        if !errors.is_empty() {
            return api(status, errors);
        }
    }
    // A retired version answers 410 and a missing route 404, with or without a body.
    if response.status == StatusCode::GONE && trimmed.is_empty() {
        return api(status, vec![plain("GONE", "this API version is retired")]);
    }
    Error::NotJson { status, excerpt: excerpt(trimmed), body: OriginalBody::of(&response.body) }
}

/// 412, whatever its body says: the condition of the request was not met.
fn changed_meanwhile(body: &str) -> ApiError {
    let error = plain("PRECONDITION_FAILED", "the record was changed meanwhile");
    let raw = serde_json::from_str(body).map_or(Json::Null, |json| kept_json(&json));
    ApiError { raw, ..error }
}

/// The errors in a body, or in one item of a collection; empty where it holds none.
pub(crate) fn errors_of_body(json: &Json) -> Vec<ApiError> {
    match json {
        Json::Array(items) => errors_of_items(items),
        Json::Object(map) => match map.get("errors") {
            Some(Json::Array(items)) => errors_of_items(items),
            _ if map.contains_key("results") => errors_of_tree(&json["results"]),
            _ => error_of_object(json).into_iter().collect(),
        },
        _ => Vec::new(),
    }
}

fn errors_of_items(items: &[Json]) -> Vec<ApiError> {
    items.iter().filter_map(error_of_object).take(MAX_ERRORS).collect()
}

/// A refused tree: each record's errors, which keep the record's reference.
fn errors_of_tree(results: &Json) -> Vec<ApiError> {
    let results = results.as_array().map_or(&[][..], Vec::as_slice);
    let of_record = |result: &Json| {
        let reference = result.get("referenceId").cloned().unwrap_or_default();
        let errors = errors_of_body(result).into_iter().map(move |mut error| {
            if let Some(raw) = error.raw.as_object_mut() {
                raw.insert("referenceId".to_owned(), reference.clone());
            }
            error
        });
        errors.collect::<Vec<_>>()
    };
    results.iter().flat_map(of_record).take(MAX_ERRORS).collect()
}

fn error_of_object(json: &Json) -> Option<ApiError> {
    let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    let code = text("errorCode").or_else(|| text("statusCode")).or_else(|| text("error"))?;
    let message = text("message").or_else(|| text("error_description")).unwrap_or_default();
    let fields = json.get("fields").and_then(Json::as_array).map_or_else(Vec::new, |fields| {
        fields.iter().filter_map(Json::as_str).map(str::to_owned).collect()
    });
    let (code, message) = (shortened(&code), shortened(&message));
    Some(ApiError { code, message, fields, raw: kept_json(json) })
}

/// 300: an array of record addresses, all with the external id that was asked for.
fn several_matches(json: &Json) -> ApiError {
    let addresses = json.as_array().map_or(&[][..], Vec::as_slice);
    let ids: Vec<&str> = addresses
        .iter()
        .filter_map(Json::as_str)
        .filter_map(|url| url.rsplit('/').next())
        .collect();
    let message = format!("{} records have this external id: {}", ids.len(), ids.join(", "));
    ApiError {
        code: "DUPLICATE_EXTERNAL_ID".to_owned(),
        message,
        fields: Vec::new(),
        raw: kept_json(json),
    }
}

fn api(status: u16, errors: Vec<ApiError>) -> Error {
    Error::Api { status, errors }
}

pub(super) fn plain(code: &str, message: &str) -> ApiError {
    ApiError {
        code: code.to_owned(),
        message: message.to_owned(),
        fields: Vec::new(),
        raw: Json::Null,
    }
}

/// The beginning of a page without its tags; control characters become blanks, so that it stays one line anywhere.
pub(crate) fn excerpt(text: &str) -> String {
    let mut inside_tag = false;
    let mut plain = String::new();
    for character in text.chars().take(EXCERPT_CHARACTERS * 20) {
        match character {
            '<' => inside_tag = true,
            '>' => {
                inside_tag = false;
                plain.push(' ');
            }
            _ if inside_tag => {}
            _ if character.is_control() => plain.push(' '),
            _ => plain.push(character),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    let joined: String = words.join(" ").chars().take(EXCERPT_CHARACTERS).collect();
    if joined.is_empty() { "empty".to_owned() } else { joined }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::error_of_response;
    use crate::error::{Error, ErrorClass};
    use crate::transport::Response;

    fn answer(status: u16, body: &'static str) -> Error {
        error_of_response(&Response {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
        })
    }

    #[test]
    fn an_array_and_a_bare_object_read_alike() {
        let array = answer(
            400,
            r#"[{"message":"Required fields are missing: [Name]","errorCode":"REQUIRED_FIELD_MISSING","fields":["Name"]}]"#,
        );
        let object = answer(
            400,
            r#"{"errorCode":"REQUIRED_FIELD_MISSING","fields":["Name"],"message":"Required fields are missing: [Name]"}"#,
        );
        for error in [array, object] {
            let Error::Api { status: 400, errors } = &error else { panic!("{error:?}") };
            assert_eq!(errors[0].code, "REQUIRED_FIELD_MISSING");
            assert_eq!(errors[0].fields, ["Name"]);
            assert_eq!(error.class(), ErrorClass::RowData);
            assert!(!error.outcome_unknown());
        }
    }

    #[test]
    fn a_maintenance_page_leaves_the_outcome_unknown() {
        let error = answer(
            503,
            "<html><head><title>Maintenance</title></head><body>We are\ndown</body></html>",
        );
        assert!(error.outcome_unknown());
        assert_eq!(error.class(), ErrorClass::Retry);
        assert!(error.to_string().contains("Maintenance We are down"), "{error}");
        assert!(answer(500, "").outcome_unknown());
        assert!(
            !answer(503, r#"[{"errorCode":"SERVER_UNAVAILABLE","message":"server too busy"}]"#)
                .outcome_unknown()
        );
    }

    #[test]
    fn a_bare_oauth_text_asks_for_a_new_token() {
        assert_eq!(answer(403, "Bad_OAuth_Token").class(), ErrorClass::Reauthenticate);
    }

    #[test]
    fn several_matches_name_the_records() {
        let error = answer(
            300,
            r#"["/services/data/v68.0/sobjects/Account/001A","/services/data/v68.0/sobjects/Account/001B"]"#,
        );
        assert_eq!(error.code(), "DUPLICATE_EXTERNAL_ID");
        assert!(error.to_string().contains("001A, 001B"));
    }

    #[test]
    fn a_wild_status_and_text_stay_an_error_and_one_line() {
        let error = answer(402, "line one\r\n\u{1b}[31mline two");
        assert!(!error.to_string().contains(['\n', '\r', '\u{1b}']));
    }
}
