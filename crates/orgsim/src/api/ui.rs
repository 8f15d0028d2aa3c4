//! The two resources of the UI API that tell what describe does not: object info, picklist values by record type.

use serde_json::{Map, Value, json};

use crate::api::Answered;
use crate::api::error::ApiError;
use crate::describe::field::type_name;
use crate::org::Org;
use crate::schema::{Field, FieldType, Object, PicklistValue, RecordType};
use crate::wire::{ApiRequest, ApiResponse};

/// `/ui-api/object-info/…`.
pub(crate) fn route(org: &Org, request: &ApiRequest, rest: &[&str]) -> Answered {
    if request.method != "GET" {
        return Err(ApiError::no_method(&request.method, "GET,HEAD"));
    }
    let ["object-info", name, rest @ ..] = rest else { return Err(ApiError::no_resource()) };
    let object = org.schema.object(name).ok_or_else(ApiError::no_resource)?;
    match rest {
        [] => Ok(ApiResponse::json(200, object_info(object))),
        ["picklist-values", record_type] => {
            let record_type = record_type_of(object, record_type)?;
            let fields = object.fields.iter().filter(|field| is_picklist(field));
            let fields: Map<String, Value> = fields
                .map(|field| (field.name.clone(), values(org, request, object, record_type, field)))
                .collect();
            Ok(ApiResponse::json(200, json!({ "eTag": tag(org), "picklistFieldValues": fields })))
        }
        ["picklist-values", record_type, field] => {
            let record_type = record_type_of(object, record_type)?;
            let field = object.field(field).filter(|field| is_picklist(field));
            let field = field.ok_or_else(ApiError::no_resource)?;
            Ok(ApiResponse::json(200, values(org, request, object, record_type, field)))
        }
        _ => Err(ApiError::no_resource()),
    }
}

fn record_type_of<'object>(
    object: &'object Object,
    id: &str,
) -> Result<&'object RecordType, ApiError> {
    let id = crate::ids::to_18(id).ok_or_else(ApiError::no_resource)?;
    object.record_types.iter().find(|own| own.id == id).ok_or_else(ApiError::no_resource)
}

fn is_picklist(field: &Field) -> bool {
    matches!(field.kind, FieldType::Picklist | FieldType::MultiPicklist)
}

fn tag(org: &Org) -> String {
    format!("{:x}", org.schema.changed.map_or(0, |changed| changed.as_second()))
}

fn values(
    org: &Org,
    request: &ApiRequest,
    object: &Object,
    record_type: &RecordType,
    field: &Field,
) -> Value {
    let allowed =
        org.setup.values_of_record_type(&object.name, &record_type.developer_name, &field.name);
    let is_allowed = |value: &&PicklistValue| {
        value.active && allowed.is_none_or(|allowed| allowed.contains(&value.value))
    };
    let show = |value: &PicklistValue| json!({ "attributes": null, "label": value.label, "validFor": [], "value": value.value });
    let shown: Vec<&PicklistValue> = field.picklist_values.iter().filter(is_allowed).collect();
    let default = shown.iter().find(|value| value.default_value).map(|value| show(value));
    let url = format!(
        "/services/data/v{}/ui-api/object-info/{}/picklist-values/{}/{}",
        request.version, object.name, record_type.id, field.name
    );
    json!({
        "controllerValues": {},
        "defaultValue": default,
        "eTag": tag(org),
        "url": url,
        "values": shown.into_iter().map(show).collect::<Vec<_>>(),
    })
}

fn object_info(object: &Object) -> Value {
    let fields: Map<String, Value> =
        object.fields.iter().map(|field| (field.name.clone(), field_info(field))).collect();
    let record_types: Map<String, Value> = object
        .record_types
        .iter()
        .map(|own| {
            let info = json!({
                "available": true, "defaultRecordTypeMapping": own.default, "master": own.master,
                "name": own.name, "recordTypeId": own.id,
            });
            (own.id.clone(), info)
        })
        .collect();
    let default = object.record_types.iter().find(|own| own.default).map(|own| own.id.as_str());
    json!({
        "apiName": object.name,
        "createable": object.createable,
        "custom": object.custom,
        "defaultRecordTypeId": default,
        "deletable": object.deletable,
        "fields": fields,
        "keyPrefix": object.key_prefix,
        "label": object.label,
        "labelPlural": object.label_plural,
        "queryable": true,
        "recordTypeInfos": record_types,
        "updateable": object.updateable,
    })
}

fn field_info(field: &Field) -> Value {
    let kind = type_name(field.kind);
    let kind = kind[..1].to_uppercase() + &kind[1..];
    json!({
        "apiName": field.name, "calculated": field.calculated, "compound": matches!(field.kind, FieldType::Address | FieldType::Location),
        "createable": field.createable, "custom": field.custom, "dataType": kind,
        "label": field.label, "length": field.length, "precision": field.precision,
        "required": !field.nillable, "scale": field.scale, "unique": field.unique,
        "updateable": field.updateable,
    })
}
