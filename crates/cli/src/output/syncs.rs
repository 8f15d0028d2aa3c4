//! Syncs and imports as text.

use std::path::Path;

use isthmus_contract::sync::{ImportChange, ImportView, SuggestionView, SyncView};

use super::{count, files, table};

/// The syncs of a workspace.
pub(crate) fn list(syncs: &[SyncView]) -> String {
    if syncs.is_empty() {
        return "No sync yet. Propose one for two orgs:\n  isthmus sync suggest LEFT RIGHT --output mapping.yaml".to_owned();
    }
    let rows = syncs.iter().map(|sync| {
        let state = if sync.enabled { "enabled" } else { "disabled" };
        vec![
            sync.name.clone(),
            state.to_owned(),
            sync.version.to_string(),
            format!("{} -> {}", sync.left, sync.right),
            objects(sync),
        ]
    });
    table(&["name", "state", "version", "orgs", "objects"], rows)
}

/// What an import did.
pub(crate) fn imported(view: &ImportView) -> String {
    let sync = &view.sync;
    let done = match view.change {
        ImportChange::Created => "Imported as a new sync",
        ImportChange::Changed => "Imported as a new version of",
        ImportChange::Unchanged => "Nothing changed in",
    };
    let mut text = format!(
        "{done} {} ({}), {} -> {}:\n  {}",
        sync.name,
        sync.version,
        sync.left,
        sync.right,
        objects(sync)
    );
    if !view.warnings.is_empty() {
        text = format!("{}\n\n{text}", files::problems(&view.warnings));
    }
    format!("{text}\nNext: isthmus plan {}", sync.name)
}

/// What a proposal holds, and what comes next.
pub(crate) fn proposed(view: &SuggestionView, path: &Path) -> String {
    let fields: usize = view.objects.iter().map(|object| object.fields.len()).sum();
    let objects = count(view.objects.len() as u64, "object");
    let path = path.display();
    format!(
        "It maps {objects} with {}; what is left out, and why, stands at its top.\nNext: read and edit it, then isthmus sync import {path}",
        count(fields as u64, "field")
    )
}

fn objects(sync: &SyncView) -> String {
    let objects = sync.objects.iter().map(|object| {
        let names = if object.left == object.right {
            object.left.clone()
        } else {
            format!("{} -> {}", object.left, object.right)
        };
        format!("{names} ({})", count(object.fields, "field"))
    });
    objects.collect::<Vec<_>>().join(", ")
}
