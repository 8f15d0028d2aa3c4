//! The one job that may plan or write at a time: how far it is, its cancel, and what waits for its end.

use std::convert::Infallible;
use std::rc::Rc;
use std::time::Duration;

use isthmus_app::workspace::Workspace;
use isthmus_app::{diagnose, report, syncs};
use isthmus_contract::console::{CloseChoice, ConsoleEvent, JobKind, JobView, Topic};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::progress::Progress;
use isthmus_contract::run::RunOrder;
use isthmus_model::ids::RunId;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::coalescer::Coalescer;
use super::{Desk, fault};

/// Twenty messages a second: as fast as a progress bar is worth drawing.
const TELL_INTERVAL: Duration = Duration::from_millis(50);

/// What a job is about.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// What is done.
    pub(crate) kind: JobKind,
    /// The sync's name.
    pub(crate) sync: String,
    /// The left org's name.
    pub(crate) left: String,
    /// The right org's name.
    pub(crate) right: String,
    /// The plan or run it continues.
    pub(crate) run: Option<RunId>,
}

impl Outline {
    /// A job on a whole sync or on selected records of it.
    ///
    /// # Errors
    /// [`Code::SyncUnknown`].
    pub(crate) fn of_sync(
        workspace: &Workspace,
        sync: &str,
        kind: JobKind,
    ) -> Result<Self, Problem> {
        let stored = syncs::get(workspace, sync).map_err(|error| diagnose(&error))?.sync;
        Ok(Self { kind, sync: stored.name, left: stored.left, right: stored.right, run: None })
    }

    /// A job as it was ordered.
    ///
    /// # Errors
    /// [`Code::SyncUnknown`], [`Code::RunUnknown`].
    pub(crate) fn of_order(workspace: &Workspace, order: &RunOrder) -> Result<Self, Problem> {
        let (run, kind) = match order {
            RunOrder::Sync(request) => {
                return Self::of_sync(workspace, &request.sync, JobKind::Run);
            }
            RunOrder::Plan(run) | RunOrder::Resume(run) => (*run, JobKind::Run),
            RunOrder::Retry(run) => (*run, JobKind::Retry),
        };
        let about = report::summary(workspace, run).map_err(|error| diagnose(&error))?;
        let sync = about.header.sync;
        Ok(Self { kind, sync, left: about.left, right: about.right, run: Some(run) })
    }
}

/// The job at work.
pub(super) struct Job {
    view: JobView,
    cancel: CancellationToken,
    coalescer: Coalescer,
    /// Wakes what tells the page.
    news: Rc<Notify>,
}

impl Desk {
    /// Carries out a job: its progress goes to the page, its cancel is at hand, and its end is told however it ends.
    ///
    /// # Errors
    /// [`Code::JobAtWork`]; [`Code::WorkspaceClosed`]; the work's own.
    pub(crate) async fn carry_out<T>(
        &self,
        outline: Outline,
        work: impl AsyncFnOnce(
            &Workspace,
            &mut dyn FnMut(Progress),
            CancellationToken,
        ) -> isthmus_app::Result<T>,
    ) -> Result<T, Problem> {
        let workspace = self.workspace()?;
        let (ending, cancel, news) = self.begin(outline)?;
        let mut watch = |progress| self.note(progress);
        let outcome = tokio::select! {
            biased;
            outcome = work(&workspace, &mut watch, cancel) => outcome,
            never = self.tell_progress(&news) => match never {},
        };
        ending.with(outcome.map_err(|error| diagnose(&error)))
    }

    /// Asks the job at work to stop; nothing to do without one.
    pub(crate) fn cancel_job(&self) {
        if let Some(job) = self.job.borrow_mut().as_mut() {
            job.cancel.cancel();
            job.view.cancelling = true;
            job.coalescer.note();
            job.news.notify_one();
        }
    }

    /// Tells the page of the job at work, if there is one.
    pub(crate) fn tell_job(&self) {
        if let Some(view) = self.job_view() {
            self.news.tell(ConsoleEvent::Job(view));
        }
    }

    /// Refuses what would pull a sync from under the job that works with it.
    ///
    /// # Errors
    /// [`Code::JobAtWork`].
    pub(crate) fn refuse_while_sync_works(&self, sync: &str) -> Result<(), Problem> {
        self.refuse_while(|job| job.sync == sync)
    }

