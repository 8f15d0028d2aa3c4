//! Recovery: what a crash or a lost answer left open is read back before anything is sent again.

mod evidence;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use isthmus_model::base::BaseState;
use isthmus_model::ids::{OutboxId, RecordId, RunId, Side};
use isthmus_model::mapping::ObjectMapping;
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, ObjectSchema};
use isthmus_model::snapshot::Snapshot;
use isthmus_store::{OutboxRow, OutboxState, PlannedOperation, RunState};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::task::yield_now;

use crate::apply::send::{differing_of, request_end, source_of};
use crate::apply::{Written, store_written};
use crate::course::{Course, QuarantineRule, own_cause};
use crate::engine::{BoundSync, CallCause, Engine, RunReport};
use crate::error::{Error, Result};
use crate::failpoint::{FailPoint, hit};
use crate::recover::evidence::{CREATED_BY, CREATED_DATE, Evidence, Verdict};
use crate::rows::{MODIFIED_BY, last_modified_by_us, mapped_values, selection};
use crate::side::Selection;

/// Open rows looked at together: as many as one write has at most.
const OPEN_PAGE: u32 = 200;

/// The org's clock is known to about a second (the `Date` header has whole ones, and the answer travels): SETTLED must
/// lie this far behind the end of a request before the request counts as covered.
const CERTIFIED_MARGIN: SignedDuration = SignedDuration::from_secs(5);

/// One open row with the operation it belongs to.
struct OpenRow {
    row: OutboxRow,
    planned: PlannedOperation,
}

