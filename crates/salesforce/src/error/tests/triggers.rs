//! What lies underneath a trigger's or flow's failure.

use crate::error::{ApiError, ErrorClass, Underneath};

fn failure(code: &str, message: &str) -> ApiError {
    let raw = serde_json::Value::Null;
    ApiError { code: code.to_owned(), message: message.to_owned(), fields: Vec::new(), raw }
}

const WRAPPED: &str = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY";

type Case = (&'static str, String, Underneath, ErrorClass, &'static str);

/// Code, text, what lies underneath, class, a part of the remedy.
fn cases() -> Vec<Case> {
    let dml = "ns.AccountTrigger: execution of AfterUpdate\n\ncaused by: System.DmlException: Update failed. First exception on row 0 with id 0015500001QdQWaAAN; first error: ";
    vec![
        (
            WRAPPED,
            format!("{dml}UNABLE_TO_LOCK_ROW, unable to obtain exclusive access to this record: []"),
            Underneath::Lock,
            ErrorClass::Retry,
            "fewer rows",
        ),
        (
            WRAPPED,
            "ns.T: System.LimitException: Too many SOQL queries: 101".to_owned(),
            Underneath::GovernorLimit,
            ErrorClass::Retry,
            "trigger's developer",
        ),
        (
            WRAPPED,
            "ns.T: execution of BeforeUpdate caused by: Apex CPU time limit exceeded".to_owned(),
            Underneath::GovernorLimit,
            ErrorClass::Retry,
            "trigger's developer",
        ),
        (
            WRAPPED,
            format!("{dml}STRING_TOO_LONG, Name: data value too large: X (max length=80): [Name]"),
            Underneath::Code("STRING_TOO_LONG".to_owned()),
            ErrorClass::RowData,
            "shorten",
        ),
        (
            WRAPPED,
            format!("{dml}CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY, Other: execution of BeforeInsert caused by: System.DmlException: Insert failed. First exception on row 0; first error: FIELD_CUSTOM_VALIDATION_EXCEPTION, A phone is needed: []"),
            Underneath::Code("FIELD_CUSTOM_VALIDATION_EXCEPTION".to_owned()),
            ErrorClass::RowData,
            "validation rule",
        ),
        (
            WRAPPED,
            format!("{dml}INSUFFICIENT_ACCESS_OR_READONLY, insufficient access rights on object id: []"),
            Underneath::Code("INSUFFICIENT_ACCESS_OR_READONLY".to_owned()),
            ErrorClass::Configuration,
            "access to the object",
        ),
        (
            WRAPPED,
            "ns.T: execution of BeforeInsert\n\ncaused by: System.NullPointerException: Attempt to de-reference a null object".to_owned(),
            Underneath::Unknown,
            ErrorClass::Configuration,
            "trigger",
        ),
        (
            "CANNOT_EXECUTE_FLOW_TRIGGER",
            "The record couldn't be saved because it failed to trigger a flow. This error occurred: UNABLE_TO_LOCK_ROW: unable to obtain exclusive access".to_owned(),
            Underneath::Lock,
            ErrorClass::Retry,
            "fewer rows",
        ),
        (
            "APEX_ERROR",
            "System.DmlException: first error: REQUIRED_FIELD_MISSING, Required fields are missing: [Name]".to_owned(),
            Underneath::Code("REQUIRED_FIELD_MISSING".to_owned()),
            ErrorClass::RowData,
            "required fields",
        ),
    ]
}

#[test]
fn a_trigger_s_failure_is_looked_into() {
    for (code, message, underneath, class, remedy) in cases() {
        let error = failure(code, &message);
        assert_eq!(error.trigger_failure().unwrap().underneath, underneath, "{message}");
        assert_eq!(error.class(), class, "{message}");
        assert!(error.remedy().contains(remedy), "{message}: {}", error.remedy());
    }
}

#[test]
fn trigger_and_event_are_named_where_the_text_tells() {
    let found =
        failure(WRAPPED, "ns.T: execution of AfterUpdate\n\ncaused by: X").trigger_failure();
    let found = found.unwrap();
    assert_eq!(found.trigger.as_deref(), Some("ns.T"));
    assert_eq!(found.event.as_deref(), Some("AfterUpdate"));
    let silent = failure(WRAPPED, "something else").trigger_failure().unwrap();
    assert_eq!((silent.trigger, silent.event), (None, None));
    assert_eq!(failure("STRING_TOO_LONG", "x").trigger_failure(), None);
}
