//! Checks a document against both describes and binds it to them.

mod bound;
mod fields;
mod keys;
mod objects;
mod references;
mod required;

use isthmus_contract::file::{FileCode, FileProblem};
use isthmus_model::ids::{LaneId, MappingVersion};
use isthmus_model::mapping::{ObjectMapping, Policy};

use super::problems::Problems;
use super::sides::Sides;
use super::{Parsed, names::quoted};

/// What the ledger knows of the sync besides its document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding {
    pub(crate) lane: LaneId,
    pub(crate) version: MappingVersion,
}

/// A document bound to both describes.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    /// Object mappings with their policies, in document order.
    pub(crate) mappings: Vec<(ObjectMapping, Policy)>,
    /// What is worth knowing.
    pub(crate) warnings: Vec<FileProblem>,
}

/// Checks everything that needs a describe; all problems at once, those that need none included.
pub(crate) fn bind(
    parsed: &Parsed,
    sides: &Sides,
    binding: Binding,
) -> Result<Bound, Vec<FileProblem>> {
    let mut problems = Problems::new(&parsed.places);
    check_lane(sides, &mut problems);
    objects::check_names(&parsed.document, &mut problems);
    let pairs = objects::find(&parsed.document, sides, &mut problems);
    let mut mappings = Vec::new();
    for pair in &pairs {
        objects::check_writable(pair, sides, &mut problems);
        let match_rule = keys::bind(pair, &mut problems);
        let fields = fields::bind(pair, &pairs, &parsed.document, &mut problems);
        required::check(pair, &fields, &mut problems);
        if let Some(match_rule) = match_rule {
            mappings.push(bound::mapping(pair, match_rule, fields, binding));
        }
    }
    let accepted = problems.accepts() && parsed.problems.is_empty();
    let mut found = problems.into_sorted();
    found.extend(parsed.problems.iter().cloned());
    found.sort_by(|one, other| (one.place, &one.path).cmp(&(other.place, &other.path)));
    if accepted { Ok(Bound { mappings, warnings: found }) } else { Err(found) }
}

fn check_lane(sides: &Sides, problems: &mut Problems<'_>) {
    if sides.left.org_id != sides.right.org_id {
        return;
    }
    let (left, right) = (quoted(&sides.left.org), quoted(&sides.right.org));
    let text = format!("left ({left}) and right ({right}) are the same org, {}", sides.left.org_id);
    problems.refuse("lanes[0].right", FileCode::SameOrg, text, "name two different orgs");
}
