//! `demo`: the main job from end to end on two simulated orgs.

use crate::arguments::Arguments;
use crate::error::Result;

pub(crate) fn run(_arguments: &Arguments) -> Result<()> {
    Ok(())
}
