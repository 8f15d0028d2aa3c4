//! Tables `link` and `link_member`: the identity ledger, one entity with an id per org.

use isthmus_model::ids::{LaneId, LinkId, MappingVersion, RecordId, RunId, Side};
use isthmus_model::link::Link;
use isthmus_model::mapping::MappingName;
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::column::{Moment, Parsed};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

/// A link to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The lane, which names the two orgs.
    pub lane: LaneId,
    /// The mapping.
    pub mapping: MappingName,
    /// The version that makes it.
    pub mapping_version: MappingVersion,
    /// The record in the lane's left org.
    pub left: RecordId,
    /// The record in the lane's right org.
    pub right: RecordId,
    /// The run that makes it.
    pub run: Option<RunId>,
    /// When.
    pub at: Timestamp,
}

const SELECT: &str = "SELECT l.link_id, l.lane_id, l.mapping, l.mapping_version, a.record_id, b.record_id \
                      FROM link l \
                      JOIN link_member a ON a.link_id = l.link_id AND a.side = 'left' \
                      JOIN link_member b ON b.link_id = l.link_id AND b.side = 'right'";

impl Reader<'_> {
    /// One link.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn link(&self, link: LinkId) -> Result<Option<Link>> {
        self.first(&format!("{SELECT} WHERE l.link_id = ?1"), [link.0], read_link)
    }

    /// The link that a record of one side belongs to.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn link_of(
        &self,
        lane: LaneId,
        mapping: &MappingName,
        side: Side,
        record: RecordId,
    ) -> Result<Option<Link>> {
        let org = match side {
            Side::Left => "left_org",
            Side::Right => "right_org",
        };
        let sql = format!(
            "{SELECT} WHERE l.link_id = (SELECT link_id FROM link_member WHERE lane_id = ?1 AND mapping = ?2 \
             AND org_id = (SELECT {org} FROM lane WHERE lane_id = ?1) AND record_id = ?3)"
        );
        self.first(&sql, (lane.0, mapping.as_str(), record.as_str()), read_link)
    }

    /// A mapping's links in the order they were made, after one where a page before has been read.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn links_page(
        &self,
        lane: LaneId,
        mapping: &MappingName,
        after: Option<LinkId>,
        limit: u32,
    ) -> Result<Vec<Link>> {
        let sql = format!(
            "{SELECT} WHERE l.lane_id = ?1 AND l.mapping = ?2 AND l.link_id > ?3 ORDER BY l.link_id LIMIT ?4"
        );
        let after = after.map_or(0, |link| link.0);
        self.all(&sql, (lane.0, mapping.as_str(), after, limit), read_link)
    }

    /// How many links a mapping has.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn count_links(&self, lane: LaneId, mapping: &MappingName) -> Result<u64> {
        let sql = "SELECT count(*) FROM link WHERE lane_id = ?1 AND mapping = ?2";
        Ok(self.first(sql, (lane.0, mapping.as_str()), |row| row.get(0))?.unwrap_or(0))
    }
}

impl WriteTransaction<'_> {
    /// Makes a link.
    ///
    /// # Errors
    /// [`crate::Error::Duplicate`] when the mapping has either record in another link.
    pub fn insert_link(&self, new: &NewLink) -> Result<LinkId> {
        let link = self.insert(
            "INSERT INTO link (lane_id, mapping, mapping_version, created_run, created_at) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                new.lane.0,
                new.mapping.as_str(),
                new.mapping_version.0,
                new.run.map(|run| run.0),
                Moment(new.at),
            ],
        )?;
        self.execute(
            "INSERT INTO link_member (link_id, side, lane_id, mapping, org_id, record_id) \
             SELECT ?1, 'left', lane_id, ?3, left_org, ?4 FROM lane WHERE lane_id = ?2 \
             UNION ALL SELECT ?1, 'right', lane_id, ?3, right_org, ?5 FROM lane WHERE lane_id = ?2",
            params![link, new.lane.0, new.mapping.as_str(), new.left.as_str(), new.right.as_str()],
        )?;
        Ok(LinkId(link))
    }

    /// Points one side of a link at another record, after a re-insert or a merge in the org.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such link, [`crate::Error::Duplicate`] when the record is taken.
    pub fn repoint_link(&self, link: LinkId, side: Side, record: RecordId) -> Result<()> {
        self.execute_one(
            "UPDATE link_member SET record_id = ?3 WHERE link_id = ?1 AND side = ?2",
            (link.0, side.as_str(), record.as_str()),
            "such link",
        )
    }

    /// Deletes a link with its bases.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such link.
    pub fn delete_link(&self, link: LinkId) -> Result<()> {
        self.execute_one("DELETE FROM link WHERE link_id = ?1", [link.0], "such link")
    }
}

fn read_link(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        id: LinkId(row.get(0)?),
        lane: LaneId(row.get(1)?),
        mapping: row.get::<_, Parsed<_>>(2)?.0,
        mapping_version: MappingVersion(row.get(3)?),
        left: row.get::<_, Parsed<_>>(4)?.0,
        right: row.get::<_, Parsed<_>>(5)?.0,
    })
}
