//! The vault: one workspace's entries in the keychain.

use std::sync::Arc;
use std::time::Duration;

use isthmus_model::ids::OrgId;
use keyring_core::{CredentialStore, mock};
use secrecy::{ExposeSecret, SecretString};

use crate::entry::{Entry, WorkspaceName};
use crate::error::{Error, Result};
use crate::native;
use crate::timed::{KEYCHAIN_TIMEOUT, Request, SecretBytes, Worker, perform};

/// One workspace's secrets. Clones share one keychain connection.
///
/// Calls block, at most for the time limit each; the system's keychain is spoken to on a thread of its own.
#[derive(Debug, Clone)]
pub struct Vault {
    workspace: WorkspaceName,
    keychain: Keychain,
    limit: Duration,
}

#[derive(Debug, Clone)]
enum Keychain {
    Native(Arc<Worker>),
    Memory(Arc<CredentialStore>),
}

impl Vault {
    /// The system's keychain. Nothing is asked of it yet, so a missing one shows at the first call.
    ///
    /// # Errors
    /// [`Error::Other`] when the system gives no thread.
    pub fn native(workspace: WorkspaceName) -> Result<Self> {
        let worker = Worker::start(native::open)?;
        let keychain = Keychain::Native(Arc::new(worker));
        Ok(Self { workspace, keychain, limit: KEYCHAIN_TIMEOUT })
    }

    /// A keychain that ends with its last clone, for tests in one process. No command or setting leads here.
    #[must_use]
    pub fn in_memory(workspace: WorkspaceName) -> Self {
        let store: Arc<CredentialStore> = Arc::new(mock::Store {
            id: "in memory".to_owned(),
            inner: std::sync::Mutex::default(),
        });
        Self { workspace, keychain: Keychain::Memory(store), limit: KEYCHAIN_TIMEOUT }
    }

    /// The same vault with another time limit per call.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The workspace whose entries these are.
    #[must_use]
    pub fn workspace(&self) -> &WorkspaceName {
        &self.workspace
    }

    /// Keeps a secret, over an earlier one, and reads it back: when this returns, it is there.
    ///
    /// # Errors
    /// [`Error::NoKeychain`], [`Error::Locked`], [`Error::NotKept`], [`Error::Ambiguous`], [`Error::Other`].
    pub fn set(&self, entry: Entry, secret: &SecretString) -> Result<()> {
        let bytes = SecretBytes::new(secret.expose_secret().as_bytes().to_vec());
        self.ask(entry, Request::Set(bytes)).map(|_| ())
    }

    /// Gives a secret to the engine's own process; never towards the window, a log, a file or an argument list.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none, and as [`Vault::set`].
    pub fn get(&self, entry: Entry) -> Result<SecretString> {
        let bytes = self.ask(entry, Request::Get)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::NotKept { entry })?;
        Ok(SecretString::from(text))
    }

    /// Whether a secret is kept: all that the window may know of it.
    ///
    /// # Errors
    /// As [`Vault::set`].
    pub fn is_set(&self, entry: Entry) -> Result<bool> {
        match self.ask(entry, Request::Get) {
            Ok(_) => Ok(true),
            Err(Error::Missing { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Forgets a secret, if it is kept.
    ///
    /// # Errors
    /// As [`Vault::set`].
    pub fn clear(&self, entry: Entry) -> Result<()> {
        self.ask(entry, Request::Clear).map(|_| ())
    }

    /// Forgets everything that is kept for one org.
    ///
    /// # Errors
    /// As [`Vault::set`]; entries after the one that failed are still there.
    pub fn clear_org(&self, org: OrgId) -> Result<()> {
        Entry::of_org(org).into_iter().try_for_each(|entry| self.clear(entry))
    }

    fn ask(&self, entry: Entry, request: Request) -> Result<SecretBytes> {
        let service = self.workspace.service();
        match &self.keychain {
            Keychain::Native(worker) => worker.ask(service, entry, request, self.limit),
            Keychain::Memory(store) => perform(store.as_ref(), &service, entry, &request),
        }
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::ids::OrgId;
    use secrecy::{ExposeSecret, SecretString};

    use super::Vault;
    use crate::entry::{Entry, WorkspaceName};
    use crate::error::Error;

    fn vault() -> Vault {
        Vault::in_memory(WorkspaceName::parse("test").unwrap())
    }

    #[test]
    fn a_secret_is_kept_replaced_and_cleared() {
        let vault = vault();
        assert!(!vault.is_set(Entry::LedgerKey).unwrap());
        for text in ["first", "second"] {
            vault.set(Entry::LedgerKey, &SecretString::from(text)).unwrap();
            assert_eq!(vault.get(Entry::LedgerKey).unwrap().expose_secret(), text);
        }
        assert!(vault.is_set(Entry::LedgerKey).unwrap());
        vault.clear(Entry::LedgerKey).unwrap();
        vault.clear(Entry::LedgerKey).unwrap();
        assert!(!vault.is_set(Entry::LedgerKey).unwrap());
    }

    #[test]
    fn clearing_an_org_leaves_the_others_and_the_ledger_key() {
        let vault = vault();
        let gone = OrgId::parse("00DHs00000AbCdE").unwrap();
        let stays = OrgId::parse("00DHs00000AbCdF").unwrap();
        let kept = Entry::of_org(stays).into_iter().chain([Entry::LedgerKey]);
        for entry in kept.clone().chain(Entry::of_org(gone)) {
            vault.set(entry, &SecretString::from("s")).unwrap();
        }
        vault.clear_org(gone).unwrap();
        assert!(Entry::of_org(gone).into_iter().all(|entry| !vault.is_set(entry).unwrap()));
        assert!(kept.into_iter().all(|entry| vault.is_set(entry).unwrap()));
    }

    #[test]
    fn a_missing_ledger_key_asks_for_the_recovery_key_and_makes_no_new_one() {
        let vault = vault();
        let missing = vault.get(Entry::LedgerKey).unwrap_err();
        assert_eq!(missing, Error::Missing { entry: Entry::LedgerKey });
        assert!(missing.to_string().contains("recovery key"));
        assert!(!vault.is_set(Entry::LedgerKey).unwrap());
    }

    #[test]
    fn clones_share_what_is_kept() {
        let vault = vault();
        let clone = vault.clone();
        clone.set(Entry::AuditHead, &SecretString::from("7:00")).unwrap();
        assert!(vault.is_set(Entry::AuditHead).unwrap());
    }
}
