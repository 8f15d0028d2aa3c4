//! Answers without a shell: fixed ones, chosen by the scenario in the page's address.
//!
//! One file per domain; each answers the commands of its domain and nothing else. [`Fake`] asks them in turn.

mod data;
mod fields;
mod jobs;
mod maps;
mod orgs;
mod overview;
mod pause;
mod plans;
mod records;
mod rows;
mod runs;
mod scenario;
mod syncs;
mod watch;
mod workspace;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use isthmus_contract::command::{AboutConsole, Command, ConsoleWatch, WorkspaceOpen};
use isthmus_contract::console::JobView;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::run::RunView;
use isthmus_model::ids::RunId;
use jiff::Timestamp;
use serde_json::Value;

use crate::backend::fake::jobs::Course;
use crate::backend::{Answering, Events, Shell};

pub use scenario::Scenario;

/// What the fake holds, and what pages change in it.
pub struct Fake {
    scenario: Scenario,
    world: Arc<Mutex<World>>,
}

/// What the pages can change.
#[derive(Default)]
struct World {
    /// Orgs connected and disconnected.
    orgs: orgs::Changes,
    /// The time that the answers were made up at; 1970 where there is no browser to ask.
    now: Timestamp,
    /// The job at work.
    job: Option<JobView>,
    /// The job at work never ends by itself.
    standing: bool,
    /// The workspace was created or recovered.
    opened: bool,
    /// What the address says of the workspace: `owned`, `keychain` or `unanswered`.
    workspace: Option<String>,
    /// What happens as soon as the page listens: `close`, `gone` or `fault`.
    event: Option<String>,
    /// Plans that were made, with their syncs.
    planned: BTreeMap<RunId, String>,
    /// Runs that were carried out, the oldest first.
    ran: Vec<RunView>,
    /// Mappings that were stored, and texts that were made of drafts.
    maps: maps::Mappings,
    /// Syncs that were switched or deleted.
    syncs: syncs::Switched,
}

/// One question as a domain sees it.
struct Question {
    command: &'static str,
    request: Value,
    scenario: Scenario,
    world: Arc<Mutex<World>>,
    events: Option<Events>,
    /// How the job went that this question started.
    course: Course,
}

impl Question {
    /// The number of a new plan or run of this sync.
    fn new_run(&self, sync: &str) -> RunId {
        /// The newest number of the stored runs.
        const NEWEST: i64 = 1_842;
        let mut world = self.world();
        let made = world.planned.keys().next_back().map_or(NEWEST, |run| run.0);
        let run = RunId(made + 1);
        world.planned.insert(run, sync.to_owned());
        run
    }

    /// The sync that a plan was made of.
    fn planned(&self, run: RunId) -> Option<String> {
        self.world().planned.get(&run).cloned()
    }

    /// Answers this command, typed as the contract says; any other question stays as it is.
    fn answer<C: Command>(
        &mut self,
        work: impl FnOnce(&mut Self, C::Request) -> Result<C::Answer, Problem>,
    ) -> Option<Result<Value, Problem>> {
        if self.command != C::NAME {
            return None;
        }
        let request = match serde_json::from_value(self.request.clone()) {
            Ok(request) => request,
            Err(error) => return Some(Err(super::unreadable(&error))),
        };
        let answer = work(self, request);
        Some(answer.and_then(|answer| super::written(&answer)))
    }

    /// What another domain answers to a command without a request.
    fn other<C: Command<Request = ()>>(&self) -> Result<C::Answer, Problem> {
        self.other_with::<C>(&())
    }

    /// What another domain answers to a command.
    fn other_with<C: Command>(&self, request: &C::Request) -> Result<C::Answer, Problem> {
        let mut other = Self {
            command: C::NAME,
            request: super::written(request)?,
            scenario: self.scenario,
            world: Arc::clone(&self.world),
            events: None,
            course: self.course,
        };
        let answered = answer(&mut other).unwrap_or(Ok(Value::Array(Vec::new())))?;
        serde_json::from_value(answered).map_err(|error| super::unreadable(&error))
    }

