//! Small words that stand beside something: badges, tags and filter chips.

use isthmus_model::run::RunEnd;
use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::format::grouped;

/// What a colour means. It never stands alone: an icon and a word are beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Worth a look, or selected.
    Accent,
    /// As it should be.
    Ok,
    /// Somebody should look at it.
    Warn,
    /// It did not work.
    Err,
}

impl Tone {
    /// The ending of the class names, as in `badge--warn`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Err => "err",
        }
    }

    /// The icon that says the same as the colour.
    pub(crate) fn shape(self) -> Shape {
        match self {
            Self::Neutral | Self::Accent => Shape::Info,
            Self::Ok => Shape::Ok,
            Self::Warn => Shape::Warn,
            Self::Err => Shape::Fault,
        }
    }
}

/// A state: an icon and a word.
#[component]
pub(crate) fn Badge(
    /// What its colour means.
    #[prop(optional)]
    tone: Tone,
    /// The icon; the tone's own where none is given.
    #[prop(optional, into)]
    icon: Option<Shape>,
    /// The word.
    #[prop(into)]
    text: Signal<String>,
    /// More to say on hover.
    #[prop(optional, into)]
    title: MaybeProp<String>,
) -> impl IntoView {
    let shape = icon.unwrap_or_else(|| tone.shape());
    view! {
        <span class=format!("badge badge--{}", tone.word()) title=move || title.get()>
            <Icon shape small=true/>
            {move || text.get()}
        </span>
    }
}

/// A small outlined word: a type, a flag.
#[component]
pub(crate) fn Tag(
    /// What its colour means.
    #[prop(optional)]
    tone: Tone,
    /// An icon before the word.
    #[prop(optional)]
    icon: Option<Shape>,
    /// The word.
    #[prop(into)]
    text: Signal<String>,
    /// More to say on hover.
    #[prop(optional, into)]
    title: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <span class=format!("tag tag--{}", tone.word()) title=move || title.get()>
            {icon.map(|shape| view! { <Icon shape small=true/> })}
            {move || text.get()}
        </span>
    }
}

/// A filter that is on or off, with how many it lets through.
#[component]
pub(crate) fn Chip(
    /// The word.
    #[prop(into)]
    text: Signal<String>,
    /// How many it lets through.
    #[prop(optional, into)]
    count: MaybeProp<u64>,
    /// An icon before the word.
    #[prop(optional)]
    icon: Option<Shape>,
    /// Whether it is on.
    #[prop(into)]
    pressed: Signal<bool>,
    /// Takes the new position.
    #[prop(into)]
    on_toggle: Callback<bool>,
) -> impl IntoView {
    view! {
        <button
            class="chip"
            type="button"
            aria-pressed=move || pressed.get().to_string()
            on:click=move |_| on_toggle.run(!pressed.get_untracked())
        >
            {icon.map(|shape| view! { <Icon shape small=true/> })}
            {move || text.get()}
            {move || count.get().map(|count| view! { " " <b>{grouped(count)}</b> })}
        </button>
    }
}

/// How a run ended.
#[component]
pub(crate) fn EndBadge(
    /// The state.
    end: RunEnd,
) -> impl IntoView {
    let (tone, icon, text) = match end {
        RunEnd::Unchanged => (Tone::Neutral, Shape::Equals, "Unchanged"),
        RunEnd::Succeeded => (Tone::Ok, Shape::Check, "Succeeded"),
        RunEnd::Partial => (Tone::Warn, Shape::Warn, "Partial"),
        RunEnd::Stopped => (Tone::Neutral, Shape::Pause, "Stopped"),
        RunEnd::Failed => (Tone::Err, Shape::Fault, "Failed"),
    };
    view! { <Badge tone icon text/> }
}

/// What became of a row, or what is to become of it.
#[component]
pub(crate) fn OutcomeBadge(
    /// The word as the contract writes it: of an outcome (`created`, `updated`, `unchanged`, `held`, `failed`, `pending`,
    /// `deleted`, `linked`) or of an action (`create`, `update`, `delete`, `link`, `unchanged`, `hold`).
    #[prop(into)]
    word: String,
) -> impl IntoView {
    let (tone, icon) = look(&word);
    view! { <Badge tone icon text=capitalised(&word)/> }
}

fn look(word: &str) -> (Tone, Shape) {
    match word {
        "created" => (Tone::Ok, Shape::Plus),
        "updated" => (Tone::Ok, Shape::Edit),
        "linked" => (Tone::Ok, Shape::Link),
        "deleted" => (Tone::Ok, Shape::Trash),
        "create" => (Tone::Ok, Shape::Plus),
        "update" => (Tone::Accent, Shape::Edit),
        "link" => (Tone::Neutral, Shape::Link),
        "delete" => (Tone::Err, Shape::Trash),
        "held" | "hold" | "conflict" | "quarantined" => (Tone::Warn, Shape::Pause),
        "failed" => (Tone::Err, Shape::Fault),
        "pending" => (Tone::Neutral, Shape::Clock),
        "unchanged" => (Tone::Neutral, Shape::Equals),
        _ => (Tone::Neutral, Shape::Info),
    }
}

/// `held` as `Held`, `not_read` as `Not read`.
fn capitalised(word: &str) -> String {
    let words = word.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::capitalised;

    #[test]
    fn words_of_the_contract_become_words_for_people() {
        assert_eq!(capitalised("held"), "Held");
        assert_eq!(capitalised("not_read"), "Not read");
        assert_eq!(capitalised(""), "");
    }
}
