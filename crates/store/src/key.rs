//! The ledger's key: 32 random bytes that live in the OS keychain and, printed once, in the admin's safe.

use rand::CryptoRng;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The length of the key: SQLCipher's raw key for AES-256.
pub const KEY_BYTES: usize = 32;

/// The ledger's key. Wiped from memory when dropped, never shown by `Debug`.
#[derive(Clone)]
pub struct LedgerKey(Zeroizing<[u8; KEY_BYTES]>);

impl LedgerKey {
    /// A new key from the caller's random source.
    pub fn generate(random: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        random.fill_bytes(bytes.as_mut_slice());
        Self(bytes)
    }

    /// The key with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads what [`LedgerKey::to_text`] wrote.
    ///
    /// # Errors
    /// [`Error::WrongKey`] when the text is not 64 hexadecimal digits: the keychain entry was overwritten.
    pub fn from_text(text: &str) -> Result<Self> {
        let digits = text.as_bytes();
        if digits.len() != KEY_BYTES * 2 {
            return Err(Error::WrongKey);
        }
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let high = hex_value(pair[0]).ok_or(Error::WrongKey)?;
            let low = hex_value(pair[1]).ok_or(Error::WrongKey)?;
            *byte = (high << 4) | low;
        }
        Ok(Self(bytes))
    }

    /// The key as 64 hexadecimal digits, for the keychain entry.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        SecretString::from(self.hex().as_str())
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The statement that keys a connection. A raw key skips the pass phrase derivation, which random bytes need not.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut statement = Zeroizing::new(String::with_capacity(96));
        statement.push_str("PRAGMA key = \"x'");
        statement.push_str(&self.hex());
        statement.push_str("'\"");
        statement
    }

    fn hex(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        // Reserved in full, so that no half-grown copy of the key is left behind on the heap.
        let mut text = Zeroizing::new(String::with_capacity(KEY_BYTES * 2));
        for byte in self.0.iter() {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text
    }
}

impl std::fmt::Debug for LedgerKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LedgerKey([redacted])")
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::LedgerKey;

    #[test]
    fn a_key_survives_its_text_form() {
        let key =
            LedgerKey::from_bytes(std::array::from_fn(|index| u8::try_from(index * 7).unwrap()));
        let text = key.to_text();
        assert_eq!(LedgerKey::from_text(text.expose_secret()).unwrap().bytes(), key.bytes());
    }

    #[test]
    fn a_cut_or_foreign_text_is_no_key() {
        assert!(LedgerKey::from_text("00ff").is_err());
        assert!(LedgerKey::from_text(&"zz".repeat(32)).is_err());
    }

    #[test]
    fn debug_does_not_show_the_key() {
        let key = LedgerKey::from_bytes([0xab; 32]);
        assert!(!format!("{key:?}").contains("ab"));
    }
}
