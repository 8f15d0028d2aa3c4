//! The engine asked, faulted, given jobs and closed; the keychain is in memory, the folder goes with the test.

use std::cell::Cell;
use std::net::TcpListener;
use std::path::Path;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use isthmus_app::keychain::Keychain;
use isthmus_app::workspace::{OwnerKind, Surroundings, WorkspacePath};
use isthmus_contract::command::{RunCancel, WorkspaceCreate, WorkspaceOpen};
use isthmus_contract::console::{CloseChoice, ConsoleEvent, JobKind};
use isthmus_contract::org::ConnectOrder;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::progress::{Phase, Progress};
use isthmus_contract::request::LoginHost;
use isthmus_contract::workspace::{RecoveryFile, WorkspaceState};
use isthmus_model::run::RunCounts;

use super::news::News;
use super::{Desk, Engine, Errand, Outline, Setting};
use crate::places::Places;

/// Far above what closing a ledger takes.
const END_LIMIT: Duration = Duration::from_secs(30);

/// Everything that was told.
type Told = Arc<Mutex<Vec<ConsoleEvent>>>;

pub(crate) fn setting(home: &Path) -> Setting {
    let surroundings = Surroundings::of_this_machine(OwnerKind::Window).unwrap();
    Setting {
        path: Ok(WorkspacePath::below(home, "default").unwrap()),
        surroundings: Surroundings { keychain: Keychain::in_memory(), ..surroundings },
        places: Places { documents: home.to_path_buf(), downloads: home.to_path_buf() },
    }
}

pub(crate) fn recovery_file(home: &Path) -> RecoveryFile {
    RecoveryFile { path: home.join("recovery-key.txt").display().to_string() }
}

fn listener(told: &Told) -> super::Watcher {
    let told = Arc::clone(told);
    Box::new(move |event| {
        told.lock().unwrap().push(event);
        true
    })
}

async fn desk(home: &Path, told: &Told) -> Rc<Desk> {
    let news = Arc::new(News::default());
    let desk = Rc::new(Desk::new(setting(home), Arc::clone(&news)));
    desk.create(recovery_file(home)).await.unwrap();
    news.watch(listener(told));
    desk
}

fn outline() -> Outline {
    let word = str::to_owned;
    let (left, right) = (word("sales"), word("service"));
    Outline { kind: JobKind::Run, sync: word("sales-to-service"), left, right, run: None }
}

fn progress(done: u64) -> Progress {
    let (mapping, counts) = ("accounts".to_owned(), RunCounts::default());
    let (total, rate, seconds_left) = (Some(1000), 100.0, None);
    Progress { phase: Phase::Writing, mapping, done, total, rate, seconds_left, counts }
}

fn job_events(told: &Told) -> Vec<ConsoleEvent> {
    let is_job = |event: &&ConsoleEvent| {
        matches!(event, ConsoleEvent::Job(_) | ConsoleEvent::JobEnded { .. })
    };
    told.lock().unwrap().iter().filter(is_job).cloned().collect()
}

