//! From a plan to a run: the primary action and the question before it.

use isthmus_contract::command::PlanRowsPage;
use isthmus_contract::plan::{PlanRowsRequest, PlannedAction};
use isthmus_contract::run::RunOrder;
use isthmus_model::ids::RunId;
use leptos::prelude::*;

use crate::components::button::{Button, Kind};
use crate::components::dialog::Dialog;
use crate::components::icon::Shape;
use crate::components::lane::Lane;
use crate::format::shortened;
use crate::pages::preview::words::{consequences, run_words};
use crate::state::asked::Asked;
use crate::state::console::Console;
use crate::state::work::{Made, Started, Work};

/// How many rows of a plan are only linked; the plan's counts have them among the unchanged.
pub(super) fn linked_rows(run: RunId) -> Memo<u64> {
    let rows = Asked::<PlanRowsPage>::new(&[], move || {
        Some(PlanRowsRequest {
            run,
            actions: vec![PlannedAction::Link],
            mapping: None,
            text: String::new(),
            offset: 0,
            limit: 1,
        })
    });
    Memo::new(move |_| match &*rows.answer.read() {
        Some(Ok(page)) => page.total,
        _ => 0,
    })
}

/// Carries the plan out, after a question; nothing where there is nothing to do.
#[component]
pub(super) fn RunButton(made: Made, orgs: Memo<(String, String)>) -> impl IntoView {
    let (work, console) = (Work::of_this_app(), Console::of_this_app());
    let plan = made.plan;
    let (counts, run) = (plan.counts, plan.run);
    let linked = linked_rows(run);
    let asking = RwSignal::new(false);
    let words = Memo::new(move |_| run_words(&counts, linked.get()));
    let started = StoredValue::new(Started { sync: plan.sync, order: RunOrder::Plan(run) });
    let other = Memo::new(move |_| console.job.read().as_ref().map(|job| shortened(&job.sync)));
    let why_not =
        move || other.get().map(|sync| format!("{sync} is at work; one plan or run at a time"));
    let start = move || {
        asking.set(false);
        work.start(started.get_value());
    };
    let footer = move || {
        view! {
            <span class="push"></span>
            <Button on_press=move || asking.set(false)>"Not yet"</Button>
            <Button kind=Kind::Primary icon=Shape::Play on_press=start attr:data-test="confirm-run">
                {move || words.get()}
            </Button>
        }
    };
    let lines = move || {
        let target = shortened(&orgs.read().1);
        let lines = consequences(&counts, linked.get(), &target);
        lines.into_iter().map(|line| view! { <li dir="auto">{line}</li> }).collect_view()
    };
    view! {
        {move || match words.get() {
            None => view! { <span class="small muted nowrap" data-test="nothing-to-write">"Nothing to write"</span> }.into_any(),
            Some(words) => view! {
                <Button
                    kind=Kind::Primary
                    icon=Shape::Play
                    disabled=move || other.read().is_some()
                    title=Signal::derive(why_not)
                    on_press=move || asking.set(true)
                    attr:data-test="run-plan"
                >
                    {format!("{words}…")}
                </Button>
            }.into_any(),
        }}
        <Dialog
            open=asking
            title=move || words.get().map_or_else(String::new, |words| format!("{words}?"))
            on_close=move || asking.set(false)
            footer
        >
            {move || orgs.with(|(left, right)| view! { <Lane left=left.clone() right=right.clone()/> })}
            <ul class="consequences">{lines}</ul>
            <p class="small muted">
                "Each row is checked again just before it is written. The run goes on in the background if you leave, \
                and can be cancelled."
            </p>
        </Dialog>
    }
}
