//! A page's header and body: where one is, the page's actions, and what it shows.

use leptos::prelude::*;

use crate::components::button::{Button, Kind};
use crate::components::icon::{Icon, Shape};
use crate::format::clipped;
use crate::state::console::Console;
use crate::state::frame::Frame;

/// The longest tooltip: enough for every real name, and no wall of text for one that is none.
const TOOLTIP: usize = 300;

/// Header and body of a page. The window's title follows.
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
    Effect::new(move |_| {
        document().set_title(&format!("{} · Isthmus", clipped(&title.read(), TOOLTIP)))
    });
    let full = move || clipped(&title.read(), TOOLTIP);
    view! {
        <header class="topbar">
            <div class="crumbs">
                {trail
                    .into_iter()
                    .map(|(word, href)| {
                        let full = clipped(&word, TOOLTIP);
                        view! {
                            <a class="crumbs__link truncate" href=href title=full dir="auto">{word}</a>
                            <Icon shape=Shape::ChevronRight small=true/>
                        }
                    })
                    .collect_view()}
                <h1 class="truncate" title=full dir="auto">{title}</h1>
            </div>
            <div class="topbar__actions">
                <SearchButton/>
                {actions.run()}
            </div>
        </header>
        <main class="page" id="page" tabindex="-1">
            {bar.run()}
            {children()}
        </main>
    }
}

/// Opens the command palette; where no workspace is open there is nothing to find.
#[component]
fn SearchButton() -> impl IntoView {
    let (console, frame) = (Console::of_this_app(), Frame::of_this_app());
    let is_open = Memo::new(move |_| console.is_open());
    move || {
        is_open.get().then(|| {
            view! {
                <Button
                    kind=Kind::Ghost
                    icon=Shape::Search
                    title="Search and commands"
                    shortcut="Ctrl K"
                    on_press=move || frame.palette.set(true)
                    attr:data-test="search"
                >
                    <span class="search__word">"Search"</span>
                </Button>
            }
        })
    }
}
