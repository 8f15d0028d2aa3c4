//! Progress on a terminal: what is being done, counts, rate and time left; elsewhere nothing.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isthmus_contract::progress::Progress;

/// How often the spinner turns: often enough to show that the work goes on.
const TURN: Duration = Duration::from_millis(120);

/// Shows that something is waited for, until it is there.
pub(crate) async fn busy<T>(json: bool, what: &str, work: impl Future<Output = T>) -> T {
    let bar = Bar::new(json, what);
    let outcome = work.await;
    bar.finish();
    outcome
}

/// A bar on stderr.
pub(crate) struct Bar {
    bar: ProgressBar,
    shown: Option<(String, Option<u64>)>,
}

impl Bar {
    /// A bar where someone sees it; `what` is said until the first progress comes.
    pub(crate) fn new(json: bool, what: &str) -> Self {
        let visible = !json && std::io::stderr().is_terminal();
        let target =
            if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_prefix(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}") {
            bar.set_style(style);
        }
        if visible {
            bar.enable_steady_tick(TURN);
        }
        Self { bar, shown: None }
    }

    /// Shows how far the work has come.
    pub(crate) fn show(&mut self, progress: &Progress) {
        let title = format!("{} {}", progress.phase.as_str(), progress.mapping);
        let stage = (title, progress.total);
        if self.shown.as_ref() != Some(&stage) {
            self.begin(&stage);
            self.shown = Some(stage);
        }
        self.bar.set_position(progress.done);
        self.bar.set_message(message(progress));
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn begin(&self, (title, total): &(String, Option<u64>)) {
        self.bar.set_prefix(title.trim().to_owned());
        match total {
            Some(total) => self.bar.set_length(*total),
            None => self.bar.unset_length(),
        }
        let template = match total {
            Some(_) => "{spinner} {prefix} {bar:20} {pos}/{len} {wide_msg}",
            None => "{spinner} {prefix} {pos} {wide_msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }
}

/// What fits least comes last: the line is cut at the terminal's edge.
fn message(progress: &Progress) -> String {
    let mut parts = Vec::new();
    if let Some(seconds) = progress.seconds_left.filter(|seconds| *seconds > 0) {
        parts.push(format!("{seconds} s left"));
    }
    if progress.rate >= 1.0 {
        parts.push(format!("{:.0} rows/s", progress.rate));
    }
    let counts = progress.counts;
    let words =
        [(counts.created, "created"), (counts.updated, "updated"), (counts.failed, "failed")];
    for (number, word) in words.iter().filter(|(number, _)| *number > 0) {
        parts.push(format!("{number} {word}"));
    }
    parts.join(", ")
}
