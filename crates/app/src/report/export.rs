//! Reports as files: CSV that spreadsheets open as text, JSON for programs; each export is in the audit trail.
//!
//! Rows go from the ledger to the file a page at a time: a run of 100,000 rows is never held at once.

use std::io::Write;
use std::path::Path;

use isthmus_contract::plan::CauseView;
use isthmus_contract::run::{RowView, RunView};
use isthmus_model::audit::AuditAction;
use isthmus_model::ids::RunId;
use isthmus_store::{AuditDraft, ListPage, OperationFilter, RunRow};
use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};

use super::rows::{RowPages, filter};
use super::{org_names, run_view};
use crate::causes;
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

/// Writes all rows (of one outcome, or of all) as CSV; gives their number.
///
/// # Errors
/// [`Error::UnknownRun`]; [`Error::File`] when it cannot be written: the old file stands then.
pub fn write_csv_report(
    workspace: &Workspace,
    run: RunId,
    outcome: Option<&str>,
    path: &Path,
) -> Result<u64> {
    let run = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    let filter = filter(outcome)?;
    let mut rows = 0;
    let fill = |file: &mut dyn Write| {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(COLUMNS)?;
        let mut pages = RowPages::new(workspace, &run, &filter).map_err(std::io::Error::other)?;
        while let Some(page) = pages.next_page().map_err(std::io::Error::other)? {
            rows += page.len() as u64;
            for row in page {
                writer.write_record(cells(row).map(|cell| neutral(&cell)))?;
            }
        }
        writer.flush()
    };
    write_recorded(path, fill, || audit_export(workspace, &run))?;
    Ok(rows)
}

/// Writes the whole report as JSON, in the shape of [`isthmus_contract::run::ReportView`]; gives the number of rows.
///
/// # Errors
/// As [`write_csv_report`].
pub fn write_json_report(
    workspace: &Workspace,
    run: RunId,
    outcome: Option<&str>,
    path: &Path,
) -> Result<u64> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    let filter = filter(outcome)?;
    // One row is enough: the number of all comes with it.
    let first = ListPage { offset: 0, limit: 1 };
    let rows_total = workspace.ledger.read().operations_list(run, &filter, "", first)?.total;
    let report = StreamedReport {
        header: run_view(workspace, &row)?,
        causes: causes::of_run(workspace, run, &org_names(workspace, &row)?)?,
        rows: StreamedRows { workspace, run: &row, filter: &filter },
        rows_total,
    };
    let fill = |file: &mut dyn Write| {
        serde_json::to_writer_pretty(&mut *file, &report)?;
        file.write_all(b"\n")
    };
    write_recorded(path, fill, || audit_export(workspace, &row))?;
    Ok(rows_total)
}

#[derive(Serialize)]
struct StreamedReport<'a> {
    #[serde(flatten)]
    header: RunView,
    causes: Vec<CauseView>,
    rows: StreamedRows<'a>,
    rows_total: u64,
}

/// Rows that are read while they are written.
struct StreamedRows<'a> {
    workspace: &'a Workspace,
    run: &'a RunRow,
    filter: &'a OperationFilter,
}

impl Serialize for StreamedRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(None)?;
        let pages = RowPages::new(self.workspace, self.run, self.filter);
        let mut pages = pages.map_err(S::Error::custom)?;
        while let Some(page) = pages.next_page().map_err(S::Error::custom)? {
            for row in &page {
                rows.serialize_element(row)?;
            }
        }
        rows.end()
    }
}

fn cells(row: RowView) -> [String; 9] {
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

fn audit_export(workspace: &Workspace, run: &RunRow) -> Result<()> {
    let actor = &workspace.surroundings.actor;
    let mut draft = AuditDraft::new(workspace.now(), actor, AuditAction::Exported);
    draft.run = Some(run.id);
    draft.lane = Some(run.lane);
    draft.mapping_version = Some(run.mapping_version);
    workspace.ledger.write(|transaction| transaction.append_audit(draft))?;
    Ok(())
}
