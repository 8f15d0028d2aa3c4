//! One recorded request with its answer, out of the YAML files.

use serde_json::Value as Json;

/// A request and what the service answered.
pub(crate) struct Exchange {
    pub(crate) method: String,
    /// Path and query, without `/services/data/vXX.X/` where it begins with that.
    pub(crate) path: String,
    /// What was sent; null where there was nothing.
    pub(crate) request: Json,
    pub(crate) status: u16,
    pub(crate) answer: String,
}

/// All exchanges of a file; inclusions of other files are left out, since those files are read by themselves.
pub(crate) fn exchanges(text: &str) -> Vec<Exchange> {
    let document: Json = serde_saphyr::from_str(text)
        .or_else(|_| serde_saphyr::from_str(&with_deeper_lines(text)))
        .unwrap();
    match document.get("interactions") {
        Some(interactions) => {
            interactions.as_array().unwrap().iter().filter_map(exchange).collect()
        }
        None => exchange(&document).into_iter().collect(),
    }
}

/// One recorder broke long texts without the indentation that YAML asks for: lines that are neither a key nor an item go
/// deeper, which changes no text.
fn with_deeper_lines(text: &str) -> String {
    let begins_something = |line: &str| {
        let line = line.trim_start();
        let key = line.split(':').next().unwrap_or_default();
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        line.starts_with("- ") || (line.contains(':') && key.chars().all(plain))
    };
    let deeper = |line: &str| {
        if begins_something(line) { line.to_owned() } else { format!("{:40}{line}", "") }
    };
    text.lines().map(deeper).collect::<Vec<_>>().join("\n")
}

fn exchange(recorded: &Json) -> Option<Exchange> {
    let request = recorded.get("request")?;
    let text = |pointer: &str| recorded.pointer(pointer).and_then(Json::as_str);
    let uri = text("/request/uri").unwrap();
    let (_, path) = uri.split_once("my.salesforce.com/").unwrap();
    let below = path.strip_prefix("services/data/v").and_then(|rest| rest.split_once('/'));
    let sent = request.get("body").and_then(Json::as_str).unwrap_or("null");
    let status = recorded.pointer("/response/status/code").and_then(Json::as_u64).unwrap();
    Some(Exchange {
        method: text("/request/method").unwrap().to_owned(),
        path: below.map_or(path, |(_, rest)| rest).to_owned(),
        // Bulk v1 sends CSV and XML.
        request: serde_json::from_str(sent).unwrap_or_default(),
        status: u16::try_from(status).unwrap(),
        answer: text("/response/body/string").unwrap_or_default().to_owned(),
    })
}
