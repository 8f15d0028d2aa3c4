//! The corner of the Tooling API that tells an administrator's rules: queries on validation rules.

use serde_json::{Value, json};

use crate::api::Answered;
use crate::api::error::ApiError;
use crate::ids;
use crate::org::Org;
use crate::setup::ValidationRule;
use crate::wire::{ApiRequest, ApiResponse};

/// `/tooling/query?q=…` over `ValidationRule`; other objects are unknown to it, as they are to users without setup rights.
pub(crate) fn route(org: &Org, request: &ApiRequest, rest: &[&str]) -> Answered {
    match rest {
        [word] if word.eq_ignore_ascii_case("query") && request.method == "GET" => {
            query(org, request)
        }
        _ => Err(ApiError::no_resource()),
    }
}

fn query(org: &Org, request: &ApiRequest) -> Answered {
    let source = request.parameter("q").unwrap_or_default();
    let words: Vec<&str> = source.split_whitespace().collect();
    let from = words.iter().position(|word| word.eq_ignore_ascii_case("from"));
    let entity = from.and_then(|from| words.get(from + 1)).copied().unwrap_or_default();
    if !entity.eq_ignore_ascii_case("ValidationRule") {
        let message = format!("sObject type '{entity}' is not supported.");
        return Err(ApiError::call(400, "INVALID_TYPE", message));
    }
    let rules = org.setup.validation_rules.iter().enumerate();
    // The text of a quoted object name narrows the list; the rest of a condition is left to the caller.
    let wanted = source.split('\'').nth(1).filter(|name| org.schema.object(name).is_some());
    let records: Vec<Value> = rules
        .filter(|(_, rule)| wanted.is_none_or(|name| rule.object.eq_ignore_ascii_case(name)))
        .map(|(place, rule)| show(org, request, place, rule))
        .collect();
    let body = json!({
        "size": records.len(), "totalSize": records.len(), "done": true, "queryLocator": null,
        "entityTypeName": "ValidationRule", "records": records,
    });
    Ok(ApiResponse::json(200, body))
}

fn show(org: &Org, request: &ApiRequest, place: usize, rule: &ValidationRule) -> Value {
    let id = ids::make("03d", ids::instance_code(&org.id), place as u64 + 1);
    let url = format!("/services/data/v{}/tooling/sobjects/ValidationRule/{id}", request.version);
    json!({
        "attributes": { "type": "ValidationRule", "url": url },
        "Id": id,
        "Active": rule.active,
        "EntityDefinition": { "QualifiedApiName": rule.object },
        "EntityDefinitionId": rule.object,
        "ErrorDisplayField": rule.field,
        "ErrorMessage": rule.message,
        "Metadata": {
            "active": rule.active, "errorConditionFormula": rule.condition.formula(),
            "errorDisplayField": rule.field, "errorMessage": rule.message,
        },
        "ValidationName": rule.name,
    })
}
