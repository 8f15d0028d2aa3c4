//! SOAP faults: the same errors in XML (SOAP API Developer Guide, "API Faults").

use serde_json::json;

use crate::error::ApiError;
use crate::error::original::shortened;
use crate::xml::Element;

/// The error of a fault; `None` for a body that holds none.
pub(super) fn fault_of(body: &str) -> Option<ApiError> {
    // Asked first, because most answers are JSON.
    if !body.starts_with('<') || !body.contains("Fault") {
        return None;
    }
    let envelope = Element::parse(body).ok()?;
    let fault = envelope.child("Body")?.child("Fault")?;
    let text = fault.text_of("faultstring").unwrap_or_default();
    // `sf:INVALID_SESSION_ID`, and a text that begins with the code again.
    let code = fault.text_of("faultcode").and_then(|code| code.rsplit(':').next())?;
    let message = text.strip_prefix(code).map_or(text, |rest| rest.trim_start_matches([':', ' ']));
    Some(ApiError {
        code: code.to_owned(),
        message: shortened(message),
        fields: Vec::new(),
        raw: json!({ "faultcode": code, "faultstring": shortened(text) }),
    })
}
