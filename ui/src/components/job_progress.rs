//! The job at work in large: where it is, how far, how fast, and the way to stop it.

use isthmus_contract::console::{JobKind, JobView};
use isthmus_contract::progress::{Phase, Progress as Told};
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::confirm::Confirm;
use crate::components::icon::{Icon, Shape};
use crate::components::ids::unique_id;
use crate::components::lane::Lane;
use crate::components::notice::Notice;
use crate::components::progress::Progress;
use crate::components::wizard::StepState;
use crate::format::{counted, duration, grouped, percent, shortened};
use crate::state::console::Console;
use crate::state::work::Work;

/// The steps of a plan and of a run, as they are shown.
const PLAN_STEPS: &[&str] = &["Read", "Plan"];
const RUN_STEPS: &[&str] = &["Read", "Plan", "Write", "Settle"];

/// How far the job at work is; nothing where none is.
#[component]
pub(crate) fn JobProgress() -> impl IntoView {
    let console = Console::of_this_app();
    // What never changes during a job is drawn once, so that the button keeps the focus.
    let which = Memo::new(move |_| {
        let job = console.job.read();
        let job = job.as_ref()?;
        Some((job.kind, job.sync.clone(), job.left.clone(), job.right.clone(), job.run))
    });
    move || {
        let (kind, sync, left, right, run) = which.get()?;
        let title = match (kind, run) {
            (JobKind::Plan, _) => format!("Planning {}", shortened(&sync)),
            (JobKind::Retry, Some(run)) => format!("Retrying run {run}"),
            (JobKind::Run | JobKind::Retry, _) => format!("Running {}", shortened(&sync)),
        };
        Some(view! { <Card kind title left right/> })
    }
}

/// The card of one job.
#[component]
fn Card(kind: JobKind, title: String, left: String, right: String) -> impl IntoView {
    let console = Console::of_this_app();
    let told = Memo::new(move |_| console.job.read().as_ref().and_then(|job| job.progress.clone()));
    let done = Signal::derive(move || told.read().as_ref().map_or(0, |told| told.done));
    let all = Signal::derive(move || told.read().as_ref().and_then(|told| told.total));
    let heading = unique_id("job");
    let (label, labelled_by) = (title.clone(), heading.clone());
    view! {
        <section class="job panel" aria-labelledby=labelled_by data-test="job">
            <div class="job__body">
                <h2 class="job__title" id=heading dir="auto">{title}</h2>
                <Lane left right/>
                <Steps kind told/>
                <Progress label done all/>
                <p class="row job__rows">{move || rows(told.read().as_ref())}</p>
                <dl class="job__facts">{move || facts(kind, told.read().as_ref())}</dl>
                <p class="small subtle">{note(kind)}</p>
            </div>
            <Foot kind/>
        </section>
    }
}

