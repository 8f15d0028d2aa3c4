//! `isthmus sync`: import, export, list, enable, disable, delete, suggest.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum SyncCommand {
    /// Import a mapping file, checked against both orgs; all its problems are listed at once.
    #[command(after_long_help = "\
A file under a known name becomes the sync's next version; a file of the same meaning changes
nothing. docs/mapping-file.md explains every word, docs/examples/ has files to start from.

Examples:
  isthmus sync import docs/examples/sales-to-service.yaml
  isthmus sync import mapping.yaml --check
  isthmus sync suggest sales service | isthmus sync import -")]
    Import(ImportArguments),
    /// Print the mapping file of a sync as it was imported.
    Export {
        /// The sync's name.
        sync: String,
        /// Write to this file instead of stdout; an existing file is replaced in one step.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// List the syncs.
    List,
    /// Let runs of a sync happen again.
    Enable {
        /// The sync's name.
        sync: String,
    },
    /// Keep a sync from running.
    Disable {
        /// The sync's name.
        sync: String,
    },
    /// Delete a sync with its links and bases; runs, reports and the audit trail stay.
    #[command(after_long_help = "\
No record of any org is touched. The links (which records are the same thing) are forgotten: a
sync imported again finds them by its match rule.")]
    Delete {
        /// The sync's name.
        sync: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Propose a mapping file for two orgs by API names and labels.
    #[command(after_long_help = "\
Each line carries its score and reason. Only what imports cleanly is proposed: read it, edit it,
import it.

Examples:
  isthmus sync suggest sales service --output mapping.yaml
  isthmus sync suggest sales service --objects Account,Contact")]
    Suggest(SuggestArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The mapping file; `-` reads stdin.
    pub(crate) file: PathBuf,
    /// Check only; change nothing.
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SuggestArguments {
    /// The left org's name: the source.
    pub(crate) left: String,
    /// The right org's name: the target.
    pub(crate) right: String,
    /// The sync's name; `LEFT-to-RIGHT` when left out.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Only these left objects.
    #[arg(long, value_delimiter = ',', value_name = "OBJECT")]
    pub(crate) objects: Vec<String>,
    /// Write to this file instead of stdout.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
