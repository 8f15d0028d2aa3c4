//! A connection test: what was tried, how it went, and what to do.

use isthmus_contract::command::OrgTest;
use isthmus_contract::org::{OrgTestView, StepResult, StepView};
use isthmus_contract::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::Shape;
use crate::components::problem::ProblemView;
use crate::components::progress::Progress;
use crate::format::counted;
use crate::pages::orgs::words::sentence;

/// How a test stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TestState {
    /// Not asked for yet.
    Idle,
    /// On its way.
    Running,
    /// What it found.
    Done(OrgTestView),
    /// Why it could not be made.
    Refused(Problem),
}

/// One place for a test, and the way to make it.
#[derive(Clone, Copy)]
pub(crate) struct Test {
    state: RwSignal<TestState>,
    org: RwSignal<String>,
    backend: StoredValue<Backend>,
    announcer: Announcer,
}

impl Test {
    /// None made yet.
    pub(crate) fn new() -> Self {
        Self {
            state: RwSignal::new(TestState::Idle),
            org: RwSignal::new(String::new()),
            backend: StoredValue::new(Backend::of_this_app()),
            announcer: Announcer::of_app(),
        }
    }

    /// Tests an org now; a test of another org that is still on its way is forgotten.
    pub(crate) fn start(self, org: String) {
        let is_same = self.org.read_untracked() == org;
        if is_same && *self.state.read_untracked() == TestState::Running {
            return;
        }
        self.org.set(org.clone());
        self.state.set(TestState::Running);
        let backend = self.backend.get_value();
        spawn_local(async move {
            let answer = backend.ask::<OrgTest>(org.clone()).await;
            if self.org.try_get_untracked().is_some_and(|wanted| wanted == org) {
                self.end(answer);
            }
        });
    }

    /// True while one is on its way.
    pub(crate) fn is_running(self) -> Signal<bool> {
        Signal::derive(move || *self.state.read() == TestState::Running)
    }

    /// How it stands.
    pub(crate) fn state(self) -> TestState {
        self.state.get()
    }

    fn end(self, answer: Result<OrgTestView, Problem>) {
        match answer {
            Ok(view) => {
                self.announcer.say(summary(&view));
                self.state.set(TestState::Done(view));
            }
            Err(problem) => self.state.set(TestState::Refused(problem)),
        }
    }
}

/// The result in one sentence.
pub(crate) fn summary(view: &OrgTestView) -> String {
    let count = |wanted| view.steps.iter().filter(|step| step.result == wanted).count() as u64;
    let (failed, warned) = (count(StepResult::Failed), count(StepResult::Warned));
    match (failed, warned) {
        (0, 0) => "The connection works".to_owned(),
        (0, warned) => {
            format!("The connection works; look at {}", counted(warned, "step", "steps"))
        }
        (failed, _) => {
            format!(
                "The connection does not do all it should: {} failed",
                counted(failed, "step", "steps")
            )
        }
    }
}

/// What a test found, step by step.
#[component]
pub(crate) fn TestResults(
    /// The test.
    test: Test,
) -> impl IntoView {
    let again = move || {
        let org = test.org.get_untracked();
        test.start(org);
    };
    move || {
        match test.state() {
        TestState::Idle => view! {
            <p class="small muted">"Asks the org step by step: keychain, address, login, clock, limits, rights. Nothing is written."</p>
        }
        .into_any(),
        TestState::Running => view! {
            <div class="test-running">
                <p class="small muted">"Asking the org …"</p>
                <Progress label="Connection test"/>
            </div>
        }
        .into_any(),
        TestState::Refused(problem) => view! { <ProblemView problem on_retry=again/> }.into_any(),
        TestState::Done(view) => results(view).into_any(),
    }
    }
}

fn results(view: OrgTestView) -> impl IntoView {
    let text = summary(&view);
    view! {
        <p class="medium test-summary" data-test="test-summary" data-passed=view.passed.to_string()>{text}</p>
        <ol class="test-steps" data-test="test-steps">{view.steps.into_iter().map(step_view).collect_view()}</ol>
    }
}

fn step_view(step: StepView) -> impl IntoView {
    let (tone, icon, word) = look(step.result);
    let result = word.to_lowercase();
    view! {
        <li class="test-step" data-result=result>
            <Badge tone icon text=word/>
            <div class="grow">
                <p><span class="medium">{capitalised(&step.step)}</span></p>
                <p class="small muted anywhere" dir="auto">{step.found}</p>
                {(!step.remedy.is_empty()).then(|| view! {
                    <p class="small anywhere"><b class="medium">"Do this: "</b>{sentence(&step.remedy)}</p>
                })}
            </div>
        </li>
    }
}

fn look(result: StepResult) -> (Tone, Shape, &'static str) {
    match result {
        StepResult::Passed => (Tone::Ok, Shape::Check, "Passed"),
        StepResult::Warned => (Tone::Warn, Shape::Warn, "Warned"),
        StepResult::Failed => (Tone::Err, Shape::Fault, "Failed"),
        StepResult::Skipped => (Tone::Neutral, Shape::Minus, "Skipped"),
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use isthmus_contract::org::{OrgTestView, StepResult, StepView};

    use super::summary;

    fn view(results: &[StepResult]) -> OrgTestView {
        let step = |result: &StepResult| StepView {
            step: "reach".to_owned(),
            result: *result,
            found: String::new(),
            remedy: String::new(),
        };
        let passed = !results.contains(&StepResult::Failed);
        OrgTestView { org: "sales".to_owned(), steps: results.iter().map(step).collect(), passed }
    }

    #[test]
    fn a_test_is_summed_up_by_its_worst_step() {
        use StepResult::{Failed, Passed, Skipped, Warned};
        assert_eq!(summary(&view(&[Passed, Skipped])), "The connection works");
        assert_eq!(summary(&view(&[Passed, Warned])), "The connection works; look at 1 step");
        assert!(summary(&view(&[Warned, Failed, Failed])).ends_with("2 steps failed"));
    }
}
