//! Where answers come from: the shell, or a fake of it where there is none.
//!
//! Pages ask by the commands of `isthmus-contract` and know nothing else. Nothing outside this folder names the bridge
//! to the shell, and nothing outside the showcase names the fake.

mod bridge;
pub mod fake;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use isthmus_contract::command::Command;
use isthmus_contract::problem::{Code, Problem};
use leptos::prelude::expect_context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::backend::bridge::Bridge;

/// An answer on its way.
pub type Answering = Pin<Box<dyn Future<Output = Result<Value, Problem>>>>;

/// What is told meanwhile, one call per event.
pub type Events = Box<dyn FnMut(Value)>;

/// The other side of every question, on the level of JSON.
pub trait Shell: Send + Sync {
    /// Asks one command. Events may go on after the answer.
    fn ask(&self, command: &'static str, request: Value, events: Option<Events>) -> Answering;
}

/// The other side of every question that a page asks.
#[derive(Clone)]
pub struct Backend(Arc<dyn Shell>);

impl Backend {
    /// The desktop shell around this page.
    #[must_use]
    pub fn shell() -> Self {
        Self::over(Bridge::find())
    }

    /// Any other shell.
    #[must_use]
    pub fn over(shell: impl Shell + 'static) -> Self {
        Self(Arc::new(shell))
    }

    /// The one that the application put into context.
    pub(crate) fn of_this_app() -> Self {
        expect_context::<Self>()
    }

    /// Asks one command.
    ///
    /// # Errors
    /// The problem that the shell answered instead.
    pub(crate) async fn ask<C: Command>(&self, request: C::Request) -> Result<C::Answer, Problem> {
        read(self.0.ask(C::NAME, written(&request)?, None).await?)
    }

    /// Asks one command and takes what it tells meanwhile.
    ///
    /// # Errors
    /// The problem that the shell answered instead.
    pub(crate) async fn follow<C: Command>(
        &self,
        request: C::Request,
        mut on_event: impl FnMut(C::Event) + 'static,
    ) -> Result<C::Answer, Problem> {
        let events: Events = Box::new(move |event| {
            // An event of a newer shell is left out; the answer still comes.
            if let Ok(event) = serde_json::from_value(event) {
                on_event(event);
            }
        });
        read(self.0.ask(C::NAME, written(&request)?, Some(events)).await?)
    }
}

fn written<Request: Serialize>(request: &Request) -> Result<Value, Problem> {
    serde_json::to_value(request).map_err(|error| unreadable(&error))
}

fn read<Answer: DeserializeOwned>(answer: Value) -> Result<Answer, Problem> {
    serde_json::from_value(answer).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Problem {
    Problem::new(
        Code::Internal,
        format!("page and shell do not understand each other: {error}"),
        "install Isthmus again, so that both are of one build",
    )
}
