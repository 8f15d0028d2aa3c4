//! Beside the plan: what it costs, what would be held, and what is worth knowing.

use isthmus_contract::plan::{CauseView, MappingPlanView, PlanView, PlannedAction};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink, Size};
use crate::components::icon::{Icon, Shape};
use crate::format::{counted, grouped, sentence, shortened};
use crate::pages::preview::rows::Filter;
use crate::pages::preview::words::Tally;
use crate::pages::run::next::next_action;

/// The panel.
#[component]
pub(super) fn Side(plan: PlanView, filter: Filter, orgs: Memo<(String, String)>) -> impl IntoView {
    let PlanView { sync, counts, mappings, held, notes, calls, .. } = plan;
    let held_rows = counts.held;
    view! {
        <aside class="plan__side scroll" aria-label="Before you run" tabindex="0">
            <section class="side-sec" aria-label="Cost">
                <h2 class="side-sec__title">"Cost"</h2>
                <dl class="cost">
                    <div><dt>"Writes to come"</dt><dd>{counted(counts.writes(), "row", "rows")}</dd></div>
                    <div><dt>"Planning took"</dt><dd>{counted(calls, "API call", "API calls")}</dd></div>
                </dl>
                <Parts mappings/>
            </section>
            {(held_rows > 0).then(|| view! {
                <section class="side-sec" aria-label="Held">
                    <h2 class="side-sec__title">
                        "Held, if you run now"<span class="count push">{grouped(held_rows)}</span>
                    </h2>
                    <ul class="reasons">
                        {held
                            .into_iter()
                            .map(|cause| view! { <Reason cause sync=sync.clone() filter orgs/> })
                            .collect_view()}
                    </ul>
                </section>
            })}
            {(!notes.is_empty()).then(|| view! {
                <section class="side-sec" aria-label="Worth knowing">
                    <h2 class="side-sec__title">"Worth knowing"</h2>
                    <ul class="notes">
                        {notes
                            .into_iter()
                            .map(|note| view! {
                                <li><Icon shape=Shape::Info/><span class="small" dir="auto">{note}</span></li>
                            })
                            .collect_view()}
                    </ul>
                </section>
            })}
        </aside>
    }
}

/// Writes by object mapping, parents first.
#[component]
fn Parts(mappings: Vec<MappingPlanView>) -> impl IntoView {
    let line = |part: MappingPlanView| {
        let name = shortened(&part.mapping);
        view! {
            <tr>
                <th scope="row" class="truncate" dir="auto" title=name>{name.clone()}</th>
                <td class="num">{grouped(part.counts.creates)}</td>
                <td class="num">{grouped(part.counts.updates)}</td>
                <td class="num">{grouped(part.counts.held)}</td>
            </tr>
        }
    };
    view! {
        <table class="parts">
            <caption class="sr-only">"Rows by object mapping, in the order of writing"</caption>
            <thead>
                <tr>
                    <th scope="col">"Object mapping"</th>
                    <th scope="col" class="num">"Create"</th>
                    <th scope="col" class="num">"Update"</th>
                    <th scope="col" class="num">"Held"</th>
                </tr>
            </thead>
            <tbody>{mappings.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
}

/// One cause with its next action.
#[component]
fn Reason(
    cause: CauseView,
    sync: String,
    filter: Filter,
    orgs: Memo<(String, String)>,
) -> impl IntoView {
    let next = next_action(&cause.code, &sync, &orgs.get_untracked().1);
    let message = sentence(&shortened(&cause.message));
    let mapping = cause.mapping.clone();
    let show = move || {
        filter.mapping.set(mapping.clone());
        filter.tally.set(Tally::Only(PlannedAction::Hold));
    };
    let action = match next {
        Some((words, route)) => {
            view! { <ButtonLink href=route.href() size=Size::Small attr:data-test="next-action">{words}</ButtonLink> }.into_any()
        }
        None => view! { <Button size=Size::Small on_press=show>"Show"</Button> }.into_any(),
    };
    view! {
        <li>
            <span class="reasons__n warn">{grouped(cause.rows)}</span>
            <div class="grow">
                <p dir="auto" class="reasons__text">{message}</p>
                <p class="small muted" dir="auto">{sentence(&shortened(&cause.remedy))}</p>
                <p class="small subtle"><code>{cause.code}</code>", " {cause.mapping}</p>
            </div>
            {action}
        </li>
    }
}
