//! Answers about runs.

mod report;

use isthmus_contract::command::{
    RunCancel, RunExport, RunList, RunReport, RunRow, RunRows, RunStart,
};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::run::{
    ExportOrder, ExportView, RunOrder, RunReportView, RunView, RunsRequest,
};
use isthmus_model::ids::{MappingVersion, RunId};
use isthmus_model::run::{RunCounts, RunEnd};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::backend::fake::jobs::{Course, cancel, tell_runs_changed};
use crate::backend::fake::rows::hostile;
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

/// The runs of the last days: every end, one interrupted, one retry.
fn stored(scenario: Scenario, now: Timestamp) -> Vec<RunView> {
    let run = |number, sync: &str, hours: f64, end, counts| {
        view(number, sync, before(now, hours), end, counts)
    };
    match scenario {
        Scenario::New | Scenario::Empty | Scenario::Failing => Vec::new(),
        Scenario::Large => {
            let counts = counts([60_000, 37_763, 1_300, 100, 837, 0]);
            let mut runs: Vec<RunView> = (0..400)
                .map(|age| {
                    run(
                        1_441 + age,
                        "Customers",
                        3.0 * f64::from(400_i16 - i16::try_from(age).unwrap_or(0)),
                        Some(RunEnd::Unchanged),
                        self::counts([0, 0, 19_774, 0, 0, 0]),
                    )
                })
                .collect();
            runs.push(run(1_842, "Pipeline to EMEA", 0.3, Some(RunEnd::Partial), counts));
            runs.reverse();
            runs
        }
        Scenario::Hostile => {
            let counts = counts([5, 5, 5, 5, 5, 0]);
            let failed = run(1_841, "Customers", 3.0, Some(RunEnd::Failed), counts);
            vec![
                run(1_842, "Pipeline to EMEA", 0.3, Some(RunEnd::Partial), counts),
                RunView { reason: Some(hostile(1)), sync: hostile(0), ..failed },
                RunView {
                    reason: Some(hostile(2)),
                    sync: hostile(1),
                    run: RunId(1_840),
                    ..run(1_840, "", 5.0, Some(RunEnd::Stopped), counts)
                },
            ]
        }
        Scenario::Full | Scenario::Loading => full(now),
    }
}

fn full(now: Timestamp) -> Vec<RunView> {
    let run = |number, sync: &str, hours: f64, end, counts| {
        view(number, sync, before(now, hours), end, counts)
    };
    let partial = Some(RunEnd::Partial);
    let stopped =
        run(1_839, "Customers", 5.1, Some(RunEnd::Stopped), counts([40, 380, 17_912, 6, 0, 833]));
    let failed = run(1_838, "EMEA leads", 20.4, Some(RunEnd::Failed), counts([0, 0, 0, 2, 410, 0]));
    let retry =
        run(1_836, "Pipeline to EMEA", 27.0, Some(RunEnd::Succeeded), counts([0, 12, 0, 0, 0, 0]));
    let interrupted = run(1_837, "Customers", 23.2, None, counts([12, 240, 9_800, 0, 0, 41]));
    vec![
        run(1_842, "Pipeline to EMEA", 0.3, partial, counts([180, 1_488, 22_910, 3, 37, 0])),
        run(1_841, "Customers", 1.5, Some(RunEnd::Unchanged), counts([0, 0, 19_774, 0, 0, 0])),
        run(1_840, "Customers", 2.5, Some(RunEnd::Succeeded), counts([4, 19, 19_751, 0, 0, 0])),
        RunView {
            reason: Some("the run was cancelled; run again, and the rest follows".to_owned()),
            ..stopped
        },
        RunView {
            reason: Some("the connected user may not create Lead records in Contoso EMEA; give the connected user create permission on the object".to_owned()),
            ..failed
        },
        RunView { ended_at: None, ..interrupted },
        RunView { kind: "retry".to_owned(), ..retry },
        run(1_835, "Pipeline to EMEA", 28.0, partial, counts([3, 220, 24_000, 0, 12, 0])),
        run(1_834, "Customers", 50.0, Some(RunEnd::Succeeded), counts([212, 1_041, 18_494, 0, 0, 0])),
        RunView {
            kind: "selected".to_owned(),
            ..run(1_833, "Customers", 51.0, Some(RunEnd::Succeeded), counts([2, 5, 0, 0, 0, 0]))
        },
    ]
}

/// Created, updated, unchanged, held, failed, pending.
fn counts([created, updated, unchanged, held, failed, pending]: [u64; 6]) -> RunCounts {
    RunCounts { created, updated, unchanged, held, failed, pending }
}

fn before(now: Timestamp, hours: f64) -> Timestamp {
    now.checked_sub(SignedDuration::from_secs_f64(hours * 3_600.0)).unwrap_or(now)
}

fn view(
    number: i64,
    sync: &str,
    started_at: Timestamp,
    end: Option<RunEnd>,
    counts: RunCounts,
) -> RunView {
    let rows_sent = counts.created + counts.updated + counts.failed;
    #[expect(clippy::cast_precision_loss, reason = "a fake duration of small counts")]
    let seconds = 3.4 + counts.rows_read() as f64 / 400.0 + rows_sent as f64 / 18.0;
    let ended_at = started_at.checked_add(SignedDuration::from_secs_f64(seconds)).ok();
    RunView {
        run: RunId(number),
        sync: sync.to_owned(),
        version: MappingVersion(3),
        kind: "full".to_owned(),
        end,
        reason: None,
        rows_read: counts.rows_read(),
        counts,
        rows_sent,
        calls: 13 + rows_sent / 55,
        seconds,
        started_at,
        ended_at,
    }
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
    let (number, counts, end) = match (order, of) {
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
    let run = view(number.0, &sync, now, Some(end), counts);
    let kind = if matches!(order, RunOrder::Retry(_)) { "retry" } else { "full" };
    let run = RunView { kind: kind.to_owned(), ..run };
    if question.course == Course::Cancelled {
        let reason = "the run was cancelled; run again, and the rest follows".to_owned();
        let counts = self::counts([96, 420, 18_494, 27, 2, 735]);
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
