//! The steps of a way, and where one stands.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepState {
    /// Behind us.
    Done,
    /// Where we are.
    Now,
    /// Where it went wrong.
    Failed,
    /// Before us.
    Todo,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WizardStep {
    /// Its words.
    pub(crate) title: String,
    /// What it is about, or what came out; empty for nothing.
    pub(crate) hint: String,
    /// Where it stands.
    pub(crate) state: StepState,
}

impl WizardStep {
    /// A step.
    pub(crate) fn new(title: impl Into<String>, hint: impl Into<String>, state: StepState) -> Self {
        Self { title: title.into(), hint: hint.into(), state }
    }
}

/// The list of steps.
#[component]
pub(crate) fn WizardSteps(
    /// Where the way leads; heard only.
    #[prop(into)]
    label: String,
    /// The steps, in order.
    #[prop(into)]
    steps: Signal<Vec<WizardStep>>,
) -> impl IntoView {
    view! {
        <ol class="steps" aria-label=label>
            {move || steps.get().into_iter().zip(1..).map(|(step, number)| step_view(step, number)).collect_view()}
        </ol>
    }
}

fn step_view(step: WizardStep, number: u32) -> impl IntoView {
    let (state, heard, mark) = match step.state {
        StepState::Done => ("done", "done", Some(Shape::Check)),
        StepState::Now => ("now", "", None),
        StepState::Failed => ("error", "failed", Some(Shape::Close)),
        StepState::Todo => ("todo", "", None),
    };
    let is_here = matches!(step.state, StepState::Now | StepState::Failed);
    let mark = match mark {
        Some(shape) => view! { <Icon shape small=true/> }.into_any(),
        None => number.to_string().into_any(),
    };
    view! {
        <li class="step" data-state=state aria-current=is_here.then_some("step")>
            <span class="step__mark" aria-hidden="true">{mark}</span>
            <span class="medium">
                {step.title}
                {(!heard.is_empty()).then(|| view! { <span class="sr-only">{format!(", {heard}")}</span> })}
            </span>
            {(!step.hint.is_empty()).then(|| view! { <span class="step__hint">{step.hint}</span> })}
        </li>
    }
}
