//! What the frame shows on top of the page, and who may open it.

use leptos::prelude::*;

/// The frame's own dialogs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// The command palette shows.
    pub(crate) palette: RwSignal<bool>,
    /// The list of keys shows.
    pub(crate) keys: RwSignal<bool>,
}

impl Frame {
    /// Makes it known to everything below the component that calls this; once, in the frame.
    pub(crate) fn provide() -> Self {
        let frame = Self { palette: RwSignal::new(false), keys: RwSignal::new(false) };
        provide_context(frame);
        frame
    }

    /// The one of this application.
    pub(crate) fn of_this_app() -> Self {
        expect_context::<Self>()
    }
}
