//! Record ids: fifteen base-62 characters and a three-character checksum of their case (wire reference, section 10).

use std::fmt::{self, Display, Formatter};

/// Digits of the number part in ascending order, as Salesforce counts ids up.
const BASE_62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Maps five case bits to one checksum character.
const CHECKSUM: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// Characters of the case-sensitive form.
const SHORT_LENGTH: usize = 15;

/// Characters of the form the API returns.
const LONG_LENGTH: usize = 18;

/// Characters of the number part; 62^9 ids per object and instance.
const NUMBER_LENGTH: usize = 9;

/// An id in the 18-character form that the API returns, with a right checksum.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Id18(String);

impl Id18 {
    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first three characters, which name the object.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0[..3]
    }

    /// The 18 characters as an owned string.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Display for Id18 {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Neither 15 nor 18 characters.
    #[error(
        "an id has 15 or 18 characters, this text has {0}: send the id as describe or a query returned it"
    )]
    Length(usize),
    /// A character outside 0-9, A-Z and a-z.
    #[error("an id holds only the characters 0-9, A-Z and a-z: send the id as the API returned it")]
    Character,
    /// The last three characters do not fit the case of the first fifteen.
    #[error(
        "the checksum of this id does not fit its upper and lower case: send it unchanged, or send its first 15 characters"
    )]
    Checksum,
}

/// Reads an id in either form. The case of all 18 characters counts.
///
/// # Errors
/// A wrong length, a foreign character, or a checksum that does not fit.
pub fn parse(text: &str) -> Result<Id18, IdError> {
    let length = text.chars().count();
    if length != SHORT_LENGTH && length != LONG_LENGTH {
        return Err(IdError::Length(length));
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(IdError::Character);
    }
    let id = with_checksum(&text[..SHORT_LENGTH]);
    if length == LONG_LENGTH && id != text {
        return Err(IdError::Checksum);
    }
    Ok(Id18(id))
}

/// The three checksum characters of a 15-character id: each group of five characters gives one, from the positions of
/// its capital letters.
#[must_use]
pub fn checksum(fifteen: &str) -> String {
    let bits = |group: &[u8]| {
        group.iter().enumerate().fold(0_usize, |sum, (position, byte)| {
            sum | (usize::from(byte.is_ascii_uppercase()) << position)
        })
    };
    fifteen.as_bytes().chunks(5).map(|group| char::from(CHECKSUM[bits(group) % 32])).collect()
}

/// The 18-character form of a 15-character id; an id that already has 18 comes back as it is. `None` when the text
/// is not an id.
#[must_use]
pub fn to_18(text: &str) -> Option<String> {
    parse(text).ok().map(Id18::into_string)
}

/// Makes an 18-character id from an object's key prefix, an org's instance code (see [`instance_code`]) and a number.
#[must_use]
pub fn make(prefix: &str, instance: &str, number: u64) -> String {
    let mut digits = [b'0'; NUMBER_LENGTH];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = base_62(rest);
        rest /= 62;
    }
    let number: String = digits.iter().copied().map(char::from).collect();
    with_checksum(&format!("{prefix:0<3.3}{instance:0<3.3}{number}"))
}

/// The instance code inside an organization id: the two characters that follow `00D`. All ids of an org carry it, so
/// orgs with different codes never share an id.
#[must_use]
pub fn instance_code(organization_id: &str) -> &str {
    organization_id.get(3..5).unwrap_or("00")
}

/// The organization id of the org at `position` (from 0) among the orgs of one server. The orgs of one server get
/// different instance codes.
#[must_use]
pub fn organization_id(position: u64) -> String {
    // Real codes look like `5i` or `8M`; starting at `5A` keeps the made-up ones in that shape.
    let code = 5 * 62 + 10 + position * 7;
    let instance: String =
        [base_62(code / 62), base_62(code)].into_iter().map(char::from).collect();
    make("00D", &instance, 1_020_304 + position * 7_919)
}

/// Counts the ids of one object in one org.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdSequence {
    prefix: String,
    instance: String,
    next: u64,
}

impl IdSequence {
    /// A sequence whose first id carries the number `first`.
    #[must_use]
    pub fn new(prefix: &str, instance: &str, first: u64) -> Self {
        Self { prefix: prefix.to_owned(), instance: instance.to_owned(), next: first }
    }

    /// The next id, 18 characters.
    pub fn next_id(&mut self) -> String {
        let id = make(&self.prefix, &self.instance, self.next);
        self.next += 1;
        id
    }
}

fn with_checksum(fifteen: &str) -> String {
    format!("{fifteen}{}", checksum(fifteen))
}

fn base_62(number: u64) -> u8 {
    usize::try_from(number % 62).map_or(b'0', |digit| BASE_62[digit])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{
        IdError, IdSequence, checksum, instance_code, make, organization_id, parse, to_18,
    };

    /// Ids of real orgs, quoted in public recordings.
    const REAL: [&str; 4] =
        ["0015500001QdQWaAAN", "0035500001H9cakAAB", "0018M000001oWgPQAU", "000000000000000AAA"];

    #[test]
    fn checksums_agree_with_real_ids() {
        for id in REAL {
            assert_eq!(checksum(&id[..15]), &id[15..], "{id}");
            assert_eq!(to_18(&id[..15]).as_deref(), Some(id));
            assert_eq!(parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn an_18_character_id_with_changed_case_is_refused() {
        assert_eq!(parse("0015500001qdQWaAAN"), Err(IdError::Checksum));
        assert_eq!(parse("0015500001QdQWaaan"), Err(IdError::Checksum));
        assert_eq!(parse("0015500001QdQWaAAA"), Err(IdError::Checksum));
    }

    #[test]
    fn texts_that_are_no_ids_are_refused() {
        assert_eq!(parse(""), Err(IdError::Length(0)));
        assert_eq!(parse("0015500001QdQWaA"), Err(IdError::Length(16)));
        assert_eq!(parse("0015500001QdQW-"), Err(IdError::Character));
        assert_eq!(parse("0015500001QdQWä"), Err(IdError::Character));
        assert_eq!(to_18("Account"), None);
    }

    #[test]
    fn a_sequence_counts_in_base_62() {
        let mut ids = IdSequence::new("001", "5i", 61);
        assert_eq!(&ids.next_id()[..15], "0015i000000000z");
        assert_eq!(&ids.next_id()[..15], "0015i0000000010");
    }

    #[test]
    fn orgs_of_one_server_have_different_instance_codes() {
        let ids: BTreeSet<String> = (0..20).map(organization_id).collect();
        let codes: BTreeSet<&str> = ids.iter().map(|id| instance_code(id)).collect();
        assert_eq!((ids.len(), codes.len()), (20, 20));
        assert!(ids.iter().all(|id| id.starts_with("00D") && parse(id).is_ok()));
    }

    proptest! {
        #[test]
        fn made_ids_are_valid_and_differ_by_number(number in 0..62_u64.pow(9) - 1) {
            let id = make("a01", "8M", number);
            prop_assert_eq!(id.len(), 18);
            prop_assert!(parse(&id).is_ok());
            prop_assert!(id != make("a01", "8M", number + 1));
        }

        #[test]
        fn parsing_never_panics(text in any::<String>()) {
            let _ = parse(&text);
        }
    }
}