#[tokio::test(start_paused = true)]
async fn progress_comes_twenty_times_a_second_and_the_last_word_with_the_end() {
    let (home, told) = (tempfile::tempdir().unwrap(), Told::default());
    let desk = desk(home.path(), &told).await;
    let work = async |_: &_, watch: &mut dyn FnMut(Progress), _| {
        for done in 0..1000 {
            watch(progress(done));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    };
    desk.carry_out(outline(), work).await.unwrap();

    let events = job_events(&told);
    assert!((15..=22).contains(&events.len()), "{} events", events.len());
    let Some(ConsoleEvent::JobEnded { job, problem: None }) = events.last() else {
        panic!("the end is told last: {events:?}")
    };
    assert_eq!(job.progress.as_ref().map(|progress| progress.done), Some(999));
    let done = |event: &ConsoleEvent| match event {
        ConsoleEvent::Job(job) => job.progress.as_ref().map(|progress| progress.done),
        _ => None,
    };
    assert!(events.iter().filter_map(done).is_sorted(), "never an older word after a newer one");
}

#[tokio::test(start_paused = true)]
async fn one_job_at_a_time_may_plan_or_write() {
    let (home, told) = (tempfile::tempdir().unwrap(), Told::default());
    let desk = desk(home.path(), &told).await;
    let inner = Rc::clone(&desk);
    let work = async move |_: &_, _: &mut dyn FnMut(Progress), _| {
        let second = inner.carry_out(outline(), async |_, _, _| Ok(())).await;
        let codes = [
            second.unwrap_err().code,
            inner.refuse_while_sync_works("sales-to-service").unwrap_err().code,
            inner.refuse_while_org_works("sales").unwrap_err().code,
            inner.refuse_while_org_works("service").unwrap_err().code,
        ];
        assert_eq!(codes, [Code::JobAtWork; 4]);
        inner.refuse_while_sync_works("another").unwrap();
        inner.refuse_while_org_works("another").unwrap();
        Ok(())
    };
    desk.carry_out(outline(), work).await.unwrap();
    desk.refuse_while_sync_works("sales-to-service").unwrap();
    desk.carry_out(outline(), async |_, _, _| Ok(())).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_cancel_is_shown_at_once_and_reaches_the_work() {
    let (home, told) = (tempfile::tempdir().unwrap(), Told::default());
    let desk = desk(home.path(), &told).await;
    let inner = Rc::clone(&desk);
    let work = async move |_: &_,
                           _: &mut dyn FnMut(Progress),
                           cancel: tokio_util::sync::CancellationToken| {
        inner.cancel_job();
        cancel.cancelled().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(())
    };
    desk.carry_out(outline(), work).await.unwrap();
    let cancelling =
        |event: &ConsoleEvent| matches!(event, ConsoleEvent::Job(job) if job.cancelling);
    assert!(job_events(&told).iter().any(cancelling));
    desk.cancel_job();
}

#[tokio::test(start_paused = true)]
async fn the_window_asks_before_it_leaves_a_job_and_ends_as_chosen() {
    for (choice, ends) in [
        (CloseChoice::FinishFirst, true),
        (CloseChoice::StopAndClose, true),
        (CloseChoice::Stay, false),
    ] {
        let (home, told) = (tempfile::tempdir().unwrap(), Told::default());
        let desk = desk(home.path(), &told).await;
        let (inner, heard) = (Rc::clone(&desk), Arc::clone(&told));
        let work = async move |_: &_,
                               _: &mut dyn FnMut(Progress),
                               cancel: tokio_util::sync::CancellationToken| {
            inner.wish_to_close();
            let asked = heard
                .lock()
                .unwrap()
                .iter()
                .any(|event| matches!(event, ConsoleEvent::CloseAsked(_)));
            assert!(asked);
            inner.close_as_chosen(choice);
            assert_eq!(cancel.is_cancelled(), choice == CloseChoice::StopAndClose);
            assert!(!inner.ending().is_cancelled(), "the job ends first");
            Ok(())
        };
        desk.carry_out(outline(), work).await.unwrap();
        assert_eq!(desk.ending().is_cancelled(), ends, "{choice:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_job_or_a_page_nobody_is_asked() {
    let (home, told) = (tempfile::tempdir().unwrap(), Told::default());
    let idle = desk(home.path(), &told).await;
    idle.wish_to_close();
    assert!(idle.ending().is_cancelled());

    let home = tempfile::tempdir().unwrap();
    let unseen = desk(home.path(), &told).await;
    unseen.news.watch(Box::new(|_| false));
    let inner = Rc::clone(&unseen);
    let work = async move |_: &_, _: &mut dyn FnMut(Progress), _| {
        inner.wish_to_close();
        assert!(!inner.ending().is_cancelled());
        Ok(())
    };
    unseen.carry_out(outline(), work).await.unwrap();
    assert!(unseen.ending().is_cancelled(), "the job goes on to its end, and the console with it");
}

#[tokio::test]
async fn a_login_that_waits_is_given_up_and_its_secret_goes_nowhere() {
    const SECRET: &str = "client-secret-that-never-comes-back";
    let (home, told) = (tempfile::tempdir().unwrap(), Told::default());
    let desk = desk(home.path(), &told).await;
    // It takes the connection and never answers.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let order = ConnectOrder {
        name: "sales".to_owned(),
        host: LoginHost::Custom(format!("http://{}", silent.local_addr().unwrap())),
        client_id: "client".to_owned(),
        client_secret: Some(SECRET.to_owned()),
    };
    assert!(!format!("{order:?}").contains(SECRET));
    let steps = Cell::new(0);
    let give_up = async {
        tokio::task::yield_now().await;
        desk.give_up_login();
    };
    let count = |step: isthmus_contract::org::LoginStep| {
        assert!(!format!("{step:?}").contains(SECRET));
        steps.set(steps.get() + 1);
    };
    let (outcome, ()) = tokio::join!(desk.log_in(order, count), give_up);
    let problem: Problem = outcome.unwrap_err();
    assert_eq!(problem.code, Code::Cancelled);
    assert!(!format!("{problem:?} {told:?}").contains(SECRET));
}

#[test]
fn a_fault_of_one_errand_leaves_the_others_alone_and_frees_the_job() {
    let home = tempfile::tempdir().unwrap();
    let engine = Engine::start(setting(home.path()), || {}).unwrap();
    let told = Told::default();
    engine.watch(listener(&told));
    let file = recovery_file(home.path());
    answered(engine.ask::<WorkspaceCreate>(async move |desk| desk.create(file).await)).unwrap();

    let faulty = engine.ask::<RunCancel>(async |desk| {
        desk.carry_out::<()>(outline(), async |_, _, _| panic!("a fault, for the test")).await
    });
    assert_eq!(answered(faulty).unwrap_err().code, Code::Internal);

    let state = answered(engine.ask::<WorkspaceOpen>(async |desk| desk.open().await)).unwrap();
    assert!(matches!(state, WorkspaceState::Open(_)), "{state:?}");
    let next = engine
        .ask::<RunCancel>(async |desk| desk.carry_out(outline(), async |_, _, _| Ok(())).await);
    answered(next).unwrap();
    let ends = job_events(&told);
    let problems = ends.iter().filter_map(|event| match event {
        ConsoleEvent::JobEnded { problem, .. } => {
            Some(problem.as_ref().map(|problem| problem.code))
        }
        _ => None,
    });
    assert_eq!(problems.collect::<Vec<_>>(), [Some(Code::Internal), None]);
    engine.end(END_LIMIT);
}

#[test]
fn the_end_of_the_engine_is_told_once_and_answers_everything_after() {
    let home = tempfile::tempdir().unwrap();
    let engine = Engine::start(setting(home.path()), || panic!("it did not end as asked")).unwrap();
    let (sender, events) = channel();
    engine.watch(Box::new(move |event| sender.send(event).is_ok()));
    let broken = Errand { name: "test", work: Box::new(|_| panic!("a fault, for the test")) };
    assert!(engine.errands.send(broken).is_ok());

    let gone = events.recv_timeout(END_LIMIT).unwrap();
    assert!(matches!(&gone, ConsoleEvent::EngineGone(problem) if problem.code == Code::EngineGone));
    let asked = engine.ask::<WorkspaceOpen>(async |desk| desk.open().await);
    assert_eq!(answered(asked).unwrap_err().code, Code::EngineGone);
    assert!(!engine.wish_to_close(), "the window may go");

    let (sender, events) = channel();
    engine.watch(Box::new(move |event| sender.send(event).is_ok()));
    assert_eq!(
        events.recv_timeout(END_LIMIT).unwrap(),
        gone,
        "a page that comes later hears it too"
    );
}

#[test]
fn closing_seals_the_workspace_and_lets_the_next_one_open_it() {
    let home = tempfile::tempdir().unwrap();
    let first = setting(home.path());
    let keychain = first.surroundings.keychain.clone();
    let (sender, ended) = channel();
    let engine = Engine::start(first, move || sender.send(()).unwrap()).unwrap();
    let file = recovery_file(home.path());
    answered(engine.ask::<WorkspaceCreate>(async move |desk| desk.create(file).await)).unwrap();
    assert!(engine.wish_to_close());
    ended.recv_timeout(END_LIMIT).unwrap();

    let mut second = setting(home.path());
    second.surroundings.keychain = keychain;
    let engine = Engine::start(second, || {}).unwrap();
    let state = answered(engine.ask::<WorkspaceOpen>(async |desk| desk.open().await)).unwrap();
    assert!(matches!(state, WorkspaceState::Open(_)), "{state:?}");
    engine.end(END_LIMIT);
}

/// The answer, waited for on this thread as the window's threads do.
fn answered<T>(asked: impl Future<Output = T>) -> T {
    tauri::async_runtime::block_on(asked)
}
