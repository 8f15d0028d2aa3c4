//! Tables `sync`, `sync_version` and `lane`: the imported documents and the pairs of orgs they run between.

use std::collections::BTreeMap;

use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RunId, SyncId};
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::column::{Json, Moment, Parsed, word_column};
use crate::error::{Error, Result};
use crate::ledger::{Reader, WriteTransaction};

/// Left id to right id, by object name.
type LaneValues = BTreeMap<String, BTreeMap<String, String>>;

/// One sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRow {
    /// The ledger's id.
    pub id: SyncId,
    /// Its name, unique without case.
    pub name: String,
    /// The pause switch.
    pub state: SyncState,
    /// The version that runs now.
    pub version: MappingVersion,
    /// First import.
    pub created_at: Timestamp,
    /// Last import or switch.
    pub updated_at: Timestamp,
}

/// The pause switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncState {
    /// It may run.
    Enabled,
    /// It is paused.
    Disabled,
}

word_column!(SyncState {
    Enabled => "enabled",
    Disabled => "disabled",
});

/// One version of a sync's document, never changed once stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncVersionRow {
    /// The sync.
    pub sync: SyncId,
    /// The version.
    pub version: MappingVersion,
    /// The text as imported, comments included.
    pub yaml: String,
    /// The document as read.
    pub document: SyncDocument,
    /// When.
    pub imported_at: Timestamp,
}

/// One pair of orgs of a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneRow {
    /// The ledger's id.
    pub id: LaneId,
    /// The sync.
    pub sync: SyncId,
    /// The lane's name inside the sync.
    pub name: String,
    /// The left org.
    pub left: OrgId,
    /// The right org.
    pub right: OrgId,
    /// Per-lane values: object name, then left id to right id.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// A checked document on its way into the ledger.
#[derive(Debug, Clone, Copy)]
pub struct ImportedSync<'a> {
    /// The text as given.
    pub yaml: &'a str,
    /// The document as read; its `sync` is the name.
    pub document: &'a SyncDocument,
    /// The lanes, their org names resolved.
    pub lanes: &'a [NewLane],
    /// When.
    pub at: Timestamp,
}

/// A lane with its orgs resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLane {
    /// The lane's name inside the sync.
    pub name: String,
    /// The left org.
    pub left: OrgId,
    /// The right org.
    pub right: OrgId,
    /// Per-lane values: object name, then left id to right id.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncImport {
    /// The sync.
    pub sync: SyncId,
    /// The version that runs now.
    pub version: MappingVersion,
    /// Whether it is new.
    pub change: ImportChange,
}

/// Whether an import changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportChange {
    /// A new sync, enabled.
    Created,
    /// A new version of a known sync.
    Changed,
    /// The same document and lanes as before: no new version, at most a new text.
    Unchanged,
}

const SYNC_COLUMNS: &str = "sync_id, name, state, version, created_at, updated_at";
const LANE_COLUMNS: &str = "lane_id, sync_id, name, left_org, right_org, lane_values";

