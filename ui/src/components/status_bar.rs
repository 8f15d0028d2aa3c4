//! The line at the foot of the window.

use isthmus_contract::about::About;
use leptos::prelude::*;

use crate::backend::{Backend, Unanswered};
use crate::components::icon::{Icon, Shape};

/// What holds on every page: where data stays, and which build this is.
#[component]
pub(crate) fn StatusBar() -> impl IntoView {
    let backend = Backend::of_this_app();
    let about = LocalResource::new(move || {
        let backend = backend.clone();
        async move { backend.about().await }
    });
    view! {
        <footer class="statusbar">
            <span class="statusbar__item">
                <Icon shape=Shape::Lock/>
                "Data stays on this machine and in your orgs"
            </span>
            <span class="push" id="version">
                <Suspense fallback=|| view! { <span class="skeleton" aria-hidden="true"></span> }>
                    {move || about.get().map(version)}
                </Suspense>
            </span>
        </footer>
    }
}

fn version(answer: Result<About, Unanswered>) -> AnyView {
    match answer {
        Ok(about) => view! { <span>"Isthmus " {about.version}</span> }.into_any(),
        Err(Unanswered(why)) => view! {
            <span class="fault" title=why>
                <Icon shape=Shape::Fault/>
                "Version unknown: the shell did not answer"
            </span>
        }
        .into_any(),
    }
}
