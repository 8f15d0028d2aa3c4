//! A plan: one sentence, the counts, the rows; beside them what it costs and what is held.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::notice::Notice;
use crate::components::time::now;
use crate::format::shortened;
use crate::pages::preview::confirm::linked_rows;
use crate::pages::preview::figures::Figures;
use crate::pages::preview::rows::{Filter, PlanTable, Toolbar};
use crate::pages::preview::side::Side;
use crate::pages::preview::words::lead;
use crate::state::work::Made;

/// Older plans carry a notice: much may have changed since.
const FRESH_MILLISECONDS: f64 = 15.0 * 60.0 * 1_000.0;

/// How often the age is looked at.
const TICK: Duration = Duration::from_secs(10);

/// The plan.
#[component]
pub(super) fn Planned(
    /// The plan and when it was made.
    made: Made,
    /// Left and right org.
    orgs: Memo<(String, String)>,
) -> impl IntoView {
    let Made { plan, at, is_selection } = made;
    let filter = Filter::new(plan.run);
    let linked = linked_rows(plan.run);
    let sentence = {
        let counts = plan.counts;
        move || lead(&counts, &shortened(&orgs.read().1))
    };
    let counts = plan.counts;
    let mappings: Vec<String> = plan.mappings.iter().map(|part| part.mapping.clone()).collect();
    view! {
        <div class="plan" data-test="plan-view">
            <section class="plan__main" aria-label="Plan">
                <div class="plan__sum">
                    <p class="plan__lead" dir="auto">
                        <b>{move || sentence().0}</b>
                        " "
                        <span class="muted">{move || sentence().1}</span>
                        {is_selection.then_some(" Only the records that were selected, with the parents they need.")}
                    </p>
                    <Figures counts linked chosen=filter.tally/>
                </div>
                <Age at/>
                <Toolbar filter mappings/>
                <PlanTable filter orgs counts/>
            </section>
            <Side plan filter orgs/>
        </div>
    }
}

/// What an old plan is worth.
#[component]
fn Age(at: f64) -> impl IntoView {
    let is_old = move || now() - at > FRESH_MILLISECONDS;
    let old = RwSignal::new(is_old());
    if let Ok(ticking) = set_interval_with_handle(move || _ = old.try_set(is_old()), TICK) {
        on_cleanup(move || ticking.clear());
    }
    let old = Memo::new(move |_| old.get());
    move || {
        old.get().then(|| {
            view! {
                <div class="plan__notice" data-test="old-plan">
                    <Notice
                        tone=Tone::Neutral
                        title="This plan is more than 15 minutes old"
                        text="It can still be run: each row is checked again before it is written, and what changed since is left for the next run. Plan again to see it."
                    />
                </div>
            }
        })
    }
}
