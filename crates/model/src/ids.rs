//! Ids: Salesforce record and organization ids, and the ledger's own row ids.
//!
//! Record ids: 15 case-sensitive base-62 characters, or 18 with a checksum over the case
//! (REST API Developer Guide, "ID Field Type"). Isthmus always holds the 18-character form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The alphabet of the three checksum characters, by value.
const CHECKSUM_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const SHORT_LENGTH: usize = 15;
const LONG_LENGTH: usize = 18;

/// An 18-character Salesforce record id, its checksum verified.
///
/// Ids are local to one org: a record id means nothing without the [`OrgId`] it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId([u8; LONG_LENGTH]);

/// Why a text is no record id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Neither 15 nor 18 characters.
    #[error(
        "a record id has 15 or 18 characters, this one has {0}; copy it again from the record's address"
    )]
    Length(usize),
    /// A character outside 0-9, A-Z, a-z.
    #[error("a record id has letters and digits only; copy it again from the record's address")]
    Character,
    /// The checksum of an 18-character id does not fit: its case was changed or it was cut.
    #[error(
        "the last three characters of {0} do not fit the others: its letter case was changed; copy it again"
    )]
    Checksum(String),
    /// Another object's prefix where an organization id (00D) is needed.
    #[error("{0} is not an organization id (those start with 00D)")]
    NotAnOrganization(RecordId),
}

impl RecordId {
    /// Reads a 15- or 18-character id.
    ///
    /// # Errors
    /// [`IdError`] when the text has another length, other characters or a wrong checksum.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let bytes = text.as_bytes();
        if bytes.len() != SHORT_LENGTH && bytes.len() != LONG_LENGTH {
            return Err(IdError::Length(text.chars().count()));
        }
        if !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Err(IdError::Character);
        }
        let mut long = [0_u8; LONG_LENGTH];
        long[..SHORT_LENGTH].copy_from_slice(&bytes[..SHORT_LENGTH]);
        for (group, chunk) in bytes[..SHORT_LENGTH].chunks(5).enumerate() {
            long[SHORT_LENGTH + group] = checksum_character(chunk);
        }
        if bytes.len() == LONG_LENGTH && bytes[SHORT_LENGTH..] != long[SHORT_LENGTH..] {
            return Err(IdError::Checksum(text.to_owned()));
        }
        Ok(Self(long))
    }

    /// The 18-character form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Every byte was checked to be ASCII when the id was made.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The first three characters, which name the object within one org.
    #[must_use]
    pub fn key_prefix(&self) -> &str {
        &self.as_str()[..3]
    }

    /// The 15-character form, which some error texts use.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.as_str()[..SHORT_LENGTH]
    }
}

/// One checksum character: bit k is set when character k of the group of five is upper case.
fn checksum_character(group: &[u8]) -> u8 {
    let upper = group.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase());
    CHECKSUM_ALPHABET[upper.fold(0_usize, |bits, (position, _)| bits | (1 << position))]
}

impl fmt::Display for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RecordId({self})")
    }
}

impl FromStr for RecordId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The organization id (00D…) that pins one org for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrgId(RecordId);

impl OrgId {
    /// Reads an organization id.
    ///
    /// # Errors
    /// [`IdError`] when the text is no id or its prefix is not 00D.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let id = RecordId::parse(text)?;
        if id.key_prefix() == "00D" { Ok(Self(id)) } else { Err(IdError::NotAnOrganization(id)) }
    }

    /// The 18-character form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The id as a record id.
    #[must_use]
    pub fn record_id(&self) -> RecordId {
        self.0
    }
}

impl fmt::Display for OrgId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

macro_rules! ledger_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ledger_id! {
    /// One sync in the ledger.
    SyncId;
    /// One lane (pair of orgs) of a sync.
    LaneId;
    /// One run; also the number a person types after `isthmus report`.
    RunId;
    /// One link of the identity ledger.
    LinkId;
    /// One outbox row: one row's intent to write.
    OutboxId;
}

/// Counts the changes of a sync's mapping, from 1; runs, links, bases and audit entries carry the version they were made under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MappingVersion(pub u32);

impl fmt::Display for MappingVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "v{}", self.0)
    }
}

/// Which of a lane's two orgs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The lane's first org.
    Left,
    /// The lane's second org.
    Right,
}

impl Side {
    /// The opposite side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// The word in files and logs: `left` or `right`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IdError, OrgId, RecordId};

    #[test]
    fn a_short_id_gains_the_documented_checksum() {
        for (short, long) in [
            ("0015500001QdQWa", "0015500001QdQWaAAN"),
            ("0035500001H9cak", "0035500001H9cakAAB"),
            ("0018M000001oWgP", "0018M000001oWgPQAU"),
            ("000000000000000", "000000000000000AAA"),
        ] {
            assert_eq!(RecordId::parse(short).unwrap().as_str(), long);
            assert_eq!(RecordId::parse(long).unwrap().short(), short);
        }
    }

    #[test]
    fn an_id_whose_case_was_changed_is_refused() {
        let folded = "0015500001QDQWaAAN";
        assert_eq!(RecordId::parse(folded), Err(IdError::Checksum(folded.to_owned())));
    }

    #[test]
    fn slashes_dots_and_other_lengths_are_refused() {
        assert_eq!(RecordId::parse("../../sobjects/"), Err(IdError::Character));
        assert_eq!(RecordId::parse("001"), Err(IdError::Length(3)));
    }

    #[test]
    fn only_a_00d_id_names_an_org() {
        assert!(OrgId::parse("00DHs00000AbCdE").is_ok());
        assert!(matches!(OrgId::parse("0015500001QdQWa"), Err(IdError::NotAnOrganization(_))));
    }
}
