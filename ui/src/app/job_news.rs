//! What is said of the job at work: its progress while it goes on, and how it ended.

mod words;

use isthmus_contract::command::RunList;
use isthmus_contract::console::{JobKind, JobView};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::run::{RunView, RunsRequest};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::job_news::words::{Milestones, News, ended, unknown_end};
use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::badge::Tone;
use crate::components::toast::{Action, Toasts};
use crate::route::{Route, Router, SyncTab};
use crate::state::console::Console;

/// Tells it from now on; once, in the frame.
pub(crate) fn follow() {
    let (console, announcer) = (Console::of_this_app(), Announcer::of_app());
    Effect::new(move |milestones: Option<Milestones>| {
        let mut milestones = milestones.unwrap_or_default();
        match console.job.get() {
            None => milestones = Milestones::default(),
            Some(job) => milestones.pass(&job).into_iter().for_each(|text| announcer.say(text)),
        }
        milestones
    });
    let (backend, toasts, router) =
        (Backend::of_this_app(), Toasts::of_app(), Router::of_this_app());
    Effect::new(move |_| {
        let Some((job, problem)) = console.ended.get() else { return };
        let backend = backend.clone();
        spawn_local(async move {
            let (news, leads_to) = news(&backend, &job, problem).await;
            if news.tone == Tone::Err {
                announcer.warn(news.heard());
            } else {
                announcer.say(news.heard());
            }
            if !is_seen(&router.shown_untracked(), &job, leads_to.as_ref()) {
                toasts.push(news.tone, news.title, news.text, action(router, leads_to));
            }
        });
    });
}

/// What to say of a job that ended, and where to read more.
async fn news(backend: &Backend, job: &JobView, problem: Option<Problem>) -> (News, Option<Route>) {
    let preview = Route::Sync(job.sync.clone(), SyncTab::Preview);
    match problem {
        Some(problem) if problem.code == Code::Cancelled => {
            (News::new(Tone::Neutral, format!("{} was cancelled", job.sync), ""), None)
        }
        Some(problem) => (News::new(Tone::Err, problem.text, problem.hint), Some(preview)),
        None if job.kind == JobKind::Plan => {
            let title = format!("The plan of {} is ready", job.sync);
            (News::new(Tone::Ok, title, "Look at it before anything is written."), Some(preview))
        }
        None => match last_run(backend, job).await {
            Some(run) => (ended(&run), Some(Route::Run(run.run))),
            None => (unknown_end(job), Some(Route::Runs)),
        },
    }
}

/// A retry is a run of its own, with a number of its own: the newest one of its sync.
async fn last_run(backend: &Backend, job: &JobView) -> Option<RunView> {
    let request = RunsRequest { sync: Some(job.sync.clone()), limit: 1 };
    let runs = backend.ask::<RunList>(request).await.ok()?;
    runs.into_iter().next()
}

/// The page that is shown tells it already.
fn is_seen(shown: &Route, job: &JobView, leads_to: Option<&Route>) -> bool {
    let preview = Route::Sync(job.sync.clone(), SyncTab::Preview);
    *shown == preview || leads_to == Some(shown)
}

fn action(router: Router, leads_to: Option<Route>) -> Option<Action> {
    let route = leads_to?;
    let label = match &route {
        Route::Run(_) => "Open run",
        Route::Sync(..) => "Open preview",
        _ => "Open runs",
    };
    Some(Action::new(label, move || router.go(&route)))
}
