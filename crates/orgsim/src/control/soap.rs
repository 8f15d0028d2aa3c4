//! What SOAP offers.

use serde_json::{Value, json};

use super::{Refused, read};
use crate::org::Org;
use crate::router::request::Request;

/// The settings as they are.
pub(super) fn settings(org: &Org) -> Value {
    json!(org.soap)
}

/// Replaces the settings.
pub(super) fn change(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    org.soap = read(request)?;
    Ok(settings(org))
}
