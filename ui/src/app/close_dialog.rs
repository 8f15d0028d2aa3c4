//! The question that comes when the window is to close while a job is at work.

use isthmus_contract::command::ConsoleClose;
use isthmus_contract::console::{CloseChoice, JobKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::badge::Tone;
use crate::components::button::{Button, Kind};
use crate::components::dialog::Dialog;
use crate::components::icon::Shape;
use crate::components::toast::Toasts;
use crate::format::clipped;
use crate::state::console::Console;

/// The dialog, mounted once in the frame.
#[component]
pub(crate) fn CloseDialog() -> impl IntoView {
    let (console, backend, toasts) =
        (Console::of_this_app(), Backend::of_this_app(), Toasts::of_app());
    let stopping = RwSignal::new(false);
    let open = Memo::new(move |_| {
        console.close_asked.with(Option::is_some) && console.gone.with(Option::is_none)
    });
    let choose = Callback::from(move |choice: CloseChoice| {
        // The window goes when the job has stopped; until then the dialog says that it is on its way.
        stopping.set(choice == CloseChoice::StopAndClose);
        if choice != CloseChoice::StopAndClose {
            console.close_asked.set(None);
        }
        let backend = backend.clone();
        spawn_local(async move {
            if let Err(problem) = backend.ask::<ConsoleClose>(choice).await {
                console.close_asked.set(None);
                toasts.push(Tone::Err, problem.text, problem.hint, None);
            }
        });
    });
    let footer = move || view! { <Choices choose stopping/> };
    view! {
        <Dialog
            open
            title=move || title(console)
            alert=true
            on_close=move || if !stopping.get_untracked() { choose.run((CloseChoice::Stay,)) }
            footer
        >
            <Meanings console/>
        </Dialog>
    }
}

fn title(console: Console) -> String {
    let kind = console.close_asked.with(|job| job.as_ref().map(|job| job.kind));
    match kind {
        Some(JobKind::Plan) => "A plan is being made".to_owned(),
        _ => "A run is at work".to_owned(),
    }
}

/// What each choice means.
#[component]
fn Meanings(console: Console) -> impl IntoView {
    let job = console.close_asked.get_untracked();
    let writes = job.as_ref().is_none_or(|job| job.kind != JobKind::Plan);
    let sync = job.map_or_else(String::new, |job| clipped(&job.sync, 80));
    let stop = if writes {
        "Rows on their way are read back, and the next run goes on from there."
    } else {
        "Nothing has been written; the plan is made anew next time."
    };
    view! {
        <p class="muted" data-test="close-dialog">
            <bdi>{sync}</bdi> " is not done yet. What is to become of it when the window closes?"
        </p>
        <dl class="close-choices">
            <div><dt>"Finish first"</dt><dd>"The window goes, the work goes on, and Isthmus ends with it."</dd></div>
            <div><dt>"Stop and close"</dt><dd>"The work stops at the next safe place. " {stop}</dd></div>
            <div><dt>"Stay"</dt><dd>"Nothing changes."</dd></div>
        </dl>
    }
}

#[component]
fn Choices(choose: Callback<(CloseChoice,)>, stopping: RwSignal<bool>) -> impl IntoView {
    view! {
        <Button
            kind=Kind::Danger
            icon=Shape::Stop
            busy=stopping
            on_press=move || choose.run((CloseChoice::StopAndClose,))
            attr:data-test="close-stop"
        >
            {move || if stopping.get() { "Stopping" } else { "Stop and close" }}
        </Button>
        <span class="push"></span>
        <Button disabled=stopping on_press=move || choose.run((CloseChoice::Stay,)) attr:data-test="close-stay">"Stay"</Button>
        <Button
            kind=Kind::Primary
            disabled=stopping
            autofocus=true
            on_press=move || choose.run((CloseChoice::FinishFirst,))
            attr:data-test="close-finish"
        >
            "Finish first"
        </Button>
    }
}
