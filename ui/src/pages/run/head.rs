//! A run in one sentence, and its steps.

use isthmus_contract::run::{RunReportView, RunView};
use isthmus_model::run::RunEnd;
use leptos::prelude::*;

use crate::components::badge::{Badge, EndBadge, Tone};
use crate::components::icon::{Icon, Shape};
use crate::components::lane::Lane;
use crate::components::time::Time;
use crate::format::{counted, duration, grouped};
use crate::pages::run::words::{headline, kind_words, open_rows, rest, written};

/// End, sentence, when and how long.
#[component]
pub(super) fn Head(known: Memo<Option<RunReportView>>, is_at_work: Memo<bool>) -> impl IntoView {
    move || {
        let report = known.get()?;
        let at_work = is_at_work.get();
        let run = report.header;
        let (first, more) = (headline(&run), rest(&run));
        Some(view! {
            <header class="run__head">
                <Standing end=run.end interrupted=report.interrupted at_work/>
                <p class="run__sentence" data-test="run-sentence">
                    <b class="strong">{first}</b> " " <span class="muted" dir="auto">{more}</span>
                </p>
                <p class="small subtle push run__when">
                    <Time at=run.started_at seconds=true/>
                    {format!(", took {}, {}", took(&run), kind_words(&run.kind))}
                </p>
                <Lane left=report.left right=report.right/>
            </header>
        })
    }
}

/// How long a run took, in words.
pub(crate) fn took(run: &RunView) -> String {
    let time = std::time::Duration::from_secs_f64(run.seconds.clamp(0.0, 1e9));
    duration(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// How a run stands: one of five ends, at work, interrupted, or only looked at.
#[component]
pub(crate) fn Standing(end: Option<RunEnd>, interrupted: bool, at_work: bool) -> impl IntoView {
    if at_work {
        return view! { <Badge tone=Tone::Accent icon=Shape::Play text="At work"/> }.into_any();
    }
    match end {
        Some(end) => view! { <EndBadge end/> }.into_any(),
        None if interrupted => {
            view! { <Badge tone=Tone::Warn icon=Shape::Bolt text="Interrupted"/> }.into_any()
        }
        None => view! { <Badge tone=Tone::Neutral icon=Shape::Eye text="Plan"/> }.into_any(),
    }
}

/// One step of a run.
struct Stage {
    word: &'static str,
    text: String,
    tone: Tone,
}

/// Read, Plan, Write, Settle, with what each came to.
#[component]
pub(super) fn Stages(known: Memo<Option<RunReportView>>) -> impl IntoView {
    let stage = |stage: Stage| {
        let shape = if stage.tone == Tone::Neutral { Shape::Pause } else { stage.tone.shape() };
        view! {
            <li class="stage-step" data-state=stage.tone.word()>
                <span class="stage-step__icon"><Icon shape/></span>
                <div class="grow">
                    <p class="medium">{stage.word}</p>
                    <p class="small muted">{stage.text}</p>
                </div>
            </li>
        }
    };
    move || {
        let report = known.get()?;
        let stages =
            stages(&report.header, report.interrupted).into_iter().map(stage).collect_view();
        Some(view! { <ol class="stages" aria-label="Steps of the run">{stages}</ol> })
    }
}

fn stages(run: &RunView, interrupted: bool) -> [Stage; 4] {
    let counts = &run.counts;
    let wanted = written(counts) + counts.failed + counts.pending;
    let write = match (run.end, interrupted) {
        (None, true) => Tone::Warn,
        (Some(RunEnd::Stopped) | None, _) => Tone::Neutral,
        (Some(RunEnd::Failed), _) => Tone::Err,
        _ if counts.failed + counts.pending > 0 => Tone::Warn,
        _ => Tone::Ok,
    };
    let refused = if counts.failed > 0 {
        format!(", {} refused", grouped(counts.failed))
    } else {
        String::new()
    };
    let held =
        if counts.held > 0 { format!(", {} held", grouped(counts.held)) } else { String::new() };
    let (settle, settled) = match (run.end, counts.pending) {
        (None, _) => (Tone::Neutral, "Not yet".to_owned()),
        (Some(_), 0) => (Tone::Ok, "Every row's outcome is known".to_owned()),
        (Some(_), pending) => {
            (Tone::Warn, format!("{} to be read back", counted(pending, "row", "rows")))
        }
    };
    [
        Stage {
            word: "Read",
            text: format!(
                "{}, {}",
                counted(run.rows_read, "row", "rows"),
                counted(run.calls, "call", "calls")
            ),
            tone: Tone::Ok,
        },
        Stage {
            word: "Plan",
            text: format!("{}{held}", counted(wanted, "write", "writes")),
            tone: Tone::Ok,
        },
        Stage {
            word: "Write",
            text: format!("{} written{refused}", grouped(written(counts))),
            tone: write,
        },
        Stage { word: "Settle", text: settled, tone: settle },
    ]
}

/// Rows that stand in the way, for the title of their causes.
pub(super) fn in_the_way(run: &RunView) -> String {
    counted(open_rows(&run.counts), "row", "rows")
}