impl Engine<'_> {
    /// Settles what earlier runs of the lane left open, and brings runs that a crash cut off to their end.
    ///
    /// Every step can be cut off again and repeated. `shown` is a plan that is about to be carried out: it stays.
    pub(crate) async fn recover(
        &mut self,
        sync: &BoundSync,
        shown: Option<RunId>,
    ) -> Result<Vec<RunReport>> {
        let lane = sync.lane;
        let unfinished = self.ledger.read().open_runs()?;
        let unfinished: Vec<_> = unfinished
            .into_iter()
            .filter(|run| run.lane == lane && Some(run.id) != shown)
            .collect();
        if unfinished.is_empty() && self.ledger.read().count_open_outbox(lane)? == 0 {
            return Ok(Vec::new());
        }
        self.ledger.write(|tx| tx.mark_sent_unknown(lane))?;
        hit(FailPoint::RecoverBegun).await;
        let mut course = Course::new(RunId(0), sync, QuarantineRule::Respect);
        self.load_unanswered(&mut course).await?;
        match self.read_back(&mut course).await {
            // What cannot be asked now stays open; the run itself then meets the same trouble and says so.
            Err(error @ (Error::Side { .. } | Error::Cancelled)) => {
                tracing::warn!(code = error.code(), "open rows could not be read back yet");
            }
            result => drop(result?),
        }
        let mut reports = Vec::new();
        for run in unfinished {
            match run.state {
                RunState::Planning => self.abandon(
                    run.id,
                    "interrupted",
                    "the program ended while the plan was made; nothing was written",
                )?,
                RunState::Planned => {
                    self.abandon(run.id, "superseded", "another plan or run was started")?
                }
                RunState::Applying | RunState::Settling => {
                    let mut course = Course::new(run.id, sync, QuarantineRule::Respect);
                    self.load_unanswered(&mut course).await?;
                    course.rows_sent = run.rows_sent + self.count_in_flight(run.id)?;
                    hit(FailPoint::RecoverDone).await;
                    let result = match run.mapping_version == sync.version {
                        true => self.apply(&mut course, None).await,
                        false => Err(Error::OtherVersion(run.id)),
                    };
                    reports.push(self.finish(course, result).await?);
                }
                RunState::Ended => {}
            }
        }
        Ok(reports)
    }

    /// Ends a run that wrote nothing.
    fn abandon(&mut self, run: RunId, code: &str, message: &str) -> Result<()> {
        let cause = own_cause(code, message.to_owned(), "look at the newer run");
        let now = self.clock.now();
        self.ledger.write(|tx| {
            let counts = tx.outcome_counts(run)?.decided;
            tx.end_run(run, isthmus_model::run::RunEnd::Stopped, now, counts, Some(&cause))
        })?;
        Ok(())
    }

    /// Which rows of the lane have an unknown answer.
    pub(crate) async fn load_unanswered(&self, course: &mut Course<'_>) -> Result<()> {
        course.unanswered.clear();
        let mut after = None;
        loop {
            let page = self.ledger.read().open_outbox_page(course.sync.lane, after, OPEN_PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for open in self.with_operations(page)? {
                let operation = open.planned.operation;
                course.unanswered.insert((operation.mapping, operation.source_id));
            }
            yield_now().await;
        }
    }

    /// Rows of a run that were handed to the wire and not counted as sent, because no answer came.
    fn count_in_flight(&self, run: RunId) -> Result<u64> {
        let Some(last) = self.ledger.read().last_request(run)? else { return Ok(0) };
        let rows = self.ledger.read().outbox_of_request(run, last)?;
        Ok(rows.iter().filter(|row| row.state == OutboxState::Unknown).count() as u64)
    }

    /// Rows whose answer is unknown, with their operations.
    fn with_operations(&self, page: Vec<OutboxRow>) -> Result<Vec<OpenRow>> {
        let mut open = Vec::new();
        for row in page {
            if !matches!(row.state, OutboxState::Sent | OutboxState::Unknown) {
                continue;
            }
            let planned = self.ledger.read().operation(row.intent.run, row.intent.ordinal)?;
            open.extend(planned.map(|planned| OpenRow { row, planned }));
        }
        Ok(open)
    }

    /// Reads back every row whose answer is unknown; gives the number of rows of which something is known now.
    pub(crate) async fn read_back(&mut self, course: &mut Course<'_>) -> Result<u64> {
        let mut resolved = 0;
        let mut after: Option<OutboxId> = None;
        loop {
            let page = self.ledger.read().open_outbox_page(course.sync.lane, after, OPEN_PAGE)?;
            let Some(last) = page.last() else { return Ok(resolved) };
            after = Some(last.id);
            let mut by_object: BTreeMap<String, Vec<OpenRow>> = BTreeMap::new();
            for open in self.with_operations(page)? {
                by_object.entry(open.row.intent.object.clone()).or_default().push(open);
            }
            for (object, rows) in by_object {
                resolved += self.read_back_object(course, &object, rows).await?;
                yield_now().await;
            }
        }
    }

    async fn read_back_object(
        &mut self,
        course: &mut Course<'_>,
        object: &str,
        rows: Vec<OpenRow>,
    ) -> Result<u64> {
        let schema = self.right_schema(course, object).await?;
        let wanted = wanted(course, &schema, &rows);
        // SETTLED is asked before the rows are read: what it certifies must be visible to that read.
        let objects = [schema.name.clone()];
        let settled = self
            .ask(&mut course.calls, CallCause::Settled, Side::Right, |port| port.settled(&objects))
            .await?;
        let settled = settled.get(&schema.name).copied();
        let found = self.found(course, &wanted, &rows).await?;
        hit(FailPoint::RecoverRead).await;
        let timeout = self.sides.right.capabilities().request_timeout;
        let timeout = SignedDuration::try_from(timeout).unwrap_or_default();
        let own_user = self.sides.right.own_user();
        let mut verdicts = Vec::new();
        for open in rows {
            let ends = request_end(course, &open.row, timeout);
            let evidence = Evidence {
                schema: &schema,
                found: &found,
                own_user,
                certified: settled
                    .is_some_and(|settled| settled.duration_since(ends) > CERTIFIED_MARGIN),
            };
            let verdict = evidence.verdict(&open.row);
            verdicts.push((open, verdict));
        }
        let resolved = self.store_read_back(course, &schema, &found, &verdicts)?;
        hit(FailPoint::RecoverStored).await;
        Ok(resolved)
    }

    /// The object's schema, from the mapping where it has one, else from the org.
    async fn right_schema(
        &mut self,
        course: &mut Course<'_>,
        object: &str,
    ) -> Result<Arc<ObjectSchema>> {
        let known = course.sync.objects.iter().find(|bound| bound.mapping.right.name == object);
        if let Some(bound) = known {
            return Ok(Arc::clone(&bound.mapping.right));
        }
        let described = self
            .ask(&mut course.calls, CallCause::ReadBack, Side::Right, |port| port.describe(object))
            .await?;
        Ok(Arc::new(described))
    }

    async fn found(
        &mut self,
        course: &mut Course<'_>,
        wanted: &Selection,
        rows: &[OpenRow],
    ) -> Result<Snapshot> {
        let ids: Vec<RecordId> = rows.iter().filter_map(|open| open.row.intent.target_id).collect();
        let keys: Vec<RowKey> = rows
            .iter()
            .filter(|open| open.row.intent.target_id.is_none())
            .filter_map(|open| open.row.intent.key.clone())
            .collect();
        let cause = CallCause::ReadBack;
        let mut found = self.rows_by_ids(course, Side::Right, wanted, &ids, cause).await?;
        let more = self.rows_by_keys(course, wanted, &keys, cause).await?;
        crate::rows::merge(&mut found, more);
        Ok(found)
    }

    /// One transaction for what was read back: outcomes of written rows, and rows that surely were not written.
    fn store_read_back(
        &mut self,
        course: &mut Course<'_>,
        schema: &ObjectSchema,
        found: &Snapshot,
        verdicts: &[(OpenRow, Verdict)],
    ) -> Result<u64> {
        let (now, org_now) = (self.clock.now(), self.sides.right.now());
        let (actor, sync, own_user) = (self.actor(), course.sync, self.sides.right.own_user());
        let outcomes = self.ledger.write(|tx| {
            let mut outcomes = Vec::new();
            for (open, verdict) in verdicts {
                let outcome = match verdict {
                    Verdict::Open => continue,
                    Verdict::NotDone => {
                        let answer = json!({ "not_done": "read_back" });
                        tx.record_answer(open.row.id, None, &answer, org_now)?;
                        None
                    }
                    Verdict::Written { target } => {
                        let actor = actor.as_str();
                        let read = ReadBack { sync, schema, found, own_user, actor, now, org_now };
                        let outcome = read.store(tx, open, *target)?;
                        let intent = &open.row.intent;
                        tx.set_outcome(intent.run, intent.ordinal, &outcome, now)?;
                        Some(outcome)
                    }
                };
                outcomes.push((open, outcome));
            }
            refresh_ended(tx, course.run, verdicts)?;
            Ok(outcomes
                .into_iter()
                .map(|(open, outcome)| (open.row.intent.run, open.source(), outcome))
                .collect::<Vec<_>>())
        })?;
        let resolved = outcomes.len() as u64;
        for (run, source, outcome) in outcomes {
            course.unanswered.remove(&source);
            match outcome {
                _ if run != course.run => {}
                Some(outcome) => course.counts.add(&outcome),
                None => course.reopened += 1,
            }
        }
        tracing::info!(resolved, open = course.unanswered.len(), "read back");
        Ok(resolved)
    }
}

