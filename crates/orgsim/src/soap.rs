//! SOAP below `/services/Soap/{u,c}/XX.X`: `login()` for old clients, and what only SOAP offers, `undelete()` and
//! `merge()` (SOAP API Developer Guide; wire reference, sections 1 and 5.2).
//!
//! Both the partner (`u`) and the enterprise (`c`) form are read; answers are in the namespace of the form. A session
//! comes from the `SessionHeader` or from an `Authorization` header.

mod envelope;
mod login;
mod rows;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::org::Org;
use crate::router::data::{check_version, session_user};
use crate::router::reply::Reply;
use crate::router::request::Request;
use crate::setup::as_user;
use crate::soap::envelope::{Call, Fault, Flavour};
use crate::xml::element;

/// What SOAP offers; the control endpoint sets it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether `login()` is offered up to its last version.
    pub login: Login,
}

/// Whether an org offers `login()`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Login {
    /// As in orgs that are older than the change.
    #[default]
    Enabled,
    /// As in new orgs.
    Disabled,
}

/// The answer's inside, or why there is none.
type Answered = Result<String, Fault>;

/// Answers one call.
pub(crate) fn respond(org: &mut Org, request: &Request, rest: &[&str]) -> Reply {
    let (Some(flavour), Some(version)) =
        (rest.first().and_then(|word| Flavour::named(word)), rest.get(1))
    else {
        return Reply::html(404, "<h1>URL No Longer Exists</h1>");
    };
    if request.method != "POST" {
        return Reply::html(405, "<h1>Only POST is supported</h1>");
    }
    let now = org.clock.now();
    let reply = match answer(org, request, flavour, version) {
        Ok((name, inside)) => flavour.response(&name, &inside),
        Err(fault) => flavour.fault(&fault),
    };
    reply.with_header("sforce-limit-info", &org.limits.header(now))
}

fn answer(
    org: &mut Org,
    request: &Request,
    flavour: Flavour,
    version: &str,
) -> Result<(String, String), Fault> {
    check_version(&org.limits, &format!("v{version}")).map_err(|_| {
        Fault::new(
            "UNSUPPORTED_API_VERSION",
            &format!("Invalid API version specified on URL: {version}"),
        )
    })?;
    let call = Call::read(&request.body)?;
    let now = org.clock.now();
    if call.operation.name == "login" {
        org.limits.count(now, 1);
        return Ok(("login".to_owned(), login::login(org, &call, flavour, version)?));
    }
    let token = call.session.as_deref().or_else(|| request.bearer());
    let user_id = session_user(org, token).ok_or_else(|| {
        Fault::new(
            "INVALID_SESSION_ID",
            "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session hash",
        )
    })?;
    if org.limits.is_exhausted(now) {
        return Err(Fault::new("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
    }
    org.limits.count(now, 1);
    let inside = as_user(org, user_id.as_deref(), |org| carry_out(org, &call, flavour))?;
    Ok((call.operation.name, inside))
}

fn carry_out(org: &mut Org, call: &Call, flavour: Flavour) -> Answered {
    match call.operation.name.as_str() {
        "undelete" => rows::undelete(org, &call.operation),
        "merge" => rows::merge(org, &call.operation),
        "getUserInfo" => Ok(format!("<result>{}</result>", login::user_info(org, &org.user))),
        "getServerTimestamp" => {
            let moment = org.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
            Ok(format!("<result>{}</result>", element("timestamp", moment)))
        }
        other => Err(Fault::no_operation(flavour, other)),
    }
}
