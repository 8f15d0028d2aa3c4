//! getUpdated and getDeleted (wire reference 5.5).

use std::ops::Bound;

use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::{Value, json};

use crate::api::Answered;
use crate::api::error::ApiError;
use crate::api::moments::{floor, read_datetime, stamp};
use crate::org::Org;
use crate::schema::Object;
use crate::wire::{ApiRequest, ApiResponse};

/// How far back getUpdated reaches.
const UPDATED_HISTORY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How far back getDeleted reaches.
const DELETED_HISTORY: SignedDuration = SignedDuration::from_hours(15 * 24);

/// The shortest window.
const WINDOW_MIN: SignedDuration = SignedDuration::from_mins(1);

/// Most ids of one answer.
const IDS_MAX: usize = 600_000;

/// `GET /sobjects/X/updated/?start&end`.
pub(crate) fn updated(org: &Org, request: &ApiRequest, object: &Object) -> Answered {
    let window = Window::read(org, request, object, UPDATED_HISTORY)?;
    let (from, to) = (stamp(window.start), stamp(window.end));
    let ids: Vec<Value> = org.tables.get(&object.name).map_or_else(Vec::new, |table| {
        let found = table.modified_between(Bound::Included(&from), Bound::Excluded(&to));
        found.iter().filter(|id| table.live(id).is_some()).map(|id| Value::from(&**id)).collect()
    });
    check_count(ids.len())?;
    let covered = stamp(window.covered);
    Ok(ApiResponse::json(200, json!({ "ids": ids, "latestDateCovered": covered })))
}

/// `GET /sobjects/X/deleted/?start&end`.
pub(crate) fn deleted(org: &Org, request: &ApiRequest, object: &Object) -> Answered {
    let window = Window::read(org, request, object, DELETED_HISTORY)?;
    let (from, to) = (stamp(window.start), stamp(window.end));
    let found = org.tables.get(&object.name).map(|table| table.deleted_between(&from, &to));
    let records: Vec<Value> = found
        .unwrap_or_default()
        .into_iter()
        .map(|(date, id)| json!({ "deletedDate": date, "id": &*id }))
        .collect();
    check_count(records.len())?;
    let earliest = floor(back(org.clock.now(), DELETED_HISTORY), Unit::Minute);
    Ok(ApiResponse::json(
        200,
        json!({
            "deletedRecords": records,
            "earliestDateAvailable": stamp(earliest),
            "latestDateCovered": stamp(window.covered),
        }),
    ))
}

/// The time asked for, to the minute.
struct Window {
    start: Timestamp,
    end: Timestamp,
    /// Up to where the answer is complete: never the future, and never past the start of a transaction that is open.
    covered: Timestamp,
}

impl Window {
    fn read(
        org: &Org,
        request: &ApiRequest,
        object: &Object,
        history: SignedDuration,
    ) -> Result<Self, ApiError> {
        if request.method != "GET" {
            return Err(ApiError::no_method(&request.method, "GET,HEAD"));
        }
        if !object.replicateable {
            return Err(ApiError::no_resource());
        }
        let now = org.clock.now();
        let (start, end) = (moment(request, "start")?, moment(request, "end")?);
        if end.duration_since(start) < WINDOW_MIN {
            return Err(invalid("startDate must be at least one minute before endDate"));
        }
        if start < floor(back(now, history), Unit::Minute) {
            let message = format!("startDate is more than {} days ago", history.as_hours() / 24);
            return Err(invalid(&message));
        }
        let open = org.faults.open_transaction_since.unwrap_or(Timestamp::MAX);
        let covered = floor(end.min(now).min(open), Unit::Minute);
        Ok(Self { start, end, covered })
    }
}

/// A moment with its seconds ignored. A plus sign that came unencoded arrives as a blank.
fn moment(request: &ApiRequest, name: &str) -> Result<Timestamp, ApiError> {
    let text = request.parameter(name).unwrap_or_default().trim().replace(' ', "+");
    let moment =
        read_datetime(&text).ok_or_else(|| invalid(&format!("{name} is no datetime: {text}")))?;
    Ok(floor(moment, Unit::Minute))
}

fn check_count(count: usize) -> Result<(), ApiError> {
    if count <= IDS_MAX {
        return Ok(());
    }
    let message = format!("more than {IDS_MAX} ids: ask for a shorter time");
    Err(ApiError::call(400, "EXCEEDED_ID_LIMIT", message))
}

fn invalid(message: &str) -> ApiError {
    ApiError::call(400, "INVALID_REPLICATION_DATE", message)
}

fn back(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_sub(by).unwrap_or(Timestamp::MIN)
}
