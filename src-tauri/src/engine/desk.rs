//! What the engine's thread has before it: the workspace, the job, the login, and the way to the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use isthmus_app::logs::{self, LogGuard};
use isthmus_app::workspace::{
    Surroundings, Workspace, WorkspacePath, create_with_recovery_file, open, recover_from_file,
};
use isthmus_app::{Error, diagnose};
use isthmus_contract::console::{ConsoleEvent, Topic};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::workspace::{RecoveryFile, WorkspaceState, WorkspaceView};
use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::Setting;
use super::job::Job;
use super::login::Login;
use super::news::News;
use crate::places::{Places, text_file};

/// How long the window waits for another process to let go of the workspace: a person looks at the screen meanwhile,
/// and can try again.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// What the log tells: each step, no request.
const LOG_LEVEL: &str = "info";

/// The engine's desk. It never leaves the engine's thread.
pub(crate) struct Desk {
    path: Result<WorkspacePath, Problem>,
    places: Places,
    surroundings: Surroundings,
    workspace: RefCell<Option<Rc<Workspace>>>,
    /// Opening, creating and recovering take turns.
    opening: Mutex<()>,
    log: RefCell<Option<LogGuard>>,
    pub(super) job: RefCell<Option<Job>>,
    pub(super) login: Login,
    pub(super) news: Arc<News>,
    /// The console ends when the job does.
    pub(super) leaving: Cell<bool>,
    end: CancellationToken,
}

impl Desk {
    pub(super) fn new(setting: Setting, news: Arc<News>) -> Self {
        Self {
            path: setting.path,
            places: setting.places,
            surroundings: setting.surroundings,
            workspace: RefCell::default(),
            opening: Mutex::default(),
            log: RefCell::default(),
            job: RefCell::default(),
            login: Login::default(),
            news,
            leaving: Cell::default(),
            end: CancellationToken::new(),
        }
    }

    /// The open workspace.
    ///
    /// # Errors
    /// [`Code::WorkspaceClosed`].
    pub(crate) fn workspace(&self) -> Result<Rc<Workspace>, Problem> {
        self.workspace.borrow().clone().ok_or_else(|| {
            Problem::new(Code::WorkspaceClosed, "no workspace is open", "open or create it first")
        })
    }

    /// How the workspace stands; opens it where it is closed.
    ///
    /// # Errors
    /// Where the environment names no possible workspace.
    pub(crate) async fn open(&self) -> Result<WorkspaceState, Problem> {
        let _one_at_a_time = self.opening.lock().await;
        if let Ok(workspace) = self.workspace() {
            return Ok(WorkspaceState::Open(workspace.view()));
        }
        let path = self.path()?;
        let recovery_file = self.places.recovery_file(path.name());
        let workspace = path.view();
        Ok(match self.open_at(path).await {
            Ok(view) => WorkspaceState::Open(view),
            Err(Error::NoWorkspace { .. }) => WorkspaceState::Missing { workspace, recovery_file },
            Err(error) => {
                WorkspaceState::Refused { workspace, problem: diagnose(&error), recovery_file }
            }
        })
    }

    /// Creates the workspace and opens it; its recovery key goes into the file.
    ///
    /// # Errors
    /// As [`create_with_recovery_file`] and [`open`].
    pub(crate) async fn create(&self, file: RecoveryFile) -> Result<WorkspaceView, Problem> {
        let _one_at_a_time = self.opening.lock().await;
        let (path, file) = (self.path()?, text_file(&file.path)?);
        let created = create_with_recovery_file(path, &self.surroundings, &file);
        created.map_err(|error| diagnose(&error))?;
        self.open_at(path).await.map_err(|error| diagnose(&error))
    }

    /// Puts the ledger's key back into the keychain and opens the workspace.
    ///
    /// # Errors
    /// As [`recover_from_file`] and [`open`].
    pub(crate) async fn recover(&self, file: RecoveryFile) -> Result<WorkspaceView, Problem> {
        let _one_at_a_time = self.opening.lock().await;
        if self.workspace.borrow().is_some() {
            let text = "the workspace is open; nothing is to be recovered";
            return Err(Problem::new(Code::BadRequest, text, "go on working with it"));
        }
        let (path, file) = (self.path()?, text_file(&file.path)?);
        let recovered = recover_from_file(path, &self.surroundings, &file, LOCK_WAIT).await;
        recovered.map_err(|error| diagnose(&error))?;
        self.open_at(path).await.map_err(|error| diagnose(&error))
    }

    /// Tells the page that it reads something anew.
    pub(crate) fn changed(&self, topic: Topic) {
        self.news.tell(ConsoleEvent::Changed(topic));
    }

    /// Ends the engine's loop.
    pub(super) fn end(&self) {
        self.end.cancel();
    }

    /// Is cancelled when the loop ends.
    pub(super) fn ending(&self) -> CancellationToken {
        self.end.clone()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.surroundings.clock.now()
    }

    /// Closes the workspace cleanly; whoever held it has gone.
    pub(super) fn close(&self) {
        let Some(workspace) = self.workspace.take() else { return };
        match Rc::try_unwrap(workspace).map(Workspace::close) {
            Ok(Ok(())) => tracing::info!("workspace closed"),
            // What was committed stays; the next start reads back the rest.
            Ok(Err(error)) => tracing::warn!(%error, "workspace not closed cleanly"),
            Err(_) => tracing::warn!("workspace is still in use and not closed cleanly"),
        }
    }

    fn path(&self) -> Result<&WorkspacePath, Problem> {
        self.path.as_ref().map_err(Clone::clone)
    }

    async fn open_at(&self, path: &WorkspacePath) -> isthmus_app::Result<WorkspaceView> {
        self.start_log(path)?;
        let workspace = open(path, self.surroundings.clone(), LOCK_WAIT).await?;
        let view = workspace.view();
        self.workspace.replace(Some(Rc::new(workspace)));
        self.changed(Topic::Workspace);
        Ok(view)
    }

    /// Logs into the workspace's folder; a workspace that is not there yet gets no folder by being asked for.
    fn start_log(&self, path: &WorkspacePath) -> isthmus_app::Result<()> {
        if self.log.borrow().is_none() && path.folder().is_dir() {
            self.log.replace(Some(logs::start(path.folder(), LOG_LEVEL)?));
        }
        Ok(())
    }
}