impl Reader<'_> {
    /// All syncs by name.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn syncs(&self) -> Result<Vec<SyncRow>> {
        let sql = format!("SELECT {SYNC_COLUMNS} FROM sync WHERE deleted_at IS NULL ORDER BY name");
        self.all(&sql, [], read_sync)
    }

    /// One sync; also a deleted one, whose runs still name it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn sync(&self, sync: SyncId) -> Result<Option<SyncRow>> {
        self.first(
            &format!("SELECT {SYNC_COLUMNS} FROM sync WHERE sync_id = ?1"),
            [sync.0],
            read_sync,
        )
    }

    /// The sync of this name, without case.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn sync_by_name(&self, name: &str) -> Result<Option<SyncRow>> {
        let sql = format!("SELECT {SYNC_COLUMNS} FROM sync WHERE name = ?1 AND deleted_at IS NULL");
        self.first(&sql, [name], read_sync)
    }

    /// One version of a sync's document.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn sync_version(
        &self,
        sync: SyncId,
        version: MappingVersion,
    ) -> Result<Option<SyncVersionRow>> {
        self.first(
            "SELECT sync_id, version, yaml, document, imported_at FROM sync_version \
             WHERE sync_id = ?1 AND version = ?2",
            (sync.0, version.0),
            read_version,
        )
    }

    /// The sync's lanes in the order they were first imported; retired ones left out.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn lanes(&self, sync: SyncId) -> Result<Vec<LaneRow>> {
        let sql = format!(
            "SELECT {LANE_COLUMNS} FROM lane WHERE sync_id = ?1 AND retired_at IS NULL ORDER BY lane_id"
        );
        self.all(&sql, [sync.0], read_lane)
    }

    /// One lane, also a retired one.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn lane(&self, lane: LaneId) -> Result<Option<LaneRow>> {
        self.first(
            &format!("SELECT {LANE_COLUMNS} FROM lane WHERE lane_id = ?1"),
            [lane.0],
            read_lane,
        )
    }
}