/// Which steps are done and which one is at work.
#[component]
fn Steps(kind: JobKind, told: Memo<Option<Told>>) -> impl IntoView {
    let steps = if kind == JobKind::Plan { PLAN_STEPS } else { RUN_STEPS };
    let phase = Memo::new(move |_| told.read().as_ref().map(|told| told.phase));
    view! {
        <ol class="job__steps" aria-label="Steps">
            {steps
                .iter()
                .enumerate()
                .map(|(place, word)| {
                    let state = move || step_state(phase.get(), place);
                    view! {
                        <li
                            class="job__step"
                            class:job__step--now=move || state() == StepState::Now
                            class:job__step--done=move || state() == StepState::Done
                            aria-current=move || (state() == StepState::Now).then_some("step")
                        >
                            {move || match state() {
                                StepState::Done => view! { <Icon shape=Shape::Check small=true/> }.into_any(),
                                _ => view! { <span class="job__dot"></span> }.into_any(),
                            }}
                            {*word}
                            <span class="sr-only">
                                {move || if state() == StepState::Done { " done" } else { "" }}
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}

/// The way to stop.
#[component]
fn Foot(kind: JobKind) -> impl IntoView {
    let console = Console::of_this_app();
    let work = Work::of_this_app();
    let asking = RwSignal::new(false);
    let cancelling =
        Memo::new(move |_| console.job.read().as_ref().is_some_and(|job: &JobView| job.cancelling));
    let (word, text) = match kind {
        JobKind::Plan => ("Cancel planning", ""),
        JobKind::Run => ("Cancel run", CANCEL_MEANS),
        JobKind::Retry => ("Cancel retry", CANCEL_MEANS),
    };
    // A plan writes nothing: there is nothing to think over.
    let press = move || if kind == JobKind::Plan { work.cancel() } else { asking.set(true) };
    view! {
        {move || work.uncancelled.get().map(|problem| view! {
            <div class="job__notice"><Notice tone=Tone::Err title=problem.text text=problem.hint/></div>
        })}
        <footer class="panel__foot">
            <span class="small subtle" role="status">
                {move || cancelling.get().then_some("Stopping at the next safe place …")}
            </span>
            <span class="push"></span>
            <Button
                kind=Kind::Danger
                size=Size::Normal
                busy=cancelling
                on_press=press
                attr:data-test="cancel-job"
            >
                {word}
            </Button>
        </footer>
        <Confirm
            open=asking
            title=format!("{word}?")
            text=text
            yes=word
            no="Go on"
            danger=true
            on_yes=move || work.cancel()
        />
    }
}

const CANCEL_MEANS: &str = "What is written stays. Rows in flight are read back, so that each of them is known to be \
    written or not; the rest waits for the next run.";

fn note(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Plan => "Nothing is written. Safe to leave: planning goes on in the background.",
        JobKind::Run | JobKind::Retry => "Safe to leave: it goes on in the background.",
    }
}

/// The place of a phase among the steps.
fn step_of(phase: Phase) -> usize {
    match phase {
        Phase::Recovering | Phase::Reading => 0,
        Phase::Planning => 1,
        Phase::Writing => 2,
        Phase::Settling => 3,
    }
}

fn step_state(phase: Option<Phase>, place: usize) -> StepState {
    match phase.map_or(0, step_of) {
        now if place < now => StepState::Done,
        now if place == now => StepState::Now,
        _ => StepState::Todo,
    }
}

/// What is being done, in a sentence: `Writing Account`.
pub(crate) fn doing(told: Option<&Told>) -> String {
    let Some(told) = told else { return "Starting".to_owned() };
    let word = match told.phase {
        Phase::Recovering => "Reading back what a broken run left open",
        Phase::Reading => "Reading",
        Phase::Planning => "Comparing",
        Phase::Writing => "Writing",
        Phase::Settling => "Reading what the org made of it",
    };
    if told.mapping.is_empty() {
        word.to_owned()
    } else {
        format!("{word}: {}", shortened(&told.mapping))
    }
}

fn rows(told: Option<&Told>) -> AnyView {
    let of = |told: &Told| match told.total {
        Some(total) => format!(" of {}", counted(total, "row", "rows")),
        None if told.done == 1 => " row".to_owned(),
        None => " rows".to_owned(),
    };
    let share = |told: &Told| told.total.map(|total| format!("{}%", percent(told.done, total)));
    view! {
        <b class="strong">{told.map(|told| grouped(told.done))}</b>
        <span class="muted">{told.map(of)}</span>
        <span class="push muted truncate" dir="auto">{doing(told)}</span>
        <span class="muted">{told.and_then(share)}</span>
    }
    .into_any()
}

fn facts(kind: JobKind, told: Option<&Told>) -> AnyView {
    let fact = |tone: Option<Tone>, word: &'static str, value: String| {
        let icon = tone.map(|tone| view! { <Icon shape=tone.shape() small=true/> });
        let class = tone.map_or("", Tone::word);
        view! { <div><dt class=class>{icon}{word}</dt><dd>{value}</dd></div> }
    };
    let rate =
        told.filter(|told| told.rate > 0.0).map_or_else(|| "–".to_owned(), |told| rate(told.rate));
    let left = told.and_then(|told| told.seconds_left).map_or_else(|| "–".to_owned(), time_left);
    let counts = told.map(|told| told.counts).unwrap_or_default();
    let outcomes = (kind != JobKind::Plan).then(|| {
        let some = |count: u64, tone| if count > 0 { Some(tone) } else { None };
        view! {
            {fact(None, "Written", grouped(counts.created + counts.updated))}
            {fact(None, "Unchanged", grouped(counts.unchanged))}
            {fact(some(counts.held, Tone::Warn), "Held", grouped(counts.held))}
            {fact(some(counts.failed, Tone::Err), "Failed", grouped(counts.failed))}
        }
    });
    view! { {fact(None, "Rate", rate)} {fact(None, "Time left", left)} {outcomes} }.into_any()
}

/// Whole seconds, as nobody knows tenths of what is to come.
fn time_left(seconds: u64) -> String {
    if seconds < 10 { format!("{seconds} s") } else { duration(seconds * 1_000) }
}

/// Rows per second, with a tenth where few.
fn rate(rate: f64) -> String {
    if rate < 10.0 {
        return format!("{rate:.1} rows/s");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate above 10, rounded"
    )]
    let whole = rate.round() as u64;
    format!("{} rows/s", grouped(whole))
}

#[cfg(test)]
mod tests {
    use isthmus_contract::progress::{Phase, Progress};
    use isthmus_model::run::RunCounts;

    use super::{StepState, doing, rate, step_state, time_left};

    #[test]
    fn steps_before_the_phase_are_done() {
        let states: Vec<StepState> =
            (0..4).map(|place| step_state(Some(Phase::Writing), place)).collect();
        assert_eq!(states, [StepState::Done, StepState::Done, StepState::Now, StepState::Todo]);
        assert_eq!(step_state(None, 0), StepState::Now);
    }

    #[test]
    fn what_is_done_is_told_with_the_mapping() {
        let told = Progress {
            phase: Phase::Writing,
            mapping: "Account".to_owned(),
            done: 1,
            total: None,
            rate: 2.0,
            seconds_left: None,
            counts: RunCounts::default(),
        };
        assert_eq!(doing(Some(&told)), "Writing: Account");
        assert_eq!(doing(None), "Starting");
        assert_eq!(rate(2.04), "2.0 rows/s");
        assert_eq!(rate(812.4), "812 rows/s");
        assert_eq!((time_left(6).as_str(), time_left(199).as_str()), ("6 s", "3 min 19 s"));
    }
}
