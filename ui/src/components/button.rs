//! Buttons, and links that look like buttons.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of several things to do.
    #[default]
    Default,
    /// The page's single primary action.
    Primary,
    /// In toolbars and beside titles.
    Ghost,
    /// Takes something away.
    Danger,
}

/// How large a control is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Size {
    /// 28 pixels high.
    #[default]
    Normal,
    /// 24 pixels high: in panels, rows and toolbars.
    Small,
}

/// A button with words, an icon, or both.
#[component]
pub(crate) fn Button(
    /// How much it stands out.
    #[prop(optional)]
    kind: Kind,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Shape>,
    /// The name of a button without words; also its tooltip. The icon is all that shows then.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Whether it cannot be pressed now. A disabled button keeps its place in the tab order, so that its reason can be heard.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether what it started is still going on; it cannot be pressed again meanwhile.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it is held down, for a button that switches something on and off.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// More to say on hover: a reason, or what follows.
    #[prop(optional, into)]
    title: MaybeProp<String>,
    /// The keys that do the same, as `Ctrl K`.
    #[prop(optional)]
    shortcut: Option<&'static str>,
    /// What happens.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Focused as soon as it appears, as in a dialog.
    #[prop(optional)]
    autofocus: bool,
    /// The words.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = class(kind, size, children.is_none());
    let node = NodeRef::<leptos::html::Button>::new();
    if autofocus {
        node.on_load(|button| drop(button.focus()));
    }
    let refused = move || disabled.get() || busy.get();
    let press = move |_| {
        if let (false, Some(on_press)) = (refused(), on_press) {
            on_press.run(());
        }
    };
    view! {
        <button
            node_ref=node
            type="button"
            class=class
            aria-label=move || label.get()
            title=move || title.get().or_else(|| label.get())
            aria-disabled=move || refused().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-pressed=move || pressed.get().map(|on| on.to_string())
            aria-keyshortcuts=shortcut.map(|keys| keys.replace("Ctrl", "Control").replace(' ', "+"))
            data-autofocus=autofocus.then_some("")
            on:click=press
        >
            {move || busy.get().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
            {icon.map(|shape| view! { <Icon shape/> })}
            {children.map(|children| children())}
            {shortcut.map(|keys| view! { <Kbd keys/> })}
        </button>
    }
}

/// A link that looks like a button: for going somewhere, as a button is for doing something.
#[component]
pub(crate) fn ButtonLink(
    /// Where it leads: a route of the console, as `#/orgs`.
    #[prop(into)]
    href: Signal<String>,
    /// How much it stands out.
    #[prop(optional)]
    kind: Kind,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Shape>,
    /// The name of a link without words; also its tooltip.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// The words.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = class(kind, size, children.is_none());
    view! {
        <a
            class=class
            href=move || href.get()
            aria-label=move || label.get()
            title=move || label.get()
        >
            {icon.map(|shape| view! { <Icon shape/> })}
            {children.map(|children| children())}
        </a>
    }
}

fn class(kind: Kind, size: Size, icon_only: bool) -> String {
    let kind = match kind {
        Kind::Default => "",
        Kind::Primary => " btn--primary",
        Kind::Ghost => " btn--ghost",
        Kind::Danger => " btn--danger",
    };
    let size = if size == Size::Small { " btn--sm" } else { "" };
    let shape = if icon_only { " btn--icon" } else { "" };
    format!("btn{kind}{size}{shape}")
}
