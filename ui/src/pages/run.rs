//! One run: causes first, then its rows.

mod actions;
mod causes;
mod drawer;
mod export;
mod filter;
pub(crate) mod head;
pub(crate) mod next;
mod rows;
pub(crate) mod words;

use isthmus_contract::command::RunReport;
use isthmus_contract::console::{JobKind, Topic};
use isthmus_contract::problem::Problem;
use isthmus_contract::run::{RunOrder, RunReportView};
use isthmus_model::ids::RunId;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::icon::Shape;
use crate::components::job_progress::JobProgress;
use crate::components::notice::Notice;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::format::shortened;
use crate::pages::run::actions::Actions;
use crate::pages::run::causes::Causes;
use crate::pages::run::drawer::Drawer;
use crate::pages::run::filter::Filter;
use crate::pages::run::head::{Head, Stages};
use crate::pages::run::rows::RunRowsPanel;
use crate::route::{Route, Router, SyncTab};
use crate::state::asked::Asked;
use crate::state::console::Console;
use crate::state::work::{Ended, Work};

/// The page.
#[component]
pub(crate) fn Run(
    /// Its number.
    run: RunId,
) -> impl IntoView {
    let report = Asked::<RunReport>::new(&[Topic::Runs], move || Some(run));
    let known = Memo::new(move |_| match &*report.answer.read() {
        Some(Ok(report)) => Some(report.clone()),
        _ => None,
    });
    let problem = Memo::new(move |_| match &*report.answer.read() {
        Some(Err(problem)) => Some(problem.clone()),
        _ => None,
    });
    lead_to_the_retry(run);
    let sync = Memo::new(move |_| known.read().as_ref().map(|report| report.header.sync.clone()));
    view! {
        {move || {
            let mut trail = vec![("Runs".to_owned(), Route::Runs.href())];
            if let Some(sync) = sync.get() {
                trail.push((shortened(&sync), Route::Sync(sync, SyncTab::Runs).href()));
            }
            view! {
                <PageFrame title=format!("Run {run}") trail actions=move || view! { <Actions run known/> }>
                    {move || body(run, known, problem, Callback::new(move |()| report.again()))}
                </PageFrame>
            }
        }}
    }
}

fn body(
    run: RunId,
    known: Memo<Option<RunReportView>>,
    problem: Memo<Option<Problem>>,
    again: Callback<()>,
) -> AnyView {
    // A new reading of the same run keeps what is open on the page.
    let is_known = Memo::new(move |_| known.read().is_some());
    view! {
        {move || match (problem.get(), is_known.get()) {
            (Some(problem), _) => view! { <ProblemView problem on_retry=again/> }.into_any(),
            (None, false) => view! { <div class="run-wait"><SkeletonRows what="the run" rows=10/></div> }.into_any(),
            (None, true) => view! { <Known run known/> }.into_any(),
        }}
    }
    .into_any()
}

/// The run, as far as it is known.
#[component]
fn Known(run: RunId, known: Memo<Option<RunReportView>>) -> impl IntoView {
    let console = Console::of_this_app();
    let filter = Filter::new(run, known);
    let open = RwSignal::new(None);
    let is_at_work = Memo::new(move |_| {
        console
            .job
            .read()
            .as_ref()
            .is_some_and(|job| job.run == Some(run) && job.kind != JobKind::Plan)
    });
    view! {
        <div class="run" data-test="run-view">
            <Refusal run/>
            {move || is_at_work.get().then(|| view! { <div class="run__job"><JobProgress/></div> })}
            <Head known is_at_work/>
            <Stages known/>
            <Causes known filter/>
            <div class="run__body" class:run__body--open=move || open.read().is_some()>
                <RunRowsPanel filter known open/>
                {move || open.get().map(|ordinal| view! {
                    <Drawer run ordinal known on_close=move || open.set(None)/>
                })}
            </div>
        </div>
    }
}

/// Why a retry or a resume of this run was not carried out.
#[component]
fn Refusal(run: RunId) -> impl IntoView {
    let work = Work::of_this_app();
    let refused = Memo::new(move |_| match work.ended.read().as_ref() {
        Some(Ended { started, answer: Err(problem) }) if concerns(&started.order, run) => {
            Some(problem.clone())
        }
        _ => None,
    });
    move || {
        refused.get().map(|problem| {
            let close = move || {
                view! {
                    <Button
                        kind=Kind::Ghost
                        size=Size::Small
                        icon=Shape::Close
                        label="Close"
                        on_press=move || work.ended.set(None)
                    />
                }
            };
            view! {
                <div class="run__notice">
                    <Notice tone=Tone::Err title=problem.text text=problem.hint actions=close>
                        <code class="small">{problem.code.as_str()}</code>
                    </Notice>
                </div>
            }
        })
    }
}

fn concerns(order: &RunOrder, run: RunId) -> bool {
    matches!(order, RunOrder::Retry(of) | RunOrder::Resume(of) if *of == run)
}

/// A retry that was started here and has ended is a run of its own: the page goes on to it.
fn lead_to_the_retry(run: RunId) {
    let (work, router) = (Work::of_this_app(), Router::of_this_app());
    Effect::new(move |_| {
        let next = work.ended.with(|ended| match ended {
            Some(Ended { started, answer: Ok(next) }) if started.order == RunOrder::Retry(run) => {
                Some(next.run)
            }
            _ => None,
        });
        if let Some(next) = next {
            work.ended.set(None);
            router.go(&Route::Run(next));
        }
    });
}