impl WriteTransaction<'_> {
    /// Stores a document under its name: a new sync, a new version, or nothing when nothing changed.
    ///
    /// # Errors
    /// [`Error::Constraint`] when a lane's org is not in the ledger or stands on both sides.
    pub fn import_sync(&self, imported: ImportedSync<'_>) -> Result<SyncImport> {
        let Some(known) = self.sync_by_name(&imported.document.sync)? else {
            return self.import_new(imported);
        };
        let stored = self.sync_version(known.id, known.version)?;
        let same_document = stored.is_some_and(|stored| stored.document == *imported.document);
        let same_lanes = self.same_lanes(known.id, imported.lanes)?;
        if same_document && same_lanes {
            let sql = "UPDATE sync_version SET yaml = ?3 WHERE sync_id = ?1 AND version = ?2";
            self.execute(sql, (known.id.0, known.version.0, imported.yaml))?;
            let change = ImportChange::Unchanged;
            return Ok(SyncImport { sync: known.id, version: known.version, change });
        }
        let version = MappingVersion(known.version.0 + 1);
        self.execute(
            "UPDATE sync SET name = ?2, version = ?3, updated_at = ?4 WHERE sync_id = ?1",
            params![known.id.0, imported.document.sync, version.0, Moment(imported.at)],
        )?;
        self.insert_version(known.id, version, imported)?;
        self.put_lanes(known.id, imported)?;
        Ok(SyncImport { sync: known.id, version, change: ImportChange::Changed })
    }

    /// Turns the pause switch.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such sync.
    pub fn set_sync_state(&self, sync: SyncId, state: SyncState, at: Timestamp) -> Result<()> {
        self.execute_one(
            "UPDATE sync SET state = ?2, updated_at = ?3 WHERE sync_id = ?1 AND deleted_at IS NULL",
            params![sync.0, state.as_str(), Moment(at)],
            "such sync",
        )
    }

    /// Deletes a sync with its links, bases, cursors and quarantine; runs, reports and audit entries stay.
    ///
    /// # Errors
    /// [`Error::SyncBusy`] while a run of it is being carried out (a plan that was only shown does not count),
    /// [`Error::Missing`] when there is no such sync.
    pub fn delete_sync(&self, sync: SyncId, at: Timestamp) -> Result<()> {
        let open = "SELECT run_id FROM run WHERE sync_id = ?1 AND state NOT IN ('planned', 'ended') LIMIT 1";
        if let Some(run) = self.first(open, [sync.0], |row| row.get(0))? {
            return Err(Error::SyncBusy(RunId(run)));
        }
        self.execute_one(
            "UPDATE sync SET deleted_at = ?2, state = 'disabled' WHERE sync_id = ?1 AND deleted_at IS NULL",
            (sync.0, Moment(at)),
            "such sync",
        )?;
        let lanes = "(SELECT lane_id FROM lane WHERE sync_id = ?1)";
        for table in ["link", "cursor", "quarantine"] {
            self.execute(&format!("DELETE FROM {table} WHERE lane_id IN {lanes}"), [sync.0])?;
        }
        self.execute("UPDATE lane SET retired_at = ?2 WHERE sync_id = ?1", (sync.0, Moment(at)))?;
        Ok(())
    }

    fn import_new(&self, imported: ImportedSync<'_>) -> Result<SyncImport> {
        let version = MappingVersion(1);
        let at = Moment(imported.at);
        let id = self.insert(
            "INSERT INTO sync (name, state, version, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)",
            params![imported.document.sync, SyncState::Enabled.as_str(), version.0, at],
        )?;
        self.insert_version(SyncId(id), version, imported)?;
        self.put_lanes(SyncId(id), imported)?;
        Ok(SyncImport { sync: SyncId(id), version, change: ImportChange::Created })
    }

    fn insert_version(
        &self,
        sync: SyncId,
        version: MappingVersion,
        imported: ImportedSync<'_>,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO sync_version (sync_id, version, yaml, document, imported_at) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![sync.0, version.0, imported.yaml, Json(imported.document), Moment(imported.at)],
        )?;
        Ok(())
    }

    /// Brings the lanes to what the document says; a lane that is gone is retired, because runs refer to it.
    fn put_lanes(&self, sync: SyncId, imported: ImportedSync<'_>) -> Result<()> {
        let at = Moment(imported.at);
        self.execute("UPDATE lane SET retired_at = ?2 WHERE sync_id = ?1", (sync.0, at))?;
        for lane in imported.lanes {
            self.execute(
                "INSERT INTO lane (sync_id, name, left_org, right_org, lane_values) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (sync_id, name, left_org, right_org) \
                 DO UPDATE SET lane_values = excluded.lane_values, retired_at = NULL",
                params![sync.0, lane.name, lane.left.as_str(), lane.right.as_str(), Json(&lane.values)],
            )?;
        }
        Ok(())
    }

    fn same_lanes(&self, sync: SyncId, lanes: &[NewLane]) -> Result<bool> {
        let key = |name: &str, left, right, values: &LaneValues| {
            (name.to_lowercase(), left, right, values.clone())
        };
        let mut stored: Vec<_> = self
            .lanes(sync)?
            .iter()
            .map(|lane| key(&lane.name, lane.left, lane.right, &lane.values))
            .collect();
        let mut given: Vec<_> =
            lanes.iter().map(|lane| key(&lane.name, lane.left, lane.right, &lane.values)).collect();
        stored.sort();
        given.sort();
        Ok(stored == given)
    }
}

fn read_sync(row: &Row<'_>) -> rusqlite::Result<SyncRow> {
    Ok(SyncRow {
        id: SyncId(row.get(0)?),
        name: row.get(1)?,
        state: row.get::<_, Parsed<_>>(2)?.0,
        version: MappingVersion(row.get(3)?),
        created_at: row.get::<_, Moment>(4)?.0,
        updated_at: row.get::<_, Moment>(5)?.0,
    })
}

fn read_version(row: &Row<'_>) -> rusqlite::Result<SyncVersionRow> {
    Ok(SyncVersionRow {
        sync: SyncId(row.get(0)?),
        version: MappingVersion(row.get(1)?),
        yaml: row.get(2)?,
        document: row.get::<_, Json<_>>(3)?.0,
        imported_at: row.get::<_, Moment>(4)?.0,
    })
}

fn read_lane(row: &Row<'_>) -> rusqlite::Result<LaneRow> {
    Ok(LaneRow {
        id: LaneId(row.get(0)?),
        sync: SyncId(row.get(1)?),
        name: row.get(2)?,
        left: row.get::<_, Parsed<_>>(3)?.0,
        right: row.get::<_, Parsed<_>>(4)?.0,
        values: row.get::<_, Json<_>>(5)?.0,
    })
}
