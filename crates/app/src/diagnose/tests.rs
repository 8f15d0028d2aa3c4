//! Every kind of error has a code of its own and a next step.

use isthmus_contract::problem::Code;
use isthmus_model::ids::OrgId;
use isthmus_salesforce::error::AuthError;
use isthmus_salesforce::oauth::diagnosis::diagnosis;
use isthmus_salesforce::oauth::listener::ListenerError;
use isthmus_salesforce::transport::NotSent;
use isthmus_salesforce::{ApiError, TransportError};

use super::diagnose;
use crate::error::Error;

fn org_id(text: &str) -> OrgId {
    OrgId::parse(text).unwrap()
}

fn api(code: &str, message: &str) -> Error {
    let raw = serde_json::Value::Null;
    let error =
        ApiError { code: code.to_owned(), message: message.to_owned(), fields: Vec::new(), raw };
    Error::Org {
        org: "sales".to_owned(),
        error: isthmus_salesforce::Error::Api { status: 400, errors: vec![error] },
    }
}

fn not_sent(reason: NotSent) -> Error {
    let error = TransportError::NotSent { host: "acme.my.salesforce.com".to_owned(), reason };
    Error::Org { org: "sales".to_owned(), error: error.into() }
}

fn engine(error: isthmus_sync::Error) -> Error {
    Error::Engine { left: "sales".to_owned(), right: "service".to_owned(), error: Box::new(error) }
}

#[test]
fn the_engine_s_sides_are_told_by_the_names_of_their_orgs() {
    let object = "Account".to_owned();
    let side = isthmus_model::ids::Side::Left;
    let problem =
        diagnose(&engine(isthmus_sync::Error::NothingReadable { side, object, links: 3 }));
    assert!(problem.text.starts_with("sales shows no row of Account"), "{}", problem.text);
}

#[test]
fn each_bad_input_has_its_code_and_a_next_step() {
    let refused = |code, text| Error::Login(AuthError::Refused(diagnosis(code, text)));
    let callback = |error| Error::Login(AuthError::Callback(error));
    let (one, other) = (org_id("00D000000000001"), org_id("00D000000000002"));
    let cases = [
        (refused("invalid_client_id", "client identifier invalid"), Code::ClientIdUnknown),
        (refused("invalid_client", "invalid client credentials"), Code::ClientIdUnknown),
        (refused("redirect_uri_mismatch", ""), Code::CallbackNotRegistered),
        (refused("invalid_grant", "expired access/refresh token"), Code::OrgLoginExpired),
        (callback(ListenerError::Refused(diagnosis("access_denied", ""))), Code::ConsentDenied),
        (callback(ListenerError::WrongState("missing")), Code::LoginStateMismatch),
        (callback(ListenerError::NoPort(vec![17817])), Code::CallbackPortTaken),
        (callback(ListenerError::TimedOut), Code::LoginTimedOut),
        (not_sent(NotSent::NameUnknown), Code::OrgUnreachable),
        (not_sent(NotSent::Certificate("expired".to_owned())), Code::OrgCertificate),
        (api("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), Code::OrgLimit),
        (api("MALFORMED_QUERY", "unexpected token"), Code::QueryRefused),
        (
            Error::OrgAlreadyConnected { org: one, known: "sales".to_owned() },
            Code::OrgAlreadyConnected,
        ),
        (
            Error::OrgDiffers { name: "sales".to_owned(), pinned: one, answered: other },
            Code::OrgDiffers,
        ),
        (Error::LedgerKeyMissing { name: "default".to_owned() }, Code::KeychainEntryMissing),
        (
            Error::Vault(isthmus_vault::Error::NoKeychain { reason: "no bus".to_owned() }),
            Code::KeychainMissing,
        ),
        (
            Error::Vault(isthmus_vault::Error::Locked { reason: "no answer".to_owned() }),
            Code::KeychainLocked,
        ),
        (Error::Store(isthmus_store::Error::DiskFull), Code::DiskFull),
        (
            Error::Store(isthmus_store::Error::Owned { by: isthmus_store::Owner::Unknown }),
            Code::WorkspaceOwned,
        ),
        (engine(isthmus_sync::Error::Cancelled), Code::Cancelled),
    ];
    for (error, code) in cases {
        let problem = diagnose(&error);
        assert_eq!(problem.code, code, "{error}");
        assert!(problem.hint.len() > 8, "{error}: {}", problem.hint);
        assert!(!problem.text.is_empty() && !problem.text.ends_with('.'), "{}", problem.text);
    }
}

#[test]
fn a_full_disk_inside_a_run_is_a_full_disk() {
    let error = engine(isthmus_sync::Error::Ledger(isthmus_store::Error::DiskFull));
    assert_eq!(diagnose(&error).code, Code::DiskFull);
}

#[test]
fn the_hint_is_not_said_twice() {
    let problem = diagnose(&not_sent(NotSent::NameUnknown));
    assert!(!problem.text.contains(&problem.hint), "{}", problem.text);
    assert_eq!(
        problem.text,
        "sales: could not reach acme.my.salesforce.com: its name could not be resolved"
    );
}
