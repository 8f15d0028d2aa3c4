//! Sync now: the sync, what it will touch, the run, and how it ended.

use isthmus_contract::plan::{MappingPlanView, PlanView};
use isthmus_contract::run::RunView;
use isthmus_contract::sync::SyncView;
use isthmus_model::plan::PlanCounts;
use leptos::prelude::*;

use crate::components::badge::{EndBadge, Tone};
use crate::components::button::{Button, ButtonLink, Size};
use crate::components::field::SelectField;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::Notice;
use crate::components::org_tile::OrgName;
use crate::components::problem::ProblemView;
use crate::components::progress::Progress;
use crate::components::skeleton::SkeletonLines;
use crate::format::{counted, grouped};
use crate::pages::orgs::words::{capped, sentence};
use crate::pages::records::sync_now::{MOST_SELECTED, Stage, SyncNow, plan_words};
use crate::route::{Route, SyncTab};

/// The panel.
#[component]
pub(super) fn Side(
    /// Its state.
    now: SyncNow,
) -> impl IntoView {
    let about = move || match now.search.selected.read().len() as u64 {
        0 => "Select records in the table".to_owned(),
        count => format!("{} and the parents they need", counted(count, "record", "records")),
    };
    view! {
        <aside class="records__side" aria-label="Sync now">
            <header class="records__side-head">
                <h2>"Sync now"</h2>
                <p class="small muted" data-test="records-selected">{about}</p>
            </header>
            <div class="scroll grow records__side-body">
                <Choosing now/>
                <TooMany now/>
                <Elsewhere now/>
                <StageView now/>
            </div>
            <Foot now/>
        </aside>
    }
}

/// The sync, or why there is none to choose.
#[component]
fn Choosing(now: SyncNow) -> impl IntoView {
    let options = move || {
        let option = |sync: SyncView| (sync.name.clone(), capped(&sync.name));
        now.usable().into_iter().map(option).collect::<Vec<_>>()
    };
    move || match now.syncs.answer.get() {
        None => view! { <SkeletonLines what="syncs" lines=2/> }.into_any(),
        // What keeps the orgs from being read is told once, where the records would be.
        Some(Err(_)) if !now.search.is_ready() => ().into_any(),
        Some(Err(problem)) => {
            view! { <ProblemView problem on_retry=move || now.syncs.again()/> }.into_any()
        }
        Some(Ok(_)) if !now.search.is_ready() => ().into_any(),
        Some(Ok(_)) if now.fitting().is_empty() => none_fits(now).into_any(),
        Some(Ok(_)) if now.usable().is_empty() => switched_off(&now.fitting()).into_any(),
        Some(Ok(_)) => view! {
            <div data-test="records-sync">
                <SelectField label="By sync" options=Signal::derive(options) value=now.sync/>
            </div>
            {move || chosen(now)}
        }
        .into_any(),
    }
}

/// Where the chosen sync leads.
fn chosen(now: SyncNow) -> impl IntoView {
    let sync = now.usable().into_iter().find(|sync| sync.name == *now.sync.read());
    sync.map(|sync| {
        view! {
            <p class="row row--tight small records__lane">
                <OrgName name=sync.left/>
                <Icon shape=Shape::ArrowRight small=true/>
                <OrgName name=sync.right/>
            </p>
        }
    })
}

fn none_fits(now: SyncNow) -> impl IntoView {
    let text = format!(
        "A sync fits when its left org is {} and it maps {}.",
        capped(&now.search.org.get()),
        capped(&now.search.object.get())
    );
    let actions = || {
        view! { <ButtonLink href=Route::NewSync.href() size=Size::Small attr:data-test="records-make-sync">"Make one"</ButtonLink> }
    };
    view! { <div data-test="records-no-sync"><Notice icon=Shape::Syncs title="No sync reads these records" text actions/></div> }
}

fn switched_off(syncs: &[SyncView]) -> impl IntoView {
    let name = syncs.first().map(|sync| sync.name.clone()).unwrap_or_default();
    let title = format!("{} is switched off", capped(&name));
    let href = Route::Sync(name, SyncTab::Map).href();
    let actions =
        move || view! { <ButtonLink href=href.clone() size=Size::Small>"Open it"</ButtonLink> };
    view! { <Notice icon=Shape::Pause title text="Switch it on to run it." actions/> }
}

#[component]
fn TooMany(now: SyncNow) -> impl IntoView {
    move || {
        let count = now.search.selected.read().len();
        (count > MOST_SELECTED).then(|| {
            let title = format!("{count} records are too many at once");
            let text = format!(
                "Take {} out, or run the whole sync: by hand it is at most {MOST_SELECTED}.",
                count - MOST_SELECTED
            );
            view! { <div data-test="records-too-many"><Notice tone=Tone::Warn title text/></div> }
        })
    }
}

#[component]
fn Elsewhere(now: SyncNow) -> impl IntoView {
    let sync = Memo::new(move |_| now.job_elsewhere().map(|job| job.sync));
    move || {
        sync.get().map(|sync| {
            let title = format!("{} is at work", capped(&sync));
            view! { <Notice icon=Shape::Clock title text="One job at a time plans or writes. It shows in the status bar."/> }
        })
    }
}

#[component]
fn StageView(now: SyncNow) -> impl IntoView {
    let stage = Memo::new(move |_| now.stage.get());
    move || match stage.get() {
        Stage::Choosing => ().into_any(),
        Stage::Planning => view! { <Working now words="Planning"/> }.into_any(),
        Stage::Planned(plan) => touches(plan).into_any(),
        Stage::Running(plan) => view! { <Working now words="Running"/> {touches(plan)} }.into_any(),
        Stage::Ended(run) => ended(&run).into_any(),
        Stage::Refused(problem) => {
            view! { <ProblemView problem on_retry=move || now.plan()/> }.into_any()
        }
    }
}

