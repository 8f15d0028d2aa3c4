//! A button that opens a list of things to do.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use crate::components::button::{Button, Kind, Size};
use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;

/// One thing to do.
#[derive(Debug, Clone)]
pub(crate) struct MenuItem {
    /// The words.
    pub(crate) title: String,
    /// An icon before the words.
    pub(crate) icon: Option<Shape>,
    /// The keys that do the same, as `Ctrl K`.
    pub(crate) shortcut: Option<&'static str>,
    /// Whether it takes something away.
    pub(crate) danger: bool,
    /// Why it cannot be done now; empty when it can.
    pub(crate) refused: String,
    /// Whether it is on, for an item that switches something.
    pub(crate) checked: Option<bool>,
    /// What happens.
    pub(crate) on_press: Callback<()>,
}

impl MenuItem {
    /// An item by its words and what it does.
    pub(crate) fn new(
        title: impl Into<String>,
        on_press: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            icon: None,
            shortcut: None,
            danger: false,
            refused: String::new(),
            checked: None,
            on_press: Callback::from(on_press),
        }
    }

    /// With an icon before the words.
    #[must_use]
    pub(crate) fn icon(mut self, icon: Shape) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With the keys that do the same.
    #[must_use]
    pub(crate) fn shortcut(mut self, keys: &'static str) -> Self {
        self.shortcut = Some(keys);
        self
    }

    /// Takes something away.
    #[must_use]
    pub(crate) fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Cannot be done now, and why; an empty text leaves it as it is.
    #[must_use]
    pub(crate) fn refused(mut self, why: impl Into<String>) -> Self {
        self.refused = why.into();
        self
    }

    /// Switches something that is on or off.
    #[must_use]
    pub(crate) fn checked(mut self, on: bool) -> Self {
        self.checked = Some(on);
        self
    }
}

/// A button with a menu below it. Arrows, Home, End and first letters move; Escape and Tab close.
#[component]
pub(crate) fn Menu(
    /// The button's name; shown as words unless it has only an icon.
    #[prop(into)]
    label: String,
    /// The button's icon.
    #[prop(optional)]
    icon: Option<Shape>,
    /// Shows only the icon.
    #[prop(optional)]
    icon_only: bool,
    /// How much the button stands out.
    #[prop(optional)]
    kind: Kind,
    /// How large the button is.
    #[prop(optional)]
    size: Size,
    /// The things to do; asked for each time it opens.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<leptos::html::Span>::new();
    let name = label.clone();
    let words = label.clone();
    let left = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let inside = root.get_untracked().is_some_and(|root| root.contains(to.as_ref()));
        if !inside {
            open.set(false);
        }
    };
    let toggle = move || open.update(|open| *open = !*open);
    let keydown = move |event: KeyboardEvent| on_key(&event, root, open);
    let button = if icon_only {
        view! { <Button kind size icon=icon.unwrap_or(Shape::More) label=name on_press=toggle/> }
            .into_any()
    } else {
        view! {
            <Button kind size icon=icon.unwrap_or(Shape::ChevronDown) on_press=toggle>{words}</Button>
        }
        .into_any()
    };
    Effect::new(move || mark(root, open.get()));
    view! {
        <span class="menu-root" node_ref=root on:focusout=left on:keydown=keydown>
            {button}
            {move || open.get().then(|| view! {
                <ul class="menu" role="menu" aria-label=label.clone()>
                    {items.get().into_iter().map(|item| item_view(item, root, open)).collect_view()}
                </ul>
            })}
        </span>
    }
}

fn item_view(
    item: MenuItem,
    root: NodeRef<leptos::html::Span>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let refused = !item.refused.is_empty();
    let on_press = item.on_press;
    let press = move |_| {
        if !refused {
            open.set(false);
            focus_button(root);
            on_press.run(());
        }
    };
    let role = if item.checked.is_some() { "menuitemcheckbox" } else { "menuitem" };
    let icon = if item.checked == Some(true) { Some(Shape::Check) } else { item.icon };
    view! {
        <li role="none">
            <button
                class="menu__item"
                class:menu__item--danger=item.danger
                class:menu__item--indent=item.checked == Some(false)
                type="button"
                role=role
                tabindex="-1"
                aria-checked=item.checked.map(|on| on.to_string())
                aria-disabled=refused.then_some("true")
                title=refused.then_some(item.refused)
                on:click=press
            >
                {icon.map(|shape| view! { <Icon shape/> })}
                <span class="grow">{item.title}</span>
                {item.shortcut.map(|keys| view! { <Kbd keys/> })}
            </button>
        </li>
    }
}

/// Tells the button's readers whether the menu is open, and focuses the first item of one that opened.
fn mark(root: NodeRef<leptos::html::Span>, open: bool) {
    let Some(root) = root.get() else { return };
    if let Ok(Some(button)) = root.query_selector(":scope > button") {
        drop(button.set_attribute("aria-haspopup", "menu"));
        drop(button.set_attribute("aria-expanded", if open { "true" } else { "false" }));
    }
    if open {
        request_animation_frame(move || focus_item(&items_of(&root), 0));
    }
}

fn on_key(event: &KeyboardEvent, root: NodeRef<leptos::html::Span>, open: RwSignal<bool>) {
    let key = event.key();
    if !open.get_untracked() {
        if key == "ArrowDown" {
            event.prevent_default();
            open.set(true);
        }
        return;
    }
    let Some(element) = root.get_untracked() else { return };
    let items = items_of(&element);
    let active = document().active_element();
    let at = items
        .iter()
        .position(|item| active.as_ref().is_some_and(|active| active.is_same_node(Some(item))));
    let count = items.len().max(1);
    let next = match (key.as_str(), at) {
        ("ArrowDown", at) => at.map_or(0, |at| (at + 1) % count),
        ("ArrowUp", at) => at.map_or(count - 1, |at| (at + count - 1) % count),
        ("Home", _) => 0,
        ("End", _) => count - 1,
        ("Escape", _) => {
            event.prevent_default();
            event.stop_propagation();
            open.set(false);
            return focus_button(root);
        }
        ("Tab", _) => return open.set(false),
        (letter, at) => match starting_with(&items, letter, at) {
            Some(next) => next,
            None => return,
        },
    };
    event.prevent_default();
    event.stop_propagation();
    focus_item(&items, next);
}

/// The next item after `at` whose words begin with a typed letter.
fn starting_with(items: &[HtmlElement], letter: &str, at: Option<usize>) -> Option<usize> {
    if letter.chars().count() != 1 || letter == " " {
        return None;
    }
    let from = at.map_or(0, |at| at + 1);
    (from..items.len()).chain(0..from.min(items.len())).find(|place| {
        let words = items[*place].text_content().unwrap_or_default().to_lowercase();
        words.starts_with(&letter.to_lowercase())
    })
}

fn items_of(root: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = root.query_selector_all("[role^=menuitem]") else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
}

fn focus_item(items: &[HtmlElement], place: usize) {
    if let Some(item) = items.get(place) {
        drop(item.focus());
    }
}

fn focus_button(root: NodeRef<leptos::html::Span>) {
    let button =
        root.get_untracked().and_then(|root| root.query_selector(":scope > button").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        drop(button.focus());
    }
}
