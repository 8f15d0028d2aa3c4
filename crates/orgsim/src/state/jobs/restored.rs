//! Reads the jobs of a state folder back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::{Jobs, RESULT, UPLOAD, part, parts};
use crate::bulk::job::{Job, Kind};
use crate::bulk::load::Outcome;
use crate::bulk::task::{Stage, Task, Work};
use crate::bulk_v1::job::Job as JobV1;
use crate::org::Org;
use crate::state::Error;

/// A job in a line.
#[derive(Debug, Deserialize)]
enum Record {
    V1(Box<JobV1>),
    V2(Box<Job>),
}

/// The jobs of a state file while it is read.
#[derive(Debug, Default)]
pub(in crate::state) struct Restored {
    records: BTreeMap<String, Value>,
    outcomes: BTreeMap<String, Vec<Outcome>>,
}

impl Restored {
    /// Takes what one line says.
    pub(in crate::state) fn apply(
        &mut self,
        records: BTreeMap<String, Option<Value>>,
        outcomes: BTreeMap<String, Vec<Outcome>>,
    ) {
        for (id, new) in outcomes {
            self.outcomes.entry(id).or_default().extend(new);
        }
        for (id, record) in records {
            match record {
                Some(record) => {
                    self.records.insert(id, record);
                }
                None => {
                    self.records.remove(&id);
                    self.outcomes.remove(&id);
                }
            }
        }
    }

    /// Puts the jobs into an org with their uploads, outcomes and results, and removes files that belong to none of
    /// them: a server that is killed can leave some.
    pub(in crate::state) fn finish(mut self, org: &mut Org, folder: &Path) -> Result<Jobs, Error> {
        for (id, record) in std::mem::take(&mut self.records) {
            let damaged = |error: serde_json::Error| damaged(folder, &id, &error.to_string());
            match serde_json::from_value(record).map_err(damaged)? {
                Record::V2(mut job) => {
                    self.complete(&mut job, folder)?;
                    org.bulk.by_id.insert(id, *job);
                }
                Record::V1(mut job) => {
                    self.complete_v1(&mut job, folder)?;
                    org.bulk_v1.by_id.insert(id, *job);
                }
            }
        }
        let own = org.bulk.by_id.values().map(part);
        let parts = own.chain(org.bulk_v1.by_id.values().flat_map(parts));
        let files: BTreeSet<String> = parts.flat_map(|part| part.names()).collect();
        let failed = |source| Error::Io { path: folder.to_owned(), source };
        remove_others(folder, &files).map_err(failed)?;
        Ok(Jobs { written: BTreeMap::new(), files })
    }

    fn complete(&mut self, job: &mut Job, folder: &Path) -> Result<(), Error> {
        match (&mut job.kind, &mut job.task) {
            (Kind::Ingest { .. }, Some(task)) => {
                let upload = read(folder, UPLOAD, &job.id)?;
                self.put(task, &job.id, upload, folder)
            }
            (Kind::Query { .. }, Some(task)) => self.put(task, &job.id, Bytes::new(), folder),
            (Kind::Ingest { data: Some(upload), .. }, None) => {
                upload.content = read(folder, UPLOAD, &job.id)?;
                Ok(())
            }
            (_, None) => Ok(()),
        }
    }

    fn complete_v1(&mut self, job: &mut JobV1, folder: &Path) -> Result<(), Error> {
        for batch in &mut job.batches {
            batch.data = read(folder, UPLOAD, &batch.id)?;
            if let Ok(task) = &mut batch.task {
                self.put(task, &batch.id, batch.data.clone(), folder)?;
            }
        }
        Ok(())
    }

    fn put(
        &mut self,
        task: &mut Task,
        id: &str,
        upload: Bytes,
        folder: &Path,
    ) -> Result<(), Error> {
        match &mut task.work {
            Work::Load(load) => {
                // It was just read, so nobody else holds it.
                if let Some(load) = Arc::get_mut(load) {
                    load.cargo.data = upload;
                    load.outcomes = self.outcomes.remove(id).unwrap_or_default();
                }
                Ok(())
            }
            Work::Extract(extract) if task.stage == Stage::Complete => {
                let content = read(folder, RESULT, id)?;
                let put = extract.put_file(&content);
                put.ok_or_else(|| damaged(folder, &format!("{RESULT}{id}"), "it is no result"))
            }
            Work::Extract(_) => Ok(()),
        }
    }
}

fn read(folder: &Path, kind: &str, id: &str) -> Result<Bytes, Error> {
    let path = folder.join(format!("{kind}{id}"));
    let content = fs::read(&path).map_err(|source| Error::Io { path, source })?;
    Ok(Bytes::from(content))
}

fn damaged(folder: &Path, name: &str, reason: &str) -> Error {
    Error::DamagedJob { path: folder.join(name), reason: reason.to_owned() }
}

fn remove_others(folder: &Path, wanted: &BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_of_a_job = name.starts_with(UPLOAD) || name.starts_with(RESULT);
        if is_of_a_job && !wanted.contains(&name) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
