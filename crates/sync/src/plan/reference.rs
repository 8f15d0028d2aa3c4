//! Lookups: an id of the left org becomes an id of the right org through links or the lane's own values.

use isthmus_model::cause::Cause;
use isthmus_model::ids::RecordId;
use isthmus_model::mapping::{FieldMapping, MappingName, ReferenceRule};
use isthmus_model::plan::ParentReference;
use isthmus_model::value::Value;

use super::hold::cause;
use super::inputs::{Links, Parent};

/// What a lookup comes to on the right.
pub(super) enum Translated {
    /// A value that can be written.
    Value(Value),
    /// The parent is created by this plan; its id is filled in when it is known.
    Waits(ParentReference),
}

/// Translates one lookup value.
pub(super) fn translate(
    value: &Value,
    field: &FieldMapping,
    rule: &ReferenceRule,
    links: &Links,
) -> Result<Translated, Cause> {
    let Value::Id(parent) = value else {
        return match value.is_blank() {
            true => Ok(Translated::Value(Value::Null)),
            false => Err(not_an_id(field)),
        };
    };
    match rule {
        ReferenceRule::LaneValues(values) => match values.get(parent) {
            Some(own) => Ok(Translated::Value(Value::Id(*own))),
            None => Err(lane_value_missing(field, *parent)),
        },
        ReferenceRule::Links(mappings) => through_links(*parent, field, mappings, links),
    }
}

fn through_links(
    parent: RecordId,
    field: &FieldMapping,
    mappings: &[MappingName],
    links: &Links,
) -> Result<Translated, Cause> {
    let found = mappings.iter().find_map(|mapping| {
        links.parents.get(&(mapping.clone(), parent)).map(|state| (mapping, state))
    });
    match found {
        Some((_, Parent::Exists(own))) => Ok(Translated::Value(Value::Id(*own))),
        Some((mapping, Parent::Planned)) => Ok(Translated::Waits(ParentReference {
            field: field.pair.right.name.clone(),
            mapping: mapping.clone(),
            source_id: parent,
        })),
        Some((mapping, Parent::Waiting)) => Err(parent_waiting(field, mapping, parent)),
        None => Err(parent_missing(field, mappings, parent)),
    }
}

fn parent_missing(field: &FieldMapping, mappings: &[MappingName], parent: RecordId) -> Cause {
    let names: Vec<&str> = mappings.iter().map(MappingName::as_str).collect();
    cause(
        "parent_missing",
        &[&field.pair.left.name],
        format!("the parent {parent} is not linked by {}", names.join(" or ")),
        "sync the parent first: check that it exists, is visible to the connected user and has a match key",
    )
}

fn parent_waiting(field: &FieldMapping, mapping: &MappingName, parent: RecordId) -> Cause {
    cause(
        "parent_waiting",
        &[&field.pair.left.name],
        format!(
            "the parent {parent} ({mapping}) is not in the target org yet: its own row is held or pending"
        ),
        "settle the parent's row; this row follows in the next run",
    )
}

fn lane_value_missing(field: &FieldMapping, record: RecordId) -> Cause {
    cause(
        "lane_value_missing",
        &[&field.pair.left.name],
        format!("the lane has no right value for {record}"),
        "add the pair of ids under the lane's values and import the sync again",
    )
}

fn not_an_id(field: &FieldMapping) -> Cause {
    cause(
        "not_an_id",
        &[&field.pair.left.name],
        format!("{} holds a value that is no record id", field.pair.left.name),
        "map a lookup field to the lookup",
    )
}
