//! `demo`: the main job from end to end on two simulated orgs.

mod job;
mod orgs;
mod report;
mod window;

use crate::arguments::{Arguments, Switch};
use crate::demo::job::Job;
use crate::demo::orgs::Orgs;
use crate::error::Result;
use crate::prepare::{self, Purpose};
use crate::session::Session;
use crate::{binaries, console, ui};

/// What the job needs. Built by themselves, for one choice of packages has one choice of features: together with the
/// window, which is built after them, their dependencies would be compiled once more.
const JOB: [&str; 2] = ["isthmus-cli", "orgsim"];

/// What the demo ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// The console on a workspace that is ready, for a person who takes it from there.
    Window,
    /// The report, because nobody could see a window or a program reads along.
    Report,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let ending = ending(arguments);
    build(ending, arguments)?;
    let session = Session::start("demo")?;
    let orgs = Orgs::start()?;
    let job = Job::new(&session, &orgs)?;
    match ending {
        Ending::Window => {
            job.make_ready()?;
            window::open_until_closed(&job)
        }
        Ending::Report => {
            let report = job.run()?;
            console::result(&report.for_people());
            if arguments.has(Switch::Json) {
                console::result(&report.for_programs());
            }
            Ok(())
        }
    }
}

fn ending(arguments: &Arguments) -> Ending {
    if window::has_display() && !arguments.has(Switch::Json) {
        Ending::Window
    } else {
        Ending::Report
    }
}

fn build(ending: Ending, arguments: &Arguments) -> Result<()> {
    match ending {
        Ending::Window => {
            prepare::ensure(Purpose::Console, arguments)?;
            ui::run()?;
            binaries::build(&JOB)?;
            binaries::build(&["isthmus-desktop"])
        }
        Ending::Report => {
            prepare::ensure(Purpose::Job, arguments)?;
            binaries::build(&JOB)
        }
    }
}
