//! Parents before children: the order of object mappings, and of rows where an object refers to itself or in a ring.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::ids::RecordId;
use isthmus_model::mapping::{MappingName, ObjectMapping, ReferenceRule};

/// Object mappings that are planned together: one mapping, or several that refer to each other in a ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// Positions in the sync's list of objects.
    pub(crate) members: Vec<usize>,
    /// A member refers to a member: its rows need an order of their own.
    pub(crate) refers_to_itself: bool,
}

/// One row of one object mapping (by its position in the sync).
pub(crate) type Node = (usize, RecordId);

/// Groups of mappings, parents first; equal groups keep the document's order.
pub(crate) fn groups(mappings: &[&ObjectMapping]) -> Vec<Group> {
    let parents = parent_positions(mappings);
    let reach = reachable(&parents);
    let mut placed = BTreeSet::new();
    let mut groups: Vec<Group> = Vec::new();
    while placed.len() < mappings.len() {
        // Every graph of strongly connected groups has a first one whose outside parents are all placed.
        let next = (0..mappings.len()).find(|&candidate| {
            !placed.contains(&candidate)
                && reach[candidate]
                    .iter()
                    .all(|parent| placed.contains(parent) || reach[*parent].contains(&candidate))
        });
        let Some(first) = next else { break };
        let members: Vec<usize> = (0..mappings.len())
            .filter(|&other| {
                other == first || (reach[first].contains(&other) && reach[other].contains(&first))
            })
            .collect();
        placed.extend(members.iter().copied());
        let refers_to_itself = reach[first].contains(&first);
        groups.push(Group { members, refers_to_itself });
    }
    groups
}

/// How deep each row lies below rows that wait for nothing, from 1; and the rows that no order can serve.
///
/// `edges` holds, for each row that waits, the rows it waits for.
pub(crate) fn depths(edges: &BTreeMap<Node, Vec<Node>>) -> (BTreeMap<Node, u32>, BTreeSet<Node>) {
    let mut children: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
    let mut open: BTreeMap<Node, usize> = BTreeMap::new();
    for (child, parents) in edges {
        open.insert(*child, parents.len());
        for parent in parents {
            children.entry(*parent).or_default().push(*child);
        }
    }
    let mut depth: BTreeMap<Node, u32> = BTreeMap::new();
    let mut ready: Vec<(Node, u32)> =
        children.keys().filter(|node| !edges.contains_key(node)).map(|node| (*node, 0)).collect();
    while let Some((node, level)) = ready.pop() {
        for child in children.get(&node).into_iter().flatten() {
            let deepest = depth.entry(*child).or_insert(0);
            *deepest = (*deepest).max(level + 1);
            let waits = open.entry(*child).or_insert(0);
            *waits = waits.saturating_sub(1);
            if *waits == 0 {
                ready.push((*child, *deepest));
            }
        }
    }
    let rings: BTreeSet<Node> =
        open.iter().filter(|(_, waits)| **waits > 0).map(|(node, _)| *node).collect();
    depth.retain(|node, _| !rings.contains(node));
    (depth, rings)
}

/// The mappings that cover the parents of a mapping's lookups.
pub(crate) fn parent_names(mapping: &ObjectMapping) -> BTreeSet<&MappingName> {
    mapping
        .fields
        .iter()
        .filter_map(|field| match &field.reference {
            Some(ReferenceRule::Links(parents)) => Some(parents),
            _ => None,
        })
        .flatten()
        .collect()
}

fn parent_positions(mappings: &[&ObjectMapping]) -> Vec<BTreeSet<usize>> {
    mappings
        .iter()
        .map(|mapping| {
            let names = parent_names(mapping);
            (0..mappings.len()).filter(|&other| names.contains(&mappings[other].name)).collect()
        })
        .collect()
}

/// Everything a mapping's parents lead to; a mapping that reaches itself lies on a ring.
fn reachable(parents: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    (0..parents.len())
        .map(|start| {
            let mut seen = BTreeSet::new();
            let mut next: Vec<usize> = parents[start].iter().copied().collect();
            while let Some(position) = next.pop() {
                if seen.insert(position) {
                    next.extend(parents[position].iter().copied());
                }
            }
            seen
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use isthmus_model::ids::RecordId;

    use super::{Node, depths};

    fn node(number: u32) -> Node {
        (0, RecordId::parse(&format!("001{number:012}")).unwrap())
    }

    #[test]
    fn a_row_lies_below_its_deepest_parent() {
        let edges = BTreeMap::from([
            (node(2), vec![node(1)]),
            (node(3), vec![node(2)]),
            (node(4), vec![node(1), node(3)]),
        ]);
        let (depth, rings) = depths(&edges);
        assert_eq!(depth, BTreeMap::from([(node(2), 1), (node(3), 2), (node(4), 3)]));
        assert!(rings.is_empty());
    }

    #[test]
    fn rows_on_a_ring_and_below_it_are_told_apart_from_the_rest() {
        let edges = BTreeMap::from([
            (node(1), vec![node(2)]),
            (node(2), vec![node(1)]),
            (node(3), vec![node(2)]),
            (node(5), vec![node(4)]),
        ]);
        let (depth, rings) = depths(&edges);
        assert_eq!(depth, BTreeMap::from([(node(5), 1)]));
        assert_eq!(rings, BTreeSet::from([node(1), node(2), node(3)]));
    }
}
