//! The engine on its own thread: one event loop that owns the workspace, and the only way to ask it.
//!
//! The window's threads send errands; each becomes a task of the engine's loop, so that a short question is answered
//! while a long run waits for an org. What runs there need not be `Send`: it never leaves the thread. A fault of one
//! errand ends that errand alone; the end of the thread is told to the page and answers everything that follows.

mod coalescer;
mod desk;
mod job;
mod login;
mod news;

use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use isthmus_app::diagnose;
use isthmus_app::workspace::{Surroundings, Workspace, WorkspacePath};
use isthmus_contract::command::Command;
use isthmus_contract::console::ConsoleEvent;
use isthmus_contract::problem::{Code, Problem};
use tokio::sync::{mpsc, oneshot};
use tokio::task::LocalSet;

use crate::places::Places;

pub(crate) use desk::Desk;
pub(crate) use job::Outline;
pub(crate) use news::Watcher;

use news::News;

/// What a command answers.
pub(crate) type Answer<C> = Result<<C as Command>::Answer, Problem>;

/// What the engine works with.
pub(crate) struct Setting {
    /// The workspace's place, or why it has none.
    pub(crate) path: Result<WorkspacePath, Problem>,
    /// What an open workspace takes from outside.
    pub(crate) surroundings: Surroundings,
    /// Where a person's files go.
    pub(crate) places: Places,
}

/// The way to ask the engine. Clones ask the same one; with the last of them the engine ends.
#[derive(Clone)]
pub(crate) struct Engine {
    errands: mpsc::UnboundedSender<Errand>,
    news: Arc<News>,
    // After the errands: the thread ends when nobody can send any more.
    thread: Arc<Thread>,
}

/// The engine's thread. Whoever lets go of it waits until it has closed the ledger: SQLCipher tears its own state down when
/// the process ends, and a connection that is being closed meanwhile would fall over that.
struct Thread(Mutex<Option<JoinHandle<()>>>);

/// One thing to do on the engine's thread.
struct Errand {
    /// The command's name.
    name: &'static str,
    work: Box<dyn FnOnce(Rc<Desk>) -> LocalBoxFuture<'static, ()> + Send>,
}

/// Main threads have this much; a run's nested futures need more than the two megabytes of other threads in debug builds.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// How long an ending thread may take until it is closed: it drops what it holds, the ledger last.
const END_LIMIT: Duration = Duration::from_millis(500);

/// How long the end of the process waits for the ledger to be closed cleanly: a checkpoint takes well under a second.
pub(crate) const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// How often the end of the thread is looked for.
const END_INTERVAL: Duration = Duration::from_millis(10);

impl Engine {
    /// Starts the thread. `ended` is called there once the engine has ended as asked and the workspace is closed.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(
        setting: Setting,
        ended: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        let news = Arc::new(News::default());
        let (errands, waiting) = mpsc::unbounded_channel();
        let told = Arc::clone(&news);
        let thread = std::thread::Builder::new()
            .name("engine".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || live(setting, told, waiting, ended))?;
        Ok(Self { errands, news, thread: Arc::new(Thread(Mutex::new(Some(thread)))) })
    }

    /// Asks something of the desk and waits for the answer.
    ///
    /// # Errors
    /// The work's own problem; [`Code::Internal`] when it panicked; [`Code::EngineGone`].
    pub(crate) async fn ask<C: Command>(
        &self,
        work: impl AsyncFnOnce(&Desk) -> Answer<C> + Send + 'static,
    ) -> Answer<C>
    where
        C::Answer: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let sent = self.send(C::NAME, async move |desk| {
            // A page that has gone meanwhile needs no answer.
            let _nobody_waits = reply.send(work(desk).await);
        });
        let outcome = match (sent, answer.await) {
            (true, Ok(outcome)) => outcome,
            (true, Err(_)) if !self.is_ending().await => Err(fault()),
            _ => Err(gone()),
        };
        if let Err(problem) = &outcome {
            tracing::warn!(command = C::NAME, code = problem.code.as_str(), "refused");
        }
        outcome
    }

    /// True when an errand was lost because the whole thread ends. Its errands go one by one then, and the way to it is
    /// closed last, so a lost errand alone tells nothing yet.
    async fn is_ending(&self) -> bool {
        tokio::time::timeout(END_LIMIT, self.errands.closed()).await.is_ok()
    }

    /// Asks something of the open workspace and waits for the answer.
    ///
    /// # Errors
    /// As [`Engine::ask`]; [`Code::WorkspaceClosed`].
    pub(crate) async fn with_workspace<C: Command>(
        &self,
        work: impl AsyncFnOnce(&Workspace) -> isthmus_app::Result<C::Answer> + Send + 'static,
    ) -> Answer<C>
    where
        C::Answer: Send + 'static,
    {
        self.ask::<C>(async move |desk| {
            let workspace = desk.workspace()?;
            work(&workspace).await.map_err(|error| diagnose(&error))
        })
        .await
    }

    /// Lets one watcher hear all news from now on, the job at work first. It takes the place of an earlier one: there is
    /// one page, and after a reload nobody listens to the earlier one.
    pub(crate) fn watch(&self, watcher: Watcher) {
        self.news.watch(watcher);
        let sent = self.send("console_watch", async |desk| desk.tell_job());
        if !sent {
            self.news.tell(ConsoleEvent::EngineGone(gone()));
        }
    }

    /// The window is to be closed. With a job at work the page is asked what becomes of it; without one, or without a
    /// page that could answer, the engine ends when it can. False when it has ended already.
    pub(crate) fn wish_to_close(&self) -> bool {
        self.send("close", async |desk| desk.wish_to_close())
    }

    /// The window is wanted again: it does not end with the job at work.
    pub(crate) fn stay(&self) {
        // An engine that has ended says so to whoever asks next.
        let _gone = self.send("stay", async |desk| desk.stay());
    }

    /// Ends the engine, whatever it does, and waits for it up to `limit`. A job is safe to end at any point: the next
    /// run reads back what became of it.
    pub(crate) fn end(&self, limit: Duration) {
        let _gone = self.send("end", async |desk| desk.end());
        self.thread.wait(limit);
    }

    fn send(&self, name: &'static str, work: impl AsyncFnOnce(&Desk) + Send + 'static) -> bool {
        let work = Box::new(move |desk: Rc<Desk>| -> LocalBoxFuture<'static, ()> {
            Box::pin(async move { work(&desk).await })
        });
        self.errands.send(Errand { name, work }).is_ok()
    }
}

