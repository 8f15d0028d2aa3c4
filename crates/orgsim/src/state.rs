//! State on disk: with a state folder an org survives restarts, and a killed server loses nothing that it had answered.
//!
//! Each org has a folder with one file, `state-N.jsonl`. It begins with everything the org holds and goes on with one
//! line for each request that changed something, written before the answer goes out. A process that is killed leaves
//! at most half a line, which belongs to a request that was never answered and is cut off at the next start. When the
//! changes outgrow the state, a new file with the next number is written beside the old one and takes its place.
//!
//! Lines reach the operating system, not the disk: they survive a killed process, not a machine that loses power.
//! Query locators are not kept: after a restart they answer `INVALID_QUERY_LOCATOR`, as evicted ones do. Bulk jobs go
//! on where they stood; their uploads and finished query results are files beside, named by the ids of job or batch.

mod jobs;
mod parts;
mod restore;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bulk::load::Outcome;
use crate::org::Org;
use crate::rows::Stored;
use jobs::{Changes, Jobs};
use parts::{Parts, sections};

/// Rows in one line of a fresh file, so that no line grows without bound.
const ROWS_PER_LINE: usize = 1_000;

/// Changes below this size never make a new file.
const CHANGES_MIN_BYTES: u64 = 16 * 1024 * 1024;

/// Why state cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be used.
    #[error("{path}: {source}: give a folder that can be written with --state-dir")]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A whole line is not what this server writes.
    #[error(
        "{path} is damaged in line {line} ({reason}): restore the file, or remove it to start afresh"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// What is kept of a Bulk job is not what this server writes.
    #[error("{path} is damaged ({reason}): restore the folder, or remove it to start afresh")]
    DamagedJob {
        /// The job's file, or the folder and the job's id where the job itself cannot be read.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// One line of a state file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Line {
    /// Parts of the org that changed, whole.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    sections: BTreeMap<String, Value>,
    /// Objects whose rows are all gone before those of this line come: their tables are new.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    emptied: Vec<String>,
    /// Object, id, and the row as it is now; nothing when it is gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<(String, String, Option<Stored>)>,
    /// Binary contents that changed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    blobs: BTreeMap<String, String>,
    /// Bulk jobs that changed, by id; nothing for one that is gone.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    jobs: BTreeMap<String, Option<Value>>,
    /// What became of further rows of a job or batch, by its id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    outcomes: BTreeMap<String, Vec<Outcome>>,
}

impl Line {
    fn is_empty(&self) -> bool {
        self.sections.is_empty()
            && self.emptied.is_empty()
            && self.rows.is_empty()
            && self.blobs.is_empty()
            && self.jobs.is_empty()
            && self.outcomes.is_empty()
    }
}

/// Where an org writes its changes down.
#[derive(Debug)]
pub struct StateFile {
    folder: PathBuf,
    number: u64,
    file: File,
    /// Bytes of the state that the file began with.
    beginning: u64,
    /// Bytes in all.
    written: u64,
    /// What each part was when it was written last.
    parts: Parts,
    /// What was written of the Bulk jobs, and which files they have.
    jobs: Jobs,
}

