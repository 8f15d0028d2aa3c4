//! Logs: JSON lines in a rotating file of the workspace. No token and no record value is ever logged.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

use crate::error::{Error, Result};

/// Days of logs that are kept: long enough to look into last week's run, short enough to forget.
const KEPT_FILES: usize = 14;
/// The folder inside the workspace.
const FOLDER: &str = "logs";

/// Keeps the log's writer alive; dropping it writes what is left.
#[derive(Debug)]
pub struct LogGuard {
    _worker: WorkerGuard,
}

/// Starts logging into `<workspace>/logs/isthmus.<day>.jsonl` and lets panics leave their place there.
///
/// Other crates' events come at WARN only: their debug output can hold addresses and headers.
///
/// # Errors
/// [`Error::File`] when the folder cannot be written.
pub fn start(workspace: &Path, level: &str) -> Result<LogGuard> {
    let folder = workspace.join(FOLDER);
    make_private_folder(&folder)?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("isthmus")
        .filename_suffix("jsonl")
        .max_log_files(KEPT_FILES)
        .build(&folder)
        .map_err(|error| Error::File {
            path: folder.display().to_string(),
            reason: error.to_string(),
        })?;
    let (writer, worker) = tracing_appender::non_blocking(appender);
    let started = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter(level))
        .with_writer(writer)
        .with_ansi(false)
        .try_init();
    // A second start in one process (tests) keeps the first log.
    drop(started);
    guard_panics();
    Ok(LogGuard { _worker: worker })
}

fn filter(level: &str) -> EnvFilter {
    const OURS: [&str; 8] = [
        "isthmus",
        "isthmus_app",
        "isthmus_salesforce",
        "isthmus_store",
        "isthmus_sync",
        "isthmus_vault",
        "isthmus_cli",
        "isthmus_desktop",
    ];
    let ours = OURS.map(|name| format!("{name}={level}")).join(",");
    EnvFilter::new(format!("warn,hyper=error,reqwest=error,{ours}"))
}

/// Lets panics tell their place alone: a panic's message can quote what it tripped over.
pub fn guard_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "panicked");
        let text = format!(
            "isthmus: internal fault at {place}; the log has more (isthmus workspace path)\n"
        );
        let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
    }));
}

/// Makes a folder that only its owner can enter.
pub(crate) fn make_private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| Error::file(folder, &error))
}
