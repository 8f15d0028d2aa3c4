//! Testing a connection step by step: each step says what was found, and what to do where it failed.

use std::time::Duration;

use isthmus_contract::org::{OrgTestView, StepResult, StepView};
use isthmus_contract::problem::Problem;
use isthmus_model::ids::Side;
use isthmus_salesforce::api::describe::ObjectSummary;
use isthmus_store::OrgRow;

use super::connection::Connection;
use super::find_connected;
use crate::diagnose::diagnose;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// A clock that is further off than this makes times in reports hard to compare; nothing is computed from it.
pub(super) const TOLERABLE_CLOCK_OFFSET: Duration = Duration::from_secs(120);
/// Share of the API limit, in percent, from which someone should look.
pub(super) const HIGH_API_USE_PERCENT: u64 = 80;

/// The steps so far; after a failure the rest is skipped.
struct Steps {
    steps: Vec<StepView>,
    failed: bool,
}

/// Tests a connection.
///
/// # Errors
/// [`Error::UnknownOrg`], [`Error::Disconnected`]. What the org refuses is a failed step, not an error.
pub async fn test(workspace: &Workspace, name: &str) -> Result<OrgTestView> {
    let row = find_connected(workspace, name)?;
    let mut steps = Steps { steps: Vec::new(), failed: false };
    let connection = steps.take("keychain", Connection::open(workspace, row.clone()), |_| {
        "the tokens are there".to_owned()
    });
    if let Some(connection) = connection {
        probe(workspace, &connection, &mut steps).await;
    }
    let passed = !steps.failed;
    Ok(OrgTestView { org: row.name, steps: steps.steps, passed })
}

async fn probe(workspace: &Workspace, connection: &Connection, steps: &mut Steps) {
    let (client, row) = (&connection.client, &connection.row);
    let org = || Error::org(&row.name);
    let versions = client.best_version().await.map_err(org());
    steps.take("reach", versions, |version| format!("{} speaks API {version}", row.instance_url));
    if !steps.failed {
        steps.take("login and identity", identity(connection).await, Clone::clone);
        steps.clock(connection);
    }
    if !steps.failed {
        let limits = client.limits().await.map_err(org());
        let used = steps.take("limits", limits, |limits| {
            limits.get("DailyApiRequests").map_or_else(
                || "the org tells no API limit".to_owned(),
                |limit| format!("{} of {} API calls left today", limit.remaining, limit.max),
            )
        });
        if let Some(limit) = used.and_then(|limits| limits.get("DailyApiRequests").copied()) {
            steps.warn_of_limit(limit.max - limit.remaining, limit.max);
        }
    }
    if !steps.failed {
        let objects = client.describe_global().await.map_err(org());
        let objects = steps.take("objects", objects, |all| {
            let readable = all.iter().filter(|object| object.queryable).count();
            format!("{readable} objects can be queried")
        });
        rights(workspace, row, &objects.unwrap_or_default(), steps);
    }
}

async fn identity(connection: &Connection) -> Result<String> {
    let row = &connection.row;
    let user = connection.client.userinfo().await.map_err(Error::org(&row.name))?;
    if user.org_id != row.org_id {
        let (name, pinned) = (row.name.clone(), row.org_id);
        return Err(Error::OrgDiffers { name, pinned, answered: user.org_id });
    }
    Ok(format!("{} of org {}", user.username, user.org_id))
}

/// Rights to read and write what the workspace's syncs need; without syncs, Account stands for all.
fn rights(workspace: &Workspace, row: &OrgRow, objects: &[ObjectSummary], steps: &mut Steps) {
    let (read, write) = wanted_objects(workspace, row).unwrap_or_default();
    let find = |name: &String| objects.iter().find(|object| object.name.eq_ignore_ascii_case(name));
    let unreadable: Vec<String> = read
        .iter()
        .filter(|name| !find(name).is_some_and(|found| found.queryable))
        .cloned()
        .collect();
    steps.right("read right", &read, &unreadable, "Read");
    let unwritable: Vec<String> = write
        .iter()
        .filter(|name| !find(name).is_some_and(|found| found.createable && found.updateable))
        .cloned()
        .collect();
    steps.right("write right", &write, &unwritable, "Create and Edit");
}

