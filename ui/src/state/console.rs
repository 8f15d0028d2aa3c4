//! What the shell tells without being asked, as signals.

use isthmus_contract::command::{ConsoleWatch, WorkspaceOpen};
use isthmus_contract::console::{ConsoleEvent, JobView, Topic};
use isthmus_contract::problem::Problem;
use isthmus_contract::workspace::WorkspaceState;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;

/// The console's own state, in context for every page.
#[derive(Clone, Copy)]
pub(crate) struct Console {
    /// How the workspace stands; `None` until the shell has said so.
    pub(crate) workspace: RwSignal<Option<Result<WorkspaceState, Problem>>>,
    /// The job at work.
    pub(crate) job: RwSignal<Option<JobView>>,
    /// The job that ended last, with the problem that kept it from being carried out.
    pub(crate) ended: RwSignal<Option<(JobView, Option<Problem>)>>,
    /// The person wished to close the window while this job was at work.
    pub(crate) close_asked: RwSignal<Option<JobView>>,
    /// The engine has ended.
    pub(crate) gone: RwSignal<Option<Problem>>,
    /// The workspace is being opened.
    pub(crate) opening: RwSignal<bool>,
    backend: StoredValue<Backend>,
    versions: Versions,
}

/// One counter per topic: what reads it, reads again when it moves.
#[derive(Clone, Copy)]
struct Versions {
    workspace: RwSignal<u32>,
    orgs: RwSignal<u32>,
    syncs: RwSignal<u32>,
    runs: RwSignal<u32>,
}

impl Console {
    /// Opens the workspace and listens from now on.
    pub(crate) fn start(backend: Backend) -> Self {
        let console = Self {
            workspace: RwSignal::new(None),
            job: RwSignal::new(None),
            ended: RwSignal::new(None),
            close_asked: RwSignal::new(None),
            gone: RwSignal::new(None),
            opening: RwSignal::new(false),
            backend: StoredValue::new(backend.clone()),
            versions: Versions {
                workspace: RwSignal::new(0),
                orgs: RwSignal::new(0),
                syncs: RwSignal::new(0),
                runs: RwSignal::new(0),
            },
        };
        console.listen(backend);
        console.open_workspace();
        console
    }

    /// The one of this application.
    pub(crate) fn of_this_app() -> Self {
        expect_context::<Self>()
    }

    /// Asks the shell how the workspace stands, and has it opened where it is closed.
    pub(crate) fn open_workspace(self) {
        let backend = self.backend.get_value();
        self.opening.set(true);
        spawn_local(async move {
            self.workspace.set(Some(backend.ask::<WorkspaceOpen>(()).await));
            self.opening.set(false);
        });
    }

    /// How often a topic has changed; reading it has the reader run again at the next change.
    pub(crate) fn version(self, topic: Topic) -> u32 {
        self.counter(topic).get()
    }

    /// True when the workspace is open, and an engine there to ask.
    pub(crate) fn is_open(self) -> bool {
        self.gone.with(Option::is_none)
            && self.workspace.with(|state| matches!(state, Some(Ok(WorkspaceState::Open(_)))))
    }

    fn counter(self, topic: Topic) -> RwSignal<u32> {
        match topic {
            Topic::Workspace => self.versions.workspace,
            Topic::Orgs => self.versions.orgs,
            Topic::Syncs => self.versions.syncs,
            Topic::Runs => self.versions.runs,
        }
    }

    fn listen(self, backend: Backend) {
        spawn_local(async move {
            let told = move |event| self.take(event);
            if let Err(problem) = backend.follow::<ConsoleWatch>((), told).await {
                self.gone.set(Some(problem));
            }
        });
    }

    fn take(self, event: ConsoleEvent) {
        match event {
            ConsoleEvent::Job(job) => self.job.set(Some(job)),
            ConsoleEvent::JobEnded { job, problem } => {
                self.job.set(None);
                self.ended.set(Some((job, problem)));
            }
            ConsoleEvent::Changed(topic) => self.counter(topic).update(|version| *version += 1),
            ConsoleEvent::CloseAsked(job) => self.close_asked.set(Some(job)),
            ConsoleEvent::EngineGone(problem) => {
                self.job.set(None);
                self.gone.set(Some(problem));
            }
        }
    }
}
