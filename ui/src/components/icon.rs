//! Line icons on a grid of 16, drawn for the console.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Four tiles.
    Overview,
    /// A closed lock.
    Lock,
    /// A ring with an exclamation mark.
    Fault,
    /// An angle to the right.
    ChevronRight,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Self::Overview => {
                "M2.5 2.5h4.5v6h-4.5z M9 2.5h4.5v3.5h-4.5z M2.5 11h4.5v2.5h-4.5z M9 8.5h4.5v5h-4.5z"
            }
            Self::ChevronRight => "M6 4l4 4l-4 4",
            Self::Lock => "M3.5 7.5h9v6h-9z M5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2",
            Self::Fault => "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z M8 5v3.5 M8 10.9v.1",
        }
    }
}

/// An icon beside a word, hence hidden from those who hear the word.
#[component]
pub(crate) fn Icon(
    /// What it shows.
    shape: Shape,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=shape.path()></path>
        </svg>
    }
}
