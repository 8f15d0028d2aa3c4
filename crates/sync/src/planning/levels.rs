//! Rows of a group that refer to rows of the same group: how deep each waits, and which no order can serve.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::ids::{RecordId, Side};
use isthmus_model::mapping::{ObjectMapping, ReferenceRule};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;
use isthmus_store::{Reader, Scratch};
use tokio::task::yield_now;

use crate::course::Course;
use crate::error::Result;
use crate::order::{Node, depths};
use crate::read::PAGE_ROWS;
use crate::rows::{empty, selection, value_of};

/// Rows that cannot go with the first wave of their group.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// By depth below the first wave, then by member.
    pub(super) levels: BTreeMap<u32, BTreeMap<usize, Vec<RecordId>>>,
    /// On a ring, or below one.
    pub(super) rings: BTreeSet<Node>,
    nodes: BTreeSet<Node>,
}

impl Waiting {
    pub(super) fn contains(&self, node: Node) -> bool {
        self.nodes.contains(&node)
    }

    pub(super) fn deepest(&self) -> u32 {
        self.levels.keys().next_back().copied().unwrap_or(0)
    }
}

/// Finds the rows of these members that wait for a row of a member which has no link yet.
pub(super) async fn waiting(
    course: &Course<'_>,
    scratch: &Scratch,
    reader: Reader<'_>,
    members: &[usize],
) -> Result<Waiting> {
    let mut edges: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
    for member in members {
        let mapping = &course.sync.objects[*member].mapping;
        let mut left = empty(&selection(mapping, Side::Left));
        let mut after = None;
        loop {
            let page = scratch.rows_page(Side::Left, &mapping.name, after, PAGE_ROWS)?;
            let Some(last) = page.last() else { break };
            after = Some(last.row.id);
            left.rows = page.into_iter().map(|staged| staged.row).collect();
            for row in &left.rows {
                let parents = open_parents(course, scratch, reader, members, mapping, &left, row)?;
                if !parents.is_empty() {
                    edges.insert((*member, row.id), parents);
                }
            }
            yield_now().await;
        }
    }
    let (depths, rings) = depths(&edges);
    let mut waiting = Waiting { rings, nodes: edges.into_keys().collect(), ..Waiting::default() };
    for ((member, id), depth) in depths {
        waiting.levels.entry(depth).or_default().entry(member).or_default().push(id);
    }
    Ok(waiting)
}

/// The rows of the group that a row refers to, staged and without a link.
fn open_parents(
    course: &Course<'_>,
    scratch: &Scratch,
    reader: Reader<'_>,
    members: &[usize],
    mapping: &ObjectMapping,
    left: &Snapshot,
    row: &SnapshotRow,
) -> Result<Vec<Node>> {
    let mut parents = BTreeSet::new();
    for field in &mapping.fields {
        let Some(ReferenceRule::Links(names)) = &field.reference else { continue };
        let Value::Id(parent) = value_of(left, row, &field.pair.left.name) else { continue };
        for member in members {
            let name = &course.sync.objects[*member].mapping.name;
            if names.contains(name)
                && scratch.row(Side::Left, name, *parent)?.is_some()
                && reader.link_of(course.sync.lane, name, Side::Left, *parent)?.is_none()
            {
                parents.insert((*member, *parent));
            }
        }
    }
    Ok(parents.into_iter().collect())
}
