//! `CODE:message:FIELD FIELD --`, the one string in which a result list tells a row's error (wire reference 7.1).

use serde_json::Value as Json;

use crate::error::ApiError;

/// The code of a text that names none.
const NO_CODE: &str = "unknown";

/// Takes an error text apart, at its first and its last colon only: messages hold colons of their own.
#[must_use]
pub fn row_error(text: &str) -> ApiError {
    let raw = Json::String(text.to_owned());
    let (code, rest) = text.split_once(':').unwrap_or(("", text));
    if !is_code(code) {
        let (code, message) = match is_code(text.trim()) {
            true => (text.trim(), ""),
            false => (NO_CODE, text),
        };
        return ApiError {
            code: code.to_owned(),
            message: message.to_owned(),
            fields: Vec::new(),
            raw,
        };
    }
    let (message, fields) =
        match rest.rsplit_once(':').map(|(message, tail)| (message, fields(tail))) {
            Some((message, Some(fields))) => (message, fields),
            _ => (rest.trim_end_matches("--").trim_end(), Vec::new()),
        };
    ApiError { code: code.to_owned(), message: message.to_owned(), fields, raw }
}

fn is_code(text: &str) -> bool {
    let formed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.bytes().all(formed)
}

/// The fields after the last colon; `None` when that colon belongs to the message.
fn fields(tail: &str) -> Option<Vec<String>> {
    let names = tail.trim_end().strip_suffix("--")?;
    Some(names.split([' ', ',']).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::row_error;
    use crate::error::ErrorClass;

    #[test]
    fn code_message_and_fields_are_told_apart() {
        let error = row_error("REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --");
        assert_eq!(error.code, "REQUIRED_FIELD_MISSING");
        assert_eq!(error.message, "Required fields are missing: [Name]");
        assert_eq!(error.fields, ["Name"]);
        assert_eq!(error.class(), ErrorClass::RowData);
        let several =
            row_error("REQUIRED_FIELD_MISSING:Required fields are missing: [A, B]:A B --");
        assert_eq!(several.fields, ["A", "B"]);
    }

    #[test]
    fn colons_of_the_message_stay_in_it() {
        let lock = row_error(
            "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 200 records: 001..,001..:--",
        );
        assert!(lock.message.ends_with("200 records: 001..,001.."), "{}", lock.message);
        assert!(lock.fields.is_empty());
        assert_eq!(lock.class(), ErrorClass::Retry);
    }

    #[test]
    fn a_text_of_another_shape_is_kept_whole() {
        let strange = row_error("Something went wrong: nobody knows");
        assert_eq!((strange.code.as_str(), strange.class()), ("unknown", ErrorClass::Unknown));
        assert_eq!(strange.message, "Something went wrong: nobody knows");
        assert_eq!(row_error("DUPLICATE_VALUE").code, "DUPLICATE_VALUE");
        let open = row_error("STRING_TOO_LONG:Name: too long");
        assert_eq!((open.message.as_str(), open.fields.len()), ("Name: too long", 0));
        assert_eq!(row_error("").raw, "");
    }
}
