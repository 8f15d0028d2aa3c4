//! The third step: the browser's part, live; and where it was refused, why and what to do.

use isthmus_contract::command::LinkOpen;
use isthmus_contract::console::LinkRequest;
use isthmus_contract::org::LoginStep;
use isthmus_contract::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::copy_field::{CopyButton, CopyField};
use crate::components::icon::{Icon, Shape};
use crate::components::ids::unique_id;
use crate::components::notice::Notice;
use crate::components::progress::Progress;
use crate::pages::connect::diagnosis::{ANSWERS, Answer, Fault, GuidePart, fault, title};
use crate::pages::connect::draft::Draft;
use crate::pages::connect::guide::Guide;
use crate::pages::connect::login::{Login, LoginState};
use crate::pages::connect::step::Step;
use crate::pages::orgs::words::{capped, host_of, sentence};

/// The step.
#[component]
pub(super) fn SignIn(
    /// What was typed.
    draft: Draft,
    /// The sign-in.
    login: Login,
    /// The wizard's step, to go back to the first.
    step: RwSignal<Step>,
    /// Begins the sign-in.
    #[prop(into)]
    on_sign_in: Callback<()>,
) -> impl IntoView {
    // The panel is drawn anew only when the state itself changes, not with each step.
    let state = Memo::new(move |_| login.state.get());
    move || match state.get() {
        LoginState::Idle | LoginState::Done(_) => {
            view! { <Ready draft given_up=false/> }.into_any()
        }
        LoginState::GivenUp => view! { <Ready draft given_up=true/> }.into_any(),
        LoginState::Going => view! { <Going login/> }.into_any(),
        LoginState::Refused { problem, at, had_secret } => {
            view! { <Refused draft login step problem at had_secret on_sign_in/> }.into_any()
        }
    }
}

/// What follows, before it begins.
#[component]
fn Ready(draft: Draft, given_up: bool) -> impl IntoView {
    let host =
        move || draft.login_host().map(|host| host_of(host.url()).to_owned()).unwrap_or_default();
    view! {
        {given_up.then(|| view! {
            <div data-test="connect-given-up">
                <Notice title="The sign-in was given up" text="Nothing was stored. What you typed is still here."/>
            </div>
        })}
        <div class="panel connect__ready">
            <p>
                "Your browser opens at " <b class="medium anywhere">{host}</b>
                ". Sign in there as the user whose rights Isthmus is to have, and choose Allow."
            </p>
            <ul class="checks">
                <li><Icon shape=Shape::Lock/>"Your password stays in the browser"</li>
                <li><Icon shape=Shape::Key/>"The token stays in this computer’s keychain"</li>
                <li><Icon shape=Shape::Clock/>"There are five minutes to finish"</li>
            </ul>
        </div>
    }
}

/// The steps as they are taken.
#[component]
fn Going(login: Login) -> impl IntoView {
    let address = move || login.steps.read().iter().rev().find_map(|step| step.address.clone());
    view! {
        <section class="panel connect__going" aria-labelledby="signing-in">
            <header class="panel__head">
                <h3 id="signing-in">"Waiting for your browser"</h3>
                <span class="push">
                    <Button
                        kind=Kind::Ghost
                        size=Size::Small
                        busy=login.giving_up
                        on_press=move || login.cancel()
                        attr:data-test="connect-give-up"
                    >
                        "Give up"
                    </Button>
                </span>
            </header>
            <div class="panel__body connect__going-body">
                <Progress label="Sign-in" size=Size::Small/>
                <StepList steps=login.steps/>
                {move || address().map(|address| view! { <Address address/> })}
            </div>
        </section>
    }
}

/// The address for the person whose browser did not open.
#[component]
fn Address(address: String) -> impl IntoView {
    let backend = StoredValue::new(Backend::of_this_app());
    let refused = RwSignal::new(None::<Problem>);
    let opened = address.clone();
    let open = move || {
        let (backend, url) = (backend.get_value(), opened.clone());
        spawn_local(async move {
            let problem = backend.ask::<LinkOpen>(LinkRequest { url }).await.err();
            _ = refused.try_set(problem);
        });
    };
    view! {
        <div class="connect__address">
            <p class="small muted">"If no page opened in your browser, open this address there:"</p>
            <div class="row">
                <div class="grow connect__address-field"><CopyField label="Login address" value=address/></div>
                <Button icon=Shape::External on_press=open attr:data-test="connect-open-address">"Open it"</Button>
            </div>
            {move || refused.get().map(|problem| view! { <Notice tone=Tone::Err title=problem.text text=problem.hint/> })}
        </div>
    }
}

#[component]
fn StepList(#[prop(into)] steps: Signal<Vec<LoginStep>>) -> impl IntoView {
    let row = |step: LoginStep| {
        view! { <li><Icon shape=Shape::Ok/><span class="anywhere" dir="auto">{step.text}</span></li> }
    };
    view! {
        <ol class="checks checks--column" data-test="connect-steps">
            {move || steps.get().into_iter().map(row).collect_view()}
        </ol>
    }
}

