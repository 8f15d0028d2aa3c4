//! The command palette: go to a page, an org, a sync or a run, or do something, by a few letters.

mod entries;
mod fuzzy;

use isthmus_contract::command::{OrgList, RunCancel, RunList, SyncList};
use isthmus_contract::console::Topic;
use isthmus_contract::run::RunsRequest;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

use crate::app::palette::entries::{Act, Entry, Found, Known, Section, entries, search};
use crate::backend::Backend;
use crate::components::badge::Tone;
use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;
use crate::components::toast::Toasts;
use crate::format::{clipped, counted};
use crate::route::Router;
use crate::state::asked::Asked;
use crate::state::console::Console;
use crate::state::frame::Frame;
use crate::state::theme::Appearance;

/// How many of the latest runs are offered.
const RUNS: u32 = 20;

/// The palette, mounted once in the frame.
#[component]
pub(crate) fn Palette() -> impl IntoView {
    let open = Frame::of_this_app().palette;
    move || open.get().then(|| view! { <Sheet/> })
}

/// What is typed, what fits, and which of it is chosen.
#[derive(Clone, Copy)]
struct State {
    typed: RwSignal<String>,
    found: Memo<Vec<(Section, Vec<Found>)>>,
    at: RwSignal<usize>,
    list: &'static str,
}

impl State {
    fn count(self) -> usize {
        self.found.with(|groups| groups.iter().map(|(_, group)| group.len()).sum())
    }

    fn act(self, at: usize) -> Option<Act> {
        self.found.with_untracked(|groups| {
            groups.iter().flat_map(|(_, group)| group).nth(at).map(|found| found.entry.act.clone())
        })
    }

    /// The id of the result at a place.
    fn id(self, at: usize) -> String {
        format!("{}-{at}", self.list)
    }
}

/// The open palette.
#[component]
fn Sheet() -> impl IntoView {
    let open = Frame::of_this_app().palette;
    let typed = RwSignal::new(String::new());
    let all = offered();
    let found = Memo::new(move |_| typed.with(|typed| all.with(|all| search(typed, all))));
    let state = State { typed, found, at: RwSignal::new(0), list: "palette-list" };
    let node = NodeRef::<leptos::html::Dialog>::new();
    node.on_load(show);
    give_focus_back();
    let perform = performer();
    let choose = Callback::from(move |at: usize| {
        if let Some(act) = state.act(at) {
            open.set(false);
            perform.run((act,));
        }
    });
    view! {
        <dialog
            node_ref=node
            class="palette"
            id="palette"
            aria-label="Search and commands"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                open.set(false);
            }
            on:mousedown=move |event: web_sys::MouseEvent| {
                if event.target().is_some_and(|target| target.is_instance_of::<HtmlDialogElement>()) {
                    open.set(false);
                }
            }
        >
            <Search state choose/>
            <Results state choose/>
            <div class="palette__foot" aria-hidden="true">
                <span class="row row--tight"><Kbd keys="↑ ↓"/>" move"</span>
                <span class="row row--tight"><Kbd keys="↵"/>" open"</span>
                <span class="row row--tight push"><Kbd keys="Esc"/>" close"</span>
            </div>
        </dialog>
    }
}

/// The field, which also is where the result chosen is heard.
#[component]
fn Search(state: State, choose: Callback<(usize,)>) -> impl IntoView {
    let active = move || (state.count() > 0).then(|| state.id(state.at.get()));
    view! {
        <div class="palette__search">
            <Icon shape=Shape::Search/>
            <input
                type="text"
                id="palette-search"
                role="combobox"
                aria-label="Page, org, sync, run or action"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=state.list
                aria-activedescendant=active
                autocomplete="off"
                spellcheck="false"
                placeholder="Page, org, sync, run or action"
                data-test="palette-search"
                prop:value=move || state.typed.get()
                on:input=move |event| {
                    state.at.set(0);
                    state.typed.set(event_target_value(&event));
                }
                on:keydown=move |event| on_key(&event, state, choose)
            />
        </div>
    }
}

