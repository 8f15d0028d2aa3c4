//! Progress on a terminal: what is being done, counts, rate and time left; elsewhere nothing.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use isthmus_contract::progress::Progress;

/// A bar on stderr.
pub(crate) struct Bar {
    bar: ProgressBar,
    shown: Option<(String, Option<u64>)>,
}

impl Bar {
    /// A bar where someone sees it.
    pub(crate) fn new(json: bool) -> Self {
        let visible = !json && std::io::stderr().is_terminal();
        let target =
            if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(None, target), shown: None }
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
            Some(_) => "{prefix} {bar:30} {pos}/{len} {msg}",
            None => "{prefix} {spinner} {pos} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }
}

fn message(progress: &Progress) -> String {
    let mut parts = vec![format!("{:.0} rows/s", progress.rate)];
    if let Some(seconds) = progress.seconds_left {
        parts.push(format!("{seconds} s left"));
    }
    let counts = progress.counts;
    if counts.rows_read() > 0 {
        parts.push(format!(
            "{} created, {} updated, {} failed",
            counts.created, counts.updated, counts.failed
        ));
    }
    parts.join(", ")
}