/// How far the job has come.
#[component]
fn Working(now: SyncNow, words: &'static str) -> impl IntoView {
    let progress = move || now.job().and_then(|job| job.progress);
    let done = Signal::derive(move || progress().map_or(0, |progress| progress.done));
    let all = Signal::derive(move || progress().and_then(|progress| progress.total));
    let text = move || match progress() {
        None => format!("{words} …"),
        Some(progress) => {
            let of =
                progress.total.map(|total| format!(" of {}", grouped(total))).unwrap_or_default();
            format!("{words}: {} {}{of}", progress.phase.as_str(), grouped(progress.done))
        }
    };
    view! {
        <div class="records__working" data-test="records-working">
            <p class="small muted">{text}</p>
            <Progress label=words done all/>
        </div>
    }
}

/// What the plan will touch: all rows, then each object, parents first.
fn touches(plan: PlanView) -> impl IntoView {
    let PlanView { counts, mappings, notes, calls, held, run, sync, .. } = plan;
    let rows = mappings.iter().map(mapping_row).collect_view();
    let href = Route::Sync(sync, SyncTab::Preview).href();
    let causes = held.into_iter().map(|cause| {
        view! {
            <li class="small">
                <span class="warn"><Icon shape=Shape::Pause small=true/></span>
                <span class="anywhere" dir="auto">
                    {counted(cause.rows, "row", "rows")} ": " {sentence(&capped(&cause.message))}
                    <span class="muted">{format!(" {}", sentence(&capped(&cause.remedy)))}</span>
                </span>
            </li>
        }
    });
    view! {
        <section class="touches" aria-label="What it will touch" data-test="records-plan" data-run=run.to_string()>
            <div class="row">
                <span class="medium">{plan_words(&counts)}</span>
                <span class="push small subtle">{format!("of {} read", grouped(counts.rows_read))}</span>
            </div>
            {figures(&counts)}
            <p class="small subtle">{counted(calls, "API call", "API calls")} " for the plan. Nothing is written yet."</p>
        </section>
        <table class="records__objects">
            <thead>
                <tr><th scope="col">"Object"</th><th scope="col">"Create"</th><th scope="col">"Update"</th><th scope="col">"Same"</th><th scope="col">"Held"</th></tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <ul class="records__causes">{causes.collect_view()}</ul>
        <ul class="records__causes">
            {notes.into_iter().map(|note| view! {
                <li class="small"><Icon shape=Shape::Info small=true/><span class="anywhere" dir="auto">{note}</span></li>
            }).collect_view()}
        </ul>
        <p class="small"><a class="link" href=href>"Preview of the whole sync"</a></p>
    }
}

fn figures(counts: &PlanCounts) -> impl IntoView + use<> {
    let figure = |shape: Shape, word: &'static str, count: u64, class: &'static str| {
        view! { <div class=class><dt><Icon shape small=true/>{word}</dt><dd>{grouped(count)}</dd></div> }
    };
    view! {
        <dl>
            {figure(Shape::Plus, "Create", counts.creates, "")}
            {figure(Shape::Edit, "Update", counts.updates, "")}
            {figure(Shape::Equals, "Unchanged", counts.unchanged, "")}
            {figure(Shape::Pause, "Held", counts.held, if counts.held > 0 { "warn" } else { "" })}
            {(counts.deletes > 0).then(|| figure(Shape::Trash, "Delete", counts.deletes, "err"))}
        </dl>
    }
}

fn mapping_row(mapping: &MappingPlanView) -> impl IntoView + use<> {
    let counts = mapping.counts;
    let name = capped(&mapping.mapping);
    view! {
        <tr>
            <th scope="row" class="truncate" title=capped(&mapping.target_object)>{name}</th>
            <td class="num">{grouped(counts.creates)}</td>
            <td class="num">{grouped(counts.updates)}</td>
            <td class="num">{grouped(counts.unchanged)}</td>
            <td class="num">{grouped(counts.held)}</td>
        </tr>
    }
}

fn ended(run: &RunView) -> impl IntoView + use<> {
    let counts = &run.counts;
    let written = counts.created + counts.updated;
    let text = format!(
        "{} written, {} unchanged, {} held, {} failed, {} pending",
        grouped(written),
        grouped(counts.unchanged),
        grouped(counts.held),
        grouped(counts.failed),
        grouped(counts.pending)
    );
    let href = Route::Run(run.run).href();
    let word = run.end.map_or("interrupted", isthmus_model::run::RunEnd::as_str);
    view! {
        <section class="touches" aria-label="How it ended" data-test="records-ended" data-end=word>
            <div class="row">
                {run.end.map(|end| view! { <EndBadge end/> })}
                <a class="link push" href=href data-test="records-run">{format!("Open run {}", run.run)}</a>
            </div>
            <p class="small muted">{text}</p>
            {run.reason.clone().map(|reason| view! { <p class="small anywhere" dir="auto">{reason}</p> })}
        </section>
    }
}

#[component]
fn Foot(now: SyncNow) -> impl IntoView {
    let hindrance = Memo::new(move |_| now.hindrance());
    let is_busy =
        Signal::derive(move || matches!(&*now.stage.read(), Stage::Planning | Stage::Running(_)));
    let disabled = Signal::derive(move || hindrance.read().is_some());
    view! {
        <footer class="panel__foot records__side-foot">
            <Button icon=Shape::Eye busy=is_busy disabled on_press=move || now.plan() attr:data-test="records-preview">
                "Preview rows"
            </Button>
            <span class="small subtle records__why">{move || hindrance.get()}</span>
        </footer>
    }
}
