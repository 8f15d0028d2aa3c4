//! One whole sync in this process, under a paused clock and without a socket: the same seed gives the same trace.
//!
//! The client's transport hands each request to the org's router; time is tokio's own, which stands still until
//! everything waits. A trace is every request with its answer, then the rows of the target and the audit trail.

mod rig;

use isthmus_model::run::{RunEnd, RunKind};
use isthmus_tests::lane::paused;
use orgsim::faults::{Fault, Kind};

use rig::Rig;

/// One sync from empty ledger to report, with faults on the way.
async fn one_sync(seed: u64) -> (Vec<String>, isthmus_sync::RunReport, isthmus_sync::RunReport) {
    let rig = Rig::new(seed).await;
    rig.fault(Fault::new(Kind::ReplyLost).method("PATCH").path_contains("composite/sobjects"));
    rig.fault(Fault::new(Kind::RowLock { row_id: None }).object("Contact").times(3));
    rig.fault(Fault::new(Kind::Unavailable).method("GET").path_contains("query").after(1));
    let first = rig.run(RunKind::Full).await;
    let second = rig.run(RunKind::Full).await;
    assert_eq!(rig.faults_waiting(), 0, "every fault happened");
    (rig.trace(), first, second)
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let run = |seed| paused(one_sync(seed));
    let (trace, first, second) = run(7);
    let (again, ..) = run(7);
    assert!(trace.len() > 20, "{} requests", trace.len());
    for (line, (one, two)) in trace.iter().zip(&again).enumerate() {
        assert_eq!(one, two, "line {line}");
    }
    assert_eq!(trace.len(), again.len());

    assert!(first.counts.created > 20, "{first:?}");
    assert_eq!(first.counts.pending, 0, "{first:?}");
    assert_eq!(second.rows_sent, 0, "{second:?}");
    assert!(
        matches!(second.end, RunEnd::Unchanged | RunEnd::Partial | RunEnd::Failed),
        "{second:?}"
    );
}

#[test]
fn another_seed_gives_another_trace() {
    let (seven, ..) = paused(one_sync(7));
    let (eight, ..) = paused(one_sync(8));
    assert_ne!(seven, eight);
}
