//! Reading: streams both sides into the scratch file, so that memory stays flat, and keeps the marks of what was read.

mod selected;

use std::collections::BTreeMap;

use isthmus_model::cursor::Cursor;
use isthmus_model::ids::{RecordId, Side};
use isthmus_model::mapping::{MappingName, ObjectMapping};
use isthmus_model::plan::RowKey;
use isthmus_model::run::RunKind;
use isthmus_model::schema::ObjectName;
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_store::{Scratch, StagedRow};
use jiff::{SignedDuration, Timestamp};
use tokio::task::yield_now;

use crate::course::Course;
use crate::engine::{CallCause, Engine};
use crate::error::{Error, Result};
use crate::plan::key::row_key;
use crate::progress::{Meter, Stage};
use crate::rows::{empty, lookup_key, selection};
use crate::side::{RefusalClass, Selection, SideErrorKind};

/// What an org says when a query under way is gone; the scan then begins anew.
pub(crate) const LOCATOR_GONE: &str = "INVALID_QUERY_LOCATOR";
/// Times a scan begins anew before the run gives up.
const MAX_RESTARTS: u32 = 2;
/// A scan gives 2,000 rows per request, a look-up of keys 500 at most: a right object up to this many times the size of
/// the left one is scanned, a larger one is looked up.
const SCAN_RATIO: u64 = 4;
/// Rows per page of staged rows.
pub(crate) const PAGE_ROWS: u32 = 500;
/// READ stays this far behind the org's clock: rows can become visible after their stamp (design, 3.6).
const READ_MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Both sides as staged.
pub(crate) struct Staged {
    pub(crate) scratch: Scratch,
    /// When it was read; later than some minutes it is read again before anything is written.
    pub(crate) at: Timestamp,
    /// The marks that the read earned, stored with the plan.
    pub(crate) cursors: Vec<Cursor>,
    /// Selected records that the left org does not show.
    pub(crate) not_found: Vec<(MappingName, RecordId)>,
}