impl OpenRow {
    fn source(&self) -> (isthmus_model::mapping::MappingName, RecordId) {
        (self.planned.operation.mapping.clone(), self.planned.operation.source_id)
    }
}

/// What is the same for all rows of one read-back.
struct ReadBack<'r> {
    sync: &'r BoundSync,
    schema: &'r ObjectSchema,
    found: &'r Snapshot,
    own_user: Option<RecordId>,
    actor: &'r str,
    now: Timestamp,
    org_now: Timestamp,
}

impl ReadBack<'_> {
    fn store(
        &self,
        tx: &isthmus_store::WriteTransaction<'_>,
        open: &OpenRow,
        target: RecordId,
    ) -> isthmus_store::Result<isthmus_model::run::Outcome> {
        let operation = &open.planned.operation;
        let mapping = self.mapping(operation.mapping_version, &operation.mapping);
        let intent = &open.row.intent;
        let (source, differing) = (source_of(&intent.payload), differing_of(&intent.payload));
        let row = self.found.rows.iter().find(|row| row.id == target);
        // What somebody else made of the row since is that side's edit: the base is what we sent.
        let held = mapping
            .zip(row)
            .filter(|(_, row)| last_modified_by_us(self.found, row, self.own_user))
            .map(|(mapping, row)| mapped_values(mapping, self.found, row, Side::Right));
        let old_base = match mapping {
            Some(mapping) => {
                let link =
                    tx.link_of(mapping.lane, &mapping.name, Side::Left, operation.source_id)?;
                match link {
                    Some(link) => tx.base(link.id, Side::Left)?.zip(tx.base(link.id, Side::Right)?),
                    None => None,
                }
            }
            None => None,
        };
        let old_base = old_base.map(|(left, right)| (left.row, right.row));
        let written = Written {
            run: intent.run,
            lane: intent.lane,
            operation,
            mapping,
            outbox: open.row.id,
            org: intent.org,
            target,
            created: intent.target_id.is_none(),
            source: source.as_ref(),
            before: &intent.base,
            sent: &intent.desired,
            differing: &differing,
            held,
            old_base: old_base.as_ref(),
            // This very read shows what the org made of the row; where somebody edited it since, no read ever will.
            right_state: BaseState::Settled,
            actor: self.actor,
            answer: json!({ "read_back": target }),
            now: self.now,
            org_now: self.org_now,
        };
        store_written(tx, &written)
    }

    /// The mapping, if the sync still has it at the version the row was planned under.
    fn mapping(
        &self,
        version: isthmus_model::ids::MappingVersion,
        name: &isthmus_model::mapping::MappingName,
    ) -> Option<&ObjectMapping> {
        let bound = self.sync.objects.iter().map(|bound| &bound.mapping);
        bound
            .filter(|mapping| mapping.version == version && mapping.right.name == self.schema.name)
            .find(|mapping| mapping.name == *name)
    }
}

