//! Joining staged rows: left with right by link or key, duplicates, rows only the right side has.

use isthmus_model::ids::{LinkId, RecordId, Side};
use isthmus_model::mapping::MappingName;

use crate::column::Parsed;
use crate::error::Result;
use crate::scratch::{ROW, Scratch, StagedRow, read_row, table};

/// Candidates given per row: two show that the key is not unique, the third that it is worse.
pub const CANDIDATE_LIMIT: u32 = 3;

/// A left row with what the right side has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedRow {
    /// The left row.
    pub left: StagedRow,
    /// Left rows that have its key, itself included; 0 when it has none.
    pub left_with_key: u64,
    /// Its link, where it has one.
    pub linked: Option<Linked>,
    /// Right rows that have its key, by id, at most [`CANDIDATE_LIMIT`]; looked up only where there is no link.
    pub candidates: Vec<Candidate>,
}

/// The right end of a row's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The ledger's link.
    pub link: LinkId,
    /// The right record.
    pub right_id: RecordId,
    /// The right row; `None` when the read did not show it.
    pub right: Option<StagedRow>,
}

/// A right row with the same key as a left one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The row.
    pub row: StagedRow,
    /// The left record it is linked with already.
    pub linked_to: Option<RecordId>,
}

/// A key that several rows of one side have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The key.
    pub key: String,
    /// How many rows have it.
    pub rows: u64,
    /// The lowest id among them.
    pub first: RecordId,
}

impl Scratch {
    /// Left rows by id, each with its link's right row or the right rows of its key; after one where a page before
    /// has been read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn joined_page(
        &self,
        mapping: &MappingName,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<JoinedRow>> {
        let rows = self.rows_page(Side::Left, mapping, after, limit)?;
        rows.into_iter().map(|left| self.join(mapping, left)).collect()
    }

    /// Joins one left row.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn join(&self, mapping: &MappingName, left: StagedRow) -> Result<JoinedRow> {
        let linked = self.linked(mapping, left.row.id)?;
        let (left_with_key, candidates) = match &left.key {
            None => (0, Vec::new()),
            Some(key) if linked.is_some() => {
                (self.count_key(Side::Left, mapping, key)?, Vec::new())
            }
            Some(key) => {
                (self.count_key(Side::Left, mapping, key)?, self.candidates(mapping, key)?)
            }
        };
        Ok(JoinedRow { left, left_with_key, linked, candidates })
    }

    /// Rows of one side that have a key, by id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows_by_key(
        &self,
        side: Side,
        mapping: &MappingName,
        key: &str,
        limit: u32,
    ) -> Result<Vec<StagedRow>> {
        let sql = format!(
            "SELECT {ROW} FROM {} WHERE mapping = ?1 AND key = ?2 ORDER BY id LIMIT ?3",
            table(side)
        );
        self.page(&sql, (mapping.as_str(), key, limit), |row| read_row(row, 0))
    }

    /// Keys that more than one row of a side has, in key order, after one where a page before has been read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn duplicate_keys(
        &self,
        side: Side,
        mapping: &MappingName,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DuplicateKey>> {
        let sql = format!(
            "SELECT key, count(*), min(id) FROM {} WHERE mapping = ?1 AND key IS NOT NULL \
             AND (?2 IS NULL OR key > ?2) GROUP BY key HAVING count(*) > 1 ORDER BY key LIMIT ?3",
            table(side)
        );
        self.page(&sql, (mapping.as_str(), after, limit), |row| {
            Ok(DuplicateKey {
                key: row.get(0)?,
                rows: row.get(1)?,
                first: row.get::<_, Parsed<_>>(2)?.0,
            })
        })
    }

    /// Right rows by id that no left row is linked with or shares its key with.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn right_only_page(
        &self,
        mapping: &MappingName,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<StagedRow>> {
        let sql = format!(
            "SELECT {ROW} FROM right_row r WHERE mapping = ?1 AND id > ?2 \
             AND NOT EXISTS (SELECT 1 FROM link_row k WHERE k.mapping = r.mapping AND k.right_id = r.id) \
             AND NOT EXISTS (SELECT 1 FROM left_row l WHERE l.mapping = r.mapping AND l.key = r.key) \
             ORDER BY id LIMIT ?3"
        );
        let after = after.as_ref().map_or("", RecordId::as_str);
        self.page(&sql, (mapping.as_str(), after, limit), |row| read_row(row, 0))
    }

    fn linked(&self, mapping: &MappingName, left: RecordId) -> Result<Option<Linked>> {
        let sql = "SELECT link_id, right_id FROM link_row WHERE mapping = ?1 AND left_id = ?2";
        let found = self.page(sql, (mapping.as_str(), left.as_str()), |row| {
            Ok((LinkId(row.get(0)?), row.get::<_, Parsed<_>>(1)?.0))
        })?;
        let Some((link, right_id)) = found.first().copied() else { return Ok(None) };
        let right = self.row(Side::Right, mapping, right_id)?;
        Ok(Some(Linked { link, right_id, right }))
    }

    fn candidates(&self, mapping: &MappingName, key: &str) -> Result<Vec<Candidate>> {
        let sql = format!(
            "SELECT {ROW}, (SELECT left_id FROM link_row k WHERE k.mapping = r.mapping AND k.right_id = r.id) \
             FROM right_row r WHERE mapping = ?1 AND key = ?2 ORDER BY id LIMIT ?3"
        );
        self.page(&sql, (mapping.as_str(), key, CANDIDATE_LIMIT), |row| {
            let linked_to = row.get::<_, Option<Parsed<_>>>(5)?.map(|id| id.0);
            Ok(Candidate { row: read_row(row, 0)?, linked_to })
        })
    }

    fn count_key(&self, side: Side, mapping: &MappingName, key: &str) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM {} WHERE mapping = ?1 AND key = ?2", table(side));
        let counts = self.page(&sql, (mapping.as_str(), key), |row| row.get(0))?;
        Ok(counts.first().copied().unwrap_or(0))
    }
}
