//! The engine of one lane with everything it takes from outside.

use isthmus_sync::side::salesforce::SalesforceSide;
use isthmus_sync::{DEFAULT_SETTLE_WAIT, Engine, Options, Sides};

use crate::workspace::{BUILD, Workspace};

/// What a caller may set, at its defaults.
pub(crate) fn options(workspace: &Workspace) -> Options {
    Options {
        settle_wait: DEFAULT_SETTLE_WAIT,
        actor: workspace.surroundings.actor.clone(),
        build: BUILD.to_owned(),
    }
}

/// An engine between two sides; its randomness is drawn from the workspace's, so one seed gives one trace.
pub(crate) fn engine<'a>(
    workspace: &'a Workspace,
    left: &'a SalesforceSide,
    right: &'a SalesforceSide,
    options: Options,
) -> Engine<'a> {
    let random = workspace.surroundings.random.draw();
    let clock = workspace.surroundings.clock.as_ref();
    Engine::new(&workspace.ledger, Sides { left, right }, clock, Box::new(random), options)
}
