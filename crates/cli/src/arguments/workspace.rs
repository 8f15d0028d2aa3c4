//! `isthmus workspace`: create, recover, path.

use clap::{ArgAction, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum WorkspaceCommand {
    /// Create the workspace: an encrypted ledger, its key in the keychain, and a recovery key shown once.
    #[command(after_long_help = "\
The recovery key opens the ledger when the keychain has lost its entry (a new machine, a restored
backup). It is shown once and kept nowhere: print it, or put it into a password manager.

Examples:
  isthmus workspace create
  isthmus --workspace acme workspace create")]
    Create,
    /// Put the ledger's key back into the keychain, from the recovery key.
    #[command(after_long_help = "\
Use it when the keychain's entry is gone. Nothing is created and no new key is made.

Example:
  isthmus workspace recover --recovery-key-stdin < recovery-key.txt")]
    Recover {
        /// Read the recovery key from stdin.
        #[arg(long, required = true, action = ArgAction::SetTrue)]
        recovery_key_stdin: bool,
    },
    /// Print the folder of the workspace.
    Path,
}
