//! Several views of one thing: tabs within a page, or links that look the same.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::icon::{Icon, Shape};
use crate::components::ids::unique_id;
use crate::format::grouped;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tab {
    /// What the value becomes, or where the link leads.
    pub(crate) id: String,
    /// The words.
    pub(crate) title: String,
    /// How many things it holds.
    pub(crate) count: Option<u64>,
    /// An icon before the words.
    pub(crate) icon: Option<Shape>,
}

impl Tab {
    /// A tab by its id (for [`TabLinks`]: the route) and words.
    pub(crate) fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), count: None, icon: None }
    }

    /// With how many things it holds.
    #[must_use]
    pub(crate) fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// With an icon before the words.
    #[must_use]
    pub(crate) fn icon(mut self, icon: Shape) -> Self {
        self.icon = Some(icon);
        self
    }
}

/// Tabs of which one shows; arrows, Home and End move, and what they reach shows at once.
#[component]
pub(crate) fn Tabs(
    /// What they are views of; heard only.
    #[prop(into)]
    label: Signal<String>,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// The id of the one that shows.
    value: RwSignal<String>,
    /// The view of the tab with this id.
    #[prop(into)]
    panel: Callback<String, AnyView>,
) -> impl IntoView {
    let stem = unique_id("tabs");
    let panel_id = format!("{stem}-panel");
    let labelled_by = stem.clone();
    let controls = panel_id.clone();
    view! {
        <div class="tabs" role="tablist" aria-label=move || label.get() on:keydown=move |event| move_tab(&event, tabs, value)>
            {move || tabs.get().into_iter().map(|tab| tab_view(tab, &stem, &controls, value)).collect_view()}
        </div>
        <div
            class="tab-panel"
            role="tabpanel"
            id=panel_id
            aria-labelledby=move || format!("{labelled_by}-{}", value.get())
        >
            {move || panel.run(value.get())}
        </div>
    }
}

/// Links between pages of one thing, as Settings has; the page itself marks the one it is.
#[component]
pub(crate) fn TabLinks(
    /// What they are pages of; heard only.
    #[prop(into)]
    label: Signal<String>,
    /// The links: `id` is the route, as `#/settings/keys`.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// The route of the page that shows.
    #[prop(into)]
    current: Signal<String>,
) -> impl IntoView {
    let link = move |tab: Tab| {
        let href = tab.id.clone();
        let route = tab.id.clone();
        view! {
            <a
                class="tab"
                href=href
                aria-current=move || (current.read() == route).then_some("page")
            >
                {face(tab)}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=move || label.get()>
            {move || tabs.get().into_iter().map(link).collect_view()}
        </nav>
    }
}

fn tab_view(tab: Tab, stem: &str, panel: &str, value: RwSignal<String>) -> impl IntoView + use<> {
    let id = tab.id.clone();
    let is_shown = {
        let id = id.clone();
        move || value.read() == id
    };
    let shown = is_shown.clone();
    view! {
        <button
            class="tab"
            type="button"
            role="tab"
            id=format!("{stem}-{id}")
            data-tab=id.clone()
            aria-controls=panel.to_owned()
            aria-selected=move || shown().to_string()
            tabindex=move || if is_shown() { "0" } else { "-1" }
            on:click=move |_| value.set(id.clone())
        >
            {face(tab)}
        </button>
    }
}

fn face(tab: Tab) -> impl IntoView {
    view! {
        {tab.icon.map(|shape| view! { <Icon shape/> })}
        {tab.title}
        {tab.count.map(|count| view! { <span class="count">{grouped(count)}</span> })}
    }
}

fn move_tab(event: &KeyboardEvent, tabs: Signal<Vec<Tab>>, value: RwSignal<String>) {
    let ids: Vec<String> = tabs.read_untracked().iter().map(|tab| tab.id.clone()).collect();
    let Some(at) = ids.iter().position(|id| *id == *value.read_untracked()) else { return };
    let next = match event.key().as_str() {
        "ArrowRight" => (at + 1) % ids.len(),
        "ArrowLeft" => (at + ids.len() - 1) % ids.len(),
        "Home" => 0,
        "End" => ids.len() - 1,
        _ => return,
    };
    event.prevent_default();
    let list = event.current_target().and_then(|list| list.dyn_into::<HtmlElement>().ok());
    value.set(ids[next].clone());
    let tabs = list.and_then(|list| list.query_selector_all("[role=tab]").ok());
    let tab = tabs.and_then(|tabs| tabs.get(u32::try_from(next).unwrap_or(0)));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
        drop(tab.focus());
    }
}
