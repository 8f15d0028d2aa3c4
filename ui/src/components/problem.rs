//! The error state: what happened, what to do, and a code to quote.

use isthmus_contract::file::FileProblem;
use isthmus_contract::problem::{Code, Problem};
use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink, Kind};
use crate::components::copy_field::CopyButton;
use crate::components::icon::{Icon, Shape};
use crate::components::time::{clock_time, now};
use crate::format::capitalised;
use crate::route::Route;

/// A problem where the content would be. It is announced at once.
#[component]
pub(crate) fn ProblemView(
    /// What the shell answered.
    problem: Problem,
    /// Tries again, where that may help.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
    /// The word for trying again.
    #[prop(optional, into, default = "Try again".to_owned())]
    retry: String,
    /// More buttons, as `Sign in again`.
    #[prop(optional, into)]
    actions: ViewFn,
) -> impl IntoView {
    let at = now();
    let details = details(&problem, at);
    let Problem { code, text, hint, file } = problem;
    view! {
        <div class="state state--err" role="alert">
            <span class="state__icon"><Icon shape=Shape::Fault/></span>
            <h3>{capitalised(&text)}</h3>
            <p class="state__text">{capitalised(&hint)}</p>
            {(!file.is_empty()).then(|| view! { <FileProblems problems=file/> })}
            <div class="state__actions">
                {actions.run()}
                {way_out(code)}
                {on_retry.map(|on_retry| view! {
                    <Button kind=Kind::Primary icon=Shape::Retry on_press=on_retry>{retry}</Button>
                })}
                <CopyButton what="details" value=details/>
            </div>
            <p class="small subtle state__code"><code>{code.as_str()}</code> ", " {clock_time(at)}</p>
        </div>
    }
}

/// Where to choose another of what is not there.
fn way_out(code: Code) -> Option<AnyView> {
    let (route, words) = match code {
        Code::OrgUnknown => (Route::Orgs, "Open Orgs"),
        Code::SyncUnknown => (Route::Syncs, "Open Syncs"),
        Code::RunUnknown => (Route::Runs, "Open Runs"),
        _ => return None,
    };
    Some(view! { <ButtonLink href=route.href()>{words}</ButtonLink> }.into_any())
}

/// The problems of a mapping file, each with its place.
#[component]
pub(crate) fn FileProblems(
    /// The problems.
    problems: Vec<FileProblem>,
) -> impl IntoView {
    let row = |problem: FileProblem| {
        view! {
            <li>
                <code>{place(&problem)}</code>
                <div>
                    <p class="medium">{problem.text}</p>
                    <p class="small muted">{problem.remedy}</p>
                </div>
            </li>
        }
    };
    view! { <ul class="file-problems" aria-label="Problems in the file">{problems.into_iter().map(row).collect_view()}</ul> }
}

/// What a person pastes into a report.
fn details(problem: &Problem, at: f64) -> String {
    let mut text = format!(
        "{}: {}\n{}\nIsthmus {}, {}",
        problem.code.as_str(),
        problem.text,
        problem.hint,
        env!("CARGO_PKG_VERSION"),
        String::from(js_sys::Date::new(&at.into()).to_iso_string()),
    );
    for file in &problem.file {
        text.push_str(&format!("\n{} {}: {}. {}", place(file), file.path, file.text, file.remedy));
    }
    text
}

/// Line and column, or the path where the line is not known.
fn place(problem: &FileProblem) -> String {
    match problem.place.line {
        0 if problem.path.is_empty() => "file".to_owned(),
        0 => problem.path.clone(),
        line => format!("{line}:{}", problem.place.column),
    }
}
