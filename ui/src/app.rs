//! The frame that every page shares: rail, top bar, page, status bar.

use leptos::prelude::*;

use crate::backend::Backend;
use crate::components::icon::{Icon, Shape};
use crate::components::mark::Mark;
use crate::components::status_bar::StatusBar;
use crate::pages::welcome::Welcome;

/// The whole console.
#[component]
pub(crate) fn App() -> impl IntoView {
    provide_context(Backend::find());
    view! {
        <a class="skip" href="#page">"Skip to the page"</a>
        <div class="app">
            <Rail/>
            <header class="topbar">
                <h1>"Overview"</h1>
            </header>
            <main class="page" id="page" tabindex="-1">
                <Welcome/>
            </main>
            <StatusBar/>
        </div>
    }
}

/// The list of pages.
#[component]
fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" aria-label="Pages">
            <div class="rail__brand">
                <Mark/>
                <span class="rail__label">"Isthmus"</span>
            </div>
            <ul>
                <li>
                    <a class="rail__item" href="#page" aria-current="page" title="Overview">
                        <Icon shape=Shape::Overview/>
                        <span class="rail__label">"Overview"</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
}
