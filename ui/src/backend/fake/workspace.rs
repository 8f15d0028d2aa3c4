//! Answers about the console and its workspace.

use isthmus_contract::about::About;
use isthmus_contract::command::{
    AboutConsole, ConsoleClose, ConsoleWatch, LinkOpen, WorkspaceCreate, WorkspaceOpen,
    WorkspaceRecover,
};
use isthmus_contract::console::ConsoleEvent;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::workspace::{RecoveryFile, WorkspaceState, WorkspaceView};
use serde_json::Value;

use crate::backend::fake::watch::{listen, tell};
use crate::backend::fake::{Question, Scenario};

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question
        .answer::<AboutConsole>(|_, ()| Ok(about()))
        .or_else(|| {
            question.answer::<ConsoleWatch>(|question, ()| {
                listen(question);
                happen(question);
                Ok(())
            })
        })
        .or_else(|| question.answer::<ConsoleClose>(|_, _| Ok(())))
        .or_else(|| question.answer::<LinkOpen>(|_, _| Ok(())))
        .or_else(|| question.answer::<WorkspaceOpen>(|question, ()| state(question)))
        .or_else(|| question.answer::<WorkspaceCreate>(|question, file| open(question, &file)))
        .or_else(|| question.answer::<WorkspaceRecover>(|question, file| open(question, &file)))
}

/// What the address asks for (`?event=close`, with `job=run` beside it; `gone`; `fault`).
fn happen(question: &Question) {
    let (event, job) = {
        let world = question.world();
        (world.event.clone(), world.job.clone())
    };
    match (event.as_deref(), job) {
        (Some("close"), Some(job)) => tell(&ConsoleEvent::CloseAsked(job)),
        (Some("gone"), _) => tell(&ConsoleEvent::EngineGone(Problem::new(
            Code::EngineGone,
            "the engine has ended: its thread ran out of memory",
            "start Isthmus again; a run that was at work is resumed",
        ))),
        (Some("fault"), _) => panic!("a fault that the address asked for"),
        _ => {}
    }
}

fn about() -> About {
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        downloads: "/home/me/Downloads".to_owned(),
    }
}

fn workspace() -> WorkspaceView {
    let folder = "/home/me/.local/share/isthmus/main".to_owned();
    WorkspaceView { name: "main".to_owned(), folder }
}

fn state(question: &Question) -> Result<WorkspaceState, Problem> {
    let recovery_file = "/home/me/Documents/isthmus-recovery-key-main.txt".to_owned();
    let world = question.world();
    let refused = |problem, recovery_file| WorkspaceState::Refused {
        workspace: workspace(),
        problem,
        recovery_file,
    };
    Ok(match world.workspace.as_deref().filter(|_| !world.opened) {
        Some("owned") => refused(owned(), recovery_file),
        Some("keychain") => refused(no_entry(), recovery_file),
        Some("unanswered") => return Err(unanswered()),
        _ if question.scenario == Scenario::New && !world.opened => {
            WorkspaceState::Missing { workspace: workspace(), recovery_file }
        }
        _ => WorkspaceState::Open(workspace()),
    })
}

/// A file that lies in `/root` cannot be written or read, as on a real machine.
fn open(question: &mut Question, file: &RecoveryFile) -> Result<WorkspaceView, Problem> {
    if file.path.starts_with("/root") {
        return Err(Problem::new(
            Code::FileAccess,
            format!("{}: permission denied", file.path),
            "choose a folder that you may write to",
        ));
    }
    question.world().opened = true;
    Ok(workspace())
}

fn owned() -> Problem {
    Problem::new(
        Code::WorkspaceOwned,
        "another Isthmus (a command, process 4711) has this workspace open",
        "wait until it has ended, or end it, then try again",
    )
}

fn no_entry() -> Problem {
    Problem::new(
        Code::KeychainEntryMissing,
        "the keychain has no key for this workspace",
        "give the file that the recovery key was saved to",
    )
}

fn unanswered() -> Problem {
    Problem::new(
        Code::DiskFull,
        "no space is left for the ledger in /home/me/.local/share/isthmus/main",
        "make room on this disk, then try again",
    )
}