impl Engine<'_> {
    /// Stages what the plan needs of both sides. A mapping whose objects cannot be read is halted, the others go on.
    pub(crate) async fn read(&mut self, course: &mut Course<'_>, kind: &RunKind) -> Result<Staged> {
        let scratch = Scratch::create(self.ledger, &mut *self.random)?;
        let at = self.clock.now();
        let mut staged = Staged { scratch, at, cursors: Vec::new(), not_found: Vec::new() };
        let whole = *kind == RunKind::Full;
        let marks = if whole { self.marks(course).await? } else { Marks::new() };
        match kind {
            RunKind::Full => self.read_left_whole(course, &staged.scratch).await?,
            RunKind::Selected { records } => {
                staged.not_found =
                    self.read_left_selected(course, &staged.scratch, records).await?;
            }
            RunKind::Retry { of } => self.read_left_of_run(course, &staged.scratch, *of).await?,
        }
        for object in &course.sync.objects {
            if !course.halted.contains_key(&object.mapping.name) {
                let read = self.read_right(course, &staged.scratch, &object.mapping, whole).await;
                self.halt_or_fail(course, &object.mapping, read)?;
            }
        }
        if whole {
            staged.cursors = cursors(course, &marks);
        }
        Ok(staged)
    }

    async fn read_left_whole(&mut self, course: &mut Course<'_>, scratch: &Scratch) -> Result<()> {
        for object in &course.sync.objects {
            let mapping = &object.mapping;
            let read = self.read_left(course, scratch, mapping).await;
            self.halt_or_fail(course, mapping, read)?;
            if !course.halted.contains_key(&mapping.name) {
                let seen = self.refuse_nothing_readable(course, scratch, mapping, Side::Left);
                self.halt_or_fail(course, mapping, seen)?;
            }
        }
        Ok(())
    }

    async fn read_left(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        mapping: &ObjectMapping,
    ) -> Result<()> {
        let object = mapping.left.name.as_str();
        let rows = self
            .ask(&mut course.calls, CallCause::Read, Side::Left, |port| port.count(object))
            .await?;
        let mut meter = Meter::new(Stage::ReadingLeft, Some(rows), self.clock);
        self.scan(course, scratch, mapping, Side::Left, &mut meter).await
    }

    /// Stages the right side: all of it, or what the staged left rows are linked with or share a key with.
    async fn read_right(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        mapping: &ObjectMapping,
        whole: bool,
    ) -> Result<()> {
        let left_rows = scratch.count(Side::Left, &mapping.name)?;
        if left_rows == 0 {
            return Ok(());
        }
        let object = mapping.right.name.as_str();
        let right_rows = if whole {
            self.ask(&mut course.calls, CallCause::Read, Side::Right, |side| side.count(object))
                .await?
        } else {
            u64::MAX
        };
        if right_rows == 0 {
            return self.refuse_nothing_readable(course, scratch, mapping, Side::Right);
        }
        if right_rows <= left_rows.saturating_mul(SCAN_RATIO) {
            let mut meter = Meter::new(Stage::ReadingRight, Some(right_rows), self.clock);
            self.scan(course, scratch, mapping, Side::Right, &mut meter).await
        } else {
            self.look_up_right(course, scratch, mapping, left_rows).await
        }
    }

    /// Streams a whole object into the scratch file.
    async fn scan(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        mapping: &ObjectMapping,
        side: Side,
        meter: &mut Meter,
    ) -> Result<()> {
        let wanted = selection(mapping, side);
        let mut mark = None;
        let mut restarts = 0;
        loop {
            let from = &mark;
            let page = self
                .ask(&mut course.calls, CallCause::Read, side, |port| {
                    port.scan(&wanted, from.clone())
                })
                .await;
            let page = match page {
                Err(error) if error.code() == LOCATOR_GONE && restarts < MAX_RESTARTS => {
                    restarts += 1;
                    mark = None;
                    continue;
                }
                page => page?,
            };
            stage_rows(scratch, mapping, side, page.rows.clone())?;
            let rows = page.rows.rows.len() as u64;
            let progress = meter.advance(rows, Some(&mapping.name), course.counts, self.clock);
            (self.watch)(progress);
            yield_now().await;
            match page.next {
                Some(next) => mark = Some(next),
                None => return Ok(()),
            }
        }
    }

    async fn look_up_right(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        mapping: &ObjectMapping,
        left_rows: u64,
    ) -> Result<()> {
        let mut meter = Meter::new(Stage::ReadingRight, Some(left_rows), self.clock);
        let wanted = selection(mapping, Side::Left);
        let mut after = None;
        loop {
            let page = scratch.rows_page(Side::Left, &mapping.name, after, PAGE_ROWS)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.row.id);
            let mut left = empty(&wanted);
            left.rows = page.into_iter().map(|staged| staged.row).collect();
            let right = self.partners(course, mapping, &left, CallCause::Read).await?;
            stage_rows(scratch, mapping, Side::Right, right)?;
            let rows = left.rows.len() as u64;
            (self.watch)(meter.advance(rows, Some(&mapping.name), course.counts, self.clock));
            yield_now().await;
        }
    }

    /// The right rows that these left rows are linked with, or share a key with where they are not linked.
    pub(crate) async fn partners(
        &mut self,
        course: &mut Course<'_>,
        mapping: &ObjectMapping,
        left: &Snapshot,
        cause: CallCause,
    ) -> Result<Snapshot> {
        let mut ids: Vec<RecordId> = Vec::new();
        let mut keys: Vec<RowKey> = Vec::new();
        for row in &left.rows {
            let reader = self.ledger.read();
            match reader.link_of(mapping.lane, &mapping.name, Side::Left, row.id)? {
                Some(link) => ids.push(link.right),
                None => keys.extend(lookup_key(left, row, &mapping.match_rule)),
            }
        }
        let wanted = selection(mapping, Side::Right);
        let mut found = self.rows_by_ids(course, Side::Right, &wanted, &ids, cause).await?;
        let more = self.rows_by_keys(course, &wanted, &keys, cause).await?;
        crate::rows::merge(&mut found, more);
        Ok(found)
    }

    /// Rows by id, in as many requests as the side needs.
    pub(crate) async fn rows_by_ids(
        &mut self,
        course: &mut Course<'_>,
        side: Side,
        wanted: &Selection,
        ids: &[RecordId],
        cause: CallCause,
    ) -> Result<Snapshot> {
        let mut found = empty(wanted);
        for part in ids.chunks(self.sides.get(side).capabilities().max_read_ids.max(1)) {
            let rows =
                self.ask(&mut course.calls, cause, side, |port| port.by_ids(wanted, part)).await?;
            found.rows.extend(rows.rows);
        }
        Ok(found)
    }

    /// Right rows by key, in as many requests as the side needs.
    pub(crate) async fn rows_by_keys(
        &mut self,
        course: &mut Course<'_>,
        wanted: &Selection,
        keys: &[RowKey],
        cause: CallCause,
    ) -> Result<Snapshot> {
        let mut found = empty(wanted);
        for part in keys.chunks(self.sides.right.capabilities().max_read_keys.max(1)) {
            let rows = self
                .ask(&mut course.calls, cause, Side::Right, |port| port.by_keys(wanted, part))
                .await?;
            found.rows.extend(rows.rows);
        }
        Ok(found)
    }

    /// A mapping that a side refuses to read, or shows nothing of, is halted; anything else ends the run.
    fn halt_or_fail(
        &mut self,
        course: &mut Course<'_>,
        mapping: &ObjectMapping,
        read: Result<()>,
    ) -> Result<()> {
        match read {
            Err(Error::Side { error, side })
                if matches!(
                    error.kind,
                    SideErrorKind::Rejected(
                        RefusalClass::RowData | RefusalClass::Permission | RefusalClass::Unknown
                    )
                ) =>
            {
                tracing::warn!(mapping = %mapping.name, side = side.as_str(), code = error.cause.code, "mapping halted");
                course.halted.insert(mapping.name.clone(), error.cause);
                Ok(())
            }
            Err(hidden @ Error::NothingReadable { .. }) => {
                tracing::warn!(mapping = %mapping.name, code = hidden.code(), "mapping halted");
                course.halted.insert(mapping.name.clone(), hidden.cause());
                Ok(())
            }
            other => other,
        }
    }

    /// An object that is linked and shows no row at all has been hidden, not emptied: absence is never evidence.
    fn refuse_nothing_readable(
        &self,
        course: &Course<'_>,
        scratch: &Scratch,
        mapping: &ObjectMapping,
        side: Side,
    ) -> Result<()> {
        if scratch.count(side, &mapping.name)? > 0 {
            return Ok(());
        }
        let links = self.ledger.read().count_links(course.sync.lane, &mapping.name)?;
        let schema = if side == Side::Left { &mapping.left } else { &mapping.right };
        match links {
            0 => Ok(()),
            _ => Err(Error::NothingReadable { side, object: schema.name.clone(), links }),
        }
    }

    /// READ and SETTLED of both orgs, asked before the first row is read.
    async fn marks(&mut self, course: &mut Course<'_>) -> Result<Marks> {
        let mut marks = Marks::new();
        for side in [Side::Left, Side::Right] {
            let objects = objects_of(course, side);
            let settled = self
                .ask(&mut course.calls, CallCause::Settled, side, |port| port.settled(&objects))
                .await?;
            let read = self.sides.get(side).now().checked_sub(READ_MARGIN).ok();
            for object in objects {
                let certified = settled.get(&object).copied();
                marks.insert((side, object), (self.sides.get(side).org(), read, certified));
            }
        }
        Ok(marks)
    }
}

