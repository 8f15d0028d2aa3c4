//! Ctrl-C: the first one lets the batch in flight finish, the second one ends the process.

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::output::complain;

/// What a Ctrl-C meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Both orgs are read and compared; nothing is written.
    Planning,
    /// Rows are written.
    Writing,
}

/// Listens for Ctrl-C until it is dropped.
pub(crate) struct Interrupt {
    token: CancellationToken,
    listener: JoinHandle<()>,
}

impl Interrupt {
    /// Begins to listen.
    pub(crate) fn listen(work: Work) -> Self {
        let token = CancellationToken::new();
        let listener = tokio::spawn(end_on_ctrl_c(token.clone(), work));
        Self { token, listener }
    }

    /// The token that the first Ctrl-C cancels.
    pub(crate) fn token(&self) -> CancellationToken {
        self.token.clone()
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn end_on_ctrl_c(token: CancellationToken, work: Work) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    token.cancel();
    complain(match work {
        Work::Planning => "\nStopping; nothing was written. Ctrl-C again ends at once.",
        Work::Writing => {
            "\nStopping after the batch in flight. Ctrl-C again ends at once, and loses nothing either."
        }
    });
    if tokio::signal::ctrl_c().await.is_ok() {
        // Safe at any point: intents are durable, and the next run reads back what became of them.
        std::process::exit(i32::from(Exit::Cancelled as u8));
    }
}
