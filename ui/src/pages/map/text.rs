//! The mapping as YAML.

mod editor;
mod place;
mod writing;

use isthmus_contract::file::{FileProblem, Severity};
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::components::badge::{Badge, Tone};
use crate::components::button::{Button, Size};
use crate::components::copy_field::CopyButton;
use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;
use crate::components::notice::Notice;
use crate::components::problem::ProblemView;
use crate::pages::map::state::{MapState, MapView};
use crate::pages::map::text::editor::{Editor, go_to};

pub(crate) use crate::pages::map::text::writing::{Standing, Writing};

/// Most problems listed at once; mending those shows the rest.
const MOST_LISTED: usize = 100;

/// The text.
#[component]
pub(crate) fn Text() -> impl IntoView {
    let writing = Writing::of_this_map();
    let node = NodeRef::<Textarea>::new();
    view! {
        <div class="map-text" data-test="text-view">
            <div class="map-text__bar">
                <Standings writing/>
                <span class="push small subtle wide-only" id="yaml-keys">
                    <Kbd keys="Tab"/>" indents, "<Kbd keys="Esc"/>" then "<Kbd keys="Tab"/>" leaves the text"
                </span>
                <span data-test="copy-yaml"><CopyButton what="YAML" value=writing.text/></span>
            </div>
            <Notices writing/>
            <Editor writing node/>
            <Problems writing node/>
        </div>
    }
}

/// Whether the text is what the map shows.
#[component]
fn Standings(writing: Writing) -> impl IntoView {
    move || match writing.standing.get() {
        Standing::InStep => view! { <Badge tone=Tone::Ok text="in step with the map"/> }.into_any(),
        Standing::Unread => {
            view! { <Badge icon=Shape::Edit text="reading what you type"/> }.into_any()
        }
        Standing::Unreadable => view! { <Badge tone=Tone::Err text="no mapping"/> }.into_any(),
        Standing::Unchecked(_) => view! { <Badge tone=Tone::Warn text="not checked"/> }.into_any(),
    }
}

/// What is worth knowing of the text as a whole.
#[component]
fn Notices(writing: Writing) -> impl IntoView {
    let standing = move || {
        match writing.standing.get() {
        Standing::Unreadable => Some(unreadable(writing)),
        Standing::Unchecked(problem) => Some(
            view! { <ProblemView problem on_retry=move || leptos::task::spawn_local(async move { writing.settle().await; })/> }
                .into_any(),
        ),
        Standing::InStep | Standing::Unread => None,
    }
    };
    let comments = move || {
        let (has, lost) = (writing.has_comments.get(), writing.lost_comments.get());
        if lost {
            return Some(
                view! {
                    <Notice
                        tone=Tone::Warn
                        title="An edit outside of the text dropped its comments"
                        text="Undo takes the edit back and brings them again."
                    />
                }
                .into_any(),
            );
        }
        has.then(|| view! {
            <p class="row row--tight small muted" data-test="yaml-comments">
                <Icon shape=Shape::Info small=true/>
                "This text has comments: edits here keep them, an edit in the graph, the grid or the settings drops them."
            </p>
        }.into_any())
    };
    let dropped = move || {
        let is_shown =
            writing.dropped.read().is_some() && *writing.standing.read() == Standing::InStep;
        is_shown.then(|| view! {
            <Notice
                tone=Tone::Warn
                title="The mapping was edited elsewhere while your text was no mapping"
                text="The text shows the mapping as it is now."
                actions=move || view! { <Button size=Size::Small on_press=move || writing.bring_back()>"Bring my text back"</Button> }
            />
        })
    };
    view! { <div class="map-text__notices">{standing}{dropped}{comments}</div> }
}

fn unreadable(writing: Writing) -> AnyView {
    view! {
        <Notice
            tone=Tone::Warn
            title="The text is no mapping now"
            text="Graph, grid and Save keep the last one that was, until the problems below are mended."
            actions=move || view! {
                <span data-test="give-up-text">
                    <Button size=Size::Small on_press=move || writing.give_up()>"Show the last mapping"</Button>
                </span>
            }
        />
    }
    .into_any()
}

/// In the other views: a text that is no mapping yet waits in the text view.
#[component]
pub(crate) fn Unapplied() -> impl IntoView {
    let map = MapState::of_this_map();
    let writing = Writing::of_this_map();
    let is_waiting = Memo::new(move |_| {
        let is_unread =
            matches!(*writing.standing.read(), Standing::Unreadable | Standing::Unchecked(_));
        is_unread && map.view.get() != MapView::Text
    });
    let back = move || map.view.set(MapView::Text);
    move || {
        is_waiting.get().then(|| view! {
            <div class="map-text__notices" data-test="unapplied-text">
                <Notice
                    tone=Tone::Warn
                    title="The text view has a text that is no mapping yet"
                    text="This is the last mapping that could be read from it."
                    actions=move || view! { <Button size=Size::Small on_press=back>"Back to the text"</Button> }
                />
            </div>
        })
    }
}

/// What is wrong, each leading to its place.
#[component]
fn Problems(writing: Writing, node: NodeRef<Textarea>) -> impl IntoView {
    let entry = move |problem: FileProblem| {
        let tone = if problem.severity == Severity::Refused { Tone::Err } else { Tone::Warn };
        let place = problem.place;
        let told = match (place.line, problem.path.is_empty()) {
            (0, true) => "the text".to_owned(),
            (0, false) => problem.path,
            (line, _) => format!("line {line}, column {}", place.column.max(1)),
        };
        let title = told.clone();
        view! {
            <li>
                <button
                    class="map-text__problem"
                    type="button"
                    data-test="yaml-problem"
                    on:click=move |_| go_to(node, &writing.text.read_untracked(), place)
                >
                    <span class=tone.word()><Icon shape=tone.shape() small=true/></span>
                    <span class="mono small subtle truncate" title=title>{told}</span>
                    <span class="map-text__words">
                        {problem.text}
                        <span class="muted">{format!(": {}", problem.remedy)}</span>
                    </span>
                </button>
            </li>
        }
    };
    move || {
        let problems = writing.problems.get();
        (!problems.is_empty()).then(|| view! {
            <section class="map-text__problems" aria-labelledby="yaml-problems-title" data-test="yaml-problems">
                <h2 id="yaml-problems-title" class="row small">
                    "Problems "<span class="count">{problems.len()}</span>
                </h2>
                <ul class="scroll" tabindex="0" aria-labelledby="yaml-problems-title">
                    {problems.into_iter().take(MOST_LISTED).map(entry).collect_view()}
                </ul>
            </section>
        })
    }
}
