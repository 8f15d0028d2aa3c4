//! search and parameterizedSearch: SOSL as text, and the same said with parameters or JSON.

use std::fmt::Write as _;

use serde_json::Value;

use crate::api::Answered;
use crate::api::error::ApiError;
use crate::org::Org;
use crate::sosl;
use crate::wire::{ApiRequest, ApiResponse};

/// Signs that mean something in a search and are only text in a parameter.
const RESERVED: &str = r#"?&|!{}[]()^~*:\"'+-"#;

/// `/search?q=FIND {…}`.
pub(crate) fn search(org: &Org, request: &ApiRequest, rest: &[&str]) -> Answered {
    if !rest.is_empty() {
        return Err(ApiError::no_resource());
    }
    if request.method != "GET" {
        return Err(ApiError::no_method(&request.method, "GET,HEAD"));
    }
    answer(org, request, request.parameter("q").unwrap_or_default())
}

/// `/parameterizedSearch`, by query parameters or by a JSON body.
pub(crate) fn parameterized(org: &Org, request: &ApiRequest, rest: &[&str]) -> Answered {
    if !rest.is_empty() {
        return Err(ApiError::no_resource());
    }
    let asked = match request.method.as_str() {
        "GET" => Asked::of_parameters(request),
        "POST" => {
            let body: Value = serde_json::from_slice(&request.body)
                .map_err(|error| ApiError::json(&error.to_string()))?;
            Asked::of_body(&body)
        }
        method => return Err(ApiError::no_method(method, "GET,HEAD,POST")),
    };
    answer(org, request, &asked.sosl())
}

fn answer(org: &Org, request: &ApiRequest, source: &str) -> Answered {
    Ok(ApiResponse::json(200, sosl::search(org, &request.version, source)?))
}

/// A search in parameters.
#[derive(Debug, Default)]
struct Asked {
    text: Option<String>,
    group: Option<String>,
    objects: Vec<AskedObject>,
    limit: Option<String>,
}

/// One object to return.
#[derive(Debug, Default)]
struct AskedObject {
    name: String,
    fields: Option<String>,
    condition: Option<String>,
    order: Option<String>,
    limit: Option<String>,
}

impl Asked {
    fn of_parameters(request: &ApiRequest) -> Self {
        let text = |name: &str| request.parameter(name).map(str::to_owned);
        let names = request.query.iter().filter(|(name, _)| name == "sobject");
        let objects = names.flat_map(|(_, names)| names.split(',')).map(|name| {
            let own = |key: &str| text(&format!("{name}.{key}"));
            AskedObject {
                name: name.to_owned(),
                fields: own("fields").or_else(|| text("fields")),
                condition: own("where"),
                order: own("orderBy"),
                limit: own("limit").or_else(|| text("defaultLimit")),
            }
        });
        Self {
            text: text("q"),
            group: text("in"),
            objects: objects.collect(),
            limit: text("overallLimit"),
        }
    }

    fn of_body(body: &Value) -> Self {
        let (fields, limit) = (list(&body["fields"]), number(&body["defaultLimit"]));
        let objects = body["sobjects"].as_array().into_iter().flatten();
        let objects = objects.map(|object| AskedObject {
            name: text(&object["name"]).unwrap_or_default(),
            fields: list(&object["fields"]).or_else(|| fields.clone()),
            condition: text(&object["where"]),
            order: text(&object["orderBy"]),
            limit: number(&object["limit"]).or_else(|| limit.clone()),
        });
        Self {
            text: text(&body["q"]),
            group: text(&body["in"]),
            objects: objects.collect(),
            limit: number(&body["overallLimit"]),
        }
    }

    /// The same as a search's text.
    fn sosl(&self) -> String {
        let Some(text) = &self.text else { return String::new() };
        let mut sosl = String::from("FIND {");
        for character in text.chars() {
            if RESERVED.contains(character) {
                sosl.push('\\');
            }
            sosl.push(character);
        }
        sosl.push('}');
        if let Some(group) = &self.group {
            // Writing to a String cannot fail.
            let _ = write!(sosl, " IN {group} FIELDS");
        }
        if !self.objects.is_empty() {
            let objects: Vec<String> = self.objects.iter().map(AskedObject::returning).collect();
            let _ = write!(sosl, " RETURNING {}", objects.join(", "));
        }
        if let Some(limit) = &self.limit {
            let _ = write!(sosl, " LIMIT {limit}");
        }
        sosl
    }
}

impl AskedObject {
    fn returning(&self) -> String {
        let fields = self.fields.as_deref().unwrap_or("Id");
        let mut text = format!("{}({fields}", self.name);
        for (clause, value) in
            [("WHERE", &self.condition), ("ORDER BY", &self.order), ("LIMIT", &self.limit)]
        {
            if let Some(value) = value {
                // Writing to a String cannot fail.
                let _ = write!(text, " {clause} {value}");
            }
        }
        text.push(')');
        text
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn number(value: &Value) -> Option<String> {
    value.as_u64().map(|number| number.to_string())
}

fn list(value: &Value) -> Option<String> {
    let names: Vec<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
    Some(names.join(", "))
}
