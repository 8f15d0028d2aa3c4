//! Ctrl-C: the first one lets the batch in flight finish, the second one ends the process.

use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::output::complain;

/// A token that the first Ctrl-C cancels.
pub(crate) fn cancel_on_ctrl_c() -> CancellationToken {
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        cancelled.cancel();
        complain("stopping after the batch in flight; Ctrl-C again ends at once");
        if tokio::signal::ctrl_c().await.is_ok() {
            // Safe at any point: intents are durable, and the next run reads back what became of them.
            std::process::exit(i32::from(Exit::Cancelled as u8));
        }
    });
    token
}
