//! Answers about runs.

mod report;
mod stored;

use isthmus_contract::command::{
    RunCancel, RunExport, RunList, RunReport, RunRow, RunRows, RunStart,
};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::run::{
    ExportOrder, ExportView, RunOrder, RunReportView, RunView, RunsRequest,
};
use isthmus_model::ids::RunId;
use isthmus_model::run::RunEnd;
use serde_json::Value;

use crate::backend::fake::jobs::{Course, cancel, tell_runs_changed};
use crate::backend::fake::runs::stored::{counts, stored, view};
use crate::backend::fake::{Question, Scenario, World, orgs_of, refused};

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question
        .answer::<RunStart>(|question, order| start(question, &order))
        .or_else(|| {
            question.answer::<RunCancel>(|question, ()| {
                cancel(&question.world);
                Ok(())
            })
        })
        .or_else(|| question.answer::<RunList>(|question, request| list(question, &request)))
        .or_else(|| question.answer::<RunReport>(|question, run| report(question, run)))
        .or_else(|| {
            question.answer::<RunRows>(|question, request| {
                let run = find(question, request.run)?;
                Ok(report::rows(question.scenario, &run, &request))
            })
        })
        .or_else(|| {
            question.answer::<RunRow>(|question, request| {
                let run = find(question, request.run)?;
                report::detail(question.scenario, &run, request.ordinal)
                    .ok_or_else(|| unknown(request.run))
            })
        })
        .or_else(|| question.answer::<RunExport>(|question, order| export(question, order)))
}

/// The sync that an order is about.
pub(super) fn sync_of(scenario: Scenario, order: &RunOrder, world: &World) -> Option<String> {
    match order {
        RunOrder::Sync(request) => Some(request.sync.clone()),
        RunOrder::Plan(run) => world.planned.get(run).cloned(),
        RunOrder::Retry(run) | RunOrder::Resume(run) => {
            let run = all(scenario, world).into_iter().find(|view| view.run == *run)?;
            Some(run.sync)
        }
    }
}

/// Every run, newest first.
fn all(scenario: Scenario, world: &World) -> Vec<RunView> {
    let mut runs = stored(scenario, world.now);
    for run in &world.ran {
        runs.retain(|old| old.run != run.run);
        runs.insert(0, run.clone());
    }
    runs
}

fn list(question: &Question, request: &RunsRequest) -> Result<Vec<RunView>, Problem> {
    refused(question.scenario)?;
    let Ok(world) = question.world.lock() else { return Ok(Vec::new()) };
    let of_sync = |run: &RunView| request.sync.as_ref().is_none_or(|sync| *sync == run.sync);
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    Ok(all(question.scenario, &world).into_iter().filter(of_sync).take(limit).collect())
}

fn find(question: &Question, run: RunId) -> Result<RunView, Problem> {
    refused(question.scenario)?;
    let world = question.world.lock().map_err(|_| unknown(run))?;
    let found = all(question.scenario, &world).into_iter().find(|view| view.run == run);
    found.ok_or_else(|| unknown(run))
}

fn unknown(run: RunId) -> Problem {
    let text = format!("no run has the number {run}");
    Problem::new(Code::RunUnknown, text, "choose one on the Runs page")
}

fn report(question: &Question, run: RunId) -> Result<RunReportView, Problem> {
    let header = find(question, run)?;
    let (left, right) = orgs_of(question.scenario, &header.sync);
    Ok(RunReportView {
        left,
        right,
        causes: report::causes(question.scenario, &header),
        interrupted: header.end.is_none(),
        header,
    })
}

fn start(question: &Question, order: &RunOrder) -> Result<RunView, Problem> {
    refused(question.scenario)?;
    let of = match order {
        RunOrder::Retry(run) | RunOrder::Resume(run) => Some(find(question, *run)?),
        RunOrder::Plan(_) | RunOrder::Sync(_) => None,
    };
    let run = ended(question, order, of.as_ref())?;
    if let Ok(mut world) = question.world.lock() {
        world.ran.push(run.clone());
    }
    tell_runs_changed();
    Ok(run)
}

