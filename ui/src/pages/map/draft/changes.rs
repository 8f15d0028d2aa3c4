//! How many things differ between two documents, counted as a person would: one per link, rule or name.

use isthmus_model::document::{FieldDocument, ObjectDocument, SyncDocument};

use super::edit::object_name;

/// The number of differences; 0 exactly where the documents are equal.
pub(super) fn between(before: &SyncDocument, after: &SyncDocument) -> usize {
    if before == after {
        return 0;
    }
    let head = [
        before.sync != after.sync,
        before.description != after.description,
        before.lanes != after.lanes,
        before.schedule != after.schedule,
        before.release != after.release,
        before.target != after.target,
    ];
    let removed = before.objects.iter().filter(|object| partner(object, after).is_none()).count();
    let objects = after.objects.iter().map(|object| match partner(object, before) {
        Some(former) => of_object(former, object),
        None => 1,
    });
    let counted = count(&head) + removed + objects.sum::<usize>();
    // What is left is the order of objects or fields alone.
    counted.max(1)
}

fn partner<'a>(object: &ObjectDocument, document: &'a SyncDocument) -> Option<&'a ObjectDocument> {
    document.objects.iter().find(|other| {
        object_name(other) == object_name(object)
            || (other.left == object.left && other.right == object.right)
    })
}

fn of_object(before: &ObjectDocument, after: &ObjectDocument) -> usize {
    if before == after {
        return 0;
    }
    let head = [
        before.name != after.name,
        before.left != after.left,
        before.right != after.right,
        before.match_rule != after.match_rule,
        before.filters != after.filters,
        before.trigger != after.trigger,
        before.policies != after.policies,
    ];
    count(&head) + of_fields(&before.fields, &after.fields)
}

/// A target field has one source, so links are the same where their targets are.
fn of_fields(before: &[FieldDocument], after: &[FieldDocument]) -> usize {
    let same_target = |field: &FieldDocument, list: &[FieldDocument]| {
        list.iter().find(|other| other.right.eq_ignore_ascii_case(&field.right)).cloned()
    };
    let removed = before.iter().filter(|field| same_target(field, after).is_none()).count();
    let other = after.iter().filter(|field| same_target(field, before).as_ref() != Some(field));
    removed + other.count()
}

fn count(differences: &[bool]) -> usize {
    differences.iter().filter(|differs| **differs).count()
}
