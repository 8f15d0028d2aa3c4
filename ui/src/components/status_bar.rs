//! The line at the foot of the window: what holds on every page.

mod job;

use isthmus_contract::about::About;
use isthmus_contract::command::{AboutConsole, OrgList};
use isthmus_contract::console::Topic;
use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::components::status_bar::job::Job;
use crate::state::asked::Asked;
use crate::state::console::Console;
use crate::state::frame::Frame;

/// Where data stays, which orgs are connected, the job at work, and which build this is.
#[component]
pub(crate) fn StatusBar() -> impl IntoView {
    let about = Asked::<AboutConsole>::new(&[], || Some(()));
    let console = Console::of_this_app();
    let is_open = Memo::new(move |_| console.is_open());
    view! {
        <footer class="statusbar" aria-label="Status">
            <span class="statusbar__item" title="Data stays on this machine and in your orgs">
                <Icon shape=Shape::Lock small=true/>
                <span class="wide-only">"Data stays on this machine and in your orgs"</span>
                <span class="narrow-only">"Data stays here"</span>
            </span>
            {move || is_open.get().then(|| view! { <Orgs/> })}
            <Job/>
            <span class="statusbar__version" id="version">{move || about.answer.get().map(version)}</span>
        </footer>
    }
}

/// How many orgs are connected.
#[component]
fn Orgs() -> impl IntoView {
    let orgs = Asked::<OrgList>::new(&[Topic::Orgs], || Some(()));
    let names = Frame::of_this_app().org_names;
    Effect::new(move || {
        if let Some(Ok(orgs)) = orgs.answer.get() {
            names.set(orgs.into_iter().map(|org| org.name).collect());
        }
    });
    move || {
        // A refusal is told by the pages that need the orgs.
        let orgs = orgs.answer.get()?.ok().filter(|orgs| !orgs.is_empty())?;
        let (text, class) = connected(&orgs);
        Some(view! {
            <span class=format!("statusbar__item {class}") data-test="orgs-connected">
                <Icon shape=Shape::Orgs small=true/>
                {text}
            </span>
        })
    }
}

fn connected(orgs: &[OrgView]) -> (String, &'static str) {
    let count = orgs.iter().filter(|org| org.state == OrgState::Connected).count();
    let class = if count < orgs.len() { "warn" } else { "" };
    (format!("{count} of {} orgs connected", orgs.len()), class)
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
