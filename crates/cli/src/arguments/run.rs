//! `isthmus plan`, `run`, `runs`, `report`, `retry`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use isthmus_model::ids::{RecordId, RunId};

/// Rows of a plan shown when nothing else is said: a new row has a line per field.
const DEFAULT_OPERATIONS: u64 = 20;
/// Rows of a report shown when nothing else is said: a screen or two.
const DEFAULT_ROWS: u64 = 50;
/// Runs shown when nothing else is said.
const DEFAULT_RUNS: u32 = 20;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Reads both orgs and compares; nothing is written. Each row shows what would be done and why, each
field what the target holds and what it would hold. Plans and runs are numbered together;
`isthmus run` makes a new one and asks before it writes.

Examples:
  isthmus plan sales-to-service
  isthmus plan sales-to-service --records 0015500001QdQWaAAN
  isthmus plan sales-to-service --json --limit 1000")]
pub(crate) struct PlanArguments {
    /// The sync's name.
    pub(crate) sync: String,
    /// Only these records of the left org, with the parents they need.
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(crate) records: Vec<RecordId>,
    /// Most rows to show one by one; the counts are always of all.
    #[arg(long, default_value_t = DEFAULT_OPERATIONS, value_name = "ROWS")]
    pub(crate) limit: u64,
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
On a terminal the plan's counts are shown and a yes is asked for; elsewhere the command itself is the yes.
Ctrl-C ends the run after the batch in flight (end state `stopped`, the next run goes on with the
rest); a second Ctrl-C ends the process at once, which is safe too: the next run reads back what
became of everything that was under way.

Examples:
  isthmus run sales-to-service
  isthmus run sales-to-service --records 0015500001QdQWaAAN,0035500001H9cakAAB
  isthmus run sales-to-service --yes --json")]
pub(crate) struct RunArguments {
    /// The sync's name.
    pub(crate) sync: String,
    /// Only these records of the left org, with the parents they need.
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(crate) records: Vec<RecordId>,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunsArguments {
    /// Only runs of this sync.
    #[arg(long, value_name = "SYNC")]
    pub(crate) sync: Option<String>,
    /// Most runs to list.
    #[arg(long, default_value_t = DEFAULT_RUNS, value_name = "RUNS")]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
Outcomes: created, updated, unchanged (agreed already), held (not sent), failed (refused by the
target and quarantined), pending (not known yet; the next run reads it back).

Examples:
  isthmus report 12
  isthmus report 12 --outcome failed
  isthmus report 12 --csv failed.csv --outcome failed")]
pub(crate) struct ReportArguments {
    /// The run's number, as `isthmus runs` shows it.
    pub(crate) run: RunId,
    /// Only rows with this outcome.
    #[arg(long, value_name = "OUTCOME")]
    pub(crate) outcome: Option<OutcomeWord>,
    /// Most rows to show; files get all of them.
    #[arg(long, default_value_t = DEFAULT_ROWS, value_name = "ROWS")]
    pub(crate) limit: u64,
    /// Rows to leave out at the start.
    #[arg(long, default_value_t = 0, value_name = "ROWS")]
    pub(crate) offset: u64,
    /// Write all rows to a CSV file that spreadsheet programs open safely.
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// Write the whole report to a JSON file.
    #[arg(long, value_name = "FILE")]
    pub(crate) json_file: Option<PathBuf>,
}

/// An outcome's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomeWord {
    /// Inserted on the target.
    Created,
    /// Updated on the target.
    Updated,
    /// Already agreed.
    Unchanged,
    /// Not sent, and why.
    Held,
    /// Refused by the target and quarantined.
    Failed,
    /// Not known yet.
    Pending,
}

impl OutcomeWord {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }
}

#[derive(Debug, Args)]
#[command(after_long_help = "\
Failed rows are read again on both sides, planned again and sent again; rows that agree by now are
left alone.

Example:
  isthmus retry 12")]
pub(crate) struct RetryArguments {
    /// The run whose failed rows are tried again.
    pub(crate) run: RunId,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}
