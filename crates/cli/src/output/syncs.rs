//! Syncs and imports as text.

use isthmus_contract::sync::{ImportChange, ImportView, SyncView};

use super::{files, table};

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
        "{done} {} ({}), {} -> {}: {}",
        sync.name,
        sync.version,
        sync.left,
        sync.right,
        objects(sync)
    );
    if !view.warnings.is_empty() {
        text = format!("{}\n{text}", files::problems(&view.warnings));
    }
    format!("{text}\nNext: isthmus plan {}", sync.name)
}

fn objects(sync: &SyncView) -> String {
    let objects = sync.objects.iter().map(|object| {
        let names = if object.left == object.right {
            object.left.clone()
        } else {
            format!("{} -> {}", object.left, object.right)
        };
        format!("{names} ({} fields)", object.fields)
    });
    objects.collect::<Vec<_>>().join(", ")
}
