//! A native list of fields. It is filled when it is about to open: a page has many of these, and an object 800 fields.

use leptos::prelude::*;

use crate::components::button::Size;
use crate::components::icon::{Icon, Shape};
use crate::components::ids::unique_id;
use crate::pages::map::offers::{Fit, Offer, field_words};
use crate::pages::map::stage::Column;

/// The list.
#[component]
pub(crate) fn FieldSelect(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The side whose fields these are.
    column: Column,
    /// The API name of the field chosen; empty shows the placeholder.
    value: RwSignal<String>,
    /// The fields on offer; asked for when the list is about to open.
    #[prop(into)]
    offers: Callback<(), Vec<Offer>>,
    /// What follows a choice that a person made; `value` holds it already.
    #[prop(optional, into)]
    on_change: Option<Callback<()>>,
    /// The label is heard only.
    #[prop(optional)]
    hide_label: bool,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// The id of the control, for a page that moves the focus there.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("fields"));
    let opened = RwSignal::new(false);
    let list = Memo::new(move |_| if opened.get() { offers.run(()) } else { Vec::new() });
    let open = move || {
        if !opened.get_untracked() {
            opened.set(true);
        }
    };
    let change = move |event| {
        value.set(event_target_value(&event));
        if let Some(on_change) = on_change {
            on_change.run(());
        }
    };
    let control = id.clone();
    view! {
        <div class="field">
            <label class=if hide_label { "sr-only" } else { "field__label" } for=id>{move || label.get()}</label>
            <span class="select" class:select--sm=size == Size::Small>
                <select
                    id=control
                    on:pointerdown=move |_| open()
                    on:focus=move |_| open()
                    on:blur=move |_| opened.set(false)
                    on:change=change
                >
                    <option value="" prop:selected=move || value.read().is_empty()>"Choose a field"</option>
                    {move || current(column, &value.read(), &list.read())}
                    {move || groups(&list.read(), value)}
                </select>
                <Icon shape=Shape::ChevronDown small=true/>
            </span>
        </div>
    }
}

/// The field chosen, where the list does not have it: because it is not filled, or the field fits no more.
fn current(column: Column, name: &str, list: &[Offer]) -> Option<AnyView> {
    if name.is_empty() || list.iter().any(|offer| offer.name.eq_ignore_ascii_case(name)) {
        return None;
    }
    let fields = column.fields.read();
    let field = fields.place(name).and_then(|place| fields.list.get(place));
    let words = field.map_or_else(|| name.to_owned(), field_words);
    Some(view! { <option value=name.to_owned() prop:selected=true>{words}</option> }.into_any())
}

fn groups(list: &[Offer], value: RwSignal<String>) -> AnyView {
    let group = |fit: Fit| {
        let offers: Vec<Offer> = list.iter().filter(|offer| offer.fit == fit).cloned().collect();
        (!offers.is_empty()).then(|| {
            view! {
                <optgroup label=fit.title()>
                    {offers.into_iter().map(|offer| option(offer, value)).collect_view()}
                </optgroup>
            }
        })
    };
    if list.is_empty() {
        return ().into_any();
    }
    [Fit::Alike, Fit::Whole, Fit::Lossy].into_iter().map(group).collect_view().into_any()
}

fn option(offer: Offer, value: RwSignal<String>) -> impl IntoView {
    let Offer { name, words, .. } = offer;
    let is_chosen = name.eq_ignore_ascii_case(&value.read_untracked());
    view! { <option value=name prop:selected=is_chosen>{words}</option> }
}