/// Org, READ and SETTLED by side and object.
type Marks =
    BTreeMap<(Side, ObjectName), (isthmus_model::ids::OrgId, Option<Timestamp>, Option<Timestamp>)>;

/// The replicateable objects of one side, each once.
fn objects_of(course: &Course<'_>, side: Side) -> Vec<ObjectName> {
    let mut objects: Vec<ObjectName> = course
        .sync
        .objects
        .iter()
        .map(|object| match side {
            Side::Left => &object.mapping.left,
            Side::Right => &object.mapping.right,
        })
        .filter(|schema| schema.replicateable)
        .map(|schema| schema.name.clone())
        .collect();
    objects.sort();
    objects.dedup();
    objects
}

/// Cursors of everything that was read as a whole.
fn cursors(course: &Course<'_>, marks: &Marks) -> Vec<Cursor> {
    let halted = |object: &ObjectName| {
        course.sync.objects.iter().any(|bound| {
            (bound.mapping.left.name == *object || bound.mapping.right.name == *object)
                && course.halted.contains_key(&bound.mapping.name)
        })
    };
    marks
        .iter()
        .filter(|((_, object), _)| !halted(object))
        .map(|((_, object), (org, read, settled))| Cursor {
            org: *org,
            object: object.clone(),
            lane: course.sync.lane,
            mapping_version: course.sync.version,
            read: *read,
            settled: *settled,
        })
        .collect()
}

/// Stages rows with their match keys.
pub(crate) fn stage_rows(
    scratch: &Scratch,
    mapping: &ObjectMapping,
    side: Side,
    mut rows: Snapshot,
) -> Result<()> {
    let taken: Vec<SnapshotRow> = std::mem::take(&mut rows.rows);
    let staged: Vec<StagedRow> = taken
        .into_iter()
        .map(|row| StagedRow { key: row_key(&rows, &row, &mapping.match_rule, side), row })
        .collect();
    Ok(scratch.insert_rows(side, &mapping.name, &staged)?)
}
