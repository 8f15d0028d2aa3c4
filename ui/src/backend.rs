//! Where answers come from: the shell, or a fake of it where there is none.
//!
//! Pages know this file only. Nothing outside this folder names the bridge to the shell.

mod bridge;
mod fake;

use isthmus_contract::about::About;
use leptos::prelude::expect_context;

use crate::backend::bridge::Bridge;
use crate::backend::fake::Fake;

/// The other side of every question that a page asks.
#[derive(Debug, Clone)]
pub(crate) enum Backend {
    /// The desktop shell.
    Shell(Bridge),
    /// Fixed answers: component tests, and the page opened in a plain browser while one works on its looks.
    Fake(Fake),
}

/// Why there is no answer, as text for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unanswered(pub(crate) String);

impl Backend {
    /// The shell where the page runs inside one, else the fake.
    pub(crate) fn find() -> Self {
        Bridge::find().map_or_else(|| Self::Fake(Fake), Self::Shell)
    }

    /// The one that the application put into context.
    pub(crate) fn of_this_app() -> Self {
        expect_context::<Self>()
    }

    /// What the console says about itself.
    pub(crate) async fn about(&self) -> Result<About, Unanswered> {
        match self {
            Self::Shell(bridge) => bridge.ask("about").await,
            Self::Fake(fake) => Ok(fake.about()),
        }
    }
}