impl Thread {
    /// Waits until the thread has ended; at once on the thread itself, and where somebody waited before.
    fn wait(&self, limit: Duration) {
        let thread = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return };
        if thread.thread().id() == std::thread::current().id() {
            return;
        }
        let mut left = limit;
        while !thread.is_finished() && !left.is_zero() {
            std::thread::sleep(END_INTERVAL);
            left = left.saturating_sub(END_INTERVAL);
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.wait(CLOSE_LIMIT);
    }
}

/// The thread's whole life.
fn live(
    setting: Setting,
    news: Arc<News>,
    waiting: mpsc::UnboundedReceiver<Errand>,
    ended: impl FnOnce(),
) {
    let farewell = Farewell(Arc::clone(&news));
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        tracing::error!("the machine gives no event loop");
        return;
    };
    let tasks = LocalSet::new();
    let desk = Rc::new(Desk::new(setting, news));
    runtime.block_on(tasks.run_until(serve(Rc::clone(&desk), waiting)));
    // Errands that are still under way end here and let go of the workspace.
    drop(tasks);
    desk.close();
    farewell.said();
    ended();
}

/// Takes errands until the end is asked for.
async fn serve(desk: Rc<Desk>, mut waiting: mpsc::UnboundedReceiver<Errand>) {
    let end = desk.ending();
    loop {
        tokio::select! {
            biased;
            () = end.cancelled() => break,
            errand = waiting.recv() => {
                let Some(errand) = errand else { break };
                #[cfg(debug_assertions)]
                end_as_asked(errand.name);
                tracing::debug!(command = errand.name, "asked");
                // A panic stays in its task: the asker sees that its answer is lost.
                drop(tokio::task::spawn_local((errand.work)(Rc::clone(&desk))));
            }
        }
    }
}

/// Panics when the command that `ISTHMUS_ENGINE_ENDS_AT` names is asked: a test sees then what a lost engine looks like.
#[cfg(debug_assertions)]
fn end_as_asked(command: &str) {
    if std::env::var("ISTHMUS_ENGINE_ENDS_AT").is_ok_and(|name| name == command) {
        panic!("the engine ends at {command}, as asked");
    }
}

/// Tells the page when the thread ends without having been asked to, however that came about.
struct Farewell(Arc<News>);

impl Farewell {
    fn said(self) {
        std::mem::forget(self);
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        tracing::error!("engine ended");
        self.0.tell(ConsoleEvent::EngineGone(gone()));
    }
}

fn gone() -> Problem {
    Problem::new(
        Code::EngineGone,
        "the engine has ended",
        "close Isthmus and open it again; nothing is lost, and an interrupted run can be resumed",
    )
}

/// A fault of ours, on which the log has more.
fn fault() -> Problem {
    Problem::new(
        Code::Internal,
        "Isthmus met a fault of its own",
        "try again; if it comes back, report it with the log in the workspace's folder",
    )
}

#[cfg(test)]
pub(crate) mod tests;
