//! Walking the audit trail from its first entry: every edit, gap, insertion and change of order shows.

use std::fmt;

use isthmus_model::audit::{AUDIT_ENCODING, AuditEntry, AuditHash, chain};
use isthmus_model::ids::OrgId;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::error::Result;
use crate::ledger::Reader;
use crate::tables::audit::AuditHead;
use crate::tables::meta;

/// Findings that are kept: one is enough to distrust the trail, a few show where to look.
const FINDINGS_LIMIT: usize = 100;

/// What a walk along the trail found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditVerification {
    /// Entries walked.
    pub entries: u64,
    /// The last entry's counter and hash.
    pub head: AuditHead,
    /// What is wrong; empty for a whole trail. At most 100 are kept.
    pub findings: Vec<AuditFinding>,
}

impl AuditVerification {
    /// True when nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }
}

/// One thing that is wrong with the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFinding {
    /// Entries are missing before this counter, or one was inserted.
    Gap {
        /// The counter that should stand here.
        expected: u64,
        /// The one that does.
        found: i64,
    },
    /// The entry's hash is not the hash of its bytes and the hash before it: it was edited.
    Edited {
        /// The entry.
        counter: i64,
    },
    /// The entry does not continue the one before it.
    Unchained {
        /// The entry.
        counter: i64,
    },
    /// The entry's bytes say another counter: it was moved.
    Moved {
        /// Where it stands.
        counter: i64,
    },
    /// The columns beside the bytes (encoding, run, lane, version, org) say something else than the bytes.
    Relabelled {
        /// The entry.
        counter: i64,
    },
    /// The bytes are no entry of an encoding this build reads.
    Unreadable {
        /// Where it stands.
        counter: i64,
    },
    /// The trail ends elsewhere than the ledger wrote last: entries were cut from its end or added to it.
    Head {
        /// The counter written last.
        expected: u64,
    },
    /// The trail has no such entry as the one that was sealed outside: it was cut, rewritten or swapped.
    Seal {
        /// The sealed counter.
        expected: u64,
    },
}

impl fmt::Display for AuditFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { expected, found } => {
                write!(formatter, "entry {expected} is missing, {found} stands in its place")
            }
            Self::Edited { counter } => write!(formatter, "entry {counter} was edited"),
            Self::Unchained { counter } => {
                write!(formatter, "entry {counter} does not continue the one before it")
            }
            Self::Moved { counter } => write!(formatter, "entry {counter} was moved there"),
            Self::Relabelled { counter } => {
                write!(formatter, "entry {counter} has columns that its content does not have")
            }
            Self::Unreadable { counter } => write!(formatter, "entry {counter} is not readable"),
            Self::Head { expected } => {
                write!(formatter, "the trail does not end at entry {expected}, written last")
            }
            Self::Seal { expected } => {
                write!(formatter, "the trail does not have the sealed entry {expected}")
            }
        }
    }
}

impl Reader<'_> {
    /// Walks the whole trail; with a head that was sealed outside the ledger, also whether the trail passes it.
    ///
    /// # Errors
    /// When the ledger cannot be read. What is wrong with the trail is no error but a finding.
    pub fn verify_audit(&self, sealed: Option<AuditHead>) -> Result<AuditVerification> {
        let mut walk = Walk { sealed, ..Walk::default() };
        let mut statement = self.connection.prepare_cached(
            "SELECT counter, encoding, bytes, previous_hash, hash, run_id, lane_id, mapping_version, org_id \
             FROM audit ORDER BY counter",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            walk.step(row)?;
        }
        let written = meta::value(self.connection, meta::AUDIT_HEAD)?;
        let written = match written {
            None => Some(AuditHead::EMPTY),
            Some(text) => AuditHead::from_text(&text),
        };
        Ok(walk.finish(written))
    }
}

/// The walk so far.
struct Walk {
    entries: u64,
    previous: AuditHead,
    sealed: Option<AuditHead>,
    findings: Vec<AuditFinding>,
}

impl Default for Walk {
    fn default() -> Self {
        Self { entries: 0, previous: AuditHead::EMPTY, sealed: None, findings: Vec::new() }
    }
}

impl Walk {
    fn find(&mut self, finding: AuditFinding) {
        if self.findings.len() < FINDINGS_LIMIT {
            self.findings.push(finding);
        }
    }

    fn step(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let counter: i64 = row.get(0)?;
        let bytes = blob(row, 2)?;
        let previous_hash = hash(row, 3)?;
        let stored_hash = hash(row, 4)?;
        let expected = self.previous.counter + 1;
        if u64::try_from(counter) != Ok(expected) {
            self.find(AuditFinding::Gap { expected, found: counter });
        }
        if previous_hash != Some(self.previous.hash) {
            self.find(AuditFinding::Unchained { counter });
        }
        let computed = chain(previous_hash.unwrap_or(AuditHash::START), bytes);
        if stored_hash != Some(computed) {
            self.find(AuditFinding::Edited { counter });
        }
        self.check_content(counter, bytes, row)?;
        self.entries += 1;
        self.previous = AuditHead {
            counter: u64::try_from(counter).unwrap_or(expected),
            hash: stored_hash.unwrap_or(computed),
        };
        if self.sealed == Some(self.previous) {
            self.sealed = None;
        }
        Ok(())
    }

    fn check_content(&mut self, counter: i64, bytes: &[u8], row: &Row<'_>) -> rusqlite::Result<()> {
        let Ok(entry) = AuditEntry::decode(bytes) else {
            self.find(AuditFinding::Unreadable { counter });
            return Ok(());
        };
        if i64::try_from(entry.counter) != Ok(counter) {
            self.find(AuditFinding::Moved { counter });
        }
        let org: Option<String> = row.get(8)?;
        let same = row.get::<_, i64>(1)? == i64::from(AUDIT_ENCODING)
            && row.get::<_, Option<i64>>(5)? == entry.run.map(|run| run.0)
            && row.get::<_, Option<i64>>(6)? == entry.lane.map(|lane| lane.0)
            && row.get::<_, Option<i64>>(7)?
                == entry.mapping_version.map(|version| i64::from(version.0))
            && org.as_deref() == entry.org.as_ref().map(OrgId::as_str);
        if !same {
            self.find(AuditFinding::Relabelled { counter });
        }
        Ok(())
    }

    fn finish(mut self, written: Option<AuditHead>) -> AuditVerification {
        if written != Some(self.previous) {
            let expected = written.map_or(0, |head| head.counter);
            self.find(AuditFinding::Head { expected });
        }
        // An empty trail's head lies before every entry, so any trail passes it.
        if let Some(sealed) = self.sealed.filter(|sealed| *sealed != AuditHead::EMPTY) {
            self.find(AuditFinding::Seal { expected: sealed.counter });
        }
        AuditVerification { entries: self.entries, head: self.previous, findings: self.findings }
    }
}

fn blob<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a [u8]> {
    match row.get_ref(column)? {
        ValueRef::Blob(bytes) => Ok(bytes),
        // The column is strict: anything else was put there past SQLite, and is no entry.
        _ => Ok(&[]),
    }
}

fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<AuditHash>> {
    Ok(<[u8; 32]>::try_from(blob(row, column)?).ok().map(AuditHash))
}
