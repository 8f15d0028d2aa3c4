//! Runs and reports as text.

use isthmus_contract::run::{ReportView, RowView, RunView};
use isthmus_model::run::{RunCounts, RunEnd};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{count, plans, table, visible};

/// A list of runs.
pub(crate) fn list(runs: &[RunView]) -> String {
    if runs.is_empty() {
        return "No run yet. Start one with `isthmus run SYNC`.".to_owned();
    }
    let rows = runs.iter().map(|run| {
        vec![
            run.run.to_string(),
            local(run.started_at),
            run.sync.clone(),
            run.kind.clone(),
            end(run).to_owned(),
            became(&run.counts),
            format!("{:.1} s", run.seconds),
        ]
    });
    let list = table(&["run", "started", "sync", "kind", "end", "rows", "took"], rows);
    let is_gapless = runs.windows(2).all(|pair| pair[0].run.0 == pair[1].run.0 + 1);
    if is_gapless {
        return list;
    }
    format!(
        "{list}\nNumbers between these were plans that were only looked at, or runs of other syncs."
    )
}

/// A moment as the person's own clock shows it.
fn local(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// What became of the rows; outcomes that no row had are not named.
fn became(counts: &RunCounts) -> String {
    let outcomes = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.unchanged, "unchanged"),
        (counts.held, "held"),
        (counts.failed, "failed"),
        (counts.pending, "pending"),
    ];
    let named = outcomes.iter().filter(|(number, _)| *number > 0);
    let text = named.map(|(number, word)| format!("{number} {word}")).collect::<Vec<_>>();
    if text.is_empty() { "none".to_owned() } else { text.join(", ") }
}

/// A run's header: the end state, the counts, what it cost.
pub(crate) fn header(run: &RunView) -> String {
    let title =
        format!("Run {} of {} ({}, {}): {}", run.run, run.sync, run.version, run.kind, end(run));
    let read = if run.rows_read == 0 {
        "no row was read".to_owned()
    } else {
        format!("{} read: {}", count(run.rows_read, "row"), became(&run.counts))
    };
    let sent = format!(
        "{} sent in {}, {:.1} s",
        count(run.rows_sent, "row"),
        count(run.calls, "API call"),
        run.seconds
    );
    let mut lines = vec![title, format!("  {read}"), format!("  {sent}")];
    if let Some(reason) = &run.reason {
        lines.push(format!("  why: {reason}"));
    }
    visible(&lines.join("\n"))
}

/// What to do after a run; nothing where all is well.
pub(crate) fn next_step(run: &RunView) -> Option<String> {
    let counts = run.counts;
    if run.end == Some(RunEnd::Stopped) {
        return Some(format!("Next: isthmus run {} goes on with the rest", run.sync));
    }
    let open = counts.held + counts.failed + counts.pending;
    (open > 0).then(|| format!("Next: isthmus report {} says why, row by row", run.run))
}

/// A report: header, causes with their next action, rows.
pub(crate) fn report(report: &ReportView) -> String {
    let mut parts = vec![header(&report.header)];
    if !report.causes.is_empty() {
        parts.push(plans::causes("What needs someone", &report.causes));
    }
    if !report.rows.is_empty() {
        parts.push(rows(&report.rows));
    }
    let shown = report.rows.len() as u64;
    if shown < report.rows_total {
        parts.push(format!(
            "{shown} of {} shown (--limit and --offset page, --csv FILE writes all)",
            count(report.rows_total, "row")
        ));
    }
    let header = &report.header;
    if header.counts.failed > 0 {
        parts.push(format!("Next: mend the causes, then isthmus retry {}", header.run));
    } else if header.end == Some(RunEnd::Stopped) && header.rows_read > 0 {
        parts.extend(next_step(header));
    }
    parts.join("\n\n")
}

/// Rows, each with its ids side by side and what happened below: a table of six columns would break the ids.
fn rows(rows: &[RowView]) -> String {
    let widest = |of: fn(&RowView) -> &str| {
        rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0)
    };
    let (outcome, mapping) = (widest(|row| &row.outcome), widest(|row| &row.mapping));
    let lines = rows.iter().map(|row| {
        let arrow = if row.target_id.is_empty() { "" } else { " -> " };
        let ids = format!("{}{arrow}{}", row.source_id, row.target_id);
        let mut text = format!("{:outcome$}  {:mapping$}  {ids}", row.outcome, row.mapping);
        let code = if row.code.is_empty() { String::new() } else { format!("{}: ", row.code) };
        if !row.message.is_empty() {
            text.push_str(&format!("\n    {code}{}", row.message));
        }
        if !row.remedy.is_empty() {
            text.push_str(&format!("\n    -> {}", row.remedy));
        }
        visible(&text)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn end(run: &RunView) -> &'static str {
    run.end.map_or("open", RunEnd::as_str)
}
