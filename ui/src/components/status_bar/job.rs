//! The job at work in the status bar: how far it is, and the way to end it.

use isthmus_contract::command::RunCancel;
use isthmus_contract::console::{JobKind, JobView};
use isthmus_contract::progress::Progress as Step;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::progress::Progress;
use crate::components::toast::Toasts;
use crate::format::{clipped, counted, duration, grouped, percent};
use crate::route::{Route, SyncTab};
use crate::state::console::Console;

/// The job at work; nothing where there is none.
#[component]
pub(super) fn Job() -> impl IntoView {
    let console = Console::of_this_app();
    let is_at_work = Memo::new(move |_| console.job.with(Option::is_some));
    move || is_at_work.get().then(|| view! { <AtWork console/> })
}

#[component]
fn AtWork(console: Console) -> impl IntoView {
    let of = move |read: fn(&JobView) -> String| {
        Memo::new(move |_| console.job.with(|job| job.as_ref().map(read).unwrap_or_default()))
    };
    let (title, href, text) = (of(title), of(href), of(text));
    let step = move || console.job.with(|job| job.as_ref().and_then(|job| job.progress.clone()));
    let done = Signal::derive(move || step().map_or(0, |step| step.done));
    let all = Signal::derive(move || step().and_then(|step| step.total));
    let cancelling = Signal::derive(move || {
        console.job.with(|job| job.as_ref().is_some_and(|job| job.cancelling))
    });
    view! {
        <div class="statusbar__job" data-test="job">
            <a class="statusbar__open" href=href title=move || format!("{}: open its preview", title.get())>
                <span class="truncate" dir="auto">{title}</span>
            </a>
            <Progress label=title done all size=Size::Small/>
            <span class="wide-only" data-test="job-figures">{text}</span>
            <Cancel cancelling/>
        </div>
    }
}

#[component]
fn Cancel(cancelling: Signal<bool>) -> impl IntoView {
    let (backend, toasts) = (Backend::of_this_app(), Toasts::of_app());
    let asked = RwSignal::new(false);
    let cancel = move || {
        let backend = backend.clone();
        asked.set(true);
        spawn_local(async move {
            if let Err(problem) = backend.ask::<RunCancel>(()).await {
                toasts.push(Tone::Err, problem.text, problem.hint, None);
            }
            _ = asked.try_set(false);
        });
    };
    let stopping = Signal::derive(move || cancelling.get() || asked.get());
    view! {
        <Button
            kind=Kind::Ghost
            size=Size::Small
            disabled=stopping
            title="Rows on their way are read back; the rest waits for the next run"
            on_press=cancel
            attr:data-test="job-cancel"
        >
            {move || if stopping.get() { "Stopping" } else { "Cancel" }}
        </Button>
    }
}

fn title(job: &JobView) -> String {
    let verb = match job.kind {
        JobKind::Plan => "Planning",
        JobKind::Run => "Running",
        JobKind::Retry => "Retrying",
    };
    format!("{verb} {}", clipped(&job.sync, 100))
}

fn href(job: &JobView) -> String {
    Route::Sync(job.sync.clone(), SyncTab::Preview).href()
}

fn text(job: &JobView) -> String {
    job.progress.as_ref().map_or_else(|| "starting".to_owned(), figures)
}

/// Phase, share, rate and time left, as far as they are known.
fn figures(step: &Step) -> String {
    let mut parts = vec![step.phase.as_str().to_owned()];
    match step.total {
        Some(total) => parts.push(format!("{}%", percent(step.done, total))),
        None if step.done > 0 => parts.push(counted(step.done, "row", "rows")),
        None => {}
    }
    let rate = format!("{:.0}", step.rate).parse().unwrap_or(0);
    if rate > 0 {
        parts.push(format!("{} rows/s", grouped(rate)));
    }
    if let Some(left) = step.seconds_left.filter(|left| *left > 0) {
        let left =
            if left < 60 { format!("{left} s") } else { duration(left.saturating_mul(1_000)) };
        parts.push(format!("{left} left"));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use isthmus_contract::progress::{Phase, Progress};
    use isthmus_model::run::RunCounts;

    use super::figures;

    fn step(done: u64, total: Option<u64>, rate: f64, seconds_left: Option<u64>) -> Progress {
        let counts = RunCounts::default();
        Progress {
            phase: Phase::Writing,
            mapping: String::new(),
            done,
            total,
            rate,
            seconds_left,
            counts,
        }
    }

    #[test]
    fn figures_tell_only_what_is_known() {
        assert_eq!(
            figures(&step(61, Some(100), 812.4, Some(199))),
            "writing, 61%, 812 rows/s, 3 min 19 s left"
        );
        assert_eq!(
            figures(&step(61, Some(100), 81.4, Some(6))),
            "writing, 61%, 81 rows/s, 6 s left"
        );
        assert_eq!(figures(&step(1_204, None, 0.0, None)), "writing, 1,204 rows");
        assert_eq!(figures(&step(0, None, f64::NAN, Some(0))), "writing");
    }
}