/// Opens the folder of an org: takes over what stands there, else begins with what the org holds.
///
/// # Errors
/// [`Error`] when files cannot be used, or hold something else.
pub fn open(org: &mut Org, folder: &Path) -> Result<(), Error> {
    let failed = |source| Error::Io { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    let newest = restore::newest(folder).map_err(failed)?;
    let jobs = match &newest {
        Some((_, path)) => restore::restore(org, path)?.finish(org, folder)?,
        None => Jobs::default(),
    };
    let number = newest.map_or(1, |(number, _)| number + 1);
    org.state = Some(StateFile::begin(org, folder, number, &jobs).map_err(failed)?);
    Ok(())
}

/// Writes down what changed since the last time; nothing for an org without a state folder.
///
/// # Errors
/// The system's reason. The change must not be answered then.
pub(crate) fn write_down(org: &mut Org) -> io::Result<()> {
    let Some(mut state) = org.state.take() else { return Ok(()) };
    let outcome = state.append(org);
    org.state = Some(state);
    outcome
}

impl StateFile {
    fn begin(org: &mut Org, folder: &Path, number: u64, jobs: &Jobs) -> io::Result<Self> {
        let path = folder.join(format!("state-{number:06}.jsonl"));
        let beginning = path.with_extension("tmp");
        let mut file = File::create(&beginning)?;
        let mut parts = Parts::default();
        let mut written = write_line(
            &mut file,
            &Line { sections: sections(org, &mut parts)?, ..Line::default() },
        )?;
        for (object, table) in &mut org.tables {
            table.take_changed();
            let rows: Vec<_> = table.stored_rows();
            for rows in rows.chunks(ROWS_PER_LINE) {
                let rows = rows
                    .iter()
                    .map(|(id, own)| (object.clone(), id.to_string(), Some((*own).clone())));
                written +=
                    write_line(&mut file, &Line { rows: rows.collect(), ..Line::default() })?;
            }
        }
        org.setup.changed_blobs.clear();
        for (key, content) in &org.setup.blobs {
            let blobs = BTreeMap::from([(key.clone(), content.clone())]);
            written += write_line(&mut file, &Line { blobs, ..Line::default() })?;
        }
        let mut jobs = jobs.anew();
        let changes = jobs.changes(org, folder)?;
        written += write_jobs(&mut file, changes)?;
        // Only a file whose beginning is on disk may take the place of the old one.
        file.sync_all()?;
        fs::rename(&beginning, &path)?;
        for (_, old) in restore::files(folder)?.into_iter().filter(|(own, _)| *own < number) {
            fs::remove_file(old)?;
        }
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok(Self {
            folder: folder.to_owned(),
            number,
            file,
            beginning: written,
            written,
            parts,
            jobs,
        })
    }

    fn append(&mut self, org: &mut Org) -> io::Result<()> {
        let mut line = Line { sections: sections(org, &mut self.parts)?, ..Line::default() };
        for (object, table) in &mut org.tables {
            if !table.is_tracked() {
                line.emptied.push(object.clone());
                let rows = table.stored_rows().into_iter();
                line.rows.extend(
                    rows.map(|(id, own)| (object.clone(), id.to_string(), Some(own.clone()))),
                );
            }
            for id in table.take_changed() {
                let stored = table.stored_for_org(&id).cloned();
                line.rows.push((object.clone(), id.to_string(), stored));
            }
        }
        let changed: BTreeSet<String> = std::mem::take(&mut org.setup.changed_blobs);
        let blobs = changed.into_iter().filter_map(|key| {
            let content = org.setup.blobs.get(&key)?.clone();
            Some((key, content))
        });
        line.blobs = blobs.collect();
        let mut changes = self.jobs.changes(org, &self.folder)?;
        line.jobs = std::mem::take(&mut changes.records);
        line.outcomes = std::mem::take(&mut changes.outcomes);
        if line.is_empty() {
            return Ok(());
        }
        self.written += write_line(&mut self.file, &line)?;
        self.jobs.remove_files(&changes, &self.folder)?;
        if self.written - self.beginning > self.beginning.max(CHANGES_MIN_BYTES) {
            *self = Self::begin(org, &self.folder, self.number + 1, &self.jobs)?;
        }
        Ok(())
    }
}

/// Writes all jobs and gives the length.
fn write_jobs(file: &mut File, changes: Changes) -> io::Result<u64> {
    let mut written = write_line(file, &Line { jobs: changes.records, ..Line::default() })?;
    for (id, outcomes) in &changes.outcomes {
        for outcomes in outcomes.chunks(ROWS_PER_LINE) {
            let outcomes = BTreeMap::from([(id.clone(), outcomes.to_vec())]);
            written += write_line(file, &Line { outcomes, ..Line::default() })?;
        }
    }
    Ok(written)
}

/// Writes one line in one go and gives its length.
fn write_line(file: &mut File, line: &Line) -> io::Result<u64> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)?;
    Ok(text.len() as u64)
}
