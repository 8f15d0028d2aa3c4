//! What the frame shows on top of the page, who may open it, and what it knows for every page.

use std::collections::BTreeSet;

use leptos::prelude::*;

/// The frame's own dialogs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// The command palette shows.
    pub(crate) palette: RwSignal<bool>,
    /// The list of keys shows.
    pub(crate) keys: RwSignal<bool>,
    /// The names of the workspace's orgs, as the status bar was told them last.
    pub(crate) org_names: RwSignal<BTreeSet<String>>,
}

impl Frame {
    /// Makes it known to everything below the component that calls this; once, in the frame.
    pub(crate) fn provide() -> Self {
        let frame = Self {
            palette: RwSignal::new(false),
            keys: RwSignal::new(false),
            org_names: RwSignal::default(),
        };
        provide_context(frame);
        frame
    }

    /// The one of this application.
    pub(crate) fn of_this_app() -> Self {
        expect_context::<Self>()
    }
}