/// The diagnosis, the guide with the step at fault marked, and what else may come.
#[component]
fn Refused(
    draft: Draft,
    login: Login,
    step: RwSignal<Step>,
    problem: Problem,
    at: String,
    had_secret: bool,
    on_sign_in: Callback<()>,
) -> impl IntoView {
    let code = problem.code;
    let at_fault = match fault(code) {
        Fault::Guide(part) => Some(part),
        Fault::Place | Fault::Elsewhere => None,
    };
    view! {
        <Diagnosis draft login step problem at had_secret/>
        <Guide draft fault=Signal::stored(at_fault) tried=Signal::stored(true) on_enter=on_sign_in/>
        <Others shown=ANSWERS.iter().filter(move |answer| answer.code != code).collect()/>
    }
}

#[component]
fn Diagnosis(
    draft: Draft,
    login: Login,
    step: RwSignal<Step>,
    problem: Problem,
    at: String,
    had_secret: bool,
) -> impl IntoView {
    let id = unique_id("diagnosis");
    let labelled = id.clone();
    let heading = NodeRef::<leptos::html::H3>::new();
    heading.on_load(|heading| request_animation_frame(move || drop(heading.focus())));
    let steps = login.steps.get_untracked();
    let details = details(&problem, &steps, &at);
    let org = capped(draft.name.get_untracked().trim());
    let title = title(problem.code, &org, had_secret);
    let to_place = (fault(problem.code) == Fault::Place).then(|| {
        view! {
            <Button icon=Shape::ChevronLeft on_press=move || step.set(Step::Place) attr:data-test="connect-to-place">
                "Change name or address"
            </Button>
        }
    });
    view! {
        <section class="diagnosis" role="alert" aria-labelledby=labelled data-test="diagnosis" data-code=problem.code.as_str()>
            <header class="diagnosis__head">
                <span class="err"><Icon shape=Shape::Fault/></span>
                <h3 id=id class="grow anywhere" dir="auto" node_ref=heading tabindex="-1">{title}</h3>
                <code class="diagnosis__code">{problem.code.as_str()}</code>
            </header>
            <p class="muted anywhere" dir="auto">{sentence(&problem.text)} " Nothing was stored."</p>
            <ol class="checks">
                {steps.into_iter().map(|step| view! {
                    <li><Icon shape=Shape::Ok/><span class="anywhere" dir="auto">{step.text}</span></li>
                }).collect_view()}
                <li class="checks__bad"><Icon shape=Shape::Fault/><span>"Stopped here at " {at}</span></li>
            </ol>
            <div class="diagnosis__do">
                <p class="anywhere"><b class="medium">"Do this: "</b>{sentence(&problem.hint)}</p>
                <div class="row diagnosis__actions">{to_place}<CopyButton what="details" value=details kind=Kind::Ghost/></div>
            </div>
        </section>
    }
}

/// Answers that this sign-in did not give.
#[component]
fn Others(shown: Vec<&'static Answer>) -> impl IntoView {
    let count = shown.len();
    let row = |answer: &Answer| {
        view! {
            <tr>
                <th scope="row"><code>{answer.code.as_str()}</code></th>
                <td>{answer.meaning}</td>
                <td class="muted">{answer.remedy}</td>
            </tr>
        }
    };
    view! {
        <details class="panel others">
            <summary class="panel__head">
                <Icon shape=Shape::ChevronDown small=true/>
                <span class="strong">"Other answers you may meet"</span>
                <span class="count">{count}</span>
            </summary>
            <div class="others__scroll scroll" tabindex="0" role="region" aria-label="Other answers">
                <table class="others__table">
                    <thead class="sr-only">
                        <tr><th scope="col">"Code"</th><th scope="col">"Meaning"</th><th scope="col">"Remedy"</th></tr>
                    </thead>
                    <tbody>{shown.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}

/// What a person pastes into a report; no key and no secret.
fn details(problem: &Problem, steps: &[LoginStep], at: &str) -> String {
    let mut text = format!(
        "{}: {}\n{}\nIsthmus {}, {at}",
        problem.code.as_str(),
        problem.text,
        problem.hint,
        env!("CARGO_PKG_VERSION"),
    );
    for step in steps {
        text.push_str(&format!("\n- {}", step.text));
    }
    text
}

/// What the guide marks while nothing is at fault.
pub(super) const NO_FAULT: Option<GuidePart> = None;

#[cfg(test)]
mod tests {
    use isthmus_contract::org::LoginStep;
    use isthmus_contract::problem::{Code, Problem};

    use super::details;

    #[test]
    fn details_hold_steps_but_no_address() {
        let problem = Problem::new(Code::LoginTimedOut, "no login came back", "connect again");
        let step = LoginStep {
            text: "the system browser was opened".to_owned(),
            address: Some("https://login.salesforce.com/?client_id=3MVG9".to_owned()),
        };
        let details = details(&problem, &[step], "14:26:40");
        assert!(details.starts_with("login_timed_out: no login came back\nconnect again\n"));
        assert!(details.ends_with("- the system browser was opened"));
        assert!(!details.contains("3MVG9"));
    }
}
