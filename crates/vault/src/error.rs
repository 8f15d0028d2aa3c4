//! What can go wrong with the keychain; no text holds a secret.

use crate::entry::Entry;

/// The result of everything the vault does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How to start a keychain where none runs.
const START_KEYCHAIN: &str = if cfg!(target_os = "linux") {
    "log in to a desktop session, or run `dbus-run-session -- bash`, in it \
     `gnome-keyring-daemon --unlock --components=secrets` (it reads the password from its standard input), and \
     start Isthmus there"
} else {
    "log in to this computer's own desktop and start Isthmus there"
};

/// Why a secret could not be kept, used or cleared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no keychain to speak to. Secrets go nowhere else.
    #[error(
        "no keychain is running ({reason}), and Isthmus keeps secrets nowhere else; {START_KEYCHAIN}"
    )]
    NoKeychain {
        /// What the system said.
        reason: String,
    },
    /// The keychain is locked, or its prompt was not answered.
    #[error("the keychain is locked ({reason}); unlock it and try again")]
    Locked {
        /// How that showed.
        reason: String,
    },
    /// The keychain has no such entry.
    #[error("the keychain no longer has {entry}; {}", .entry.remedy())]
    Missing {
        /// Which entry.
        entry: Entry,
    },
    /// The keychain gave back something else than was written.
    #[error(
        "the keychain did not keep {entry} as it was written; check the keychain and try again"
    )]
    NotKept {
        /// Which entry.
        entry: Entry,
    },
    /// The keychain has several entries of one name, and no telling which is right.
    #[error(
        "the keychain has {entry} more than once; delete the copies that do not belong there and try again"
    )]
    Ambiguous {
        /// Which entry.
        entry: Entry,
    },
    /// Anything else that the keychain says.
    #[error(
        "the keychain could not be used ({reason}); check that it works for other programs and try again"
    )]
    Other {
        /// What the keychain said.
        reason: String,
    },
}

/// What a locked secret service says, in words that help.
const LOCKED: &str = "its password prompt was not answered, or cannot be shown here";

/// The secret service says that it is locked by the name of a D-Bus error or, when its prompt was dismissed, by
/// saying so or giving no result; the library passes both on as text.
fn is_locked(reason: &str) -> bool {
    ["IsLocked", "result not returned", "prompt dismissed"].iter().any(|said| reason.contains(said))
}

impl Error {
    /// True when trying again without a person's help cannot succeed. Every refusal of a keychain needs a person.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Locked { .. })
    }

    /// What an error of the keychain library means for an entry.
    pub(crate) fn from_keyring(error: keyring_core::Error, entry: Entry) -> Self {
        use keyring_core::Error as Keyring;
        match error {
            Keyring::NoEntry => Self::Missing { entry },
            Keyring::Ambiguous(_) => Self::Ambiguous { entry },
            Keyring::NoStorageAccess(reason) if is_locked(&reason.to_string()) => {
                Self::Locked { reason: LOCKED.to_owned() }
            }
            Keyring::NoStorageAccess(reason) => Self::Locked { reason: reason.to_string() },
            // The secret service says so by the name of a D-Bus error, which the library passes on as text.
            Keyring::PlatformFailure(reason) if is_locked(&reason.to_string()) => {
                Self::Locked { reason: LOCKED.to_owned() }
            }
            // These two carry the stored bytes, which must not reach a text.
            Keyring::BadEncoding(_) | Keyring::BadDataFormat(..) => Self::NotKept { entry },
            other => Self::Other { reason: other.to_string() },
        }
    }

    /// What an error means that comes before any entry was asked for.
    pub(crate) fn from_opening(error: &keyring_core::Error) -> Self {
        match error {
            keyring_core::Error::PlatformFailure(reason)
            | keyring_core::Error::NoStorageAccess(reason) => {
                let reason = reason.to_string();
                // The library names its own parts first, which tell a person nothing.
                let said = reason.rsplit_once(" error: ").map_or(reason.as_str(), |(_, said)| said);
                Self::NoKeychain { reason: said.to_owned() }
            }
            other => Self::NoKeychain { reason: other.to_string() },
        }
    }
}
