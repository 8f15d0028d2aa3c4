//! The command line: every verb with help that teaches. No argument ever takes a secret; those come from stdin.

mod data;
mod org;
mod run;
mod sync;
mod workspace;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use data::{QueryArguments, QueryFormat, RecordCommand};
pub(crate) use org::{ConnectArguments, OrgCommand};
pub(crate) use run::{
    OutcomeWord, PlanArguments, ReportArguments, RetryArguments, RunArguments, RunsArguments,
};
pub(crate) use sync::{ImportArguments, SuggestArguments, SyncCommand};
pub(crate) use workspace::WorkspaceCommand;

use crate::exit::EXIT_CODES_HELP;

/// How long a command waits for another process to let go of the workspace when nothing else is said.
const DEFAULT_WAIT_SECONDS: u64 = 10;

/// Keeps records in agreement between Salesforce orgs, from this machine.
#[derive(Debug, Parser)]
#[command(
    name = "isthmus",
    version,
    max_term_width = 100,
    after_help = "Begin with `isthmus workspace create`. `isthmus help COMMAND` shows examples for each command.",
    after_long_help = format!("{FIRST_STEPS}\n\n{EXIT_CODES_HELP}\n\n{ENVIRONMENT}")
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const FIRST_STEPS: &str = "\
First steps:
  isthmus workspace create                                   # once; keep the key it shows
  isthmus org connect sales --client-id 3MVG9...             # opens the browser
  isthmus org connect service --sandbox --client-id 3MVG9...
  isthmus sync suggest sales service --output mapping.yaml   # a proposal to read and edit
  isthmus sync import mapping.yaml
  isthmus plan sales-to-service                              # what a run would do; writes nothing
  isthmus run sales-to-service
  isthmus report 2                                           # the number that the run printed";

const ENVIRONMENT: &str = "\
Environment:
  ISTHMUS_HOME       where workspaces are kept (default: the user's data folder)
  ISTHMUS_WORKSPACE  the workspace used when --workspace is left out";

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct GlobalArguments {
    /// The workspace to use; a consultant has one per client.
    #[arg(
        long,
        global = true,
        env = "ISTHMUS_WORKSPACE",
        default_value = "default",
        value_name = "NAME",
        hide_env = true
    )]
    pub(crate) workspace: String,
    /// Print one JSON document on stdout; problems go to stderr as JSON too.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Wait this long while another process (the window, another command) has the workspace open.
    #[arg(long, global = true, default_value_t = DEFAULT_WAIT_SECONDS, value_name = "SECONDS")]
    pub(crate) wait: u64,
    /// How much the log file tells; it never holds tokens or record values.
    #[arg(long, global = true, default_value = "info", value_name = "LEVEL")]
    pub(crate) log_level: LogLevel,
}

/// How much the log file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    /// Someone must act.
    Error,
    /// Recovered by itself.
    Warn,
    /// Each step.
    Info,
    /// Each request.
    Debug,
}

impl LogLevel {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create, recover or find the workspace.
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// Connect, list, test or disconnect orgs.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Import, export and switch syncs; propose one.
    #[command(subcommand)]
    Sync(SyncCommand),
    /// Show what a run would do; writes nothing to any org.
    Plan(PlanArguments),
    /// Carry out a sync: plan, write, report.
    Run(RunArguments),
    /// List past runs, newest first.
    Runs(RunsArguments),
    /// Show one run: causes with their next action, and every row.
    Report(ReportArguments),
    /// Try the failed rows of a run again.
    Retry(RetryArguments),
    /// Say whether everything is all right, and what to do where it is not.
    Health,
    /// Read rows with SOQL.
    Query(QueryArguments),
    /// Look at single records.
    #[command(subcommand)]
    Record(RecordCommand),
    /// Check the audit trail.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Print a completion script for a shell.
    #[command(
        after_long_help = "Example:\n  isthmus completions bash > ~/.local/share/bash-completion/completions/isthmus"
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the JSON schema of mapping files.
    #[command(
        after_long_help = "Editors use it for completion and checks while typing. Put this line on top of a mapping file:\n  # yaml-language-server: $schema=sync.schema.json"
    )]
    Schema,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Recompute every hash of the trail and compare.
    Verify,
}
