//! Table `audit`: one entry per outside effect, chained by hashes, written with the state it explains.

use isthmus_model::audit::{AUDIT_ENCODING, AuditAction, AuditEntry, AuditHash, chain};
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RecordId, RunId};
use isthmus_model::schema::{FieldName, ObjectName};
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::column::signed;
use crate::error::{Error, Result};
use crate::ledger::{Reader, WriteTransaction};
use crate::tables::meta;

mod verification;

pub use verification::{AuditFinding, AuditVerification};

/// An entry before it has its place in the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDraft {
    /// The machine's time.
    pub at: Timestamp,
    /// Who: the operating-system user and the connected Salesforce username.
    pub actor: String,
    /// What was done.
    pub action: AuditAction,
    /// The org it was done to.
    pub org: Option<OrgId>,
    /// The object.
    pub object: Option<ObjectName>,
    /// The record.
    pub record: Option<RecordId>,
    /// The fields that were sent; never their values.
    pub fields: Vec<FieldName>,
    /// The run.
    pub run: Option<RunId>,
    /// The lane.
    pub lane: Option<LaneId>,
    /// The mapping version.
    pub mapping_version: Option<MappingVersion>,
}

impl AuditDraft {
    /// An entry about the workspace itself; set more of its fields as they apply.
    #[must_use]
    pub fn new(at: Timestamp, actor: &str, action: AuditAction) -> Self {
        Self {
            at,
            actor: actor.to_owned(),
            action,
            org: None,
            object: None,
            record: None,
            fields: Vec::new(),
            run: None,
            lane: None,
            mapping_version: None,
        }
    }

    fn into_entry(self, counter: u64) -> AuditEntry {
        AuditEntry {
            counter,
            at: self.at,
            actor: self.actor,
            action: self.action,
            org: self.org,
            object: self.object,
            record: self.record,
            fields: self.fields,
            run: self.run,
            lane: self.lane,
            mapping_version: self.mapping_version,
        }
    }
}

/// The end of the trail. Sealed outside the ledger it shows a cut tail and a swapped file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// The last entry's counter; 0 for an empty trail.
    pub counter: u64,
    /// Its hash; [`AuditHash::START`] for an empty trail.
    pub hash: AuditHash,
}

impl AuditHead {
    /// The end of an empty trail.
    pub const EMPTY: Self = Self { counter: 0, hash: AuditHash::START };

    /// The head as text: counter, a colon, 64 hexadecimal digits.
    #[must_use]
    pub fn to_text(&self) -> String {
        let digits: String = self.hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}:{digits}", self.counter)
    }

    /// Reads what [`AuditHead::to_text`] wrote; `None` for anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (counter, digits) = text.split_once(':')?;
        if digits.len() != 64 || !digits.is_ascii() {
            return None;
        }
        let mut hash = [0_u8; 32];
        for (byte, place) in hash.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&digits[place..place + 2], 16).ok()?;
        }
        Some(Self { counter: counter.parse().ok()?, hash: AuditHash(hash) })
    }
}

/// One entry with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The entry.
    pub entry: AuditEntry,
    /// The hash before it.
    pub previous_hash: AuditHash,
    /// Its hash.
    pub hash: AuditHash,
}

impl Reader<'_> {
    /// Entries in order, after a counter (0 for the first page); of one run or of all.
    ///
    /// # Errors
    /// [`Error::Damaged`] when an entry cannot be read.
    pub fn audit_page(&self, run: Option<RunId>, after: u64, limit: u32) -> Result<Vec<AuditRow>> {
        let after = signed(after, "the audit counter")?;
        let columns = "bytes, previous_hash, hash";
        let rows = match run {
            Some(run) => self.all(
                &format!(
                    "SELECT {columns} FROM audit WHERE run_id = ?1 AND counter > ?2 ORDER BY counter LIMIT ?3"
                ),
                (run.0, after, limit),
                read_stored,
            ),
            None => self.all(
                &format!("SELECT {columns} FROM audit WHERE counter > ?1 ORDER BY counter LIMIT ?2"),
                (after, limit),
                read_stored,
            ),
        }?;
        rows.into_iter().map(decode).collect()
    }

    /// The end of the trail as stored beside it.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it cannot be read.
    pub fn audit_head(&self) -> Result<AuditHead> {
        match meta::value(self.connection, meta::AUDIT_HEAD)? {
            None => Ok(AuditHead::EMPTY),
            Some(text) => {
                AuditHead::from_text(&text).ok_or_else(|| trail_damaged("its head is not readable"))
            }
        }
    }

    fn last_entry(&self) -> Result<AuditHead> {
        let sql = "SELECT counter, hash FROM audit ORDER BY counter DESC LIMIT 1";
        let last = self.first(sql, [], |row| {
            Ok(AuditHead { counter: row.get(0)?, hash: AuditHash(row.get(1)?) })
        })?;
        Ok(last.unwrap_or(AuditHead::EMPTY))
    }
}

impl WriteTransaction<'_> {
    /// Appends an entry, in the transaction that stores what it explains. Gives its counter.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the trail's end is not the stored one: a cut tail is not written over.
    pub fn append_audit(&self, draft: AuditDraft) -> Result<u64> {
        let last = self.last_entry()?;
        if last != self.audit_head()? {
            return Err(trail_damaged("its end is not where it was written last"));
        }
        let entry = draft.into_entry(last.counter + 1);
        let bytes = entry.encode();
        let head = AuditHead { counter: entry.counter, hash: chain(last.hash, &bytes) };
        self.execute(
            "INSERT INTO audit (counter, encoding, bytes, previous_hash, hash, run_id, lane_id, mapping_version, \
             org_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                signed(entry.counter, "the audit counter")?, AUDIT_ENCODING, bytes, last.hash.0, head.hash.0,
                entry.run.map(|run| run.0), entry.lane.map(|lane| lane.0),
                entry.mapping_version.map(|version| version.0), entry.org.as_ref().map(OrgId::as_str),
            ],
        )?;
        meta::set_value(self.connection, meta::AUDIT_HEAD, &head.to_text())?;
        Ok(head.counter)
    }
}

type Stored = (Vec<u8>, [u8; 32], [u8; 32]);

fn read_stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn decode((bytes, previous_hash, hash): Stored) -> Result<AuditRow> {
    let entry = AuditEntry::decode(&bytes).map_err(|error| trail_damaged(&error.to_string()))?;
    Ok(AuditRow { entry, previous_hash: AuditHash(previous_hash), hash: AuditHash(hash) })
}

fn trail_damaged(what: &str) -> Error {
    Error::Damaged { findings: vec![format!("audit trail: {what}")] }
}

#[cfg(test)]
mod tests;
