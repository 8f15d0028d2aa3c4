//! The guided way from an empty workspace to a first run: four steps, of which the next one has the primary button.

use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::overview::DayRows;
use isthmus_contract::sync::SyncListing;
use isthmus_model::run::RunEnd;
use leptos::prelude::*;

use crate::components::button::{ButtonLink, Kind};
use crate::components::icon::{Icon, Shape};
use crate::format::clipped;
use crate::route::{Route, SyncTab};

/// Orgs that a sync needs.
const NEEDED: usize = 2;

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    title: &'static str,
    hint: String,
    is_done: bool,
    /// Where it is taken, and the button's words; `None` for what was done before this page.
    to: Option<(Route, &'static str)>,
}

/// Whether the way has been gone: a run has ended with its rows in agreement, or at least with some of them written.
/// What such a run left is an alert, and no longer a beginning.
pub(super) fn is_over(syncs: &[SyncListing], days: &[DayRows]) -> bool {
    let ended = |listing: &SyncListing| {
        let end = listing.last_run.as_ref().and_then(|run| run.end);
        matches!(end, Some(RunEnd::Succeeded | RunEnd::Unchanged | RunEnd::Partial))
    };
    syncs.iter().any(ended) || days.iter().any(|day| day.written > 0)
}

/// The guide.
#[component]
pub(super) fn Guide(orgs: Memo<Vec<OrgView>>, syncs: Memo<Vec<SyncListing>>) -> impl IntoView {
    let steps = Memo::new(move |_| steps(&orgs.read(), &syncs.read()));
    let done = move || steps.read().iter().filter(|step| step.is_done).count();
    view! {
        <section class="panel guide" aria-labelledby="guide-title" data-test="guide">
            <header class="panel__head">
                <h2 id="guide-title">"Your first sync"</h2>
                <span class="small subtle push guide__count">{move || format!("{} of 4 steps done", done())}</span>
            </header>
            <ol>
                {move || {
                    let steps = steps.get();
                    let next = steps.iter().position(|step| !step.is_done);
                    steps.into_iter().enumerate().map(|(place, step)| step_view(place, step, next)).collect_view()
                }}
            </ol>
        </section>
    }
}

fn step_view(place: usize, step: Step, next: Option<usize>) -> impl IntoView {
    let Step { title, hint, is_done, to } = step;
    let is_next = next == Some(place);
    let state = match (is_done, is_next) {
        (true, _) => "done",
        (false, true) => "now",
        (false, false) => "todo",
    };
    let mark = match is_done {
        true => view! { <Icon shape=Shape::Check small=true/> }.into_any(),
        false => (place + 1).to_string().into_any(),
    };
    let button = to.filter(|_| is_next).map(|(route, words)| view! {
        <ButtonLink href=route.href() kind=Kind::Primary attr:data-test="guide-next">{words}</ButtonLink>
    });
    view! {
        <li class="guide__step" data-state=state aria-current=is_next.then_some("step")>
            <span class="guide__mark" aria-hidden="true">{mark}</span>
            <div class="grow">
                <p class="medium">{title} {is_done.then(|| view! { <span class="sr-only">", done"</span> })}</p>
                <p class="small muted">{hint}</p>
            </div>
            {button}
        </li>
    }
}

fn steps(orgs: &[OrgView], syncs: &[SyncListing]) -> [Step; 4] {
    let connected: Vec<&str> = orgs
        .iter()
        .filter(|org| org.state == OrgState::Connected)
        .map(|org| org.name.as_str())
        .collect();
    [
        Step {
            title: "Create the workspace",
            hint: "Encrypted on this machine; its recovery key is in the file that you chose."
                .to_owned(),
            is_done: true,
            to: None,
        },
        connect(&connected),
        draw(syncs),
        run(syncs),
    ]
}

fn connect(connected: &[&str]) -> Step {
    let (hint, word) = match connected {
        [] => (
            "Each login happens in your browser; Isthmus never sees the password.".to_owned(),
            "Connect an org",
        ),
        [one] => (
            format!("{} is connected. One more is needed.", clipped(one, 60)),
            "Connect the other org",
        ),
        [first, second, ..] => (
            format!("{} and {} are connected.", clipped(first, 60), clipped(second, 60)),
            "Connect an org",
        ),
    };
    Step {
        title: "Connect two orgs",
        hint,
        is_done: connected.len() >= NEEDED,
        to: Some((Route::Connect(None), word)),
    }
}

fn draw(syncs: &[SyncListing]) -> Step {
    let hint = match syncs.first() {
        None => "Isthmus compares the objects of both orgs and proposes what fits; you decide."
            .to_owned(),
        Some(listing) => format!("“{}” is drawn.", clipped(&listing.sync.name, 60)),
    };
    Step {
        title: "Draw a sync",
        hint,
        is_done: !syncs.is_empty(),
        to: Some((Route::NewSync, "New sync")),
    }
}

fn run(syncs: &[SyncListing]) -> Step {
    let last = syncs.iter().find_map(|listing| listing.last_run.as_ref());
    let preview = |listing: &SyncListing| {
        (Route::Sync(listing.sync.name.clone(), SyncTab::Preview), "Preview")
    };
    let (hint, to) = match last {
        None => (
            "The preview shows every row before anything is written. Then one press runs it."
                .to_owned(),
            syncs.first().map(preview),
        ),
        Some(run) => {
            let end = run.end.map_or("interrupted", RunEnd::as_str);
            let hint =
                format!("Run {} ended as {end}. Its report says why, and what to do.", run.run);
            (hint, Some((Route::Run(run.run), "Open the report")))
        }
    };
    Step { title: "Preview and run", hint, is_done: false, to }
}

#[cfg(test)]
mod tests;
