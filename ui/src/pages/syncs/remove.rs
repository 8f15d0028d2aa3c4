//! Deleting a sync: what goes, what stays, and a yes.

use isthmus_contract::command::SyncDelete;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::badge::Tone;
use crate::components::confirm::Confirm;
use crate::components::toast::Toasts;

/// Asks, and deletes.
#[component]
pub(super) fn Remove(
    /// The sync that is to be deleted; `None` asks nothing.
    wish: RwSignal<Option<String>>,
) -> impl IntoView {
    let backend = Backend::of_this_app();
    let toasts = Toasts::of_app();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(wish.read().is_some()));
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                wish.set(None);
            }
        },
        false,
    );
    let title = Signal::derive(move || {
        let name: String = wish.get().unwrap_or_default().chars().take(60).collect();
        format!("Delete {name}?")
    });
    let on_yes = move || {
        let Some(sync) = wish.get_untracked() else { return };
        let backend = backend.clone();
        spawn_local(async move {
            match backend.ask::<SyncDelete>(sync).await {
                Ok(deleted) => {
                    let text = "Its runs and its audit entries stay.";
                    toasts.push(Tone::Ok, format!("{} is deleted", deleted.name), text, None);
                }
                Err(problem) => toasts.push(Tone::Err, problem.text, problem.hint, None),
            }
        });
    };
    view! {
        <Confirm
            open
            title
            text="The mapping and what Isthmus knows of linked records go. No record of any org is touched; runs and audit entries \
                  stay. A new sync would have to recognise the records again."
            yes="Delete the sync"
            danger=true
            on_yes
        />
    }
}
