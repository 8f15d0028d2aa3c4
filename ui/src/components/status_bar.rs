//! The line at the foot of the window.

use isthmus_contract::about::About;
use isthmus_contract::command::AboutConsole;
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::state::asked::Asked;

/// What holds on every page: where data stays, and which build this is.
#[component]
pub(crate) fn StatusBar() -> impl IntoView {
    let about = Asked::<AboutConsole>::new(&[], || Some(()));
    view! {
        <footer class="statusbar">
            <span class="statusbar__item">
                <Icon shape=Shape::Lock/>
                "Data stays on this machine and in your orgs"
            </span>
            <span class="push" id="version">{move || about.answer.get().map(version)}</span>
        </footer>
    }
}

fn version(answer: Result<About, Problem>) -> AnyView {
    match answer {
        Ok(about) => view! { <span>"Isthmus " {about.version}</span> }.into_any(),
        Err(problem) => view! {
            <span class="fault" title=problem.text>
                <Icon shape=Shape::Fault/>
                "Version unknown: the shell did not answer"
            </span>
        }
        .into_any(),
    }
}