    /// Refuses what would pull an org from under the job that works with it.
    ///
    /// # Errors
    /// [`Code::JobAtWork`].
    pub(crate) fn refuse_while_org_works(&self, org: &str) -> Result<(), Problem> {
        self.refuse_while(|job| job.left == org || job.right == org)
    }

    /// The window is to be closed: at once without a job, else as the person chooses. Without a page nobody can choose,
    /// and the job goes on to its end.
    pub(super) fn wish_to_close(&self) {
        match self.job_view() {
            None => self.end(),
            Some(job) => {
                let somebody_chooses = self.news.tell(ConsoleEvent::CloseAsked(job));
                self.leaving.set(!somebody_chooses);
            }
        }
    }

    /// What the person chose. Without a job any more, closing needs no waiting.
    pub(crate) fn close_as_chosen(&self, choice: CloseChoice) {
        if choice == CloseChoice::Stay {
            return self.stay();
        }
        if choice == CloseChoice::StopAndClose {
            self.cancel_job();
        }
        match self.job.borrow().is_some() {
            true => self.leaving.set(true),
            false => self.end(),
        }
    }

    /// The window stays when the job ends.
    pub(super) fn stay(&self) {
        self.leaving.set(false);
    }

    fn refuse_while(&self, meets: impl Fn(&JobView) -> bool) -> Result<(), Problem> {
        match self.job_view() {
            Some(job) if meets(&job) => Err(at_work(&job)),
            _ => Ok(()),
        }
    }

    fn job_view(&self) -> Option<JobView> {
        self.job.borrow().as_ref().map(|job| job.view.clone())
    }

    fn begin(
        &self,
        outline: Outline,
    ) -> Result<(Ending<'_>, CancellationToken, Rc<Notify>), Problem> {
        self.refuse_while(|_| true)?;
        let Outline { kind, sync, left, right, run } = outline;
        let view = JobView {
            kind,
            sync,
            left,
            right,
            run,
            started_at: self.now(),
            progress: None,
            cancelling: false,
        };
        let (cancel, news) = (CancellationToken::new(), Rc::new(Notify::new()));
        let mut coalescer = Coalescer::new(TELL_INTERVAL);
        coalescer.note();
        coalescer.take(Instant::now());
        self.news.tell(ConsoleEvent::Job(view.clone()));
        let job = Job { view, cancel: cancel.clone(), coalescer, news: Rc::clone(&news) };
        self.job.replace(Some(job));
        self.changed(Topic::Runs);
        Ok((Ending { desk: self, problem: Some(fault()) }, cancel, news))
    }

    fn note(&self, progress: Progress) {
        if let Some(job) = self.job.borrow_mut().as_mut() {
            job.view.progress = Some(progress);
            job.coalescer.note();
            job.news.notify_one();
        }
    }

    /// Tells what is new as often as may be, until the job that it stands beside is done.
    async fn tell_progress(&self, news: &Notify) -> Infallible {
        loop {
            news.notified().await;
            let wait =
                self.job.borrow().as_ref().and_then(|job| job.coalescer.due_in(Instant::now()));
            let Some(wait) = wait else { continue };
            tokio::time::sleep(wait).await;
            let due = self
                .job
                .borrow_mut()
                .as_mut()
                .is_some_and(|job| job.coalescer.take(Instant::now()));
            if due {
                self.tell_job();
            }
        }
    }
}

/// Ends the job when it goes, a panic included: the slot is free again, and the page knows.
struct Ending<'a> {
    desk: &'a Desk,
    problem: Option<Problem>,
}

impl Ending<'_> {
    fn with<T>(mut self, outcome: Result<T, Problem>) -> Result<T, Problem> {
        self.problem = outcome.as_ref().err().cloned();
        outcome
    }
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let Some(job) = self.desk.job.take() else { return };
        let problem = self.problem.take();
        self.desk.news.tell(ConsoleEvent::JobEnded { job: job.view, problem });
        self.desk.changed(Topic::Runs);
        if self.desk.leaving.get() {
            self.desk.end();
        }
    }
}

fn at_work(job: &JobView) -> Problem {
    let work = match job.kind {
        JobKind::Plan => "planned",
        JobKind::Run => "run",
        JobKind::Retry => "retried",
    };
    Problem::new(
        Code::JobAtWork,
        format!("{} is being {work}", job.sync),
        "wait until it has ended, or cancel it",
    )
}