fn on_key(event: &KeyboardEvent, state: State, choose: Callback<(usize,)>) {
    let count = state.count().max(1);
    let at = state.at.get_untracked();
    let next = match event.key().as_str() {
        "ArrowDown" => (at + 1) % count,
        "ArrowUp" => (at + count - 1) % count,
        "PageDown" => (at + 8).min(count - 1),
        "PageUp" => at.saturating_sub(8),
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            return choose.run((at,));
        }
        _ => return,
    };
    event.prevent_default();
    state.at.set(next);
    if let Some(shown) = document().get_element_by_id(&state.id(next)) {
        let nearest = web_sys::ScrollIntoViewOptions::new();
        nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
        shown.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// What fits, group by group.
#[component]
fn Results(state: State, choose: Callback<(usize,)>) -> impl IntoView {
    let groups = move || {
        let mut place = 0;
        let mut numbered = Vec::new();
        for (section, group) in state.found.get() {
            let first = place;
            place += group.len();
            numbered.push((section, first, group));
        }
        numbered
    };
    view! {
        <div class="palette__list scroll" id=state.list role="listbox" aria-label="Results">
            {move || groups().into_iter().map(|(section, first, group)| view! {
                <div role="group" aria-label=section.title()>
                    <div class="menu__head" aria-hidden="true">{section.title()}</div>
                    {group.into_iter().zip(first..).map(|(found, at)| option(found, at, state, choose)).collect_view()}
                </div>
            }).collect_view()}
        </div>
        {move || (state.count() == 0).then(|| view! {
            <p class="palette__none muted">
                "Nothing fits “" {clipped(&state.typed.get(), 60)} "”. Names of orgs and syncs, numbers of runs and actions are searched."
            </p>
        })}
        <p class="sr-only" role="status">{move || counted(state.count() as u64, "result", "results")}</p>
    }
}

fn option(found: Found, at: usize, state: State, choose: Callback<(usize,)>) -> impl IntoView {
    let Found { entry, places, .. } = found;
    let Entry { shape, title, hint, keys, .. } = entry;
    let full = clipped(&title, 300);
    view! {
        <div
            class="menu__item"
            role="option"
            id=state.id(at)
            aria-selected=move || (state.at.get() == at).to_string()
            title=full
            on:mousemove=move |_| if state.at.get_untracked() != at { state.at.set(at) }
            on:click=move |_| choose.run((at,))
        >
            <Icon shape/>
            <span class="truncate" dir="auto">{marked(&title, &places)}</span>
            <span class="subtle small truncate" dir="auto">{clipped(&hint, 120)}</span>
            <span class="push row row--tight">{(!keys.is_empty()).then(|| view! { <Kbd keys/> })}</span>
        </div>
    }
}

/// The title with the typed letters in bold.
fn marked(title: &str, places: &[usize]) -> impl IntoView + use<> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for (place, letter) in clipped(title, 200).chars().enumerate() {
        let is_typed = places.binary_search(&place).is_ok();
        match parts.last_mut() {
            Some((of, text)) if *of == is_typed => text.push(letter),
            _ => parts.push((is_typed, letter.to_string())),
        }
    }
    parts
        .into_iter()
        .map(|(is_typed, text)| match is_typed {
            true => view! { <b class="strong">{text}</b> }.into_any(),
            false => text.into_any(),
        })
        .collect_view()
}

/// Everything that can be chosen; what the ledger holds joins when it is there.
fn offered() -> Memo<Vec<Entry>> {
    let console = Console::of_this_app();
    let orgs = Asked::<OrgList>::new(&[Topic::Orgs], || Some(()));
    let syncs = Asked::<SyncList>::new(&[Topic::Syncs], || Some(()));
    let latest = || Some(RunsRequest { sync: None, limit: RUNS });
    let runs = Asked::<RunList>::new(&[Topic::Runs], latest);
    // Progress comes twenty times a second, and the palette only asks whether there is a job.
    let job = Memo::new(move |_| {
        let job = console.job.get();
        job.map(|job| isthmus_contract::console::JobView { progress: None, ..job })
    });
    Memo::new(move |_| {
        let (orgs, syncs, runs) = (orgs.answer.get(), syncs.answer.get(), runs.answer.get());
        job.with(|job| {
            entries(Known {
                orgs: known(orgs.as_ref()),
                syncs: known(syncs.as_ref()),
                runs: known(runs.as_ref()),
                job: job.as_ref(),
            })
        })
    })
}

fn known<T, Problem>(answer: Option<&Result<Vec<T>, Problem>>) -> &[T] {
    answer.and_then(|answer| answer.as_ref().ok()).map_or(&[], Vec::as_slice)
}

fn performer() -> Callback<(Act,)> {
    let (router, frame, appearance) =
        (Router::of_this_app(), Frame::of_this_app(), Appearance::of_this_app());
    let (backend, toasts) = (Backend::of_this_app(), Toasts::of_app());
    Callback::from(move |act: Act| match act {
        Act::Go(route) => router.go(&route),
        Act::Choose(theme) => appearance.choose(theme),
        Act::Keys => frame.keys.set(true),
        Act::Cancel => {
            let backend = backend.clone();
            spawn_local(async move {
                if let Err(problem) = backend.ask::<RunCancel>(()).await {
                    toasts.push(Tone::Err, problem.text, problem.hint, None);
                }
            });
        }
    })
}

/// A frame later: `showModal` refuses an element that is not in the document yet.
fn show(dialog: HtmlDialogElement) {
    request_animation_frame(move || {
        if dialog.is_connected() && !dialog.open() {
            drop(dialog.show_modal());
            focus(dialog.query_selector("input").ok().flatten());
        }
    });
}

/// When the palette goes, the element that had the focus before has it again, if it is still there.
fn give_focus_back() {
    let before = document().active_element();
    on_cleanup(move || request_animation_frame(move || focus(before)));
}

fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}
