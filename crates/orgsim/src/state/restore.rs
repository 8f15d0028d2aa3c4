//! Reads a state file back into an org.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use super::jobs::Restored;
use super::parts::take_over;
use super::{Error, Line};
use crate::org::Org;
use crate::rows::RowId;

/// The state files of a folder with their numbers, in no order.
pub(super) fn files(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let number = name.as_deref().and_then(|name| name.strip_prefix("state-"));
        let number = number.and_then(|name| name.strip_suffix(".jsonl"));
        if let Some(number) = number.and_then(|number| number.parse().ok()) {
            files.push((number, path));
        }
    }
    Ok(files)
}

/// The state file with the highest number.
pub(super) fn newest(folder: &Path) -> io::Result<Option<(u64, PathBuf)>> {
    Ok(files(folder)?.into_iter().max_by_key(|(number, _)| *number))
}

/// Puts everything a file holds into an org, line by line, and cuts off a last line that was never finished. The jobs
/// have files beside and are still to be put in.
pub(super) fn restore(org: &mut Org, path: &Path) -> Result<Restored, Error> {
    let failed = |source| Error::Io { path: path.to_owned(), source };
    let mut reader = BufReader::new(File::open(path).map_err(failed)?);
    for table in org.tables.values_mut() {
        table.empty();
    }
    let mut jobs = Restored::default();
    let (mut text, mut whole, mut line) = (Vec::new(), 0_u64, 0);
    loop {
        text.clear();
        let length = reader.read_until(b'\n', &mut text).map_err(failed)?;
        if text.last() != Some(&b'\n') {
            break;
        }
        line += 1;
        whole += length as u64;
        let damaged = |error: serde_json::Error| Error::Damaged {
            path: path.to_owned(),
            line,
            reason: error.to_string(),
        };
        let mut changes: Line = serde_json::from_slice(&text).map_err(damaged)?;
        jobs.apply(std::mem::take(&mut changes.jobs), std::mem::take(&mut changes.outcomes));
        apply(org, changes).map_err(damaged)?;
    }
    drop(reader);
    let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
    file.set_len(whole).map_err(failed)?;
    Ok(jobs)
}

fn apply(org: &mut Org, mut line: Line) -> Result<(), serde_json::Error> {
    // Tables follow from the schema, so it comes first.
    if let Some(schema) = line.sections.remove("schema") {
        take_over(org, "schema", schema)?;
    }
    let tables = line.sections.remove("tables");
    for (name, value) in line.sections {
        take_over(org, &name, value)?;
    }
    for object in &line.emptied {
        if let Some(table) = org.tables.get_mut(object) {
            table.empty();
        }
    }
    for (object, id, stored) in line.rows {
        if let Some(table) = org.tables.get_mut(&object) {
            table.put(&RowId::from(id), stored);
        }
    }
    // Used-up numbers come behind the rows that used them.
    if let Some(tables) = tables {
        take_over(org, "tables", tables)?;
    }
    org.setup.blobs.extend(line.blobs);
    Ok(())
}