    /// Where everything loads, the workspace is open and its pages wait; `?workspace=loading` waits for the workspace too.
    fn is_kept_waiting(&self) -> bool {
        let opening = self.world().workspace.as_deref() == Some("loading");
        match self.command {
            AboutConsole::NAME => false,
            WorkspaceOpen::NAME | ConsoleWatch::NAME => opening,
            _ => opening || self.scenario == Scenario::Loading,
        }
    }

    /// What the pages changed so far.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells an event of this command.
    fn tell<C: Command>(&mut self, event: &C::Event) {
        if let (Some(events), Ok(event)) = (&mut self.events, serde_json::to_value(event)) {
            events(event);
        }
    }
}

impl Fake {
    /// The fake of the scenario in the page's address (`?scenario=`).
    #[must_use]
    pub fn of_this_address() -> Self {
        let fake = Self::of(Scenario::of_this_address());
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of every date fit")]
        let now = js_sys::Date::now() as i64;
        let mut world = fake.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.now = Timestamp::from_millisecond(now).unwrap_or_default();
        if let Some(job) = scenario::word_in_address("job") {
            jobs::standing(&job, fake.scenario, &mut world);
        }
        world.workspace = scenario::word_in_address("workspace");
        world.event = scenario::word_in_address("event");
        drop(world);
        fake
    }

    /// The fake of a scenario.
    #[must_use]
    pub fn of(scenario: Scenario) -> Self {
        Self { scenario, world: Arc::default() }
    }
}

impl Shell for Fake {
    fn ask(&self, command: &'static str, request: Value, events: Option<Events>) -> Answering {
        let mut question = Question {
            command,
            request,
            scenario: self.scenario,
            world: Arc::clone(&self.world),
            events,
            course: Course::Done,
        };
        Box::pin(async move {
            if question.is_kept_waiting() {
                std::future::pending::<()>().await;
            }
            orgs::tell_login(&mut question).await;
            question.course = jobs::play(&question).await?;
            answer(&mut question).unwrap_or_else(|| {
                let text = format!("the fake has no answer to {command}");
                Err(Problem::new(Code::Internal, text, "write one in ui/src/backend/fake"))
            })
        })
    }
}

/// What every question of the ledger is refused with where everything is.
fn refused(scenario: Scenario) -> Result<(), Problem> {
    if scenario == Scenario::Failing { Err(data::unreadable_ledger()) } else { Ok(()) }
}

/// The orgs of a sync, left and right.
fn orgs_of(scenario: Scenario, sync: &str) -> (String, String) {
    if scenario == Scenario::Hostile {
        return (data::MARKUP.to_owned(), data::RIGHT_TO_LEFT.to_owned());
    }
    let (left, right) = match sync {
        "Pipeline to EMEA" => (data::SALES, data::EMEA),
        "EMEA leads" => (data::EMEA, data::SALES),
        _ => (data::SALES, data::SERVICE),
    };
    (left.to_owned(), right.to_owned())
}

fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    workspace::answer(question)
        .or_else(|| overview::answer(question))
        .or_else(|| orgs::answer(question))
        .or_else(|| syncs::answer(question))
        .or_else(|| maps::answer(question))
        .or_else(|| plans::answer(question))
        .or_else(|| runs::answer(question))
        .or_else(|| records::answer(question))
}

#[cfg(test)]
mod tests {
    use isthmus_contract::command::ALL;
    use serde_json::Value;

    use super::{Course, Fake, Question, Scenario, answer};

    /// A question without a request is answered or refused by the domain that knows it, and by none where nobody does.
    fn is_known(command: &'static str) -> bool {
        let Fake { scenario, world } = Fake::of(Scenario::Full);
        let mut question = Question {
            command,
            request: Value::Null,
            scenario,
            world,
            events: None,
            course: Course::Done,
        };
        answer(&mut question).is_some()
    }

    #[test]
    fn the_fake_answers_every_command_of_the_contract() {
        let unknown: Vec<&str> = ALL.iter().copied().filter(|name| !is_known(name)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
