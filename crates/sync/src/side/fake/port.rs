//! The side that the engine sees.

use std::collections::BTreeMap;
use std::time::Duration;

use isthmus_model::ids::{OrgId, RecordId};
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{ObjectName, ObjectSchema};
use isthmus_model::snapshot::Snapshot;
use jiff::Timestamp;

use crate::side::fake::rows::{has_key, side_error};
use crate::side::fake::{FakeOrg, Fault, PAGE_ROWS, REQUEST_TIMEOUT};
use crate::side::{
    Capabilities, Page, PageMark, RefusalClass, RowResult, Selection, SideErrorKind, SideFuture,
    SidePort, WriteBatch,
};

impl SidePort for FakeOrg {
    fn org(&self) -> OrgId {
        self.org
    }

    fn username(&self) -> String {
        "integration@example.com".to_owned()
    }

    fn version(&self) -> String {
        "1".to_owned()
    }

    fn own_user(&self) -> Option<RecordId> {
        Some(Self::own_user_id())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            max_write_rows: 4,
            max_read_ids: 8,
            max_read_keys: 6,
            request_timeout: REQUEST_TIMEOUT,
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn calls(&self) -> u64 {
        self.state.borrow().calls
    }

    fn describe<'a>(&'a self, object: &'a str) -> SideFuture<'a, ObjectSchema> {
        Box::pin(async move {
            self.begin(format!("describe {object}"))?;
            Ok((*self.state.borrow().objects[object].0).clone())
        })
    }

    fn count<'a>(&'a self, object: &'a str) -> SideFuture<'a, u64> {
        Box::pin(async move {
            self.begin(format!("count {object}"))?;
            let state = self.state.borrow();
            Ok(if state.hidden.contains(object) { 0 } else { state.objects[object].1.len() as u64 })
        })
    }

    fn scan<'a>(
        &'a self,
        selection: &'a Selection,
        from: Option<PageMark>,
    ) -> SideFuture<'a, Page> {
        Box::pin(async move {
            self.begin(format!("scan {} {from:?}", selection.object.name))?;
            let start = from.map_or(0, |mark| mark.0.parse::<usize>().unwrap());
            let mut rows = self.snapshot(selection, |_, _| true);
            let more = rows.rows.len() > start + PAGE_ROWS;
            rows.rows = rows.rows.into_iter().skip(start).take(PAGE_ROWS).collect();
            let next = more.then(|| PageMark((start + PAGE_ROWS).to_string()));
            Ok(Page { rows, next })
        })
    }

    fn by_ids<'a>(
        &'a self,
        selection: &'a Selection,
        ids: &'a [RecordId],
    ) -> SideFuture<'a, Snapshot> {
        Box::pin(async move {
            assert!(ids.len() <= self.capabilities().max_read_ids);
            self.begin(format!("by_ids {} {ids:?}", selection.object.name))?;
            Ok(self.snapshot(selection, |id, _| ids.contains(id)))
        })
    }

    fn by_keys<'a>(
        &'a self,
        selection: &'a Selection,
        keys: &'a [RowKey],
    ) -> SideFuture<'a, Snapshot> {
        Box::pin(async move {
            assert!(keys.len() <= self.capabilities().max_read_keys);
            self.begin(format!("by_keys {} {keys:?}", selection.object.name))?;
            Ok(self.snapshot(selection, |_, row| keys.iter().any(|key| has_key(row, key))))
        })
    }

    fn write<'a>(&'a self, batch: &'a WriteBatch) -> SideFuture<'a, Vec<RowResult>> {
        Box::pin(async move {
            assert!(batch.rows.len() <= self.capabilities().max_write_rows);
            let fault = self.state.borrow_mut().faults.pop_front().flatten();
            self.begin(format!("write {:?} {:?} {fault:?}", batch.verb, batch.rows))?;
            // Somebody else may be scheduled while a request is under way.
            tokio::time::sleep(Duration::from_millis(200)).await;
            let lost = || side_error(SideErrorKind::Unanswered, "connection_lost");
            match fault {
                None => Ok(self.commit(batch, 0, None)),
                Some(Fault::LostBefore) => Err(lost()),
                Some(Fault::LostAfter) => {
                    self.commit(batch, 0, None);
                    Err(lost())
                }
                Some(Fault::LostLate(delay)) => {
                    self.do_later(batch, Duration::ZERO, delay);
                    Err(lost())
                }
                Some(Fault::CrashLate(delay)) => {
                    self.do_later(batch, delay, delay);
                    crate::failpoint::armed::stop_here().await;
                    Err(lost())
                }
                Some(Fault::NotSent) => Err(side_error(SideErrorKind::NotSent, "org_unreachable")),
                Some(Fault::Locked(rows)) => {
                    Ok(self.commit(batch, rows, Some((RefusalClass::Retry, "UNABLE_TO_LOCK_ROW"))))
                }
                Some(Fault::BadData(rows)) => Ok(self.commit(
                    batch,
                    rows,
                    Some((RefusalClass::RowData, "FIELD_CUSTOM_VALIDATION_EXCEPTION")),
                )),
                Some(Fault::Forbidden) => {
                    let code = "INSUFFICIENT_ACCESS_OR_READONLY";
                    Ok(self.commit(batch, 1, Some((RefusalClass::Permission, code))))
                }
                Some(Fault::Strange) => {
                    Ok(self.commit(batch, 1, Some((RefusalClass::Unknown, "NEVER_HEARD_OF"))))
                }
                Some(Fault::AuthLost) => {
                    self.state.borrow_mut().auth_lost = true;
                    Err(side_error(SideErrorKind::AuthLost, "login_lost"))
                }
                Some(Fault::Limit) => Err(side_error(
                    SideErrorKind::Rejected(RefusalClass::Limit),
                    "REQUEST_LIMIT_EXCEEDED",
                )),
            }
        })
    }

    fn settled<'a>(
        &'a self,
        objects: &'a [ObjectName],
    ) -> SideFuture<'a, BTreeMap<ObjectName, Timestamp>> {
        Box::pin(async move {
            self.begin(format!("settled {objects:?}"))?;
            // As documented: held back to the start of the oldest request under way, and in whole minutes.
            let state = self.state.borrow();
            let oldest = state.in_flight.iter().map(|(started, _, _)| *started).min();
            let now = self.clock.now();
            let covered = oldest.map_or(now, |oldest| oldest.min(now));
            let minute = Timestamp::from_second(covered.as_second() / 60 * 60).unwrap();
            Ok(objects.iter().map(|object| (object.clone(), minute)).collect())
        })
    }
}
