//! The runs that the fake's ledger holds.

use isthmus_contract::run::RunView;
use isthmus_model::ids::{MappingVersion, RunId};
use isthmus_model::run::{RunCounts, RunEnd};
use jiff::{SignedDuration, Timestamp};

use crate::backend::fake::Scenario;
use crate::backend::fake::rows::hostile;

/// The runs of the last days: every end, one interrupted, one retry.
pub(super) fn stored(scenario: Scenario, now: Timestamp) -> Vec<RunView> {
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
pub(super) fn counts([created, updated, unchanged, held, failed, pending]: [u64; 6]) -> RunCounts {
    RunCounts { created, updated, unchanged, held, failed, pending }
}

fn before(now: Timestamp, hours: f64) -> Timestamp {
    now.checked_sub(SignedDuration::from_secs_f64(hours * 3_600.0)).unwrap_or(now)
}

/// A run with these counts.
pub(super) fn view(
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
