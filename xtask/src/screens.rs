//! `screens`: pictures of every page in every state, for the docs and for the eye.

use std::process::Command;

use crate::arguments::Arguments;
use crate::error::Result;
use crate::prepare::{self, Purpose};
use crate::session::Session;
use crate::virtual_display::VirtualDisplay;
use crate::{binaries, console, places, process, ui};

/// The package that takes them.
const PACKAGE: &str = "isthmus-tests";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::ensure(Purpose::Check, arguments)?;
    ui::run()?;
    binaries::build(&[PACKAGE])?;
    console::step("Taking pictures");
    let session = Session::start("screens")?;
    let display = VirtualDisplay::start()?;
    let mut screens = Command::new(binaries::built("screens")?);
    screens
        .arg(places::checkout().join("docs/screens"))
        .args(arguments.operands())
        .env("DISPLAY", display.name())
        .env_remove("WAYLAND_DISPLAY");
    process::run(session.admit(&mut screens))
}
