//! The sign-in: ordered, followed step by step, given up, and what came of it.

use isthmus_contract::command::{OrgConnect, OrgConnectCancel};
use isthmus_contract::org::{ConnectOrder, LoginStep, OrgView};
use isthmus_contract::problem::{Code, Problem};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::time::{clock_time, now};

/// How a sign-in stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LoginState {
    /// Not begun.
    Idle,
    /// Under way.
    Going,
    /// The person gave it up.
    GivenUp,
    /// It brought no connection.
    Refused {
        /// Why.
        problem: Problem,
        /// When, by the person's clock.
        at: String,
        /// A secret was sent.
        had_secret: bool,
    },
    /// The org is connected.
    Done(OrgView),
}

/// The sign-in of this wizard.
#[derive(Clone, Copy)]
pub(super) struct Login {
    /// How it stands.
    pub(super) state: RwSignal<LoginState>,
    /// What was done so far.
    pub(super) steps: RwSignal<Vec<LoginStep>>,
    /// A cancel is on its way.
    pub(super) giving_up: RwSignal<bool>,
    backend: StoredValue<Backend>,
    announcer: Announcer,
}

impl Login {
    /// None begun. One that is still under way when its page goes is given up.
    pub(super) fn new() -> Self {
        let backend = Backend::of_this_app();
        let login = Self {
            state: RwSignal::new(LoginState::Idle),
            steps: RwSignal::new(Vec::new()),
            giving_up: RwSignal::new(false),
            backend: StoredValue::new(backend.clone()),
            announcer: Announcer::of_app(),
        };
        on_cleanup(move || {
            if login.state.try_get_untracked() == Some(LoginState::Going) {
                give_up(backend);
            }
        });
        login
    }

    /// True while it is under way.
    pub(super) fn is_going(self) -> bool {
        *self.state.read() == LoginState::Going
    }

    /// Begins one; `on_done` follows when the org is connected.
    pub(super) fn begin(self, order: ConnectOrder, on_done: impl FnOnce() + 'static) {
        if *self.state.read_untracked() == LoginState::Going {
            return;
        }
        self.steps.set(Vec::new());
        self.giving_up.set(false);
        self.state.set(LoginState::Going);
        self.announcer.say("Sign-in begins; finish it in your browser");
        let backend = self.backend.get_value();
        spawn_local(async move {
            let had_secret = order.client_secret.is_some();
            let announcer = self.announcer;
            let told = move |step: LoginStep| {
                announcer.say(step.text.clone());
                _ = self.steps.try_update(|steps| steps.push(step));
            };
            let answer = backend.follow::<OrgConnect>(order, told).await;
            let is_done = answer.is_ok();
            // The page may be gone; the org is connected all the same, and the list of orgs shows it.
            if self.state.try_set(ended(answer, had_secret)).is_none() && is_done {
                on_done();
            }
        });
    }

    /// Gives up the one under way.
    pub(super) fn cancel(self) {
        self.giving_up.set(true);
        give_up(self.backend.get_value());
    }
}

fn give_up(backend: Backend) {
    spawn_local(async move {
        // Where nothing waits any more there is nothing to give up.
        let _answer = backend.ask::<OrgConnectCancel>(()).await;
    });
}

fn ended(answer: Result<OrgView, Problem>, had_secret: bool) -> LoginState {
    match answer {
        Ok(org) => LoginState::Done(org),
        Err(problem) if problem.code == Code::Cancelled => LoginState::GivenUp,
        Err(problem) => LoginState::Refused { problem, at: clock_time(now()), had_secret },
    }
}
