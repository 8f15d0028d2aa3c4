//! Table `cursor`: how far each object of each org has been read.

use isthmus_model::cursor::Cursor;
use isthmus_model::ids::{LaneId, MappingVersion, OrgId};
use rusqlite::{Row, params};

use crate::column::{Moment, Parsed};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

const COLUMNS: &str = "org_id, object, lane_id, mapping_version, read_mark, settled_mark";

impl Reader<'_> {
    /// One object's marks for a lane; the object's name is compared without case.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn cursor(&self, org: OrgId, object: &str, lane: LaneId) -> Result<Option<Cursor>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cursor WHERE org_id = ?1 AND object = ?2 AND lane_id = ?3"
        );
        self.first(&sql, (org.as_str(), object, lane.0), read_cursor)
    }

    /// A lane's marks by org and object.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn cursors(&self, lane: LaneId) -> Result<Vec<Cursor>> {
        let sql =
            format!("SELECT {COLUMNS} FROM cursor WHERE lane_id = ?1 ORDER BY org_id, object");
        self.all(&sql, [lane.0], read_cursor)
    }
}

impl WriteTransaction<'_> {
    /// Stores an object's marks, in the transaction that stores the rows they cover.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] when org or lane are not there.
    pub fn put_cursor(&self, cursor: &Cursor) -> Result<()> {
        self.execute(
            "INSERT INTO cursor (org_id, object, lane_id, mapping_version, read_mark, settled_mark) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (org_id, object, lane_id) DO UPDATE SET \
             mapping_version = excluded.mapping_version, read_mark = excluded.read_mark, \
             settled_mark = excluded.settled_mark",
            params![
                cursor.org.as_str(), cursor.object, cursor.lane.0, cursor.mapping_version.0,
                cursor.read.map(Moment), cursor.settled.map(Moment),
            ],
        )?;
        Ok(())
    }
}

fn read_cursor(row: &Row<'_>) -> rusqlite::Result<Cursor> {
    Ok(Cursor {
        org: row.get::<_, Parsed<_>>(0)?.0,
        object: row.get(1)?,
        lane: LaneId(row.get(2)?),
        mapping_version: MappingVersion(row.get(3)?),
        read: row.get::<_, Option<Moment>>(4)?.map(|at| at.0),
        settled: row.get::<_, Option<Moment>>(5)?.map(|at| at.0),
    })
}
