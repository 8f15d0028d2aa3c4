//! What stands in the way: cause x rows x next action.

use isthmus_contract::plan::CauseView;
use isthmus_contract::run::RunReportView;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{ButtonLink, Size};
use crate::components::icon::{Icon, Shape};
use crate::components::panel::Panel;
use crate::format::{counted, grouped, sentence, shortened};
use crate::pages::run::filter::Filter;
use crate::pages::run::head::in_the_way;
use crate::pages::run::next::next_action;

/// The causes, the most frequent first; nothing where nothing stands in the way.
#[component]
pub(super) fn Causes(known: Memo<Option<RunReportView>>, filter: Filter) -> impl IntoView {
    let causes = Memo::new(move |_| {
        known.read().as_ref().map(|report| report.causes.clone()).unwrap_or_default()
    });
    let summary = move || {
        let rows = known.read().as_ref().map(|report| in_the_way(&report.header));
        format!(
            "{}, {}",
            counted(causes.read().len() as u64, "cause", "causes"),
            rows.unwrap_or_default()
        )
    };
    move || {
        (!causes.read().is_empty()).then(|| {
            let lines = causes.get().into_iter().map(|cause| view! { <Cause cause known filter/> });
            let lines = lines.collect_view();
            view! {
                <div class="run__causes" data-test="causes">
                    <Panel
                        title="What stands in the way"
                        flush=true
                        actions=move || view! { <span class="small subtle nowrap run__pad">{summary}</span> }
                    >
                        <div class="run__causes-scroll scroll" tabindex="0" role="region" aria-label="Causes">
                            <table class="causes">
                                <thead>
                                    <tr>
                                        <th scope="col">"Rows"</th>
                                        <th scope="col">"Cause"</th>
                                        <th scope="col">"Next action"</th>
                                    </tr>
                                </thead>
                                <tbody>{lines}</tbody>
                            </table>
                        </div>
                    </Panel>
                </div>
            }
        })
    }
}

/// One cause. Its count narrows the rows below to those it holds up.
#[component]
fn Cause(cause: CauseView, known: Memo<Option<RunReportView>>, filter: Filter) -> impl IntoView {
    let (sync, target) = known
        .with_untracked(|report| {
            report.as_ref().map(|report| (report.header.sync.clone(), report.right.clone()))
        })
        .unwrap_or_default();
    let tone = match cause.outcome.as_str() {
        "failed" => Tone::Err,
        "held" => Tone::Warn,
        _ => Tone::Neutral,
    };
    let shape = match tone {
        Tone::Err => Shape::Fault,
        Tone::Warn => Shape::Pause,
        _ => Shape::Clock,
    };
    let class = if tone == Tone::Neutral { "muted" } else { tone.word() };
    let message = sentence(&shortened(&cause.message));
    let remedy = sentence(&shortened(&cause.remedy));
    let next = next_action(&cause.code, &sync, &target);
    let rows = counted(cause.rows, "row", "rows");
    let chosen = cause.clone();
    let is_chosen = {
        let cause = cause.clone();
        move || filter.is_of(&cause)
    };
    view! {
        <tr>
            <td class="num">
                <button
                    class=format!("cause__n {class}")
                    type="button"
                    aria-pressed=move || is_chosen().to_string()
                    aria-label=format!("Show the {rows} with this cause: {message}")
                    title="Show these rows"
                    data-test="cause"
                    on:click=move |_| filter.choose_cause(&chosen)
                >
                    {grouped(cause.rows)}
                </button>
            </td>
            <td>
                <div class="cause">
                    <span class=class><Icon shape/></span>
                    <div class="grow">
                        <p class="truncate" dir="auto" title=message>{message.clone()}</p>
                        <p class="small subtle truncate">
                            <code>{cause.code}</code> ", " {cause.outcome} ", " <span dir="auto">{shortened(&cause.mapping)}</span>
                        </p>
                    </div>
                </div>
            </td>
            <td class="cause__act">
                <div class="cause__next">
                    <p class="small muted cause__remedy" dir="auto" title=remedy>{remedy.clone()}</p>
                    {next.map(|(words, route)| view! {
                        <ButtonLink href=route.href() size=Size::Small attr:data-test="next-action">{words}</ButtonLink>
                    })}
                </div>
            </td>
        </tr>
    }
}
