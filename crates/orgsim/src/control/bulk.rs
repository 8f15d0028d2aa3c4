//! How Bulk jobs behave: their pace, page sizes, permissions and failures on order.

use serde_json::{Value, json};

use super::{Refused, read};
use crate::bulk::Settings;
use crate::org::Org;
use crate::router::request::Request;

/// The settings as they are.
pub(super) fn settings(org: &Org) -> Value {
    json!(org.bulk.settings)
}

/// Changes the settings that the body names and answers with all of them.
pub(super) fn change(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let change: Value = read(request)?;
    let (Value::Object(mut own), Value::Object(change)) = (settings(org), change) else {
        return Err("the body is no JSON object".to_owned());
    };
    own.extend(change);
    let settings: Settings =
        serde_json::from_value(Value::Object(own)).map_err(|error| error.to_string())?;
    if settings.result_page_rows == 0 {
        return Err("result_page_rows must be at least 1".to_owned());
    }
    org.bulk.settings = settings;
    Ok(self::settings(org))
}
