//! The describe resources: global, per object and basic (wire reference, section 4).

mod children;
pub(crate) mod field;
mod traits;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(crate) use crate::describe::traits::Traits;

use crate::org::Org;
use crate::schema::{Object, RecordType, Schema};

/// Rows that one request may write through collections; describe names it in its global answer.
const MAX_BATCH_SIZE: u32 = 200;

/// The body of `GET /services/data/v{version}/sobjects`.
#[must_use]
pub fn global(org: &Org, version: &str) -> Value {
    every_object(&org.schema, version)
}

fn every_object(schema: &Schema, version: &str) -> Value {
    let objects: Vec<Value> =
        schema.objects.iter().map(|object| global_entry(object, version)).collect();
    json!({ "encoding": "UTF-8", "maxBatchSize": MAX_BATCH_SIZE, "sobjects": objects })
}

/// The body of `GET /services/data/v{version}/sobjects/{name}/describe`; `None` when there is no such object. Names
/// are compared without case.
#[must_use]
pub fn object(org: &Org, name: &str, version: &str) -> Option<Value> {
    let object = org.schema.object(name)?;
    Some(full(&org.schema, object, &org.instance_url, version))
}

fn full(schema: &Schema, object: &Object, instance_url: &str, version: &str) -> Value {
    let mut entries = common(object);
    entries.extend(always_empty());
    entries.extend([
        ("childRelationships", children::relationships(schema, &object.name)),
        ("compactLayoutable", json!(Traits::of(object).layoutable)),
        ("fields", object.fields.iter().map(field::describe).collect()),
        ("recordTypeInfos", record_types(object, version)),
        ("searchLayoutable", json!(Traits::of(object).searchable)),
        ("sobjectDescribeOption", json!("FULL")),
        ("supportedScopes", supported_scopes(object)),
        ("urls", object_urls(instance_url, object, version)),
    ]);
    sorted(entries)
}

/// The body of `GET /services/data/v{version}/sobjects/{name}`: the object's global entry and the rows seen last,
/// of which this org keeps none. `None` when there is no such object.
#[must_use]
pub fn sobject_basic(org: &Org, name: &str, version: &str) -> Option<Value> {
    let object = org.schema.object(name)?;
    Some(json!({ "objectDescribe": global_entry(object, version), "recentItems": [] }))
}

/// An object with its keys in alphabetical order, as the API writes them.
fn sorted<'key>(entries: impl IntoIterator<Item = (&'key str, Value)>) -> Value {
    let entries: BTreeMap<&str, Value> = entries.into_iter().collect();
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn global_entry(object: &Object, version: &str) -> Value {
    let mut entries = common(object);
    entries.push(("urls", sorted(resource_urls(object, version))));
    sorted(entries)
}

/// What the global entry and the full describe share.
fn common(object: &Object) -> Vec<(&'static str, Value)> {
    let traits = Traits::of(object);
    vec![
        ("activateable", json!(false)),
        ("associateEntityType", Value::Null),
        ("associateParentEntity", Value::Null),
        ("createable", json!(object.createable)),
        ("custom", json!(object.custom)),
        ("customSetting", json!(false)),
        ("deepCloneable", json!(traits.deep_cloneable)),
        ("deletable", json!(object.deletable)),
        ("deprecatedAndHidden", json!(false)),
        ("feedEnabled", json!(traits.feed_enabled)),
        ("hasSubtypes", json!(false)),
        ("isInterface", json!(false)),
        ("isSubtype", json!(false)),
        ("keyPrefix", json!(object.key_prefix)),
        ("label", json!(object.label)),
        ("labelPlural", json!(object.label_plural)),
        ("layoutable", json!(traits.layoutable)),
        ("mergeable", json!(traits.mergeable)),
        ("mruEnabled", json!(traits.recently_used)),
        ("name", json!(object.name)),
        ("queryable", json!(true)),
        ("replicateable", json!(object.replicateable)),
        ("retrieveable", json!(true)),
        ("searchable", json!(traits.searchable)),
        ("triggerable", json!(traits.triggerable)),
        ("undeletable", json!(traits.undeletable)),
        ("updateable", json!(object.updateable)),
    ]
}

/// Keys of the full describe that say nothing in an org without overrides, interfaces and communities.
fn always_empty() -> Vec<(&'static str, Value)> {
    let nulls = [
        "defaultImplementation",
        "extendedBy",
        "extendsInterfaces",
        "implementedBy",
        "implementsInterfaces",
        "listviewable",
        "lookupLayoutable",
        "networkScopeFieldName",
    ];
    let lists = ["actionOverrides", "namedLayoutInfos"];
    let nulls = nulls.map(|key| (key, Value::Null));
    nulls.into_iter().chain(lists.map(|key| (key, json!([])))).collect()
}

fn record_types(object: &Object, version: &str) -> Value {
    object
        .record_types
        .iter()
        .map(|record_type| record_type_info(object, record_type, version))
        .collect()
}

fn record_type_info(object: &Object, record_type: &RecordType, version: &str) -> Value {
    let layout = format!("{}/describe/layouts/{}", resource(object, version), record_type.id);
    json!({
        "active": true,
        "available": true,
        "defaultRecordTypeMapping": record_type.default,
        "developerName": record_type.developer_name,
        "master": record_type.master,
        "name": record_type.name,
        "recordTypeId": record_type.id,
        "urls": { "layout": layout },
    })
}

fn supported_scopes(object: &Object) -> Value {
    let plural = object.label_plural.to_lowercase();
    let mut scopes = vec![json!({ "label": format!("All {plural}"), "name": "everything" })];
    if object.field("OwnerId").is_some() {
        scopes.push(json!({ "label": format!("My {plural}"), "name": "mine" }));
    }
    Value::Array(scopes)
}

fn resource(object: &Object, version: &str) -> String {
    format!("/services/data/v{version}/sobjects/{}", object.name)
}

fn resource_urls(object: &Object, version: &str) -> Vec<(&'static str, Value)> {
    let resource = resource(object, version);
    let traits = Traits::of(object);
    let mut urls = vec![
        ("describe", json!(format!("{resource}/describe"))),
        ("rowTemplate", json!(format!("{resource}/{{ID}}"))),
        ("sobject", json!(resource)),
    ];
    if traits.layoutable {
        urls.push(("compactLayouts", json!(format!("{resource}/describe/compactLayouts"))));
        urls.push(("layouts", json!(format!("{resource}/describe/layouts"))));
    }
    if traits.recently_used {
        urls.push(("approvalLayouts", json!(format!("{resource}/describe/approvalLayouts"))));
        urls.push(("listviews", json!(format!("{resource}/listviews"))));
        urls.push(("quickActions", json!(format!("{resource}/quickActions"))));
    }
    urls
}

fn object_urls(page: &str, object: &Object, version: &str) -> Value {
    let mut urls = resource_urls(object, version);
    urls.push(("uiDetailTemplate", json!(format!("{page}/{{ID}}"))));
    urls.push(("uiEditTemplate", json!(format!("{page}/{{ID}}/e"))));
    urls.push(("uiNewRecord", json!(format!("{page}/{}/e", object.key_prefix))));
    sorted(urls)
}

#[cfg(test)]
mod tests;
