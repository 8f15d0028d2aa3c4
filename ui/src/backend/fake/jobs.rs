//! Jobs of the fake: they take a few seconds, tell how far they are, and can be cancelled.

use std::sync::{Arc, Mutex};

use isthmus_contract::command::{Command, PlanMake, RunStart};
use isthmus_contract::console::{ConsoleEvent, JobKind, JobView, Topic};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::progress::{Phase, Progress};
use isthmus_contract::request::RunRequest;
use isthmus_contract::run::RunOrder;
use isthmus_model::ids::RunId;
use isthmus_model::run::RunCounts;

use crate::backend::fake::pause::pause;
use crate::backend::fake::watch::tell;
use crate::backend::fake::{Question, Scenario, World, orgs_of, runs};

/// Steps of one phase, and the milliseconds between two of them.
const STEPS: u64 = 14;
const STEP: i32 = 90;

/// Whether the job was told to stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Course {
    /// It went through.
    #[default]
    Done,
    /// It stopped where it was.
    Cancelled,
}

/// Plays the job that this question starts; any other question takes no time.
pub(super) async fn play(question: &Question) -> Result<Course, Problem> {
    let Some(job) = job_of(question) else { return Ok(Course::Done) };
    begin(&question.world, job)?;
    let course = phases(question).await;
    let ended = question.world.lock().ok().and_then(|mut world| world.job.take());
    if let Some(job) = ended {
        let was_plan = job.kind == JobKind::Plan;
        let problem = (was_plan && course == Course::Cancelled).then(cancelled);
        tell(&ConsoleEvent::JobEnded { job, problem });
    }
    Ok(course)
}

/// Tells that runs have changed; after the answer is in the world.
pub(super) fn tell_runs_changed() {
    tell(&ConsoleEvent::Changed(Topic::Runs));
}

/// Asks the job at work to stop.
pub(super) fn cancel(world: &Mutex<World>) {
    let Ok(mut world) = world.lock() else { return };
    let standing = world.standing;
    let Some(job) = world.job.as_mut() else { return };
    job.cancelling = true;
    let job = job.clone();
    if standing {
        world.job = None;
    }
    drop(world);
    tell(&ConsoleEvent::Job(job.clone()));
    if standing {
        tell(&ConsoleEvent::JobEnded { job, problem: None });
    }
}

/// A job that stands still at 61%, as the screens show it (`?job=plan`, `?job=run`, `?job=retry`).
pub(super) fn standing(word: &str, scenario: Scenario, world: &mut World) {
    let (kind, phase, run) = match word {
        "plan" => (JobKind::Plan, Phase::Planning, None),
        "run" => (JobKind::Run, Phase::Writing, Some(RunId(1843))),
        "retry" => (JobKind::Retry, Phase::Writing, Some(RunId(1842))),
        _ => return,
    };
    let sync = if kind == JobKind::Retry { "Pipeline to EMEA" } else { "Customers" };
    let job = view(kind, sync, run, (scenario, world));
    let counts =
        RunCounts { created: 129, updated: 629, unchanged: 4, held: 2, failed: 1, pending: 0 };
    let progress = Progress {
        phase,
        mapping: "Contact".to_owned(),
        done: 765,
        total: Some(1_253),
        rate: 81.4,
        seconds_left: Some(6),
        counts: if kind == JobKind::Plan { RunCounts::default() } else { counts },
    };
    world.job = Some(JobView { progress: Some(progress), ..job });
    world.standing = true;
}

fn job_of(question: &Question) -> Option<JobView> {
    // A refused question starts no job.
    if question.scenario == Scenario::Failing {
        return None;
    }
    let world = question.world.lock().ok()?;
    if question.command == PlanMake::NAME {
        let request: RunRequest = serde_json::from_value(question.request.clone()).ok()?;
        return Some(view(JobKind::Plan, &request.sync, None, (question.scenario, &world)));
    }
    if question.command != RunStart::NAME {
        return None;
    }
    let order: RunOrder = serde_json::from_value(question.request.clone()).ok()?;
    let kind = if matches!(order, RunOrder::Retry(_)) { JobKind::Retry } else { JobKind::Run };
    let sync = runs::sync_of(question.scenario, &order, &world)?;
    let run = match order {
        RunOrder::Plan(run) | RunOrder::Retry(run) | RunOrder::Resume(run) => Some(run),
        RunOrder::Sync(_) => None,
    };
    Some(view(kind, &sync, run, (question.scenario, &world)))
}

fn view(
    kind: JobKind,
    sync: &str,
    run: Option<RunId>,
    (scenario, world): (Scenario, &World),
) -> JobView {
    let (left, right) = orgs_of(scenario, sync);
    JobView {
        kind,
        sync: sync.to_owned(),
        left,
        right,
        run,
        started_at: world.now,
        progress: None,
        cancelling: false,
    }
}

fn begin(world: &Arc<Mutex<World>>, job: JobView) -> Result<(), Problem> {
    let Ok(mut world) = world.lock() else { return Ok(()) };
    if let Some(other) = &world.job {
        return Err(Problem::new(
            Code::JobAtWork,
            format!("{} is at work already; one plan or run at a time", other.sync),
            "wait until it has ended, or cancel it in the bar at the foot of the window",
        ));
    }
    world.job = Some(job.clone());
    drop(world);
    tell(&ConsoleEvent::Job(job));
    Ok(())
}

async fn phases(question: &Question) -> Course {
    let is_plan = question.command == PlanMake::NAME;
    let rows = if question.scenario == Scenario::Large { 100_000 } else { 19_774 };
    let writes = if question.scenario == Scenario::Large { 79_000 } else { 1_253 };
    let mut phases = vec![(Phase::Reading, None), (Phase::Planning, Some(rows))];
    if !is_plan {
        phases.extend([(Phase::Writing, Some(writes)), (Phase::Settling, Some(writes))]);
    }
    for (phase, total) in phases {
        for step in 1..=STEPS {
            if step_to(&question.world, phase, total, step).await == Course::Cancelled {
                return Course::Cancelled;
            }
        }
    }
    Course::Done
}

async fn step_to(world: &Mutex<World>, phase: Phase, total: Option<u64>, step: u64) -> Course {
    pause(STEP).await;
    let Ok(mut world) = world.lock() else { return Course::Cancelled };
    let Some(job) = world.job.as_mut() else { return Course::Cancelled };
    if job.cancelling {
        return Course::Cancelled;
    }
    let all = total.unwrap_or(19_774);
    let done = all * step / STEPS;
    let written = if phase == Phase::Writing { done } else { 0 };
    let counts = RunCounts {
        created: written / 6,
        updated: written - written / 6 - written / 200,
        failed: written / 200,
        ..RunCounts::default()
    };
    job.progress = Some(Progress {
        phase,
        mapping: if step < STEPS / 2 { "Account" } else { "Contact" }.to_owned(),
        done,
        total,
        rate: 812.0,
        seconds_left: total.map(|_| (STEPS - step) / 5),
        counts,
    });
    let job = job.clone();
    drop(world);
    tell(&ConsoleEvent::Job(job));
    Course::Done
}

/// What a cancelled plan is answered with.
pub(super) fn cancelled() -> Problem {
    Problem::new(
        Code::Cancelled,
        "planning was cancelled",
        "plan again when you are ready; nothing was written",
    )
}
