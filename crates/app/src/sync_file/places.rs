//! Where each part of a document stands in its file, by path (`objects[1].fields[3].right`).

use std::collections::BTreeMap;

use isthmus_contract::file::Place;

use super::tree::{Kind, Node};

/// Places by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(BTreeMap<String, Place>);

impl Places {
    /// Collects the places of a tree.
    pub(super) fn of(tree: &Node) -> Self {
        let mut places = BTreeMap::new();
        collect(tree, String::new(), &mut places);
        Self(places)
    }

    /// The place of a path, or of its nearest ancestor where the part was left out.
    pub(super) fn find(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(place) = self.0.get(path) {
                return *place;
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return self.0.get("").copied().unwrap_or_default(),
            }
        }
    }

    /// True when the file says something at this path itself.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }
}

/// A part of a map.
pub(super) fn member(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn collect(node: &Node, path: String, places: &mut BTreeMap<String, Place>) {
    match &node.kind {
        Kind::List(items) => {
            for (position, item) in items.iter().enumerate() {
                collect(item, format!("{path}[{position}]"), places);
            }
        }
        Kind::Map(entries) => {
            for (key, value) in entries {
                collect(value, member(&path, &key.name), places);
            }
        }
        _ => {}
    }
    places.insert(path, node.place);
}
