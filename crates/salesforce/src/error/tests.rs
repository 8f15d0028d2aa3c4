//! Every row of wire reference 3.1 as it comes over the wire: class, text, remedy; and bodies that are none.

mod bodies;
mod duplicates;
mod triggers;

use serde_json::json;

use crate::error::ErrorClass::{self, Configuration, Limit, Reauthenticate, Retry, RowData, Stop};
use crate::error::codes::CODES;
use crate::error::{Error, error_of_response};
use crate::testing::reply;

/// What an answer with this status and body means.
fn error(status: u16, body: &str) -> Error {
    error_of_response(&reply(status, body).unwrap())
}

/// Status, code, the org's text, class, a part of the remedy.
type Row = (u16, &'static str, &'static str, ErrorClass, &'static str);

/// In the order of the wire reference.
const ROWS: &[Row] = &[
    (
        401,
        "INVALID_SESSION_ID",
        "Session expired or invalid",
        Reauthenticate,
        "connect the org again",
    ),
    (
        401,
        "INVALID_SESSION_ID",
        "This session is not valid for use with the REST API",
        Stop,
        "API Enabled",
    ),
    (
        401,
        "INVALID_SESSION_ID",
        "Connected app is not attached to Agent",
        Stop,
        "no new login cures it",
    ),
    (401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", Stop, "defect of Isthmus"),
    (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", Limit, "24 hours"),
    (
        403,
        "REQUEST_LIMIT_EXCEEDED",
        "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        Retry,
        "within minutes",
    ),
    (
        403,
        "REQUEST_LIMIT_EXCEEDED",
        "ConcurrentPerOrgLongTxn Limit exceeded.",
        Retry,
        "within minutes",
    ),
    (
        403,
        "API_DISABLED_FOR_ORG",
        "The REST API is not enabled for this Organization.",
        Configuration,
        "enable it",
    ),
    (403, "API_CURRENTLY_DISABLED", "API is currently disabled", Retry, "API Enabled"),
    (403, "API_CURRENTLY_DISABLED", "API is disabled for this user", Configuration, "API Enabled"),
    (503, "SERVER_UNAVAILABLE", "server too busy", Retry, "passes by itself"),
    (
        500,
        "UNKNOWN_EXCEPTION",
        "An unexpected error occurred. Please include this ErrorId if you contact support: 123-45 (-6)",
        Retry,
        "ErrorId",
    ),
    (500, "INTERNAL_ERROR", "An unexpected error occurred.", Retry, "ErrorId"),
    (
        503,
        "REQUEST_RUNNING_TOO_LONG",
        "Your request was running for too long, and has been stopped.",
        Retry,
        "fewer rows",
    ),
    (
        400,
        "QUERY_TIMEOUT",
        "Your query request was running for too long.",
        Retry,
        "narrower filter",
    ),
    (400, "INVALID_QUERY_LOCATOR", "invalid query locator", Retry, "from the start"),
    (400, "MALFORMED_QUERY", "unexpected token: 'FORM'", Configuration, "filter"),
    (
        400,
        "INVALID_FIELD",
        "No such column 'X' on entity 'Account'.",
        Configuration,
        "field-level security",
    ),
    (
        400,
        "INVALID_FIELD",
        "No such column 'foo' on sobject of type Bar",
        Configuration,
        "field-level security",
    ),
    (
        400,
        "INVALID_TYPE",
        "\n<soql>\n   ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported.",
        Configuration,
        "permissions",
    ),
    (404, "NOT_FOUND", "The requested resource does not exist", Configuration, "does not exist"),
    (
        404,
        "NOT_FOUND",
        "Provided external ID field does not exist or is not accessible: X",
        Configuration,
        "may not see it",
    ),
    (
        405,
        "METHOD_NOT_ALLOWED",
        "HTTP Method 'PATCH' not allowed. Allowed are HEAD,GET,POST",
        Stop,
        "defect of Isthmus",
    ),
    (415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported media type", Stop, "defect of Isthmus"),
    (
        400,
        "JSON_PARSER_ERROR",
        "Cannot deserialize instance of double from VALUE_STRING value x",
        RowData,
        "another type",
    ),
    (404, "ENTITY_IS_DELETED", "entity is deleted", RowData, "recycle bin"),
    (
        404,
        "INVALID_CROSS_REFERENCE_KEY",
        "invalid cross reference id",
        RowData,
        "bring it over first",
    ),
    (
        400,
        "INVALID_CROSS_REFERENCE_KEY",
        "Record Type ID: this ID value isn't valid for the user: 012",
        RowData,
        "bring it over first",
    ),
    (400, "MALFORMED_ID", "Account ID: id value of incorrect type: 001", RowData, "through links"),
    (
        400,
        "REQUIRED_FIELD_MISSING",
        "Required fields are missing: [A, B]",
        RowData,
        "required fields",
    ),
    (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "A phone is needed", RowData, "validation rule"),
    (
        400,
        "FIELD_INTEGRITY_EXCEPTION",
        "There's a problem with this country, even though it may appear correct...",
        RowData,
        "country",
    ),
    (
        400,
        "FIELD_FILTER_VALIDATION_EXCEPTION",
        "Value does not exist or does not match filter criteria.",
        RowData,
        "filter",
    ),
    (
        400,
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "Job Category: bad value for restricted picklist field: X",
        RowData,
        "value map",
    ),
    (
        400,
        "STRING_TOO_LONG",
        "Name: data value too large: xxx (max length=255)",
        RowData,
        "shorten",
    ),
    (400, "NUMBER_OUTSIDE_VALID_RANGE", "value outside of valid range", RowData, "number"),
    (400, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: 123", RowData, "e-mail"),
    (
        400,
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "Close Date: value not of required type: x",
        RowData,
        "field mapping",
    ),
    (400, "INVALID_CURRENCY_ISO", "invalid currency", RowData, "currency"),
    (
        400,
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "Unable to create/update fields: Name. Please check the security settings of this field",
        Configuration,
        "read only",
    ),
    (
        400,
        "DUPLICATE_VALUE",
        "duplicate value found: Ext__c duplicates value on record with id: 001U000001c83gK",
        RowData,
        "unique value",
    ),
    (400, "DUPLICATES_DETECTED", "Use one of these records?", RowData, "duplicate rule"),
    (
        400,
        "DUPLICATE_EXTERNAL_ID",
        "more than one record found for external id field",
        RowData,
        "external id",
    ),
    (
        400,
        "UNABLE_TO_LOCK_ROW",
        "unable to obtain exclusive access to this record or 25 records: 001..",
        Retry,
        "fewer rows",
    ),
    (400, "ENTITY_IS_LOCKED", "the entity is locked for editing", RowData, "approval"),
    (400, "RECORD_IN_USE_BY_WORKFLOW", "the record is in use by workflow", RowData, "process"),
    (
        400,
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "ns.T: execution of AfterUpdate\n\ncaused by: System.NullPointerException",
        Configuration,
        "trigger",
    ),
    (
        400,
        "CANNOT_EXECUTE_FLOW_TRIGGER",
        "We can't save this record because the \"X\" process failed.",
        Configuration,
        "flow",
    ),
    (400, "APEX_ERROR", "System.NullPointerException", Configuration, "Apex"),
    (400, "TOO_MANY_APEX_REQUESTS", "too many Apex requests", Retry, "passes by itself"),
    (400, "LIMIT_EXCEEDED", "limit exceeded", Configuration, "limit"),
    (
        400,
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "insufficient access rights on object id",
        Configuration,
        "access to the object",
    ),
    (
        403,
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "insufficient access rights on cross-reference id: 0015e00000tW1f0",
        Configuration,
        "points to",
    ),
    (403, "INSUFFICIENT_ACCESS", "insufficient access", Configuration, "access to the object"),
    (
        400,
        "INACTIVE_OWNER_OR_USER",
        "operation performed with inactive user [005]",
        RowData,
        "active one",
    ),
    (
        400,
        "TRANSFER_REQUIRES_READ",
        "The new owner must have read permission",
        RowData,
        "new owner",
    ),
    (
        400,
        "DELETE_FAILED",
        "Your attempt to delete could not be completed",
        RowData,
        "remove them first",
    ),
    (400, "DEPENDENCY_EXISTS", "dependency exists", RowData, "remove them first"),
    (403, "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", Stop, "storage"),
    (
        400,
        "EXCEEDED_ID_LIMIT",
        "record limit reached. cannot submit more than 200 records into this call",
        Stop,
        "narrow",
    ),
    (
        400,
        "INVALID_REPLICATION_DATE",
        "startDate cannot be more than 30 days ago",
        Configuration,
        "window",
    ),
    (400, "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", "read only", Retry, "maintenance"),
    (403, "TXN_SECURITY_METERING_ERROR", "The policy took too long", Retry, "passes by itself"),
    (
        400,
        "TXN_SECURITY_NO_ACCESS",
        "The operation you requested isn't allowed",
        Configuration,
        "exempt",
    ),
    (
        400,
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "Record rolled back because not all records were valid",
        Retry,
        "on its own",
    ),
    (
        400,
        "PROCESSING_HALTED",
        "The transaction was rolled back since another operation failed.",
        Retry,
        "on its own",
    ),
    (
        404,
        "UNSUPPORTED_API_VERSION",
        "Invalid Api version specified on URL",
        Stop,
        "update Isthmus",
    ),
    (410, "GONE", "This API version is retired", Stop, "update Isthmus"),
    (404, "INVALID_VERSION", "Invalid version", Stop, "update Isthmus"),
];

/// Codes that stand elsewhere in the reference (2.5, 3, 5) or that we give ourselves.
const BEYOND: [&str; 10] = [
    "Bad_OAuth_Token",
    "Missing_OAuth_Token",
    "Wrong_Org",
    "PRECONDITION_FAILED",
    "CANNOT_INSERT_UPDATE",
    "MALFORMED_SEARCH",
    "UNDELETE_FAILED",
    "MERGE_FAILED",
    "INVALIDJOBSTATE",
    "INVALIDENTITY",
];

#[test]
fn each_row_of_the_reference_has_its_class_its_text_and_its_remedy() {
    for (status, code, message, class, remedy) in ROWS {
        let body = json!([{"message": message, "errorCode": code, "fields": ["Name"]}]);
        let found = error(*status, &body.to_string());
        assert_eq!(found.class(), *class, "{code}: {message}");
        assert_eq!(found.code(), *code);
        assert_eq!(found.to_string(), format!("{code}: {message}"));
        assert!(found.remedy().contains(remedy), "{code}: {}", found.remedy());
        let Error::Api { status: kept, errors } = &found else { panic!("{found:?}") };
        assert_eq!((kept, errors[0].fields.as_slice()), (status, &["Name".to_owned()][..]));
        assert_eq!(errors[0].raw, body[0], "{code}: the original is kept");
        assert!(!found.outcome_unknown(), "{code}");
    }
}

#[test]
fn a_row_s_result_says_the_same_as_a_body() {
    for (_, code, message, class, remedy) in ROWS {
        let item = json!({"success": false, "errors": [{"statusCode": code, "message": message, "fields": []}]});
        let errors = crate::error::errors_of_body(&item);
        assert_eq!(errors[0].class(), *class, "{code}");
        assert!(errors[0].remedy().contains(remedy), "{code}: {}", errors[0].remedy());
    }
}

#[test]
fn no_code_of_the_table_is_without_its_row() {
    for entry in CODES {
        let shown = ROWS.iter().any(|row| row.1 == entry.code) || BEYOND.contains(&entry.code);
        assert!(shown, "{}", entry.code);
    }
}

#[test]
fn a_permanent_class_is_one_that_waiting_does_not_cure() {
    for (status, code, message, class, _) in ROWS {
        let body = json!([{"message": message, "errorCode": code}]);
        let waits = matches!(class, Retry | Limit | Reauthenticate);
        assert_eq!(error(*status, &body.to_string()).is_permanent(), !waits, "{code}");
    }
}
