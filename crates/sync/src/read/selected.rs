//! Reading a few left rows: records that a person selected, with the parents they need, or what another run left open.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::ids::{RecordId, RunId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_store::{OperationFilter, OutcomeKind, Scratch};

use crate::course::Course;
use crate::engine::{CallCause, Engine};
use crate::error::{Error, Result};
use crate::facts::parents_of;
use crate::read::{PAGE_ROWS, stage_rows};
use crate::rows::selection;

/// Left records to read, by mapping.
type Wanted = BTreeMap<MappingName, BTreeSet<RecordId>>;

impl Engine<'_> {
    /// Stages the selected records and, step by step upward, every parent that has no link yet.
    pub(super) async fn read_left_selected(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        records: &[RecordId],
    ) -> Result<Vec<(MappingName, RecordId)>> {
        let mut wanted = Wanted::new();
        for record in records {
            let mut covered = false;
            for object in &course.sync.objects {
                if object.mapping.left.key_prefix.as_deref() == Some(record.key_prefix()) {
                    wanted.entry(object.mapping.name.clone()).or_default().insert(*record);
                    covered = true;
                }
            }
            if !covered {
                return Err(Error::UnmappedRecord(*record));
            }
        }
        self.read_left_ids(course, scratch, wanted).await
    }

    /// Stages the rows that another run left failed, pending or held.
    pub(super) async fn read_left_of_run(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        of: RunId,
    ) -> Result<()> {
        let run = self.ledger.read().run(of)?.ok_or(Error::NothingToResume(of))?;
        if run.sync != course.sync.sync || run.lane != course.sync.lane {
            return Err(Error::ForeignRun(of));
        }
        let mut wanted = Wanted::new();
        // Held rows are decided anew: what held them may have been mended at either org, or on the map.
        for outcome in [OutcomeKind::Quarantined, OutcomeKind::Pending, OutcomeKind::Held] {
            self.collect(of, &OperationFilter::with_outcome(outcome), &mut wanted)?;
        }
        wanted.retain(|name, _| course.object(name).is_ok());
        self.read_left_ids(course, scratch, wanted).await?;
        Ok(())
    }

    fn collect(&self, of: RunId, filter: &OperationFilter, wanted: &mut Wanted) -> Result<()> {
        let mut after = None;
        loop {
            let page = self.ledger.read().operations_page(of, filter, after, PAGE_ROWS)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.ordinal);
            for planned in page {
                let operation = planned.operation;
                wanted.entry(operation.mapping).or_default().insert(operation.source_id);
            }
        }
    }

    /// Stages left rows by id and their unlinked parents; gives back the ids that the org does not show.
    async fn read_left_ids(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        mut wanted: Wanted,
    ) -> Result<Vec<(MappingName, RecordId)>> {
        let asked = wanted.clone();
        let mut read: BTreeSet<(MappingName, RecordId)> = BTreeSet::new();
        let mut not_found = Vec::new();
        while let Some((name, ids)) = wanted.pop_first() {
            let mapping = &course.object(&name)?.mapping;
            let new: Vec<RecordId> =
                ids.into_iter().filter(|id| read.insert((name.clone(), *id))).collect();
            let rows = self
                .rows_by_ids(
                    course,
                    Side::Left,
                    &selection(mapping, Side::Left),
                    &new,
                    CallCause::Read,
                )
                .await?;
            let found: BTreeSet<RecordId> = rows.rows.iter().map(|row| row.id).collect();
            // A parent that cannot be read is reported by its child; only what a person asked for is named here.
            let missing = new.iter().filter(|id| !found.contains(id));
            let missing = missing.filter(|id| asked.get(&name).is_some_and(|ids| ids.contains(id)));
            not_found.extend(missing.map(|id| (name.clone(), *id)));
            for (parent_name, parent) in parents_of(mapping, &rows) {
                if self.needs_reading(course, &parent_name, parent)? {
                    wanted.entry(parent_name).or_default().insert(parent);
                }
            }
            stage_rows(scratch, mapping, Side::Left, rows)?;
            // What was read already must not bring the loop round again.
            wanted.retain(|name, ids| {
                ids.retain(|id| !read.contains(&(name.clone(), *id)));
                !ids.is_empty()
            });
        }
        Ok(not_found)
    }

    /// A parent is needed when nothing links it yet and its own mapping covers its object.
    fn needs_reading(
        &self,
        course: &Course<'_>,
        name: &MappingName,
        parent: RecordId,
    ) -> Result<bool> {
        let Ok(object) = course.object(name) else { return Ok(false) };
        let covers = object
            .mapping
            .left
            .key_prefix
            .as_deref()
            .is_none_or(|prefix| prefix == parent.key_prefix());
        let reader = self.ledger.read();
        Ok(covers && reader.link_of(course.sync.lane, name, Side::Left, parent)?.is_none())
    }
}
