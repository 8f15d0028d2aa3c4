//! What the map asks: whose mapping stays, and what becomes of unsaved changes.

use leptos::prelude::*;

use crate::components::button::{Button, Kind};
use crate::components::dialog::Dialog;
use crate::format::counted;
use crate::pages::map::save::Saving;
use crate::pages::map::state::MapState;

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
    let yours = move || map.draft.read().based_on().map(|version| version.to_string()).unwrap_or_default();
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
            <p>{move || format!("This draft has {} that are not saved.", changes(map))}</p>
        </Dialog>
    }
}

fn changes(map: MapState) -> String {
    counted(map.draft.read().changes() as u64, "change", "changes")
}
