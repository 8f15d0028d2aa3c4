//! Lookups: an id means nothing in another org, so the parent must be mapped or listed in the lane's values.

use std::collections::BTreeMap;

use isthmus_contract::file::FileCode;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::RecordId;
use isthmus_model::mapping::{FieldPair, MappingName, ReferenceRule};
use isthmus_model::schema::FieldType;

use super::objects::ObjectPair;
use crate::sync_file::names::quoted;
use crate::sync_file::problems::Problems;

/// How the lookup's id is translated; `None` for fields that hold no id.
pub(super) fn bind(
    pair: &ObjectPair<'_>,
    fields: &FieldPair,
    pairs: &[ObjectPair<'_>],
    document: &SyncDocument,
    path: &str,
    problems: &mut Problems<'_>,
) -> Option<ReferenceRule> {
    if fields.left.kind != FieldType::Reference || fields.right.kind != FieldType::Reference {
        return None;
    }
    let parents = parent_mappings(fields, pairs);
    if !parents.is_empty() {
        return Some(ReferenceRule::Links(parents));
    }
    if let Some(values) = lane_values(fields, document, problems) {
        return Some(ReferenceRule::LaneValues(values));
    }
    let parents = fields.left.reference_to.join(" or ");
    let text = format!(
        "{}.{} points to {parents}, and no object mapping of this sync covers that",
        pair.left.name, fields.left.name
    );
    let first = fields.left.reference_to.first().map_or("Parent", String::as_str);
    let remedy = format!(
        "add an object mapping for {parents}, or list the pairs of ids under `lanes[0].values.{first}`, or remove the field mapping"
    );
    problems.refuse(path, FileCode::ParentUnmapped, text, remedy);
    None
}

/// Mappings from an object the left lookup may point to, to one the right lookup may point to.
fn parent_mappings(fields: &FieldPair, pairs: &[ObjectPair<'_>]) -> Vec<MappingName> {
    let covers = |object: &str, targets: &[String]| {
        targets.iter().any(|target| target.eq_ignore_ascii_case(object))
    };
    pairs
        .iter()
        .filter(|pair| {
            covers(&pair.left.name, &fields.left.reference_to)
                && covers(&pair.right.name, &fields.right.reference_to)
        })
        .map(|pair| MappingName::new(pair.name()))
        .collect()
}

/// The lane's own pairs of ids for the objects the lookup may point to.
fn lane_values(
    fields: &FieldPair,
    document: &SyncDocument,
    problems: &mut Problems<'_>,
) -> Option<BTreeMap<RecordId, RecordId>> {
    let lane = document.lanes.first()?;
    let mut found = None;
    for (object, ids) in &lane.values {
        if !fields.left.reference_to.iter().any(|target| target.eq_ignore_ascii_case(object)) {
            continue;
        }
        let values: &mut BTreeMap<RecordId, RecordId> = found.get_or_insert_default();
        for (left, right) in ids {
            let path = format!("lanes[0].values.{object}.{left}");
            let ids = (parse(left, &path, problems), parse(right, &path, problems));
            if let (Some(left), Some(right)) = ids {
                values.insert(left, right);
            }
        }
    }
    found
}

fn parse(text: &str, path: &str, problems: &mut Problems<'_>) -> Option<RecordId> {
    match RecordId::parse(text) {
        Ok(id) => Some(id),
        Err(error) => {
            let said = format!("{} is no record id", quoted(text));
            problems.refuse(path, FileCode::BadId, said, error.to_string());
            None
        }
    }
}
