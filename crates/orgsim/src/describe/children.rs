//! `childRelationships`: which fields of which objects point at an object, read off the references of the schema.

use serde_json::{Value, json};

use crate::schema::{Field, Object, Schema};

/// The child relationships of `parent`, ordered by child object and field.
pub(crate) fn relationships(schema: &Schema, parent: &str) -> Value {
    let pointing = schema.objects.iter().flat_map(|child| {
        let fields = child.fields.iter().filter(|field| points_at(field, parent));
        fields.map(move |field| (child, field))
    });
    let mut pointing: Vec<(&Object, &Field)> = pointing.collect();
    pointing.sort_by_key(|(child, field)| (child.name.as_str(), field.name.as_str()));
    pointing.into_iter().map(|(child, field)| entry(child, field)).collect()
}

fn points_at(field: &Field, parent: &str) -> bool {
    field.reference_to.iter().any(|target| target == parent)
}

fn entry(child: &Object, field: &Field) -> Value {
    json!({
        "cascadeDelete": field.cascade_delete,
        "childSObject": child.name,
        "deprecatedAndHidden": false,
        "field": field.name,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": field.child_relationship_name,
        "restrictedDelete": field.restricted_delete,
    })
}
