//! One of a list of choices.

use leptos::prelude::*;

use crate::components::button::Size;
use crate::components::field::frame::{Frame, Ids, Label};
use crate::components::icon::{Icon, Shape};

/// A native list of choices.
#[component]
pub(crate) fn SelectField(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The choices: what the value becomes, and the words shown.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The choice made; an empty text shows `placeholder`.
    value: RwSignal<String>,
    /// How to choose.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with the choice now.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What stands there while nothing is chosen, as `Choose an org`.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// The label is heard only: in toolbars.
    #[prop(optional)]
    hide_label: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What follows a choice that a person made; `value` holds it already.
    #[prop(optional, into)]
    on_change: Option<Callback<()>>,
) -> impl IntoView {
    let ids = Ids::new();
    let (described, control) = (ids.clone(), ids.control.clone());
    let shown = if hide_label { Label::Hidden } else { Label::Shown };
    let change = move |event| {
        value.set(event_target_value(&event));
        if let Some(on_change) = on_change {
            on_change.run(());
        }
    };
    view! {
        <Frame ids label shown hint error>
            <span class="select" class:select--sm=size == Size::Small>
                <select
                    id=control
                    disabled=move || disabled.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=move || described.described_by(hint.get().is_some(), error.get().is_some())
                    on:change=change
                >
                    {move || options_view(options.get(), placeholder.get(), value)}
                </select>
                <Icon shape=Shape::ChevronDown small=true/>
            </span>
        </Frame>
    }
}

/// `selected` follows the value, so that a list that arrives late still shows the choice made before.
fn options_view(
    options: Vec<(String, String)>,
    placeholder: Option<String>,
    value: RwSignal<String>,
) -> impl IntoView {
    let placeholder = placeholder.map(|text| (String::new(), text));
    placeholder
        .into_iter()
        .chain(options)
        .map(|(choice, words)| {
            let compared = choice.clone();
            view! {
                <option value=choice prop:selected=move || value.read() == compared>{words}</option>
            }
        })
        .collect_view()
}
