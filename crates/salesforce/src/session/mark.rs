//! What is kept of a refresh that has begun: enough to know after a crash whose token was presented, and no token.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::AuthError;
use crate::oauth::diagnosis::{Diagnosis, diagnosis};

/// SHA-256 of a refresh token, as hex. A refresh token is random and long, so nothing leads back from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenDigest(String);

impl TokenDigest {
    /// The digest of a token.
    #[must_use]
    pub fn of(token: &SecretString) -> Self {
        let digest = Sha256::digest(token.expose_secret().as_bytes());
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// A refresh of one token that began and has not ended well. It says nothing about any other token: after a new login
/// it is out of date by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshMark {
    /// The refresh token that was presented.
    pub token: TokenDigest,
    /// How far it came.
    #[serde(flatten)]
    pub state: RefreshState,
}

/// How far a refresh came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RefreshState {
    /// The request was about to be sent; nothing is known after that.
    InFlight,
    /// The org refused the token: it is dead, and presenting it again could only do harm.
    Refused {
        /// OAuth's `error`.
        code: String,
        /// OAuth's `error_description`.
        description: String,
        /// An earlier refresh of the same token had been cut off: most likely its answer held the successor.
        cut_off: bool,
    },
}

impl RefreshMark {
    pub(super) fn in_flight(token: TokenDigest) -> Self {
        Self { token, state: RefreshState::InFlight }
    }

    pub(super) fn refused(token: TokenDigest, said: &Diagnosis, cut_off: bool) -> Self {
        let (code, description) = (said.code.clone(), said.description.clone());
        Self { token, state: RefreshState::Refused { code, description, cut_off } }
    }

    /// The mark as text for a keychain entry; no secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Strings alone: nothing in it can fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads [`RefreshMark::to_text`]; `None` for a text that is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl RefreshState {
    /// The error that the token's refusal stands for, if it was refused.
    pub(super) fn refusal(&self) -> Option<AuthError> {
        let Self::Refused { code, description, cut_off } = self else { return None };
        let said = diagnosis(code, description);
        Some(if *cut_off { AuthError::RefreshCutOff(said) } else { AuthError::Refused(said) })
    }
}

impl fmt::Display for RefreshState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::InFlight => "in flight",
            Self::Refused { .. } => "refused",
        })
    }
}
