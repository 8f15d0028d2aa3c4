//! What a run would do, row by row and field by field; and the run while it goes on.

mod confirm;
mod ended;
pub(crate) mod fields;
mod figures;
mod planned;
mod rows;
mod side;
mod words;

use isthmus_contract::command::SyncGet;
use isthmus_contract::console::{JobKind, Topic};
use isthmus_contract::problem::Problem;
use isthmus_contract::request::RunRequest;
use isthmus_model::ids::RunId;
use leptos::prelude::*;

use crate::components::button::{Button, Kind, Size};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::job_progress::JobProgress;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::components::time::clock_time;
use crate::format::shortened;
use crate::pages::preview::confirm::RunButton;
use crate::pages::preview::ended::EndOfRun;
use crate::pages::preview::planned::Planned;
use crate::pages::sync_tabs::SyncTabs;
use crate::route::{Route, SyncTab};
use crate::state::asked::Asked;
use crate::state::console::Console;
use crate::state::work::Work;

/// What the tab shows.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    /// A job of this sync is at work, or about to be.
    AtWork,
    /// The run that was asked for was not carried out.
    Refused(Problem),
    /// A run has ended.
    Ended(RunId),
    /// No plan could be made.
    Unplanned(Problem),
    /// A plan.
    Plan,
    /// Nothing yet.
    Nothing,
}

/// The tab.
#[component]
pub(crate) fn Preview(
    /// The sync's name.
    sync: String,
) -> impl IntoView {
    let (work, console) = (Work::of_this_app(), Console::of_this_app());
    let (title, tabs) = (shortened(&sync), sync.clone());
    let name = StoredValue::new(sync);
    let detail = Asked::<SyncGet>::new(&[Topic::Syncs], move || Some(name.get_value()));
    let orgs = Memo::new(move |_| match &*detail.answer.read() {
        Some(Ok(detail)) => (detail.sync.left.clone(), detail.sync.right.clone()),
        _ => ("the left org".to_owned(), "the right org".to_owned()),
    });
    let shown = Memo::new(move |_| name.with_value(|name| shown(work, console, name)));
    let plan = Callback::new(move |()| {
        work.plan(RunRequest { sync: name.get_value(), records: None });
    });
    let unknown = Memo::new(move |_| match &*detail.answer.read() {
        Some(Err(problem)) => Some(problem.clone()),
        _ => None,
    });
    view! {
        <PageFrame
            title
            trail=vec![("Syncs".to_owned(), Route::Syncs.href())]
            actions=move || view! { <Actions shown name orgs plan/> }
            bar=move || view! { <SyncTabs name=tabs.clone() tab=SyncTab::Preview/> }
        >
            {move || match (unknown.get(), shown.get()) {
                (Some(problem), Shown::Nothing) => {
                    view! { <ProblemView problem on_retry=move || detail.again()/> }.into_any()
                }
                (_, shown) => body(shown, name, orgs, plan),
            }}
        </PageFrame>
    }
}

fn shown(work: Work, console: Console, sync: &str) -> Shown {
    let is_asked = work.planning.read().as_ref().is_some_and(|request| request.sync == sync)
        || work.running.read().as_ref().is_some_and(|started| started.sync == sync);
    if is_asked || console.job.read().as_ref().is_some_and(|job| job.sync == sync) {
        return Shown::AtWork;
    }
    if let Some(ended) = work.ended.read().as_ref().filter(|ended| ended.started.sync == sync) {
        return match &ended.answer {
            Ok(run) => Shown::Ended(run.run),
            Err(problem) => Shown::Refused(problem.clone()),
        };
    }
    if let Some((_, problem)) =
        work.unplanned.read().as_ref().filter(|(request, _)| request.sync == sync)
    {
        return Shown::Unplanned(problem.clone());
    }
    if work.plans.read().contains_key(sync) {
        return Shown::Plan;
    }
    // A run that another page of this window, or the window before it, had started.
    let ended = console.ended.read();
    match ended.as_ref() {
        Some((job, None)) if job.sync == sync && job.kind == JobKind::Run => {
            job.run.map_or(Shown::Nothing, Shown::Ended)
        }
        _ => Shown::Nothing,
    }
}

