//! The frame that every page shares: rail, top bar, page, status bar.

use leptos::prelude::*;

use crate::backend::Backend;
use crate::components::announcer::{Announcer, LiveRegions};
use crate::components::icon::{Icon, Shape};
use crate::components::mark::Mark;
use crate::components::status_bar::StatusBar;
use crate::components::time::Ticking;
use crate::components::toast::{ToastRegion, Toasts};
use crate::pages::Page;
use crate::route::{Route, Router};
use crate::state::console::Console;
use crate::state::work::Work;

/// The whole console.
#[component]
pub(crate) fn App(
    /// Where answers come from.
    backend: Backend,
) -> impl IntoView {
    provide_context(backend.clone());
    provide_context(Console::start(backend));
    Work::provide();
    provide_context(Router::start());
    Announcer::provide();
    Toasts::provide();
    Ticking::provide();
    view! {
        <a class="skip" href="#page">"Skip to the page"</a>
        <div class="app">
            <Rail/>
            <Page/>
            <StatusBar/>
        </div>
        <ToastRegion/>
        <LiveRegions/>
    }
}

/// The list of pages.
#[component]
fn Rail() -> impl IntoView {
    let router = Router::of_this_app();
    let current = move || (router.shown() == Route::Overview).then_some("page");
    view! {
        <nav class="rail" aria-label="Pages">
            <div class="rail__brand">
                <Mark/>
                <span class="rail__label">"Isthmus"</span>
            </div>
            <ul>
                <li>
                    <a class="rail__item" href=Route::Overview.href() aria-current=current title="Overview">
                        <Icon shape=Shape::Overview/>
                        <span class="rail__label">"Overview"</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
}
