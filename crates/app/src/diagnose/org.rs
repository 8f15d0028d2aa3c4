//! Problems that an org, its login host or the way to them has.

use isthmus_contract::problem::{Code, Problem};
use isthmus_model::ids::Side;
use isthmus_salesforce::error::AuthError;
use isthmus_salesforce::oauth::diagnosis::Diagnosis;
use isthmus_salesforce::oauth::listener::ListenerError;
use isthmus_salesforce::transport::NotSent;
use isthmus_salesforce::{Error, ErrorClass, TransportError};
use isthmus_sync::side::{RefusalClass, SideError, SideErrorKind};

use super::{divided, with_names, without};

/// The next step after a query that the org refused.
const QUERY_HINT: &str =
    "check the names and the spelling; what the connected user may not see is unknown to the query";

/// A call that an org refused, or that did not reach it.
pub(super) fn refused(org: &str, error: &Error) -> Problem {
    match error {
        Error::Auth(error) => named(org, login(error)),
        Error::Transport(error) => named(org, transport(error)),
        _ => {
            let remedy = error.remedy();
            let text = without(&error.to_string(), &remedy);
            let code = code(error);
            // The API client cannot know that no mapping stands behind a query.
            let hint = if code == Code::QueryRefused { QUERY_HINT.to_owned() } else { remedy };
            named(org, Problem::new(code, text, hint))
        }
    }
}

fn code(error: &Error) -> Code {
    match error {
        Error::ForeignHost(_) => Code::OrgForeignHost,
        Error::NotJson { .. } | Error::Decode { .. } | Error::Mismatch { .. } => {
            Code::OrgAnswerUnreadable
        }
        Error::Invalid { .. } => Code::BadRequest,
        _ if error.has_code("NOT_FOUND") || error.has_code("ENTITY_IS_DELETED") => {
            Code::RecordUnknown
        }
        _ if error.has_code("INVALID_TYPE") => Code::ObjectUnknown,
        _ if error.has_code("MALFORMED_QUERY") || error.has_code("INVALID_FIELD") => {
            Code::QueryRefused
        }
        _ => match error.class() {
            ErrorClass::Limit => Code::OrgLimit,
            ErrorClass::Reauthenticate => Code::OrgLoginExpired,
            _ => Code::OrgRefused,
        },
    }
}

/// A login or refresh that brought no token.
pub(super) fn login(error: &AuthError) -> Problem {
    let code = match error {
        AuthError::Refused(diagnosis) => return refusal(diagnosis),
        AuthError::Callback(ListenerError::Refused(diagnosis)) => return refusal(diagnosis),
        AuthError::Transport(error) => return transport(error),
        AuthError::NotConnected
        | AuthError::NoRefreshToken
        | AuthError::RefreshCutOff(_)
        | AuthError::StillRefused { .. } => Code::OrgLoginExpired,
        AuthError::OtherOrg { .. } => Code::OrgDiffers,
        AuthError::Host(_) => Code::OrgForeignHost,
        AuthError::NotJson { .. } | AuthError::RefreshElsewhere => Code::OrgUnreachable,
        AuthError::SecretNeeded => Code::ClientSecretWrong,
        AuthError::Store(_) => Code::KeychainFailed,
        AuthError::Callback(ListenerError::NoPort(_)) => Code::CallbackPortTaken,
        AuthError::Callback(ListenerError::TimedOut) => Code::LoginTimedOut,
        AuthError::Callback(ListenerError::WrongState(_)) => Code::LoginStateMismatch,
        AuthError::Callback(_)
        | AuthError::BadAnswer(_)
        | AuthError::BadKey(_)
        | AuthError::MyDomainNeeded { .. }
        | AuthError::Interrupted(_) => Code::LoginFailed,
    };
    let text = error.to_string();
    let text = text.split_once("; ").map_or(text.as_str(), |(text, _)| text);
    Problem::new(code, text, error.remedy())
}

/// What the authorization server said.
fn refusal(diagnosis: &Diagnosis) -> Problem {
    let about_secret = diagnosis.description.to_lowercase().contains("secret");
    let code = match diagnosis.code.as_str() {
        "access_denied" => Code::ConsentDenied,
        "invalid_client" if about_secret => Code::ClientSecretWrong,
        "invalid_client" | "invalid_client_id" | "app_not_found" => Code::ClientIdUnknown,
        "redirect_uri_mismatch" | "redirect_uri_missing" => Code::CallbackNotRegistered,
        "app_blocked"
        | "invalid_app_access"
        | "oauth_policy_not_found"
        | "ecapp_policy_not_found" => Code::AppNotApproved,
        "invalid_grant" => Code::OrgLoginExpired,
        _ => Code::LoginFailed,
    };
    let said = if diagnosis.description.is_empty() {
        diagnosis.code.clone()
    } else {
        format!("{}: {}", diagnosis.code, diagnosis.description)
    };
    Problem::new(code, format!("{} ({said})", diagnosis.meaning), diagnosis.remedy)
}

fn transport(error: &TransportError) -> Problem {
    match error {
        TransportError::NotSent { host, reason } => {
            let code = match reason {
                NotSent::Certificate(_) => Code::OrgCertificate,
                _ => Code::OrgUnreachable,
            };
            Problem::new(code, format!("could not reach {host}: {reason}"), reason.remedy())
        }
        TransportError::Unknown { .. } => divided(Code::OrgUnreachable, &error.to_string()),
        TransportError::TooLarge { .. } => divided(Code::OrgAnswerUnreadable, &error.to_string()),
    }
}

/// What ended a run or plan before its work was done.
pub(super) fn engine(left: &str, right: &str, error: &isthmus_sync::Error) -> Problem {
    use isthmus_sync::Error as Engine;
    let code = match error {
        Engine::Side { side, error } => {
            let name = if *side == Side::Left { left } else { right };
            return named(name, at_side(error));
        }
        Engine::NothingReadable { .. } => Code::NoRowsReadable,
        Engine::UnmappedRecord(_) => Code::RecordUnknown,
        Engine::NothingToResume(_) => Code::NothingToRetry,
        Engine::Cancelled => Code::Cancelled,
        Engine::OtherVersion(_) | Engine::UnknownMapping(_) => Code::SyncOutdated,
        _ => Code::BadRequest,
    };
    divided(code, &with_names(&error.to_string(), left, right))
}

fn at_side(error: &SideError) -> Problem {
    let code = match error.kind {
        SideErrorKind::AuthLost => Code::OrgLoginExpired,
        SideErrorKind::NotSent | SideErrorKind::Unanswered => Code::OrgUnreachable,
        SideErrorKind::Unreachable if error.cause.message.contains("certificate") => {
            Code::OrgCertificate
        }
        SideErrorKind::Unreachable => Code::OrgUnreachable,
        SideErrorKind::Rejected(RefusalClass::Limit) => Code::OrgLimit,
        SideErrorKind::Rejected(_) => Code::OrgRefused,
    };
    let text = without(&error.cause.message, &error.cause.remedy);
    Problem::new(code, text, error.cause.remedy.clone())
}

fn named(org: &str, problem: Problem) -> Problem {
    Problem { text: format!("{org}: {}", problem.text), ..problem }
}
