//! A page's header and body: where one is, the page's actions, and what it shows.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};

/// Header and body of a page.
#[component]
pub(crate) fn PageFrame(
    /// Where one is; the page's heading.
    #[prop(into)]
    title: Signal<String>,
    /// What lies above it: words with their addresses.
    #[prop(optional)]
    trail: Vec<(String, String)>,
    /// The page's actions at the top right, the primary one last.
    #[prop(optional, into)]
    actions: ViewFn,
    /// A bar below the header: tabs, or a notice.
    #[prop(optional, into)]
    bar: ViewFn,
    /// What it shows.
    children: Children,
) -> impl IntoView {
    view! {
        <header class="topbar">
            {trail
                .into_iter()
                .map(|(word, href)| {
                    view! {
                        <a class="topbar__trail" href=href>{word}</a>
                        <Icon shape=Shape::ChevronRight/>
                    }
                })
                .collect_view()}
            <h1>{title}</h1>
            <div class="topbar__actions push">{actions.run()}</div>
        </header>
        <main class="page" id="page" tabindex="-1">
            {bar.run()}
            {children()}
        </main>
    }
}
