//! From the engine's progress to the one that window and command show.

use isthmus_contract::progress::{Phase, Progress};
use isthmus_sync::progress::Stage;

/// The engine's report in the contract's words.
pub(crate) fn translate(progress: isthmus_sync::progress::Progress) -> Progress {
    let phase = match progress.stage {
        Stage::Recovering => Phase::Recovering,
        Stage::ReadingLeft | Stage::ReadingRight => Phase::Reading,
        Stage::Planning => Phase::Planning,
        Stage::Writing => Phase::Writing,
        Stage::Settling => Phase::Settling,
    };
    Progress {
        phase,
        mapping: progress.mapping.map(|name| name.to_string()).unwrap_or_default(),
        done: progress.done,
        total: progress.total,
        rate: progress.rows_per_second,
        seconds_left: progress.seconds_left,
        counts: progress.counts,
    }
}
