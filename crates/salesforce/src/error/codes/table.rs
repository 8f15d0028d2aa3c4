//! The known codes, as data (wire reference 3.1).

use crate::error::ErrorClass;
use crate::error::codes::CodeEntry;

const fn row(code: &'static str, remedy: &'static str) -> CodeEntry {
    CodeEntry { code, class: ErrorClass::RowData, remedy }
}

const fn setup(code: &'static str, remedy: &'static str) -> CodeEntry {
    CodeEntry { code, class: ErrorClass::Configuration, remedy }
}

const fn retry(code: &'static str, remedy: &'static str) -> CodeEntry {
    CodeEntry { code, class: ErrorClass::Retry, remedy }
}

const fn stop(code: &'static str, remedy: &'static str) -> CodeEntry {
    CodeEntry { code, class: ErrorClass::Stop, remedy }
}

const fn login(code: &'static str, remedy: &'static str) -> CodeEntry {
    CodeEntry { code, class: ErrorClass::Reauthenticate, remedy }
}

const fn limit(code: &'static str, remedy: &'static str) -> CodeEntry {
    CodeEntry { code, class: ErrorClass::Limit, remedy }
}

const BY_ITSELF: &str = "it passes by itself; run again in a few minutes";
const DEFECT: &str = "this is a defect of Isthmus: report it with the object and the API version";
const OBJECT_ACCESS: &str = "give the connected user access to the object and its fields (profile, permission set, sharing), then run again";

/// All known codes, in the order of the wire reference. A trigger that wraps another code is looked into first.
pub(crate) const CODES: &[CodeEntry] = &[
    login(
        "INVALID_SESSION_ID",
        "connect the org again; if it comes back, give the user the API Enabled permission",
    ),
    login("Bad_OAuth_Token", "connect the org again"),
    login("Missing_OAuth_Token", "connect the org again"),
    stop("Wrong_Org", "connect the org again and log in to the right one"),
    stop("INVALID_AUTH_HEADER", DEFECT),
    limit(
        "REQUEST_LIMIT_EXCEEDED",
        "the org's API requests of the last 24 hours are used up: wait, or buy more; the run goes on where it stopped",
    ),
    setup(
        "API_DISABLED_FOR_ORG",
        "this edition or user has no API: enable it, or connect as another user",
    ),
    retry(
        "API_CURRENTLY_DISABLED",
        "the API is switched off at the moment; check the user's API Enabled permission, then run again",
    ),
    retry("SERVER_UNAVAILABLE", BY_ITSELF),
    retry(
        "UNKNOWN_EXCEPTION",
        "an internal error of the org: run again; if it comes back, give Salesforce Support the ErrorId",
    ),
    retry(
        "INTERNAL_ERROR",
        "an internal error of the org: run again; if it comes back, give Salesforce Support the ErrorId",
    ),
    retry(
        "REQUEST_RUNNING_TOO_LONG",
        "fewer rows at once are tried; if it comes back, look for slow triggers and flows",
    ),
    retry(
        "QUERY_TIMEOUT",
        "fewer fields or a narrower filter make the query faster; ask Salesforce Support for an index",
    ),
    retry(
        "INVALID_QUERY_LOCATOR",
        "the org dropped the query's cursor: it is read again from the start",
    ),
    setup("MALFORMED_QUERY", "check the mapping's filter"),
    setup("MALFORMED_SEARCH", "give at least two characters to search for"),
    setup(
        "INVALID_FIELD",
        "the field does not exist or the user may not see it: check field-level security and the mapping",
    ),
    setup(
        "INVALID_TYPE",
        "the object does not exist or the user may not see it: check its permissions and the mapping",
    ),
    setup(
        "NOT_FOUND",
        "the object or record does not exist or the user may not see it: check permissions and the mapping",
    ),
    stop("METHOD_NOT_ALLOWED", DEFECT),
    stop("UNSUPPORTED_MEDIA_TYPE", DEFECT),
    row("JSON_PARSER_ERROR", "a value is of another type than the field: check the field mapping"),
    row(
        "ENTITY_IS_DELETED",
        "the record is in the recycle bin: restore it there, or let the sync treat it as deleted",
    ),
    row(
        "INVALID_CROSS_REFERENCE_KEY",
        "the record this row points to does not exist in this org: bring it over first",
    ),
    row(
        "MALFORMED_ID",
        "an id belongs to another object or org: map the lookup through links instead of copying ids",
    ),
    row(
        "REQUIRED_FIELD_MISSING",
        "fill the required fields in the source record, or map a default",
    ),
    row(
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "a validation rule of the org refuses the row: correct the record, or change the rule",
    ),
    row(
        "FIELD_INTEGRITY_EXCEPTION",
        "the org does not accept the value (often country and state): correct it, or add a value map",
    ),
    row(
        "FIELD_FILTER_VALIDATION_EXCEPTION",
        "the lookup's filter excludes the record: correct the record, or change the filter",
    ),
    row(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "add the value to the picklist (and the record type), or add a value map",
    ),
    row("STRING_TOO_LONG", "shorten the text, or lengthen the field in the org"),
    row("NUMBER_OUTSIDE_VALID_RANGE", "correct the number, or widen the field in the org"),
    row("INVALID_EMAIL_ADDRESS", "correct the e-mail address in the source record"),
    row(
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "a value is of another type than the field: check the field mapping",
    ),
    row("INVALID_CURRENCY_ISO", "activate the currency in the org, or add a value map"),
    setup(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "the field is read only for this user: check field-level security, or leave it out of the mapping",
    ),
    row(
        "DUPLICATE_VALUE",
        "another record holds this unique value: link the two records, or correct one of them",
    ),
    row(
        "DUPLICATES_DETECTED",
        "a duplicate rule found similar records: link the row to one of them, or let the sync save duplicates",
    ),
    row(
        "DUPLICATE_EXTERNAL_ID",
        "several records have this external id: correct all but one, and make the field unique",
    ),
    row(
        "PRECONDITION_FAILED",
        "somebody changed the record meanwhile: it is read and merged again",
    ),
    retry("UNABLE_TO_LOCK_ROW", "another process holds the record: fewer rows at once are tried"),
    row(
        "ENTITY_IS_LOCKED",
        "the record is locked by an approval: finish it, or let the user edit locked records",
    ),
    row(
        "RECORD_IN_USE_BY_WORKFLOW",
        "the record is locked by a process: finish it, then run again",
    ),
    setup(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "a trigger or flow of the org failed: its text is in the message; correct it, or the record it stumbles over",
    ),
    setup(
        "CANNOT_EXECUTE_FLOW_TRIGGER",
        "a flow of the org failed: open its error mail, then correct flow or record",
    ),
    setup("APEX_ERROR", "Apex code of the org failed: its text is in the message"),
    retry("TOO_MANY_APEX_REQUESTS", "too many Apex requests run at once; it passes by itself"),
    setup("LIMIT_EXCEEDED", "a limit of the org is reached: its text names it"),
    setup("INSUFFICIENT_ACCESS_OR_READONLY", OBJECT_ACCESS),
    setup(
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "give the connected user access to the record this row points to, then run again",
    ),
    setup("INSUFFICIENT_ACCESS", OBJECT_ACCESS),
    setup("CANNOT_INSERT_UPDATE", OBJECT_ACCESS),
    row("INACTIVE_OWNER_OR_USER", "the owner is inactive: map the user to an active one"),
    row(
        "TRANSFER_REQUIRES_READ",
        "the new owner cannot see the object: map the user to another one, or give access",
    ),
    row(
        "UNDELETE_FAILED",
        "the record is not in the recycle bin any more, or its place is taken: create it anew",
    ),
    row("MERGE_FAILED", "merge the records in the org by hand to see what stands in the way"),
    row("DELETE_FAILED", "other records depend on this one: remove them first"),
    row("DEPENDENCY_EXISTS", "other records depend on this one: remove them first"),
    stop("STORAGE_LIMIT_EXCEEDED", "the org's data storage is full: free some, or buy more"),
    stop(
        "EXCEEDED_ID_LIMIT",
        "too many records in one call: narrow the window, or let the sync compare in full",
    ),
    setup("INVALID_REPLICATION_DATE", "the time window is not valid: let the sync compare in full"),
    retry(
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
        "the org is read only during maintenance: run again later",
    ),
    retry(
        "TXN_SECURITY_METERING_ERROR",
        "a transaction security policy took too long; it passes by itself",
    ),
    setup(
        "TXN_SECURITY_NO_ACCESS",
        "a transaction security policy forbids it: exempt the connected user",
    ),
    retry(
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "another row of the same call failed: it is tried again on its own",
    ),
    retry(
        "PROCESSING_HALTED",
        "another part of the same call failed: it is tried again on its own",
    ),
    stop(
        "UNSUPPORTED_API_VERSION",
        "update Isthmus: the org no longer offers a version this build knows",
    ),
    stop("GONE", "update Isthmus: the org no longer offers this API version"),
    stop("INVALID_VERSION", "update Isthmus: the org no longer offers this API version"),
];