/// Counts of runs that had ended before: their pending rows are known now.
fn refresh_ended(
    tx: &isthmus_store::WriteTransaction<'_>,
    current: RunId,
    verdicts: &[(OpenRow, Verdict)],
) -> isthmus_store::Result<()> {
    let runs: BTreeSet<RunId> = verdicts
        .iter()
        .filter(|(_, verdict)| !matches!(verdict, Verdict::Open))
        .map(|(open, _)| open.row.intent.run)
        .filter(|run| *run != current)
        .collect();
    for run in runs {
        let counts = tx.outcome_counts(run)?.decided;
        tx.set_run_counts(run, counts)?;
    }
    Ok(())
}

/// The fields to read back: what was sent, what is mapped, the key, and who made and last modified the row.
fn wanted(course: &Course<'_>, schema: &Arc<ObjectSchema>, rows: &[OpenRow]) -> Selection {
    let mut fields: BTreeSet<FieldName> = BTreeSet::new();
    for bound in &course.sync.objects {
        if bound.mapping.right.name == schema.name {
            fields.extend(selection(&bound.mapping, Side::Right).fields.iter().cloned());
        }
    }
    for open in rows {
        fields.extend(open.row.intent.desired.keys().cloned());
        match &open.row.intent.key {
            Some(RowKey::External { field, .. }) => {
                fields.insert(field.clone());
            }
            Some(RowKey::Fields { fields: key }) => {
                fields.extend(key.iter().map(|(field, _)| field.clone()));
            }
            None => {}
        }
    }
    for name in [MODIFIED_BY, CREATED_BY, CREATED_DATE] {
        fields.extend(schema.field(name).map(|field| field.name.clone()));
    }
    fields.retain(|name| schema.field(name).is_some());
    Selection { object: Arc::clone(schema), fields: fields.into_iter().collect() }
}