fn body(
    shown: Shown,
    name: StoredValue<String>,
    orgs: Memo<(String, String)>,
    plan: Callback<()>,
) -> AnyView {
    let work = Work::of_this_app();
    match shown {
        Shown::AtWork => view! { <AtWork name/> }.into_any(),
        Shown::Ended(run) => view! { <EndOfRun run plan/> }.into_any(),
        Shown::Plan => {
            let made = work.plans.read_untracked().get(&name.get_value()).cloned();
            made.map(|made| view! { <Planned made orgs/> }).into_any()
        }
        Shown::Unplanned(problem) => {
            view! { <ProblemView problem on_retry=plan retry="Plan again"/> }.into_any()
        }
        Shown::Refused(problem) => {
            let back = move || name.with_value(|name| work.forget_end_of(name));
            let has_plan = work.plans.read_untracked().contains_key(&name.get_value());
            let actions = move || {
                has_plan.then(|| view! { <Button on_press=back>"Back to the plan"</Button> })
            };
            view! { <ProblemView problem on_retry=plan retry="Plan again" actions/> }.into_any()
        }
        Shown::Nothing => view! { <Unplanned plan/> }.into_any(),
    }
}

/// The job of this sync, in large.
#[component]
fn AtWork(name: StoredValue<String>) -> impl IntoView {
    let console = Console::of_this_app();
    let is_here = Memo::new(move |_| {
        console.job.read().as_ref().is_some_and(|job| name.with_value(|name| job.sync == *name))
    });
    view! {
        <div class="preview__center scroll" tabindex="0" role="region" aria-label="Progress">
            {move || {
                if is_here.get() {
                    view! { <JobProgress/> }.into_any()
                } else {
                    view! { <div class="job panel job__body"><SkeletonLines what="progress" lines=4/></div> }.into_any()
                }
            }}
        </div>
    }
}

/// Before the first plan.
#[component]
fn Unplanned(plan: Callback<()>) -> impl IntoView {
    view! {
        <Empty
            icon=Shape::Eye
            title="See what a run would do"
            text="A plan reads both orgs and compares them. It shows every row with its fields before and after, and writes nothing."
            actions=move || view! { <PlanButton plan kind=Kind::Primary/> }
        />
    }
}

/// Plans, unless another job is at work.
#[component]
fn PlanButton(plan: Callback<()>, kind: Kind) -> impl IntoView {
    let console = Console::of_this_app();
    let other = Memo::new(move |_| console.job.read().as_ref().map(|job| shortened(&job.sync)));
    let title =
        move || other.get().map(|sync| format!("{sync} is at work; one plan or run at a time"));
    view! {
        <Button
            kind
            icon=Shape::Eye
            disabled=move || other.read().is_some()
            title=Signal::derive(title)
            on_press=plan
            attr:data-test="plan"
        >
            "Plan"
        </Button>
    }
}

/// The actions at the top right.
#[component]
fn Actions(
    shown: Memo<Shown>,
    name: StoredValue<String>,
    orgs: Memo<(String, String)>,
    plan: Callback<()>,
) -> impl IntoView {
    let work = Work::of_this_app();
    move || match shown.get() {
        Shown::Plan => {
            let made = work.plans.read().get(&name.get_value()).cloned()?;
            let again = move || {
                let records = None;
                work.plan(RunRequest { sync: name.get_value(), records });
            };
            let actions = view! {
                <span class="small muted wide-only nowrap">"Planned " {clock_time(made.at)[..5].to_owned()}</span>
                <Button
                    kind=Kind::Ghost
                    size=Size::Normal
                    icon=Shape::Retry
                    label="Plan again"
                    on_press=again
                    attr:data-test="replan"
                />
                <RunButton made orgs/>
            };
            Some(actions.into_any())
        }
        Shown::Ended(_) => Some(view! { <PlanButton plan kind=Kind::Default/> }.into_any()),
        Shown::AtWork | Shown::Refused(_) | Shown::Unplanned(_) | Shown::Nothing => None,
    }
}
