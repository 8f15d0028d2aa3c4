//! What the map asks and says about storing: whose mapping stays, what becomes of unsaved changes, what is in the way.

use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::dialog::Dialog;
use crate::components::icon::Shape;
use crate::components::notice::Notice;
use crate::components::problem::ProblemView;
use crate::format::counted;
use crate::pages::map::graph::keys::focus_by_id;
use crate::pages::map::save::Saving;
use crate::pages::map::state::{MapState, MapView};
use crate::pages::map::text::{Standing, Writing};
use crate::pages::map::words::capital;

/// Somebody else stored the sync meanwhile.
#[component]
pub(crate) fn ChangedElsewhere(
    /// What becomes of the draft.
    saving: Saving,
) -> impl IntoView {
    let map = MapState::of_this_map();
    let open = move || saving.theirs.read().is_some();
    let version = move || {
        let theirs = saving.theirs.read();
        theirs.as_ref().map(|theirs| theirs.sync.version.to_string()).unwrap_or_default()
    };
    let yours =
        move || map.draft.read().based_on().map(|version| version.to_string()).unwrap_or_default();
    let close = move || saving.theirs.set(None);
    let footer = move || {
        view! {
            <span class="push"></span>
            <Button on_press=close>"Decide later"</Button>
            <span data-test="take-theirs"><Button on_press=move || saving.take_theirs()>"Take theirs"</Button></span>
            <span data-test="keep-mine">
                <Button kind=Kind::Primary on_press=move || saving.keep_mine()>"Keep mine and save"</Button>
            </span>
        }
    };
    view! {
        <Dialog open=Signal::derive(open) title="Changed elsewhere meanwhile" on_close=close alert=true footer>
            <p>
                {move || format!("Somebody stored {} of this sync while you edited {}.", version(), yours())}
            </p>
            <p class="muted">
                {move || format!(
                    "Take theirs, and your {} are gone. Keep yours, and the next version has your mapping instead of theirs; {} stays in the history.",
                    changes(map),
                    version(),
                )}
            </p>
        </Dialog>
    }
}

/// The page is left with changes that are not stored.
#[component]
pub(crate) fn Leaving(
    /// What becomes of the draft.
    saving: Saving,
) -> impl IntoView {
    let map = MapState::of_this_map();
    let writing = Writing::of_this_map();
    let stay = move || saving.leaving.set(None);
    let drop_changes = move || {
        if let Some(route) = saving.leaving.get_untracked() {
            saving.leave(&route);
        }
    };
    let save = move || {
        let route = saving.leaving.try_update(Option::take).flatten();
        saving.save(route);
    };
    let footer = move || {
        view! {
            <span data-test="leave-unsaved">
                <Button kind=Kind::Danger on_press=drop_changes>"Leave without saving"</Button>
            </span>
            <span class="push"></span>
            <Button on_press=stay>"Stay"</Button>
            <span data-test="save-and-leave"><Button kind=Kind::Primary on_press=save>"Save and leave"</Button></span>
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || saving.leaving.read().is_some())
            title="Leave with unsaved changes?"
            on_close=stay
            alert=true
            footer
        >
            {move || (map.draft.read().changes() > 0).then(|| view! {
                <p>{format!("This draft has {} that are not saved.", changes(map))}</p>
            })}
            {move || match *writing.standing.read() {
                Standing::InStep => None,
                Standing::Unread => Some("What you typed last in the text view is not saved."),
                Standing::Unreadable | Standing::Unchecked(_) => {
                    Some("The text view has a text that is no mapping yet. It cannot be saved, and is gone when you leave.")
                }
            }.map(|words| view! { <p>{words}</p> })}
        </Dialog>
    }
}

/// Why the draft was not stored. Problems of the mapping lead to where they are; anything else can be tried again.
#[component]
pub(crate) fn NotSaved(
    /// What becomes of the draft.
    saving: Saving,
    /// What the shell answered.
    problem: Problem,
) -> impl IntoView {
    let map = MapState::of_this_map();
    let close = move || saving.problem.set(None);
    if problem.file.is_empty() {
        return view! {
            <h2 class="sr-only">"Not saved"</h2>
            <ProblemView
                problem
                on_retry=move || saving.save(None)
                actions=move || view! { <Button on_press=close>"Close"</Button> }
            />
        }
        .into_any();
    }
    let first = problem.file.first().and_then(|first| object_of(&first.path));
    let show = move || {
        if let Some(object) = first {
            map.look_at(object);
        }
        map.view.set(MapView::Graph);
        map.link.set(None);
        close();
        focus_by_id("map-inspector");
    };
    let actions = move || {
        view! {
            <span class="row row--tight">
                <span data-test="show-problems"><Button size=Size::Small on_press=show>"Show problems"</Button></span>
                <Button kind=Kind::Ghost size=Size::Small icon=Shape::Close label="Close" on_press=close/>
            </span>
        }
    };
    let count = counted(problem.file.len() as u64, "problem", "problems");
    let title = format!("Not saved: the mapping has {count} to solve first");
    let text = problem.file.first().map(|first| {
        let (text, remedy) = (capital(&first.text), capital(&first.remedy));
        format!("{text}. {remedy} ({})", problem.code.as_str())
    });
    view! { <Notice tone=Tone::Err title text=text.unwrap_or_default() actions/> }.into_any()
}

/// The object mapping that a path in the document leads to.
fn object_of(path: &str) -> Option<usize> {
    path.strip_prefix("objects[")?.split_once(']')?.0.parse().ok()
}

fn changes(map: MapState) -> String {
    counted(map.draft.read().changes() as u64, "change", "changes")
}
