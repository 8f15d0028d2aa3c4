//! Reports as files: CSV that spreadsheets open as text, JSON for programs; each export is in the audit trail.

use std::io::Write;
use std::path::Path;

use isthmus_contract::request::RowsRequest;
use isthmus_contract::run::RowView;
use isthmus_model::audit::AuditAction;
use isthmus_model::ids::RunId;
use isthmus_store::AuditDraft;

use super::{each_row, filter, header, report};
use crate::cells::neutral;
use crate::error::{Error, Result};
use crate::files::write_recorded;
use crate::workspace::Workspace;

const COLUMNS: [&str; 9] = [
    "mapping",
    "object",
    "source_id",
    "target_id",
    "outcome",
    "code",
    "message",
    "fields",
    "remedy",
];

/// Writes all rows (of one outcome, or of all) as CSV.
///
/// # Errors
/// [`Error::UnknownRun`]; [`Error::File`] when it cannot be written: the old file stands then.
pub fn write_csv_report(
    workspace: &Workspace,
    run: RunId,
    outcome: Option<&str>,
    path: &Path,
) -> Result<u64> {
    header(workspace, run)?;
    let filter = filter(outcome)?;
    let mut rows = 0;
    let fill = |file: &mut dyn Write| {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(COLUMNS)?;
        let written = each_row(workspace, run, &filter, |row| {
            rows += 1;
            let cells = cells(&row).map(|cell| neutral(&cell));
            writer.write_record(cells).map_err(|error| Error::file(path, &error.into()))
        });
        written.map_err(std::io::Error::other)?;
        writer.flush()
    };
    write_recorded(path, fill, || audit_export(workspace, run))?;
    Ok(rows)
}

/// Writes the whole report as JSON.
///
/// # Errors
/// As [`write_csv_report`].
pub fn write_json_report(
    workspace: &Workspace,
    run: RunId,
    outcome: Option<&str>,
    path: &Path,
) -> Result<u64> {
    let everything =
        RowsRequest { outcome: outcome.map(str::to_owned), offset: 0, limit: u64::MAX };
    let report = report(workspace, run, &everything)?;
    let fill = |file: &mut dyn Write| {
        serde_json::to_writer_pretty(&mut *file, &report)?;
        file.write_all(b"\n")
    };
    write_recorded(path, fill, || audit_export(workspace, run))?;
    Ok(report.rows_total)
}

fn cells(row: &RowView) -> [String; 9] {
    let row = row.clone();
    [
        row.mapping,
        row.object,
        row.source_id,
        row.target_id,
        row.outcome,
        row.code,
        row.message,
        row.fields.join(" "),
        row.remedy,
    ]
}

fn audit_export(workspace: &Workspace, run: RunId) -> Result<()> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    let actor = &workspace.surroundings.actor;
    let mut draft = AuditDraft::new(workspace.now(), actor, AuditAction::Exported);
    draft.run = Some(run);
    draft.lane = Some(row.lane);
    draft.mapping_version = Some(row.mapping_version);
    workspace.ledger.write(|transaction| transaction.append_audit(draft))?;
    Ok(())
}
