//! Objects: they exist on their side, rows can be read on both and written on the target.

use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_contract::file::FileCode;
use isthmus_model::document::{CreatePolicy, ObjectDocument, SyncDocument};
use isthmus_model::ids::Side;
use isthmus_model::schema::ObjectSchema;

use crate::sync_file::names::{did_you_mean, quoted};
use crate::sync_file::problems::Problems;
use crate::sync_file::sides::Sides;

/// An object mapping of the document with both objects found.
pub(super) struct ObjectPair<'a> {
    pub(super) document: &'a ObjectDocument,
    pub(super) path: String,
    pub(super) left: Arc<ObjectSchema>,
    pub(super) right: Arc<ObjectSchema>,
}

impl ObjectPair<'_> {
    /// The mapping's name: its own, or the left object's.
    pub(super) fn name(&self) -> &str {
        mapping_name(self.document)
    }
}

pub(super) fn mapping_name(document: &ObjectDocument) -> &str {
    document.name.as_deref().unwrap_or(&document.left)
}

/// Names must be unique: links and reports refer to mappings by name.
pub(super) fn check_names(document: &SyncDocument, problems: &mut Problems<'_>) {
    let mut names = BTreeMap::new();
    let mut pairs = BTreeMap::new();
    for (position, object) in document.objects.iter().enumerate() {
        let path = format!("objects[{position}]");
        let name = mapping_name(object);
        if let Some(first) = names.insert(name.to_lowercase(), position) {
            let text = format!("{} and objects[{first}] have the same name {}", path, quoted(name));
            problems.refuse(&path, FileCode::Duplicate, text, "give one of them another `name`");
        }
        let pair = (object.left.to_lowercase(), object.right.to_lowercase());
        if let Some(first) = pairs.insert(pair, position) {
            let text = format!("{path} and objects[{first}] map the same two objects");
            problems.refuse(&path, FileCode::Duplicate, text, "join them into one object mapping");
        }
    }
}

/// Finds both objects of every mapping; mappings with an unknown object are named and left out.
pub(super) fn find<'a>(
    document: &'a SyncDocument,
    sides: &Sides,
    problems: &mut Problems<'_>,
) -> Vec<ObjectPair<'a>> {
    let mut pairs = Vec::new();
    for (position, object) in document.objects.iter().enumerate() {
        let path = format!("objects[{position}]");
        let left = find_object(&object.left, &format!("{path}.left"), Side::Left, sides, problems);
        let right =
            find_object(&object.right, &format!("{path}.right"), Side::Right, sides, problems);
        if let (Some(left), Some(right)) = (left, right) {
            pairs.push(ObjectPair { document: object, path, left, right });
        }
    }
    pairs
}

fn find_object(
    name: &str,
    path: &str,
    side: Side,
    sides: &Sides,
    problems: &mut Problems<'_>,
) -> Option<Arc<ObjectSchema>> {
    let describe = sides.side(side);
    if let Some(object) = describe.object(name) {
        return Some(Arc::clone(object));
    }
    let text = format!("{} has no object {} for the connected user", describe.org, quoted(name));
    let known = describe.names.iter().map(String::as_str);
    let otherwise = format!(
        "check the object's API name in Setup, and that the user connected to {} may read it",
        describe.org
    );
    problems.refuse(path, FileCode::UnknownObject, text, did_you_mean(name, known, &otherwise));
    None
}

/// Rows must be readable on both sides, and the target must take what the policies allow.
pub(super) fn check_writable(pair: &ObjectPair<'_>, sides: &Sides, problems: &mut Problems<'_>) {
    for (side, object, key) in
        [(Side::Left, &pair.left, "left"), (Side::Right, &pair.right, "right")]
    {
        if !object.queryable {
            let org = &sides.side(side).org;
            let text = format!("rows of {} cannot be queried in {org}", object.name);
            let remedy = "choose an object that can be queried";
            problems.refuse(&format!("{}.{key}", pair.path), FileCode::NotReadable, text, remedy);
        }
    }
    let path = format!("{}.right", pair.path);
    let org = &sides.right.org;
    if pair.document.policies.create == CreatePolicy::Create && !pair.right.createable {
        let text = format!("the user connected to {org} may not create {} rows", pair.right.name);
        let remedy = "give the user the Create permission on the object in Setup, or write `policies: {create: skip}`";
        problems.refuse(&path, FileCode::NotWritable, text, remedy);
    }
    if !pair.right.updateable {
        let text = format!("the user connected to {org} may not update {} rows", pair.right.name);
        let remedy = "rows that would change are held; give the user the Edit permission on the object in Setup";
        problems.warn(&path, FileCode::NotWritable, text, remedy);
    }
}
