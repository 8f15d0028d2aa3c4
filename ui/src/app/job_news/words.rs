//! The words: a milestone every tenth of a phase, and the five ends of a run.

use isthmus_contract::console::JobView;
use isthmus_contract::progress::Phase;
use isthmus_contract::run::RunView;
use isthmus_model::run::RunEnd;

use crate::components::badge::Tone;
use crate::format::{clipped, counted, duration, percent};

/// Names within a sentence that is read out; a longer one keeps nobody waiting.
const NAME: usize = 80;

/// How far a job was when it was last spoken of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Milestones {
    phase: Option<Phase>,
    tenth: u64,
}

impl Milestones {
    /// What to say now: a phase that began, or a tenth of it that is done.
    pub(super) fn pass(&mut self, job: &JobView) -> Option<String> {
        let progress = job.progress.as_ref()?;
        let tenth = progress.total.map_or(0, |total| percent(progress.done, total) / 10);
        let begins = self.phase != Some(progress.phase);
        if !begins && tenth <= self.tenth {
            return None;
        }
        *self = Self { phase: Some(progress.phase), tenth };
        let (sync, phase) = (clipped(&job.sync, NAME), progress.phase.as_str());
        Some(match tenth {
            0 => format!("{sync}: {phase}"),
            tenth => format!("{sync}: {phase}, {} percent", tenth * 10),
        })
    }
}

/// What is said of a job that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct News {
    pub(super) tone: Tone,
    pub(super) title: String,
    pub(super) text: String,
}

impl News {
    pub(super) fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, title: clipped(&title.into(), 300), text: clipped(&text.into(), 300) }
    }

    /// As one sentence.
    pub(super) fn heard(&self) -> String {
        if self.text.is_empty() {
            self.title.clone()
        } else {
            format!("{}. {}", self.title, self.text)
        }
    }
}

/// How a run ended, in the words of its end.
pub(super) fn ended(run: &RunView) -> News {
    let sync = clipped(&run.sync, NAME);
    let written = run.counts.created + run.counts.updated;
    let open = run.counts.held + run.counts.failed + run.counts.pending;
    let rows = |count| counted(count, "row", "rows");
    let (tone, title) = match run.end {
        None => (Tone::Warn, format!("Run {} was interrupted", run.run)),
        Some(RunEnd::Unchanged) => (Tone::Neutral, "Nothing to write".to_owned()),
        Some(RunEnd::Succeeded) => (Tone::Ok, format!("{} written", rows(written))),
        Some(RunEnd::Partial) => {
            (Tone::Warn, format!("{} written, {} left", rows(written), rows(open)))
        }
        Some(RunEnd::Stopped) => (Tone::Neutral, format!("Run {} stopped", run.run)),
        Some(RunEnd::Failed) => (Tone::Err, format!("Run {} failed", run.run)),
    };
    let end = run.end.map_or("interrupted", RunEnd::as_str);
    let text = match &run.reason {
        Some(reason) => format!("{sync}: {reason}."),
        None => format!("{sync}, {end}, {}.", duration(milliseconds(run.seconds))),
    };
    News::new(tone, title, text)
}

/// A run that ended, and that the ledger does not tell of.
pub(super) fn unknown_end(job: &JobView) -> News {
    let title = format!("The run of {} ended", clipped(&job.sync, NAME));
    News::new(Tone::Neutral, title, "Its report says how.")
}

fn milliseconds(seconds: f64) -> u64 {
    u64::try_from(std::time::Duration::try_from_secs_f64(seconds).unwrap_or_default().as_millis())
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use isthmus_contract::console::{JobKind, JobView};
    use isthmus_contract::progress::{Phase, Progress};
    use isthmus_contract::run::RunView;
    use isthmus_model::ids::{MappingVersion, RunId};
    use isthmus_model::run::{RunCounts, RunEnd};
    use jiff::Timestamp;

    use super::{Milestones, ended};
    use crate::components::badge::Tone;

    fn job(phase: Phase, done: u64, total: Option<u64>) -> JobView {
        let counts = RunCounts::default();
        let mapping = String::new();
        JobView {
            kind: JobKind::Run,
            sync: "Customers".to_owned(),
            left: "a".to_owned(),
            right: "b".to_owned(),
            run: None,
            started_at: Timestamp::UNIX_EPOCH,
            progress: Some(Progress {
                phase,
                mapping,
                done,
                total,
                rate: 1.0,
                seconds_left: None,
                counts,
            }),
            cancelling: false,
        }
    }

    fn run(end: Option<RunEnd>, reason: Option<&str>) -> RunView {
        RunView {
            run: RunId(12),
            sync: "Customers".to_owned(),
            version: MappingVersion(1),
            kind: "full".to_owned(),
            end,
            reason: reason.map(str::to_owned),
            rows_read: 10,
            counts: RunCounts {
                created: 3,
                updated: 1,
                held: 1,
                failed: 1,
                ..RunCounts::default()
            },
            rows_sent: 5,
            calls: 7,
            seconds: 6.1,
            started_at: Timestamp::UNIX_EPOCH,
            ended_at: None,
        }
    }

    #[test]
    fn progress_is_told_once_per_tenth_and_per_phase() {
        let mut milestones = Milestones::default();
        let said: Vec<String> = (0..=100)
            .filter_map(|done| milestones.pass(&job(Phase::Writing, done, Some(100))))
            .collect();
        assert_eq!(said.len(), 11);
        assert_eq!(said[0], "Customers: writing");
        assert_eq!(said[10], "Customers: writing, 100 percent");
        assert_eq!(
            milestones.pass(&job(Phase::Settling, 0, Some(9))).as_deref(),
            Some("Customers: settling")
        );
    }

    #[test]
    fn work_without_a_known_end_is_told_when_it_begins() {
        let mut milestones = Milestones::default();
        assert!(milestones.pass(&job(Phase::Reading, 5, None)).is_some());
        assert!(milestones.pass(&job(Phase::Reading, 5_000, None)).is_none());
    }

    #[test]
    fn each_of_the_five_ends_has_its_own_words() {
        let title = |end| ended(&run(Some(end), None)).title;
        assert_eq!(title(RunEnd::Unchanged), "Nothing to write");
        assert_eq!(title(RunEnd::Succeeded), "4 rows written");
        assert_eq!(title(RunEnd::Partial), "4 rows written, 2 rows left");
        assert_eq!(title(RunEnd::Stopped), "Run 12 stopped");
        assert_eq!(title(RunEnd::Failed), "Run 12 failed");
        assert_eq!(ended(&run(Some(RunEnd::Failed), None)).tone, Tone::Err);
        assert_eq!(ended(&run(None, None)).title, "Run 12 was interrupted");
    }

    #[test]
    fn a_reason_stands_before_the_figures() {
        assert_eq!(
            ended(&run(Some(RunEnd::Stopped), Some("cancelled"))).text,
            "Customers: cancelled."
        );
        assert_eq!(ended(&run(Some(RunEnd::Partial), None)).text, "Customers, partial, 6.1 s.");
    }
}
