//! `fill-ledger <home> <rows>`: makes the workspace `default` below a folder, with one ended run of that many rows.
//!
//! It uses the keychain of the session it runs in, so that window and command open the workspace as their own. A
//! workspace that is there already is left alone.

use std::io::Write;
use std::path::PathBuf;

use isthmus_app::workspace::{OwnerKind, Surroundings};
use isthmus_tests::filled::filled_workspace;

/// What window and command call the workspace when nobody names one.
const WORKSPACE: &str = "default";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let usage = "usage: fill-ledger <home> <rows>";
    let home = PathBuf::from(arguments.next().ok_or(usage)?);
    let rows = arguments.next().and_then(|rows| rows.to_str()?.parse().ok()).ok_or(usage)?;
    let surroundings = Surroundings::of_this_machine(OwnerKind::Command)?;
    let run = filled_workspace(&home, WORKSPACE, rows, &surroundings)?;
    writeln!(std::io::stdout(), "{}: run {run} with {rows} rows", home.join(WORKSPACE).display())?;
    Ok(())
}
