//! The second step: which of the proposed objects, or two objects chosen by hand.

use isthmus_contract::sync::ObjectSuggestion;
use leptos::prelude::*;

use crate::backend::Backend;
use crate::components::badge::Tone;
use crate::components::field::Checkbox;
use crate::components::field::{Choice, Segmented};
use crate::components::icon::Shape;
use crate::components::notice::Notice;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::format::counted;
use crate::pages::new_sync::NewSync;
use crate::pages::new_sync::proposal::Proposed;
use crate::pages::object_pair::PairForm;

/// The step.
#[component]
pub(super) fn Objects(
    /// The wizard.
    wizard: NewSync,
) -> impl IntoView {
    let way = RwSignal::new(word(wizard.hand.on.get_untracked()).to_owned());
    Effect::watch(move || way.get(), move |way, _, _| wizard.hand.on.set(way == "hand"), false);
    Effect::watch(
        move || wizard.hand.on.get(),
        move |on, _, _| {
            if *way.read_untracked() != word(*on) {
                way.set(word(*on).to_owned());
            }
        },
        false,
    );
    let choices = vec![
        Choice::new("proposed", "Proposed").icon(Shape::Sparkles),
        Choice::new("hand", "By hand").icon(Shape::Edit),
    ];
    view! {
        <div class="row">
            <h2 class="section-title">"Which objects correspond?"</h2>
            <span class="push"><Segmented label="How objects are chosen" choices value=way/></span>
        </div>
        {move || if wizard.hand.on.get() {
            view! { <PairForm choice=wizard.hand tried=wizard.tried/> }.into_any()
        } else {
            view! { <Proposals wizard/> }.into_any()
        }}
    }
}

fn word(by_hand: bool) -> &'static str {
    if by_hand { "hand" } else { "proposed" }
}

#[component]
fn Proposals(wizard: NewSync) -> impl IntoView {
    let backend = Backend::of_this_app();
    move || {
        match wizard.proposal.get() {
        None => view! {
            <p class="muted">"Comparing the objects of both orgs\u{2026}"</p>
            <div class="panel"><SkeletonRows what="proposals" rows=5/></div>
        }
        .into_any(),
        Some(Err(problem)) => {
            let backend = backend.clone();
            let again = move || wizard.proposal.ask(backend.clone(), wizard);
            view! { <ProblemView problem on_retry=again/> }.into_any()
        }
        Some(Ok(proposed)) if proposed.objects.is_empty() => view! {
            <Notice
                tone=Tone::Neutral
                title="No objects look alike"
                text="Isthmus proposes objects with alike names whose rows share a unique external id. Choose two by hand instead."
            />
        }
        .into_any(),
        Some(Ok(proposed)) => view! { <List proposed wizard/> }.into_any(),
    }
    }
}

#[component]
fn List(proposed: Proposed, wizard: NewSync) -> impl IntoView {
    let error = move || {
        let missing = wizard.tried.get() && wizard.chosen.read().is_empty();
        missing.then(|| view! { <p class="err" role="alert">"Choose at least one object"</p> })
    };
    view! {
        <p class="muted">"Scored on names, labels and keys. Fields can be changed on the map afterwards."</p>
        <ul class="panel new-sync__objects" data-test="proposals">
            {proposed.objects.into_iter().map(|object| view! { <Proposal object wizard/> }).collect_view()}
        </ul>
        {error}
    }
}

#[component]
fn Proposal(object: ObjectSuggestion, wizard: NewSync) -> impl IntoView {
    let name = object.left.clone();
    let taken = RwSignal::new(wizard.chosen.read_untracked().contains(&name));
    Effect::watch(
        move || taken.get(),
        move |taken, _, _| {
            wizard.chosen.update(|chosen| {
                if *taken {
                    chosen.insert(name.clone())
                } else {
                    chosen.remove(&name)
                };
            });
        },
        false,
    );
    let label = format!("{} \u{2192} {}", object.left, object.right);
    let fields = counted(object.fields.len() as u64, "field", "fields");
    view! {
        <li class="new-sync__object">
            <Checkbox label=label value=taken/>
            <span class="num strong">{format!("{:.2}", object.score)}</span>
            <span class="muted">{fields}</span>
            <span class="small subtle new-sync__reason">{object.reason}</span>
        </li>
    }
}
