//! `isthmus query` and `isthmus record`.

use std::io::Write;

use isthmus_app::{Error, Result};
use isthmus_contract::query::QueryView;
use serde_json::json;

use super::with_workspace;
use crate::arguments::{GlobalArguments, QueryArguments, QueryFormat, RecordCommand};
use crate::exit::Exit;
use crate::output::{count, print, print_json, queries, tell};
use crate::progress::busy;

pub(super) async fn query(global: &GlobalArguments, arguments: QueryArguments) -> Result<Exit> {
    with_workspace(global, async |workspace| {
        let (org, soql) = (&arguments.org, &arguments.soql);
        let rows = isthmus_app::query::query(workspace, org, soql, arguments.limit);
        let view = busy(global.json, "reading rows", rows).await?;
        // Into a file goes what `--format` says; `--json` is then about what is printed.
        let to_screen = arguments.output.is_none();
        let format = if global.json && to_screen { QueryFormat::Json } else { arguments.format };
        match &arguments.output {
            Some(path) => {
                let fill = |file: &mut dyn Write| write_rows(&view, format, file);
                isthmus_app::query::write_rows(workspace, org, &view, path, fill)?;
                let rows = view.rows.len();
                if global.json {
                    print_json(&json!({ "files": [{ "file": path, "rows": rows }] }));
                } else {
                    tell(&format!("Wrote {} to {}.", count(rows as u64, "row"), path.display()));
                }
            }
            None => write_rows(&view, format, &mut std::io::stdout().lock()).map_err(|error| {
                Error::File { path: "stdout".to_owned(), reason: error.to_string() }
            })?,
        }
        Ok(Exit::Succeeded)
    })
    .await
}

fn write_rows(
    view: &QueryView,
    format: QueryFormat,
    output: &mut dyn Write,
) -> std::io::Result<()> {
    match format {
        QueryFormat::Table => writeln!(output, "{}", queries::rows(view)),
        QueryFormat::Csv => queries::csv(view, output),
        QueryFormat::Json => {
            serde_json::to_writer(&mut *output, view)?;
            writeln!(output)
        }
    }
}

pub(super) async fn record(global: &GlobalArguments, command: RecordCommand) -> Result<Exit> {
    let RecordCommand::Get { org, object, id } = command;
    with_workspace(global, async |workspace| {
        let view = isthmus_app::record::get(workspace, &org, &object, id).await?;
        if global.json {
            print_json(&view)
        } else {
            print(&queries::record(&view))
        }
        Ok(Exit::Succeeded)
    })
    .await
}
