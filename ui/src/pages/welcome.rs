//! The first page: what Isthmus does, and what comes next.

use leptos::prelude::*;

use crate::components::mark::Mark;

/// One step on the way to the first run.
struct Step {
    title: &'static str,
    text: &'static str,
    command: &'static str,
}

/// The way to the first run, in order.
const STEPS: [Step; 4] = [
    Step {
        title: "Create a workspace",
        text: "One encrypted file; its key goes to the keychain.",
        command: "isthmus workspace create",
    },
    Step {
        title: "Connect two orgs",
        text: "Sign in to each in your browser; nothing is added to the orgs.",
        command: "isthmus org connect",
    },
    Step {
        title: "Import a mapping",
        text: "Which objects and fields correspond, checked against both orgs.",
        command: "isthmus sync import",
    },
    Step {
        title: "Plan, then run",
        text: "See every create and update with its reason, then let it write.",
        command: "isthmus plan",
    },
];

/// The page.
#[component]
pub(crate) fn Welcome() -> impl IntoView {
    view! {
        <section class="welcome" aria-labelledby="welcome-title">
            <div class="welcome__tile"><Mark/></div>
            <h2 class="welcome__title" id="welcome-title">"Welcome to Isthmus"</h2>
            <p class="welcome__lead">
                "Records in agreement between your Salesforce orgs." <br/>
                "Every run is planned before it writes, and explained row by row."
            </p>
            <ol class="panel welcome__steps">
                {STEPS.iter().zip(1..).map(|(step, number)| view! { <StepRow step number/> }).collect_view()}
            </ol>
            <p class="welcome__note small subtle">
                "This window shows its first page and no more yet. Until its pages follow, the steps are taken in a \
                 terminal; each command explains itself with --help."
            </p>
        </section>
    }
}

/// One step as a row.
#[component]
fn StepRow(
    /// What is done in it.
    step: &'static Step,
    /// Its place in the order, from 1.
    number: u32,
) -> impl IntoView {
    view! {
        <li class="step">
            <span class="step__number" aria-hidden="true">{number}</span>
            <div>
                <h3>{step.title}</h3>
                <p class="muted">{step.text}</p>
            </div>
            <code class="command">{step.command}</code>
        </li>
    }
}
