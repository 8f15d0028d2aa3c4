//! The steps of the wizard: their order, their words, and how each begins.

use leptos::prelude::*;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Name and login address.
    Place,
    /// The External Client App.
    App,
    /// The browser's part.
    SignIn,
    /// What the org lets us see.
    Seen,
}

impl Step {
    /// All, in order.
    pub(super) const ALL: [Self; 4] = [Self::Place, Self::App, Self::SignIn, Self::Seen];

    /// Its words.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Place => "Where it lives",
            Self::App => "App in Salesforce",
            Self::SignIn => "Sign in",
            Self::Seen => "What we may see",
        }
    }

    /// Its number, from 1.
    pub(super) fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).map_or(1, |place| place + 1)
    }

    /// As it is said when it begins.
    pub(super) fn said(self) -> String {
        format!("Step {} of {}: {}", self.number(), Self::ALL.len(), self.title())
    }
}

/// The heading of a step; takes the focus when the step begins, unless the page itself has just opened.
#[component]
pub(super) fn StepHeading(
    /// The step.
    step: Step,
    /// The person came here from another step.
    moved: bool,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::H2>::new();
    if moved {
        node.on_load(|heading| request_animation_frame(move || drop(heading.focus())));
    }
    view! {
        <h2 class="connect__title" node_ref=node tabindex="-1" data-test="connect-step" data-step=step.number().to_string()>
            {step.title()}
        </h2>
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn steps_say_where_one_is() {
        assert_eq!(Step::App.said(), "Step 2 of 4: App in Salesforce");
        assert!(Step::Place < Step::Seen);
    }
}
