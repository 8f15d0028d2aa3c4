//! Bulk jobs in a state folder. A line of the state file has a job's own data when it changed and the outcomes of rows
//! as they come, beside the rows themselves, so that both are kept or neither is. Uploads and finished query results do
//! not change and can be large: each has a file beside the state file, written before the line that counts on it.

mod restored;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::bulk::job::{Job, Kind};
use crate::bulk::load::Outcome;
use crate::bulk::result_file::ResultFile;
use crate::bulk::task::{Stage, Task, Work};
use crate::bulk_v1::job::Job as JobV1;
use crate::org::Org;

pub(super) use restored::Restored;

/// The file of what a job or batch was given, before its id.
const UPLOAD: &str = "upload-";

/// The file of what a query job or batch found, before its id.
const RESULT: &str = "result-";

/// What was written of the jobs.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    written: BTreeMap<String, Written>,
    /// Files of uploads and results that stand in the folder.
    files: BTreeSet<String>,
}

/// What was written of one job.
#[derive(Debug, Default)]
struct Written {
    /// Nothing when the job is over.
    record: Value,
    is_over: bool,
    /// Outcomes by the id of the job or batch.
    outcomes: BTreeMap<String, usize>,
    files: Vec<String>,
}

/// What changed since the jobs were written last.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// By id; nothing for a job that is gone.
    pub(super) records: BTreeMap<String, Option<Value>>,
    /// The outcomes that came, by the id of the job or batch.
    pub(super) outcomes: BTreeMap<String, Vec<Outcome>>,
    /// Files to remove once that is written.
    files: Vec<String>,
}

/// A job of Bulk API 2.0 or a batch of version 1, seen by what is kept apart from its record.
struct Part<'job> {
    id: &'job str,
    upload: Option<&'job Bytes>,
    task: Option<&'job Task>,
}

/// What stands in a file.
enum Content<'job> {
    Upload(&'job Bytes),
    Result(&'job ResultFile),
}

impl Jobs {
    /// Nothing is written any more except the files: for a fresh state file.
    pub(super) fn anew(&self) -> Self {
        Self { written: BTreeMap::new(), files: self.files.clone() }
    }

    /// The changes, whose files are written by then; from then on they count as written.
    pub(super) fn changes(&mut self, org: &Org, folder: &Path) -> io::Result<Changes> {
        let mut changes = Changes::default();
        for (id, job) in &org.bulk.by_id {
            let is_over = job.state().is_final();
            if self.written.get(id).is_none_or(|written| !written.is_over) {
                let record = || Ok(json!({ "V2": serde_json::to_value(job)? }));
                self.compare((id, is_over), record, &[part(job)], folder, &mut changes)?;
            }
        }
        for (id, job) in &org.bulk_v1.by_id {
            let record = || Ok(json!({ "V1": serde_json::to_value(job)? }));
            self.compare((id, false), record, &parts(job), folder, &mut changes)?;
        }
        let is_gone =
            |id: &String| !org.bulk.by_id.contains_key(id) && !org.bulk_v1.by_id.contains_key(id);
        let gone: Vec<String> = self.written.keys().filter(|id| is_gone(id)).cloned().collect();
        for id in gone {
            changes.files.extend(self.written.remove(&id).unwrap_or_default().files);
            changes.records.insert(id, None);
        }
        Ok(changes)
    }

    fn compare(
        &mut self,
        (id, is_over): (&String, bool),
        record: impl Fn() -> io::Result<Value>,
        parts: &[Part<'_>],
        folder: &Path,
        changes: &mut Changes,
    ) -> io::Result<()> {
        let written = self.written.entry(id.clone()).or_default();
        for part in parts {
            for (name, content) in part.files() {
                if !written.files.contains(&name) {
                    if !self.files.contains(&name) {
                        content.write(&folder.join(&name))?;
                        self.files.insert(name.clone());
                    }
                    written.files.push(name);
                }
            }
            let outcomes = part.outcomes();
            let known = written.outcomes.get(part.id).copied().unwrap_or_default();
            if let Some(new) = outcomes.get(known..).filter(|new| !new.is_empty()) {
                changes.outcomes.insert(part.id.to_owned(), new.to_vec());
                written.outcomes.insert(part.id.to_owned(), outcomes.len());
            }
        }
        let record = record()?;
        if written.record != record {
            written.record = if is_over { Value::Null } else { record.clone() };
            changes.records.insert(id.clone(), Some(record));
        }
        written.is_over = is_over;
        Ok(())
    }

    /// Removes the files of jobs that are gone; to be called when that is written.
    pub(super) fn remove_files(&mut self, changes: &Changes, folder: &Path) -> io::Result<()> {
        for name in &changes.files {
            self.files.remove(name);
            match fs::remove_file(folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Part<'_> {
    /// The files that it should have, by name.
    fn files(&self) -> impl Iterator<Item = (String, Content<'_>)> {
        let upload = self.upload.map(|upload| (UPLOAD, Content::Upload(upload)));
        let result = self.task.and_then(result_of).map(|file| (RESULT, Content::Result(file)));
        upload
            .into_iter()
            .chain(result)
            .map(|(kind, content)| (format!("{kind}{}", self.id), content))
    }

    fn names(&self) -> Vec<String> {
        self.files().map(|(name, _)| name).collect()
    }

    fn outcomes(&self) -> &[Outcome] {
        match self.task.map(|task| &task.work) {
            Some(Work::Load(load)) => &load.outcomes,
            _ => &[],
        }
    }
}

impl Content<'_> {
    fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = File::create(path)?;
        match self {
            Self::Upload(upload) => file.write_all(upload),
            Self::Result(result) => {
                result.page(0, usize::MAX).iter().try_for_each(|piece| file.write_all(piece))
            }
        }
    }
}

/// A result is kept once it is whole, and nobody can read it before that.
fn result_of(task: &Task) -> Option<&ResultFile> {
    match &task.work {
        Work::Extract(extract) if task.stage == Stage::Complete => Some(extract.file()),
        _ => None,
    }
}

fn part(job: &Job) -> Part<'_> {
    let upload = match (&job.kind, job.task.as_ref().map(|task| &task.work)) {
        (_, Some(Work::Load(load))) => Some(&load.cargo.data),
        (Kind::Ingest { data, .. }, _) => data.as_ref().map(|upload| &upload.content),
        _ => None,
    };
    Part { id: &job.id, upload, task: job.task.as_ref() }
}

fn parts(job: &JobV1) -> Vec<Part<'_>> {
    let batches = job.batches.iter();
    batches
        .map(|batch| Part {
            id: &batch.id,
            upload: Some(&batch.data),
            task: batch.task.as_ref().ok(),
        })
        .collect()
}
