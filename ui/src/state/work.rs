//! What pages start: plans and runs. It outlives the page that started it, so that one can leave and come back.

use std::collections::BTreeMap;

use isthmus_contract::command::{PlanMake, RunCancel, RunStart};
use isthmus_contract::plan::PlanView;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::request::RunRequest;
use isthmus_contract::run::{RunOrder, RunView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::time::now;

/// A plan of this session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Made {
    /// The plan.
    pub(crate) plan: PlanView,
    /// When it was made, in milliseconds since 1970.
    pub(crate) at: f64,
    /// Only selected records.
    pub(crate) is_selection: bool,
}

/// A run that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Started {
    /// The sync that it is of.
    pub(crate) sync: String,
    /// What was asked for.
    pub(crate) order: RunOrder,
}

/// A run that ended, or that was refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ended {
    /// What was asked for.
    pub(crate) started: Started,
    /// What came of it.
    pub(crate) answer: Result<RunView, Problem>,
}

/// Plans and runs of this session.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    backend: StoredValue<Backend>,
    /// The last plan of each sync, by the sync's name.
    pub(crate) plans: RwSignal<BTreeMap<String, Made>>,
    /// What is being planned.
    pub(crate) planning: RwSignal<Option<RunRequest>>,
    /// What could not be planned, and why.
    pub(crate) unplanned: RwSignal<Option<(RunRequest, Problem)>>,
    /// The run that was asked for and has not ended.
    pub(crate) running: RwSignal<Option<Started>>,
    /// The run that ended last, until a page has led on from it.
    pub(crate) ended: RwSignal<Option<Ended>>,
    /// Why a cancel did not arrive.
    pub(crate) uncancelled: RwSignal<Option<Problem>>,
}

impl Work {
    /// Makes it known to all pages; once, in the frame.
    pub(crate) fn provide() {
        provide_context(Self {
            backend: StoredValue::new(Backend::of_this_app()),
            plans: RwSignal::new(BTreeMap::new()),
            planning: RwSignal::new(None),
            unplanned: RwSignal::new(None),
            running: RwSignal::new(None),
            ended: RwSignal::new(None),
            uncancelled: RwSignal::new(None),
        });
    }

    /// The one of this application.
    pub(crate) fn of_this_app() -> Self {
        expect_context()
    }

    /// Plans a sync, or selected records of it; the plan then stands in `plans`.
    pub(crate) fn plan(self, request: RunRequest) {
        if self.planning.with_untracked(Option::is_some) {
            return;
        }
        self.planning.set(Some(request.clone()));
        self.unplanned.set(None);
        self.forget_end_of(&request.sync);
        let backend = self.backend.get_value();
        spawn_local(async move {
            let answer = backend.ask::<PlanMake>(request.clone()).await;
            self.planning.set(None);
            match answer {
                Ok(plan) => self.keep(plan, request.records.is_some()),
                // Who cancelled knows that nothing was planned.
                Err(problem) if problem.code == Code::Cancelled => {}
                Err(problem) => self.unplanned.set(Some((request, problem))),
            }
        });
    }

    /// Carries out an order; what came of it then stands in `ended`.
    pub(crate) fn start(self, started: Started) {
        if self.running.with_untracked(Option::is_some) {
            return;
        }
        self.ended.set(None);
        self.running.set(Some(started.clone()));
        let backend = self.backend.get_value();
        spawn_local(async move {
            let answer = backend.ask::<RunStart>(started.order.clone()).await;
            if answer.is_ok() {
                // What was planned is done, or the orgs are others than those it was planned for.
                self.plans.update(|plans| drop(plans.remove(&started.sync)));
            }
            self.running.set(None);
            self.ended.set(Some(Ended { started, answer }));
        });
    }

    /// Asks the job at work to stop.
    pub(crate) fn cancel(self) {
        self.uncancelled.set(None);
        let backend = self.backend.get_value();
        spawn_local(async move {
            let refused = backend.ask::<RunCancel>(()).await.err();
            self.uncancelled.set(refused);
        });
    }

    /// Forgets how a sync's last run ended and why its last plan was refused.
    pub(crate) fn forget_end_of(self, sync: &str) {
        let is_of =
            |ended: &Option<Ended>| ended.as_ref().is_some_and(|ended| ended.started.sync == sync);
        if self.ended.with_untracked(is_of) {
            self.ended.set(None);
        }
        let was_refused = |refused: &Option<(RunRequest, Problem)>| {
            refused.as_ref().is_some_and(|(request, _)| request.sync == sync)
        };
        if self.unplanned.with_untracked(was_refused) {
            self.unplanned.set(None);
        }
    }

    fn keep(self, plan: PlanView, is_selection: bool) {
        let made = Made { at: now(), is_selection, plan };
        self.plans.update(|plans| drop(plans.insert(made.plan.sync.clone(), made)));
    }
}
