//! The console at the end of the demo, on the person's own display.

use std::path::PathBuf;
use std::process::Command;

use crate::demo::job::Job;
use crate::error::Result;
use crate::{binaries, console, process};

/// Whether a window could be seen.
pub(super) fn has_display() -> bool {
    variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some()
}

/// Opens the console on the workspace that was made ready, and waits for the person.
pub(super) fn open_until_closed(job: &Job<'_>) -> Result<()> {
    console::step(
        "The console is open: preview the sync and run it; closing ends the demo and deletes its workspace",
    );
    let mut console = Command::new(binaries::built("isthmus-desktop")?);
    job.admit(&mut console);
    // The session has a home and a runtime folder of its own; the display's own files are in the person's.
    if let (Some(display), Some(runtime)) =
        (variable("WAYLAND_DISPLAY"), variable("XDG_RUNTIME_DIR"))
    {
        console.env("WAYLAND_DISPLAY", runtime.join(display));
    }
    if let Some(home) = variable("HOME").filter(|_| variable("XAUTHORITY").is_none()) {
        console.env("XAUTHORITY", home.join(".Xauthority"));
    }
    process::run(&mut console)
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
