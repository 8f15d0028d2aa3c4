//! How a run ended: one of five states, each with its own words and next step.

use isthmus_contract::command::RunReport;
use isthmus_contract::console::Topic;
use isthmus_contract::run::RunReportView;
use isthmus_model::ids::RunId;
use isthmus_model::run::RunEnd;
use leptos::prelude::*;

use crate::components::badge::{EndBadge, Tone};
use crate::components::button::{Button, ButtonLink, Kind};
use crate::components::icon::{Icon, Shape};
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::format::duration;
use crate::pages::run::words::{headline, open_rows, rest};
use crate::route::Route;
use crate::state::asked::Asked;

/// The run that ended last.
#[component]
pub(super) fn EndOfRun(
    /// Its number.
    run: RunId,
    /// Plans again.
    plan: Callback<()>,
) -> impl IntoView {
    let report = Asked::<RunReport>::new(&[Topic::Runs], move || Some(run));
    view! {
        <div class="preview__center scroll" tabindex="0" role="region" aria-label="End of the run">
            {move || match report.answer.get() {
                None => view! { <div class="job panel job__body"><SkeletonLines what="the run's end"/></div> }.into_any(),
                Some(Err(problem)) => view! { <ProblemView problem on_retry=move || report.again()/> }.into_any(),
                Some(Ok(report)) => view! { <End report plan/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn End(report: RunReportView, plan: Callback<()>) -> impl IntoView {
    let header = report.header;
    let (first, more) = (headline(&header), rest(&header));
    let (tone, shape) = look(header.end);
    let open = open_rows(&header.counts);
    let took = std::time::Duration::from_secs_f64(header.seconds.max(0.0)).as_millis();
    let took = duration(u64::try_from(took).unwrap_or(u64::MAX));
    let words = if open > 0 { "See what stands in the way" } else { "Open the run" };
    let primary = if open > 0 { Kind::Primary } else { Kind::Default };
    view! {
        <section class="job panel end" aria-labelledby="end-title" data-test="run-end">
            <div class="job__body">
                <span class=format!("end__icon end__icon--{}", tone.word())><Icon shape/></span>
                <div class="row end__badge">
                    {header.end.map(|end| view! { <EndBadge end/> })}
                    <span class="small subtle">{format!("Run {}, took {took}", header.run)}</span>
                </div>
                <h2 class="job__title" id="end-title">{first}</h2>
                <p class="muted" dir="auto">{more}</p>
            </div>
            <footer class="panel__foot">
                <span class="push"></span>
                <Button on_press=plan attr:data-test="plan-again">"Plan again"</Button>
                <ButtonLink kind=primary href=Route::Run(header.run).href() attr:data-test="open-run">{words}</ButtonLink>
            </footer>
        </section>
    }
}

/// The colour and the icon of an end.
fn look(end: Option<RunEnd>) -> (Tone, Shape) {
    match end {
        Some(RunEnd::Unchanged) => (Tone::Neutral, Shape::Equals),
        Some(RunEnd::Succeeded) => (Tone::Ok, Shape::Check),
        Some(RunEnd::Partial) => (Tone::Warn, Shape::Warn),
        Some(RunEnd::Stopped) | None => (Tone::Neutral, Shape::Pause),
        Some(RunEnd::Failed) => (Tone::Err, Shape::Fault),
    }
}
