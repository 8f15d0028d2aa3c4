//! Progress: what a run tells whoever watches it, with counts, rate and time left.

use isthmus_model::clock::Clock;
use isthmus_model::mapping::MappingName;
use isthmus_model::run::RunCounts;
use jiff::Timestamp;
use serde::Serialize;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reading back what an earlier run left open.
    Recovering,
    /// Reading the left org.
    ReadingLeft,
    /// Reading the right org.
    ReadingRight,
    /// Comparing and planning.
    Planning,
    /// Writing.
    Writing,
    /// Waiting until the org certifies what became of lost answers.
    Settling,
}

/// One report of progress.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// What the run is doing.
    pub stage: Stage,
    /// The object mapping it is at.
    pub mapping: Option<MappingName>,
    /// Rows done in this stage.
    pub done: u64,
    /// Rows of this stage, where known.
    pub total: Option<u64>,
    /// Rows per second since the stage began.
    pub rows_per_second: f64,
    /// Seconds left at this rate.
    pub seconds_left: Option<u64>,
    /// Outcomes so far.
    pub counts: RunCounts,
}

/// Keeps the rate of one stage.
#[derive(Debug)]
pub(crate) struct Meter {
    stage: Stage,
    began: Timestamp,
    done: u64,
    total: Option<u64>,
}

impl Meter {
    pub(crate) fn new(stage: Stage, total: Option<u64>, clock: &dyn Clock) -> Self {
        Self { stage, began: clock.now(), done: 0, total }
    }

    pub(crate) fn advance(
        &mut self,
        rows: u64,
        mapping: Option<&MappingName>,
        counts: RunCounts,
        clock: &dyn Clock,
    ) -> Progress {
        self.done += rows;
        let elapsed = clock.now().duration_since(self.began).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for the eye")]
        let rows_per_second = if elapsed > 0.0 { self.done as f64 / elapsed } else { 0.0 };
        Progress {
            stage: self.stage,
            mapping: mapping.cloned(),
            done: self.done,
            total: self.total,
            rows_per_second,
            seconds_left: self.seconds_left(rows_per_second),
            counts,
        }
    }

    fn seconds_left(&self, rows_per_second: f64) -> Option<u64> {
        let left = self.total?.saturating_sub(self.done);
        if rows_per_second <= 0.0 {
            return None;
        }
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole seconds for the eye, both operands positive"
        )]
        let seconds = (left as f64 / rows_per_second).ceil() as u64;
        Some(seconds)
    }
}
