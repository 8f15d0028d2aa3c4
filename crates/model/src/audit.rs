//! Audit entries: one per outside effect, with a versioned byte encoding and a hash chain.
//!
//! Entries name records and fields but never hold values: the trail outlives an erasure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::{LaneId, MappingVersion, OrgId, RecordId, RunId};
use crate::schema::{FieldName, ObjectName};

/// The encoding this build writes. A new field means a new version; old entries are read by theirs for ever.
pub const AUDIT_ENCODING: u8 = 1;

/// The hash of an entry, over its bytes and the hash before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditHash(pub [u8; 32]);

impl AuditHash {
    /// What the first entry has as the hash before it.
    pub const START: Self = Self([0; 32]);
}

/// One outside effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Position in the trail, from 1, without gaps: the order, whatever a clock says.
    pub counter: u64,
    /// The machine's time; shown, never used for order.
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

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// The workspace was created.
    WorkspaceCreated,
    /// An org was connected.
    OrgConnected,
    /// A connection attempt was refused.
    OrgConnectRefused,
    /// An org was disconnected and its grant revoked.
    OrgDisconnected,
    /// A sync was imported or changed.
    SyncImported,
    /// A sync was switched on.
    SyncEnabled,
    /// A sync was switched off.
    SyncDisabled,
    /// A sync was deleted.
    SyncDeleted,
    /// A record was inserted in an org.
    RecordCreated,
    /// A record was updated in an org.
    RecordUpdated,
    /// A record was deleted in an org.
    RecordDeleted,
    /// Rows were written to a file.
    Exported,
}

impl AuditEntry {
    /// The bytes that are hashed: the version, then the fields as a JSON array in declaration order.
    ///
    /// JSON with a fixed order is readable by any auditor's tool and has one spelling per entry.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let body = serde_json::json!([
            self.counter,
            self.at.as_nanosecond().to_string(),
            self.actor,
            self.action,
            self.org,
            self.object,
            self.record,
            self.fields,
            self.run,
            self.lane,
            self.mapping_version,
        ]);
        let mut bytes = vec![AUDIT_ENCODING];
        bytes.extend_from_slice(body.to_string().as_bytes());
        bytes
    }

    /// Reads the bytes back.
    ///
    /// # Errors
    /// [`AuditError`] when the version is unknown or the body is not what that version writes.
    pub fn decode(bytes: &[u8]) -> Result<Self, AuditError> {
        let (version, body) = bytes.split_first().ok_or(AuditError::Empty)?;
        if *version != AUDIT_ENCODING {
            return Err(AuditError::Version(*version));
        }
        #[derive(Deserialize)]
        struct Body(
            u64,
            String,
            String,
            AuditAction,
            Option<OrgId>,
            Option<ObjectName>,
            Option<RecordId>,
            Vec<FieldName>,
            Option<RunId>,
            Option<LaneId>,
            Option<MappingVersion>,
        );
        let body: Body =
            serde_json::from_slice(body).map_err(|error| AuditError::Body(error.to_string()))?;
        let nanoseconds =
            body.1.parse().map_err(|_| AuditError::Body(format!("{} is no time", body.1)))?;
        let at = Timestamp::from_nanosecond(nanoseconds)
            .map_err(|error| AuditError::Body(error.to_string()))?;
        Ok(Self {
            counter: body.0,
            at,
            actor: body.2,
            action: body.3,
            org: body.4,
            object: body.5,
            record: body.6,
            fields: body.7,
            run: body.8,
            lane: body.9,
            mapping_version: body.10,
        })
    }
}

/// The hash of an entry: SHA-256 over the hash before it and the entry's bytes.
#[must_use]
pub fn chain(previous: AuditHash, bytes: &[u8]) -> AuditHash {
    let mut hasher = Sha256::new();
    hasher.update(previous.0);
    hasher.update(bytes);
    AuditHash(hasher.finalize().into())
}

/// Why stored bytes are no audit entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// No bytes at all.
    #[error("the audit entry is empty; restore the workspace from a backup")]
    Empty,
    /// Written by a newer build.
    #[error(
        "the audit entry has encoding {0}, which this build does not read; open the workspace with a newer build"
    )]
    Version(u8),
    /// Damaged.
    #[error("the audit entry is damaged ({0}); restore the workspace from a backup")]
    Body(String),
}

#[cfg(test)]
mod tests {
    use super::{AuditAction, AuditEntry, AuditError, AuditHash, chain};
    use crate::ids::{LaneId, MappingVersion, OrgId, RecordId, RunId};

    fn entry() -> AuditEntry {
        AuditEntry {
            counter: 42,
            at: "2026-11-20T10:00:00.25Z".parse().unwrap(),
            actor: "admin / integration@sales.example".to_owned(),
            action: AuditAction::RecordUpdated,
            org: Some(OrgId::parse("00DHs00000AbCdE").unwrap()),
            object: Some("Account".to_owned()),
            record: Some(RecordId::parse("0015500001QdQWa").unwrap()),
            fields: vec!["Name".to_owned(), "Phone".to_owned()],
            run: Some(RunId(7)),
            lane: Some(LaneId(1)),
            mapping_version: Some(MappingVersion(3)),
        }
    }

    #[test]
    fn the_first_encoding_never_changes() {
        // An auditor recomputes hashes from these bytes years later: a change here is a new encoding, not an edit.
        let expected = "\u{1}[42,\"1795168800250000000\",\"admin / integration@sales.example\",\"record_updated\",\
                        \"00DHs00000AbCdEMAV\",\"Account\",\"0015500001QdQWaAAN\",[\"Name\",\"Phone\"],7,1,3]";
        assert_eq!(String::from_utf8(entry().encode()).unwrap(), expected);
    }

    #[test]
    fn an_entry_is_read_back_as_it_was_written() {
        assert_eq!(AuditEntry::decode(&entry().encode()), Ok(entry()));
        let bare =
            AuditEntry { org: None, object: None, record: None, run: None, lane: None, ..entry() };
        assert_eq!(AuditEntry::decode(&bare.encode()), Ok(bare));
    }

    #[test]
    fn unknown_and_damaged_bytes_are_refused_with_the_next_step() {
        assert_eq!(AuditEntry::decode(&[]), Err(AuditError::Empty));
        assert_eq!(AuditEntry::decode(&[9, b'[']), Err(AuditError::Version(9)));
        assert!(matches!(AuditEntry::decode(&[1, b'[', b'4']), Err(AuditError::Body(_))));
    }

    #[test]
    fn every_byte_and_the_entry_before_change_the_hash() {
        let bytes = entry().encode();
        let hash = chain(AuditHash::START, &bytes);
        for position in 0..bytes.len() {
            let mut edited = bytes.clone();
            edited[position] ^= 1;
            assert_ne!(chain(AuditHash::START, &edited), hash, "byte {position}");
        }
        assert_ne!(chain(hash, &bytes), hash);
    }
}