/// A code whose text tells what it is this time; looked at before [`CODES`].
pub(super) struct Special {
    /// Part of the org's text.
    pub(super) says: &'static str,
    pub(super) entry: CodeEntry,
}

const fn special(says: &'static str, entry: CodeEntry) -> Special {
    Special { says, entry }
}

const NO_REFRESH_CURES: &str = "no new login cures it: give the user the API Enabled permission, and check that the app is meant for API access";
const CONCURRENCY: &str =
    "too many long requests run in the org at once: it passes within minutes and is tried again";

pub(super) const SPECIAL: &[Special] = &[
    // No refresh cures these two: asking again would never end.
    special("not valid for use with the REST API", stop("INVALID_SESSION_ID", NO_REFRESH_CURES)),
    special("Connected app is not attached", stop("INVALID_SESSION_ID", NO_REFRESH_CURES)),
    // Requests that run at the same moment; unlike the daily limit it clears within minutes.
    special("Concurrent", retry("REQUEST_LIMIT_EXCEEDED", CONCURRENCY)),
    special(
        "API is disabled for this User",
        setup("API_CURRENTLY_DISABLED", "give the connected user the API Enabled permission"),
    ),
];

/// What a trigger or flow met that fewer rows at once avoid.
pub(super) const LOCKED: CodeEntry = retry(
    "UNABLE_TO_LOCK_ROW",
    "a trigger of the org met a record that another process holds: fewer rows at once are tried",
);
pub(super) const GOVERNOR_LIMIT: CodeEntry = retry(
    "APEX_LIMIT",
    "the org's own triggers reach a limit: fewer rows at once are tried; if it comes back, show the text to the trigger's developer",
);
