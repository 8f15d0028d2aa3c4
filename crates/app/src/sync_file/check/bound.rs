//! One bound mapping with its policy, as the engine takes it.

use std::sync::Arc;

use isthmus_model::mapping::{FieldMapping, MappingName, MatchRule, ObjectMapping, Policy};

use super::Binding;
use super::objects::ObjectPair;

/// One bound mapping with its policy.
pub(super) fn mapping(
    pair: &ObjectPair<'_>,
    match_rule: MatchRule,
    fields: Vec<FieldMapping>,
    binding: Binding,
) -> (ObjectMapping, Policy) {
    let policies = &pair.document.policies;
    let policy = Policy {
        create: policies.create,
        edited_target: policies.edited_target,
        delete: policies.delete,
        conflict: policies.conflict,
        first_contact: policies.first_contact,
    };
    let mapping = ObjectMapping {
        name: MappingName::new(pair.name()),
        version: binding.version,
        lane: binding.lane,
        left: Arc::clone(&pair.left),
        right: Arc::clone(&pair.right),
        match_rule,
        fields,
    };
    (mapping, policy)
}
