//! Table `base`: what each side of each link held when both last agreed.

use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::ids::{LaneId, LinkId, MappingVersion, Side};
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::column::{Json, Moment, Parsed, word_of};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

/// A base row with the time it was stored, which begins our write window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBase {
    /// The row.
    pub row: BaseRow,
    /// When it was last stored.
    pub written_at: Timestamp,
}

const COLUMNS: &str =
    "link_id, side, lane_id, mapping_version, state, fingerprint, held_values, written_at";

impl Reader<'_> {
    /// What one side of a link held.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn base(&self, link: LinkId, side: Side) -> Result<Option<StoredBase>> {
        let sql = format!("SELECT {COLUMNS} FROM base WHERE link_id = ?1 AND side = ?2");
        self.first(&sql, (link.0, side.as_str()), read_base)
    }

    /// Links of a lane with a side that waits for a read to show what was written, in link order.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn settling_bases_page(
        &self,
        lane: LaneId,
        after: Option<LinkId>,
        limit: u32,
    ) -> Result<Vec<StoredBase>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM base WHERE lane_id = ?1 AND state = 'settling' AND link_id > ?2 \
             ORDER BY link_id, side LIMIT ?3"
        );
        self.all(&sql, (lane.0, after.map_or(0, |link| link.0), limit), read_base)
    }
}

impl WriteTransaction<'_> {
    /// Stores what one side of a link holds, over what was known before.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] when there is no such link.
    pub fn put_base(&self, base: &BaseRow, at: Timestamp) -> Result<()> {
        self.execute(
            "INSERT INTO base (link_id, side, lane_id, mapping_version, state, fingerprint, held_values, written_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (link_id, side) DO UPDATE SET \
             lane_id = excluded.lane_id, mapping_version = excluded.mapping_version, state = excluded.state, \
             fingerprint = excluded.fingerprint, held_values = excluded.held_values, \
             written_at = excluded.written_at",
            params![
                base.link.0, base.side.as_str(), base.lane.0, base.mapping_version.0, state_word(base.state),
                base.fingerprint.0, Json(&base.values), Moment(at),
            ],
        )?;
        Ok(())
    }

    /// Forgets what both sides of a link held: its fields have `NoBase` again.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn delete_bases(&self, link: LinkId) -> Result<()> {
        self.execute("DELETE FROM base WHERE link_id = ?1", [link.0])?;
        Ok(())
    }
}

fn state_word(state: BaseState) -> &'static str {
    match state {
        BaseState::Settling => "settling",
        BaseState::Settled => "settled",
    }
}

fn read_base(row: &Row<'_>) -> rusqlite::Result<StoredBase> {
    Ok(StoredBase {
        row: BaseRow {
            link: LinkId(row.get(0)?),
            side: word_of(row.get_ref(1)?.as_str()?)?,
            lane: LaneId(row.get(2)?),
            mapping_version: MappingVersion(row.get(3)?),
            state: word_of(row.get_ref(4)?.as_str()?)?,
            fingerprint: row.get::<_, Parsed<_>>(5)?.0,
            values: row.get::<_, Json<_>>(6)?.0,
        },
        written_at: row.get::<_, Moment>(7)?.0,
    })
}
