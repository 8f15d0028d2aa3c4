//! `dev`: the console, built and opened again after each change.

use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::arguments::Arguments;
use crate::error::{Error, Result};
use crate::prepare::{self, Purpose};
use crate::{binaries, console, places, ui};

/// What the window is made of, beside the sources of the pages.
const SHELL: &[&str] =
    &["src-tauri", "tauri.conf.json", "crates/app", "crates/sync", "crates/store", "Cargo.toml"];

/// How often the sources are looked at: half a second is not felt, and costs nothing.
const INTERVAL: Duration = Duration::from_millis(500);

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::ensure(Purpose::Console, arguments)?;
    loop {
        let seen = newest_source()?;
        let window = match build_and_open() {
            Ok(window) => Some(window),
            Err(error) => {
                console::note(&format!("{error}; the next change starts another try"));
                None
            }
        };
        wait_for_change(seen)?;
        close(window);
    }
}

fn build_and_open() -> Result<Child> {
    ui::run()?;
    binaries::build(&["isthmus-desktop"])?;
    console::step("The console is open; Ctrl+C ends it");
    Command::new(binaries::built("isthmus-desktop")?)
        .spawn()
        .map_err(|source| Error::system("opening the console", source))
}

fn wait_for_change(seen: SystemTime) -> Result<()> {
    while newest_source()? <= seen {
        thread::sleep(INTERVAL);
    }
    Ok(())
}

fn close(window: Option<Child>) {
    if let Some(mut window) = window {
        let _already_closed = window.kill();
        let _already_closed = window.wait();
    }
}

fn newest_source() -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for source in ui::SOURCES.iter().chain(SHELL) {
        newest = newest.max(ui::newest(&places::checkout().join(source))?);
    }
    Ok(newest)
}
