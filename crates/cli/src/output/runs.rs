//! Runs and reports as text.

use isthmus_contract::run::{ReportView, RowView, RunView};
use isthmus_model::run::RunEnd;

use super::{plans, table, visible};

/// A list of runs.
pub(crate) fn list(runs: &[RunView]) -> String {
    if runs.is_empty() {
        return "No run yet. Start one with `isthmus run SYNC`.".to_owned();
    }
    let rows = runs.iter().map(|run| {
        let counts = run.counts;
        vec![
            run.run.to_string(),
            run.sync.clone(),
            run.kind.clone(),
            end(run).to_owned(),
            counts.created.to_string(),
            counts.updated.to_string(),
            counts.unchanged.to_string(),
            counts.held.to_string(),
            counts.failed.to_string(),
            counts.pending.to_string(),
            run.started_at.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            format!("{:.1} s", run.seconds),
        ]
    });
    table(
        &[
            "run",
            "sync",
            "kind",
            "end",
            "created",
            "updated",
            "unchanged",
            "held",
            "failed",
            "pending",
            "started",
            "took",
        ],
        rows,
    )
}

/// A run's header: the end state, the counts, what it cost.
pub(crate) fn header(run: &RunView) -> String {
    let counts = run.counts;
    let mut lines = vec![
        format!("Run {} of {} ({}, {}): {}", run.run, run.sync, run.version, run.kind, end(run)),
        format!(
            "  {} rows read: {} created, {} updated, {} unchanged, {} held, {} failed, {} pending",
            run.rows_read,
            counts.created,
            counts.updated,
            counts.unchanged,
            counts.held,
            counts.failed,
            counts.pending
        ),
        format!("  {} rows sent in {} API calls, {:.1} s", run.rows_sent, run.calls, run.seconds),
    ];
    if let Some(reason) = &run.reason {
        lines.push(format!("  why: {reason}"));
    }
    visible(&lines.join("\n"))
}

/// What to do after a run; nothing where all is well.
pub(crate) fn next_step(run: &RunView) -> Option<String> {
    let open = run.counts.held + run.counts.failed + run.counts.pending;
    (open > 0).then(|| format!("Next: isthmus report {}", run.run))
}

/// A report: header, causes with their next action, rows.
pub(crate) fn report(report: &ReportView) -> String {
    let mut parts = vec![header(&report.header)];
    if !report.causes.is_empty() {
        parts.push(plans::causes("What needs someone", &report.causes));
    }
    let rows = rows(&report.rows);
    if !rows.is_empty() {
        parts.push(rows);
    }
    let shown = report.rows.len() as u64;
    if shown < report.rows_total {
        parts.push(format!(
            "{shown} of {} rows shown (--limit and --offset page, --csv FILE writes all)",
            report.rows_total
        ));
    }
    if report.header.counts.failed > 0 {
        parts.push(format!("Next: mend the causes, then isthmus retry {}", report.header.run));
    }
    parts.join("\n")
}

fn rows(rows: &[RowView]) -> String {
    let cells = rows.iter().map(|row| {
        let said = if row.code.is_empty() {
            row.message.clone()
        } else {
            format!("{}: {}", row.code, row.message)
        };
        vec![
            row.outcome.clone(),
            row.mapping.clone(),
            row.source_id.clone(),
            row.target_id.clone(),
            said,
            row.remedy.clone(),
        ]
    });
    table(&["outcome", "mapping", "source", "target", "what happened", "next"], cells)
}

fn end(run: &RunView) -> &'static str {
    run.end.map_or("open", RunEnd::as_str)
}