/// Objects that syncs read here, and objects that they write here.
fn wanted_objects(workspace: &Workspace, row: &OrgRow) -> Result<(Vec<String>, Vec<String>)> {
    let (mut read, mut write) = (Vec::new(), Vec::new());
    for sync in crate::syncs::stored(workspace)? {
        for lane in &sync.lanes {
            let side = match () {
                () if lane.left == row.org_id => Side::Left,
                () if lane.right == row.org_id => Side::Right,
                () => continue,
            };
            for object in &sync.version.document.objects {
                match side {
                    Side::Left => read.push(object.left.clone()),
                    Side::Right => {
                        read.push(object.right.clone());
                        write.push(object.right.clone());
                    }
                }
            }
        }
    }
    if read.is_empty() {
        read.push("Account".to_owned());
    }
    for list in [&mut read, &mut write] {
        list.sort();
        list.dedup();
    }
    Ok((read, write))
}

impl Steps {
    /// Adds a step; gives back what it found.
    fn take<T>(
        &mut self,
        step: &str,
        outcome: Result<T>,
        found: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        match outcome {
            Ok(value) => {
                let found = found(&value);
                self.add(step, StepResult::Passed, found, String::new());
                Some(value)
            }
            Err(error) => {
                let Problem { text, hint, .. } = diagnose(&error);
                self.add(step, StepResult::Failed, text, hint);
                self.failed = true;
                None
            }
        }
    }

    fn clock(&mut self, connection: &Connection) {
        if self.failed {
            return;
        }
        let offset = connection.client.org_clock_offset().as_secs();
        let (result, remedy) = if offset.unsigned_abs() > TOLERABLE_CLOCK_OFFSET.as_secs() {
            (StepResult::Warned, CLOCK_REMEDY)
        } else {
            (StepResult::Passed, "")
        };
        let found = clock_words(offset);
        self.add("clock", result, found, remedy.to_owned());
    }

    fn warn_of_limit(&mut self, used: i64, max: i64) {
        let (used, max) = (used.max(0).unsigned_abs(), max.max(1).unsigned_abs());
        if used * 100 / max >= HIGH_API_USE_PERCENT {
            let found = format!("{used} of {max} API calls are used");
            let remedy = "let big runs wait until the 24-hour window has moved on".to_owned();
            self.add("API use", StepResult::Warned, found, remedy);
        }
    }

    fn right(&mut self, step: &str, wanted: &[String], lacking: &[String], permission: &str) {
        if wanted.is_empty() {
            let found = "no sync needs it here".to_owned();
            return self.add(step, StepResult::Skipped, found, String::new());
        }
        if lacking.is_empty() {
            let found = format!("granted on {}", wanted.join(", "));
            return self.add(step, StepResult::Passed, found, String::new());
        }
        let remedy = format!(
            "give the connected user {permission} on {} in a permission set",
            lacking.join(", ")
        );
        self.failed = true;
        self.add(step, StepResult::Failed, format!("missing on {}", lacking.join(", ")), remedy);
    }

    fn add(&mut self, step: &str, result: StepResult, found: String, remedy: String) {
        self.steps.push(StepView { step: step.to_owned(), result, found, remedy });
    }
}

/// How far the org's clock is from this machine's, in words.
pub(super) fn clock_words(offset_seconds: i64) -> String {
    match offset_seconds {
        0 => "this machine's clock and the org's agree".to_owned(),
        1.. => format!("this machine's clock is {offset_seconds} s behind the org's"),
        _ => format!(
            "this machine's clock is {} s ahead of the org's",
            offset_seconds.unsigned_abs()
        ),
    }
}

/// What to do about a clock that is off.
pub(super) const CLOCK_REMEDY: &str =
    "set this machine's clock (runs go on: they count by the org's own clock)";
