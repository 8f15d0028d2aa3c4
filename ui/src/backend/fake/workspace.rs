//! Answers about the console and its workspace.

use isthmus_contract::about::About;
use isthmus_contract::command::{
    AboutConsole, ConsoleClose, ConsoleWatch, LinkOpen, WorkspaceCreate, WorkspaceOpen,
    WorkspaceRecover,
};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::workspace::{WorkspaceState, WorkspaceView};
use serde_json::Value;

use crate::backend::fake::watch::listen;
use crate::backend::fake::{Question, Scenario};

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question
        .answer::<AboutConsole>(|_, ()| Ok(about()))
        .or_else(|| {
            question.answer::<ConsoleWatch>(|question, ()| {
                listen(question);
                Ok(())
            })
        })
        .or_else(|| question.answer::<ConsoleClose>(|_, _| Ok(())))
        .or_else(|| question.answer::<LinkOpen>(|_, _| Ok(())))
        .or_else(|| question.answer::<WorkspaceOpen>(|question, ()| Ok(state(question.scenario))))
        .or_else(|| question.answer::<WorkspaceCreate>(|_, _| Ok(workspace())))
        .or_else(|| question.answer::<WorkspaceRecover>(|_, _| Ok(workspace())))
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

fn state(scenario: Scenario) -> WorkspaceState {
    let recovery_file = "/home/me/Documents/isthmus-recovery-key-main.txt".to_owned();
    match scenario {
        Scenario::New => WorkspaceState::Missing { workspace: workspace(), recovery_file },
        Scenario::Failing => WorkspaceState::Refused {
            workspace: workspace(),
            problem: Problem::new(
                Code::WorkspaceOwned,
                "another Isthmus (a command, process 4711) has this workspace open",
                "wait until it has ended, or end it, then try again",
            ),
            recovery_file,
        },
        _ => WorkspaceState::Open(workspace()),
    }
}
