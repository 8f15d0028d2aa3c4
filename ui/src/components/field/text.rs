//! Text in one line or several.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::components::button::Size;
use crate::components::field::frame::{Frame, Ids, Label};
use crate::components::icon::{Icon, Shape};

/// What a line of text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// Any text.
    #[default]
    Text,
    /// What is looked for: with a magnifier, and Escape clears it.
    Search,
    /// Hidden while it is typed.
    Password,
    /// An address.
    Url,
    /// A number; the value stays text, so that what was typed is never lost.
    Number,
}

impl TextKind {
    fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "text",
            Self::Search => "search",
            Self::Password => "password",
            Self::Url => "url",
        }
    }

    fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("numeric"),
            Self::Url => Some("url"),
            _ => None,
        }
    }
}

/// A line of text.
#[component]
pub(crate) fn TextField(
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    value: RwSignal<String>,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with the value now.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An example, or what a search field looks through.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
    /// What the text is.
    #[prop(optional)]
    kind: TextKind,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// The label is heard only: in toolbars.
    #[prop(optional)]
    hide_label: bool,
    /// In a font of equal widths: names, ids, code.
    #[prop(optional)]
    mono: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Focused as soon as it appears.
    #[prop(optional)]
    autofocus: bool,
    /// What Enter does.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// The control itself, for a page that moves the focus there.
    #[prop(optional)]
    node: Option<NodeRef<Input>>,
) -> impl IntoView {
    let ids = Ids::new();
    let (described, control) = (ids.clone(), ids.control.clone());
    let node = node.unwrap_or_default();
    if autofocus {
        node.on_load(|input| drop(input.focus()));
    }
    let small = size == Size::Small;
    view! {
        <Frame ids label shown=shown(hide_label) hint error>
            <span class="input" class:input--sm=small class:input--wrong=move || error.get().is_some()>
                {(kind == TextKind::Search).then(|| view! { <Icon shape=Shape::Search/> })}
                <input
                    node_ref=node
                    id=control
                    class:mono=mono
                    type=kind.input_type()
                    inputmode=kind.input_mode()
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=move || placeholder.get()
                    disabled=move || disabled.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=move || described.described_by(hint.get().is_some(), error.get().is_some())
                    data-autofocus=autofocus.then_some("")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                    on:keydown=move |event| keydown(&event, kind, value, on_enter)
                />
            </span>
        </Frame>
    }
}

/// Text in several lines.
#[component]
pub(crate) fn TextArea(
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    value: RwSignal<String>,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with the value now.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An example.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
    /// The label is heard only.
    #[prop(optional)]
    hide_label: bool,
    /// In a font of equal widths.
    #[prop(optional)]
    mono: bool,
    /// How many lines it shows.
    #[prop(default = 4)]
    lines: u32,
) -> impl IntoView {
    let ids = Ids::new();
    let (described, control) = (ids.clone(), ids.control.clone());
    view! {
        <Frame ids label shown=shown(hide_label) hint error>
            <textarea
                id=control
                class="textarea"
                class:mono=mono
                class:input--wrong=move || error.get().is_some()
                rows=lines.to_string()
                spellcheck="false"
                placeholder=move || placeholder.get()
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=move || described.described_by(hint.get().is_some(), error.get().is_some())
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        </Frame>
    }
}

fn shown(hide_label: bool) -> Label {
    if hide_label { Label::Hidden } else { Label::Shown }
}

fn keydown(
    event: &KeyboardEvent,
    kind: TextKind,
    value: RwSignal<String>,
    on_enter: Option<Callback<()>>,
) {
    match (event.key().as_str(), on_enter) {
        ("Enter", Some(on_enter)) if !event.is_composing() => {
            event.prevent_default();
            on_enter.run(());
        }
        // The first Escape clears what was looked for; the next one reaches the dialog around the field.
        ("Escape", _) if kind == TextKind::Search && !value.get_untracked().is_empty() => {
            event.prevent_default();
            event.stop_propagation();
            value.set(String::new());
        }
        _ => {}
    }
}
