//! The recovery key: the ledger's key as text that a person prints and types back.
//!
//! 32 key bytes and 3 checksum bytes in Crockford's base 32 (no I, L, O, U), as 14 groups of four.

use secrecy::SecretString;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::key::{KEY_BYTES, LedgerKey};

/// Finds all single typing errors and misses one in 16 million random texts.
const CHECKSUM_BYTES: usize = 3;
const TOTAL_BYTES: usize = KEY_BYTES + CHECKSUM_BYTES;
/// 280 bits in 5-bit characters.
const CHARACTERS: usize = TOTAL_BYTES * 8 / 5;
const GROUP: usize = 4;
/// Crockford's alphabet, by value.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl LedgerKey {
    /// The text to show once, when the workspace is created.
    #[must_use]
    pub fn to_recovery(&self) -> SecretString {
        let mut bytes = Zeroizing::new([0_u8; TOTAL_BYTES]);
        bytes[..KEY_BYTES].copy_from_slice(self.bytes());
        bytes[KEY_BYTES..].copy_from_slice(&checksum(self.bytes()));
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + CHARACTERS / GROUP));
        for (index, value) in five_bit_values(&bytes).enumerate() {
            if index > 0 && index.is_multiple_of(GROUP) {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(value)]));
        }
        SecretString::from(text.as_str())
    }

    /// Reads a recovery key back; case, spaces and dashes do not matter, and O, I and L are read as 0 and 1.
    ///
    /// # Errors
    /// [`Error::RecoveryKey`] when a character, the length or the checksum is wrong.
    pub fn from_recovery(text: &str) -> Result<Self> {
        let mut values = Zeroizing::new(Vec::with_capacity(CHARACTERS));
        for character in text.chars().filter(|character| !is_separator(*character)) {
            if values.len() == CHARACTERS {
                return Err(Error::RecoveryKey("it has too many characters"));
            }
            values.push(
                value_of(character)
                    .ok_or(Error::RecoveryKey("a character is not one of its alphabet"))?,
            );
        }
        if values.len() != CHARACTERS {
            return Err(Error::RecoveryKey("it has too few characters"));
        }
        let bytes = bytes_of(&values);
        let mut key = [0_u8; KEY_BYTES];
        key.copy_from_slice(&bytes[..KEY_BYTES]);
        if bytes[KEY_BYTES..] != checksum(&key) {
            return Err(Error::RecoveryKey("its checksum does not fit, so a character is wrong"));
        }
        Ok(Self::from_bytes(key))
    }
}

fn checksum(key: &[u8; KEY_BYTES]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = Sha256::new();
    hasher.update(b"isthmus recovery key 1");
    hasher.update(key);
    let digest = hasher.finalize();
    [digest[0], digest[1], digest[2]]
}

fn five_bit_values(bytes: &[u8; TOTAL_BYTES]) -> impl Iterator<Item = u8> + '_ {
    (0..CHARACTERS).map(|index| {
        (0..5).fold(0, |value, bit| {
            let position = index * 5 + bit;
            (value << 1) | ((bytes[position / 8] >> (7 - position % 8)) & 1)
        })
    })
}

fn bytes_of(values: &[u8]) -> Zeroizing<[u8; TOTAL_BYTES]> {
    let mut bytes = Zeroizing::new([0_u8; TOTAL_BYTES]);
    for position in 0..TOTAL_BYTES * 8 {
        let bit = (values[position / 5] >> (4 - position % 5)) & 1;
        bytes[position / 8] |= bit << (7 - position % 8);
    }
    bytes
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || character == '-'
}

fn value_of(character: char) -> Option<u8> {
    let folded = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let position = ALPHABET.iter().position(|known| char::from(*known) == folded)?;
    u8::try_from(position).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};
    use secrecy::ExposeSecret;

    use crate::key::LedgerKey;

    proptest! {
        #[test]
        fn every_key_survives_its_printed_form(bytes in any::<[u8; 32]>()) {
            let text = LedgerKey::from_bytes(bytes).to_recovery();
            let typed = text.expose_secret().to_lowercase().replace('-', " ").replace('0', "o");
            assert_eq!(LedgerKey::from_recovery(&typed).unwrap().bytes(), &bytes);
        }

        #[test]
        fn one_wrong_character_is_noticed(bytes in any::<[u8; 32]>(), place in 0_usize..56) {
            let text = LedgerKey::from_bytes(bytes).to_recovery();
            let mut typed: Vec<char> = text.expose_secret().replace('-', "").chars().collect();
            typed[place] = if typed[place] == '7' { '8' } else { '7' };
            let typed: String = typed.into_iter().collect();
            assert!(LedgerKey::from_recovery(&typed).is_err());
        }
    }

    #[test]
    fn cut_long_and_foreign_texts_are_refused() {
        let text = LedgerKey::from_bytes([9; 32]).to_recovery();
        let text = text.expose_secret();
        assert!(LedgerKey::from_recovery(&text[..text.len() - 1]).is_err());
        assert!(LedgerKey::from_recovery(&format!("{text}0")).is_err());
        assert!(LedgerKey::from_recovery(&text.replacen(&text[..1], "U", 1)).is_err());
    }
}
