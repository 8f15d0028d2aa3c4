//! The mark of Isthmus in one colour; `icons/isthmus.svg` is the same shape as an application icon.

use leptos::prelude::*;

/// Two shores and the strip that joins them. It stands beside the name, hence hidden from those who hear it.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
            <path d="M1 4.9C4.2 8 6.7 9 9.3 8.4L10.8 11.7C8.3 12.7 7.2 15 7.2 19H4.6A3.6 3.6 0 0 1 1 15.4Z"></path>
            <path
                class="mark__far"
                d="M19 15.1C15.8 12 13.3 11 10.7 11.6L9.2 8.3C11.7 7.3 12.8 5 12.8 1H15.4A3.6 3.6 0 0 1 19 4.6Z"
            ></path>
        </svg>
    }
}