/// The run as it ended: a retry has two rows less in the way, all else is partial, and a cancelled one is stopped.
fn ended(question: &Question, order: &RunOrder, of: Option<&RunView>) -> Result<RunView, Problem> {
    let (sync, now) = {
        let world = question.world.lock().map_err(|_| unknown(RunId(0)))?;
        let sync = sync_of(question.scenario, order, &world);
        (sync.ok_or_else(|| unknown(RunId(0)))?, world.now)
    };
    let (number, rows, end) = match (order, of) {
        (RunOrder::Retry(_), Some(of)) => {
            let open = of.counts.failed + of.counts.held + of.counts.pending;
            let left = open / 10;
            let end = if left > 0 { RunEnd::Partial } else { RunEnd::Succeeded };
            (question.new_run(&sync), counts([0, open - left, 0, 0, left, 0]), end)
        }
        (RunOrder::Plan(run) | RunOrder::Resume(run), _) => {
            (*run, counts([208, 1_038, 18_494, 27, 7, 0]), RunEnd::Partial)
        }
        _ => (question.new_run(&sync), counts([212, 1_041, 18_494, 27, 0, 0]), RunEnd::Partial),
    };
    let run = view(number.0, &sync, now, Some(end), rows);
    let kind = if matches!(order, RunOrder::Retry(_)) { "retry" } else { "full" };
    let run = RunView { kind: kind.to_owned(), ..run };
    if question.course == Course::Cancelled {
        let reason = "the run was cancelled; run again, and the rest follows".to_owned();
        let counts = counts([96, 420, 18_494, 27, 2, 735]);
        return Ok(RunView { end: Some(RunEnd::Stopped), reason: Some(reason), counts, ..run });
    }
    Ok(run)
}

fn export(question: &Question, order: ExportOrder) -> Result<ExportView, Problem> {
    let run = find(question, order.run)?;
    let problem = |text: &str, hint: &str| Problem::new(Code::FileAccess, text, hint);
    if !order.path.starts_with('/') {
        let text = format!("`{}` is no full path", order.path);
        return Err(Problem::new(Code::BadRequest, text, "write a path that starts at the root"));
    }
    // The words that the tests of the page have a file refused by.
    if order.path.contains("exists") {
        let hint = "choose another name; Isthmus writes over no file";
        return Err(problem(&format!("{} exists already", order.path), hint));
    }
    if order.path.starts_with("/root") {
        let hint = "choose a folder that you may write to";
        return Err(problem(&format!("{} cannot be written: permission denied", order.path), hint));
    }
    if order.path.contains("full") {
        let hint = "make room, or choose another disk; nothing was left behind";
        return Err(Problem::new(Code::DiskFull, "the disk has no space left", hint));
    }
    let rows = report::total(question.scenario, &run, order.outcome.as_deref());
    Ok(ExportView { path: order.path, rows })
}

#[cfg(test)]
mod tests {
    use isthmus_model::run::RunEnd;
    use jiff::Timestamp;

    use super::{Scenario, report, stored};

    #[test]
    fn the_full_scenario_has_every_end_and_an_interrupted_run() {
        let runs = stored(Scenario::Full, Timestamp::UNIX_EPOCH);
        let ends = [
            Some(RunEnd::Unchanged),
            Some(RunEnd::Succeeded),
            Some(RunEnd::Partial),
            Some(RunEnd::Stopped),
            Some(RunEnd::Failed),
            None,
        ];
        for end in ends {
            assert!(runs.iter().any(|run| run.end == end), "{end:?}");
        }
    }

    #[test]
    fn the_counts_are_those_of_the_rows() {
        for scenario in [Scenario::Full, Scenario::Large, Scenario::Hostile] {
            for run in stored(scenario, Timestamp::UNIX_EPOCH) {
                assert_eq!(report::total(scenario, &run, None), run.rows_read);
                let failed = report::total(scenario, &run, Some("failed"));
                assert_eq!(failed, run.counts.failed);
                let causes = report::causes(scenario, &run);
                let open = run.counts.failed + run.counts.held + run.counts.pending;
                assert_eq!(causes.iter().map(|cause| cause.rows).sum::<u64>(), open);
            }
        }
    }
}
