//! Confirming what cannot be taken back, where it matters by typing how many it affects.

use leptos::prelude::*;

use crate::components::button::{Button, Kind};
use crate::components::dialog::Dialog;
use crate::components::ids::unique_id;
use crate::format::grouped;

/// What a confirmation asks for besides the press.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Nothing.
    #[default]
    Press,
    /// The number of things affected, typed.
    Count(u64),
}

/// A question with two answers.
#[component]
pub(crate) fn Confirm(
    /// Whether it shows; closed by either answer.
    open: RwSignal<bool>,
    /// The question, as `Undo run 1842?`.
    #[prop(into)]
    title: Signal<String>,
    /// What follows from a yes.
    #[prop(into)]
    text: Signal<String>,
    /// The word of the yes, as `Plan the undo`.
    #[prop(into)]
    yes: Signal<String>,
    /// The word of the no.
    #[prop(into, default = Signal::stored("Cancel".to_owned()))]
    no: Signal<String>,
    /// Whether the yes takes something away.
    #[prop(optional)]
    danger: bool,
    /// What it asks for besides the press.
    #[prop(optional, into)]
    proof: Signal<Proof>,
    /// What a yes does.
    #[prop(into)]
    on_yes: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    Effect::new(move || {
        if open.get() {
            typed.set(String::new());
        }
    });
    let proven = Memo::new(move |_| match proof.get() {
        Proof::Press => true,
        Proof::Count(count) => typed.read().trim().replace([',', ' '], "") == count.to_string(),
    });
    let answer = move || {
        if proven.get_untracked() {
            open.set(false);
            on_yes.run(());
        }
    };
    let kind = if danger { Kind::Danger } else { Kind::Primary };
    let footer = move || {
        view! {
            <span class="push"></span>
            <Button on_press=move || open.set(false)>{move || no.get()}</Button>
            <Button kind disabled=Signal::derive(move || !proven.get()) on_press=answer>{move || yes.get()}</Button>
        }
    };
    view! {
        <Dialog open title alert=true on_close=move || open.set(false) footer>
            <p class="muted">{move || text.get()}</p>
            {move || match proof.get() {
                Proof::Press => None,
                Proof::Count(count) => Some(view! { <TypedCount count typed on_enter=answer/> }),
            }}
        </Dialog>
    }
}

/// The field that takes the count.
#[component]
fn TypedCount(
    count: u64,
    typed: RwSignal<String>,
    #[prop(into)] on_enter: Callback<()>,
) -> impl IntoView {
    let id = unique_id("count");
    view! {
        <div class="row dialog__bar">
            <label class="nowrap" for=id.clone()>"Type " <b class="strong">{grouped(count)}</b> " to confirm"</label>
            <span class="input grow">
                <input
                    id=id
                    inputmode="numeric"
                    autocomplete="off"
                    data-autofocus=""
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            on_enter.run(());
                        }
                    }
                />
            </span>
        </div>
    }
}
