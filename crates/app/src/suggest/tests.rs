//! Proposals: found, explained, and importable as they are.

use isthmus_model::ids::{LaneId, MappingVersion};

use super::{ObjectName, pair_objects, propose};
use crate::sync_file::tests::describes::sides;
use crate::sync_file::{Binding, Sides, bind, read};

fn names(sides: &Sides) -> (Vec<ObjectName>, Vec<ObjectName>) {
    let of = |names: &[String]| {
        names
            .iter()
            .map(|name| ObjectName { name: name.clone(), label: name.clone() })
            .collect::<Vec<_>>()
    };
    (of(&sides.left.names), of(&sides.right.names))
}

#[test]
fn a_proposal_is_explained_and_imports_without_a_problem() {
    let sides = sides();
    let (left, right) = names(&sides);
    let proposal = propose("sales-to-service", &sides, pair_objects(&left, &right));
    insta::assert_snapshot!(proposal.document);
    let parsed = read(&proposal.document).unwrap();
    let binding = Binding { lane: LaneId(1), version: MappingVersion(1) };
    let bound = bind(&parsed, &sides, binding).unwrap();
    assert_eq!(bound.mappings.len(), proposal.objects.len());
}

#[test]
fn history_and_users_are_never_proposed() {
    let sides = sides();
    let (left, right) = names(&sides);
    let pairings = pair_objects(&left, &right);
    assert!(pairings.iter().all(|pairing| ["Account", "Contact"].contains(&pairing.left.as_str())));
}

#[test]
fn names_that_yaml_would_misread_are_quoted() {
    let mut sides = sides();
    sides.left.org = "no".to_owned();
    sides.right.org = "acme: \"west\"".to_owned();
    let proposal = propose("2026", &sides, Vec::new());
    assert!(proposal.document.contains("sync: \"2026\""));
    assert!(proposal.document.contains("left: \"no\""));
    assert!(proposal.document.contains(r#"right: "acme: \"west\"""#));
}
