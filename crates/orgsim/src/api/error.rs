//! Why a call or a row was refused, in the documented codes and words (wire reference 3.1).

use serde_json::{Value, json};

use crate::soql::SoqlError;
use crate::wire::ApiResponse;

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Fields at fault; `None` where the documented body has no `fields`.
    pub(crate) fields: Option<Vec<String>>,
    /// The `duplicateResult` of `DUPLICATES_DETECTED`; only single-record answers show it.
    pub(crate) duplicates: Option<Value>,
}

impl ApiError {
    /// An error about the call, without `fields`.
    pub(crate) fn call(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: None, duplicates: None }
    }

    /// An error about a row's data.
    pub(crate) fn data(code: &'static str, message: impl Into<String>, fields: &[&str]) -> Self {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        Self { status: 400, code, message: message.into(), fields: Some(fields), duplicates: None }
    }

    /// 404 for an unknown URL or object.
    pub(crate) fn no_resource() -> Self {
        Self::call(404, "NOT_FOUND", "The requested resource does not exist")
    }

    /// 405.
    pub(crate) fn no_method(method: &str, allowed: &str) -> Self {
        let message = format!("HTTP Method '{method}' not allowed. Allowed are {allowed}");
        Self::call(405, "METHOD_NOT_ALLOWED", message)
    }

    /// 404 for a path segment that is neither an id nor an external id field.
    pub(crate) fn no_external_id(name: &str) -> Self {
        let message =
            format!("Provided external ID field does not exist or is not accessible: {name}");
        Self::call(404, "NOT_FOUND", message)
    }

    /// A field that the object does not have.
    pub(crate) fn no_column(field: &str, object: &str) -> Self {
        let message = format!("No such column '{field}' on sobject of type {object}");
        Self::call(400, "INVALID_FIELD", message)
    }

    /// The id names no row.
    pub(crate) fn no_row(status: u16) -> Self {
        let data = Self::data("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", &[]);
        Self { status, ..data }
    }

    /// The row lies in the recycle bin.
    pub(crate) fn is_deleted(status: u16) -> Self {
        Self { status, ..Self::data("ENTITY_IS_DELETED", "entity is deleted", &[]) }
    }

    /// A text that is no id of the object it should name.
    pub(crate) fn malformed_id(label: &str, value: &str, field: &str) -> Self {
        let message = format!("{label}: id value of incorrect type: {value}");
        Self::data("MALFORMED_ID", message, &[field])
    }

    /// A JSON value of the wrong type. Places inside the body are not kept, so the line and column are always 1.
    pub(crate) fn wrong_json(wanted: &str, value: &Value) -> Self {
        let (token, text) = match value {
            Value::Null => ("VALUE_NULL", "null".to_owned()),
            Value::Bool(value) => {
                (if *value { "VALUE_TRUE" } else { "VALUE_FALSE" }, value.to_string())
            }
            Value::Number(number) if number.is_f64() => ("VALUE_NUMBER_FLOAT", number.to_string()),
            Value::Number(number) => ("VALUE_NUMBER_INT", number.to_string()),
            Value::String(text) => ("VALUE_STRING", text.clone()),
            Value::Array(_) => ("START_ARRAY", "[".to_owned()),
            Value::Object(_) => ("START_OBJECT", "{".to_owned()),
        };
        Self::json(&format!(
            "Cannot deserialize instance of {wanted} from {token} value {text} or request may be missing a required \
             field at [line:1, column:1]"
        ))
    }

    /// A body that cannot be read.
    pub(crate) fn json(message: &str) -> Self {
        Self::call(400, "JSON_PARSER_ERROR", message)
    }

    /// True when the whole request fails with the row: the body could not be read at all.
    pub(crate) fn ends_request(&self) -> bool {
        self.code == "JSON_PARSER_ERROR"
    }

    /// The answer to a call that failed.
    pub(crate) fn into_response(self) -> ApiResponse {
        let fields: Option<Vec<&str>> =
            self.fields.as_ref().map(|fields| fields.iter().map(String::as_str).collect());
        // The service shows the result of a duplicate rule in place of the fields.
        let fields = fields.filter(|_| self.duplicates.is_none());
        let mut response =
            ApiResponse::error(self.status, self.code, &self.message, fields.as_deref());
        if let (Some(duplicates), Some(body)) = (self.duplicates, &mut response.body) {
            body[0]["duplicateResult"] = duplicates;
        }
        response
    }

    /// The error as an entry of `errors` in a collections result.
    pub(crate) fn as_row_error(&self) -> Value {
        let fields = self.fields.as_deref().unwrap_or_default();
        json!({ "statusCode": self.code, "message": self.message, "fields": fields })
    }
}

impl From<SoqlError> for ApiError {
    fn from(error: SoqlError) -> Self {
        Self::call(400, error.code, error.message)
    }
}
