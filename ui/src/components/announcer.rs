//! What is said to those who do not see it: one place each for what can wait and what cannot.

use leptos::prelude::*;

/// Says things; ask for it with [`Announcer::of_app`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Announcer {
    polite: RwSignal<String>,
    assertive: RwSignal<String>,
}

impl Announcer {
    /// Makes it known to everything below the component that calls this; once, in the frame.
    pub(crate) fn provide() -> Self {
        let announcer =
            Self { polite: RwSignal::new(String::new()), assertive: RwSignal::new(String::new()) };
        provide_context(announcer);
        announcer
    }

    /// The one of the frame; one that nobody hears where there is no frame.
    pub(crate) fn of_app() -> Self {
        use_context().unwrap_or_else(|| Self {
            polite: RwSignal::new(String::new()),
            assertive: RwSignal::new(String::new()),
        })
    }

    /// Says something when the reader has time.
    pub(crate) fn say(&self, text: impl Into<String>) {
        speak(self.polite, text.into());
    }

    /// Says something at once: errors and refusals.
    pub(crate) fn warn(&self, text: impl Into<String>) {
        speak(self.assertive, text.into());
    }
}

/// The two live regions; once, in the frame.
#[component]
pub(crate) fn LiveRegions() -> impl IntoView {
    let Announcer { polite, assertive } = Announcer::of_app();
    view! {
        <div class="sr-only" role="status" aria-live="polite" aria-atomic="true" id="said">{move || polite.get()}</div>
        <div class="sr-only" aria-live="assertive" aria-atomic="true" id="warned">{move || assertive.get()}</div>
    }
}

/// The same words twice in a row are only heard twice if the region changes in between.
fn speak(region: RwSignal<String>, text: String) {
    let spoken = if *region.read_untracked() == text { format!("{text}\u{a0}") } else { text };
    region.set(spoken);
}
