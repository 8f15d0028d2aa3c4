//! The keychain behind all workspaces, one connection per workspace; and an org's tokens in it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use isthmus_model::ids::OrgId;
use isthmus_salesforce::OrgUrl;
use isthmus_salesforce::session::{SessionStore, StoreError, Tokens};
use isthmus_vault::{Entry, Vault, WorkspaceName};

use crate::error::{Error, Result};

/// The keychain behind all workspaces.
#[derive(Debug, Clone)]
pub struct Keychain {
    kind: Kind,
    open: Arc<Mutex<BTreeMap<String, Vault>>>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Native,
    Memory,
}

impl Keychain {
    /// The operating system's.
    #[must_use]
    pub fn native() -> Self {
        Self { kind: Kind::Native, open: Arc::default() }
    }

    /// One that ends with its last clone, for tests in one process. No command or setting leads here.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { kind: Kind::Memory, open: Arc::default() }
    }

    /// One workspace's entries.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for an id that no keychain entry can have; [`Error::Vault`].
    pub fn of(&self, workspace: &str) -> Result<Vault> {
        let name = WorkspaceName::parse(workspace).map_err(|error| {
            Error::bad(error.to_string(), "recover the workspace with its recovery key")
        })?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vault) = open.get(workspace) {
            return Ok(vault.clone());
        }
        let vault = match self.kind {
            Kind::Native => Vault::native(name)?,
            Kind::Memory => Vault::in_memory(name),
        };
        open.insert(workspace.to_owned(), vault.clone());
        Ok(vault)
    }
}

/// One org's tokens in the keychain, as the client's session keeps them.
#[derive(Debug)]
pub(crate) struct OrgTokens {
    pub(crate) vault: Vault,
    pub(crate) org: OrgId,
    pub(crate) instance_url: OrgUrl,
}

impl SessionStore for OrgTokens {
    fn load(&self) -> std::result::Result<Option<Tokens>, StoreError> {
        let Some(access_token) = self.optional(Entry::AccessToken(self.org))? else {
            return Ok(None);
        };
        let refresh_token = self.optional(Entry::RefreshToken(self.org))?;
        Ok(Some(Tokens { access_token, refresh_token, instance_url: self.instance_url.clone() }))
    }

    fn save(&self, tokens: &Tokens) -> std::result::Result<(), StoreError> {
        // The refresh token first: with rotation it is the one that cannot be had again. Each is read back.
        let entries = [
            (Entry::RefreshToken(self.org), tokens.refresh_token.as_ref()),
            (Entry::AccessToken(self.org), Some(&tokens.access_token)),
        ];
        for (entry, secret) in entries {
            let stored = match secret {
                Some(secret) => self.vault.set(entry, secret),
                None => self.vault.clear(entry),
            };
            stored.map_err(|error| StoreError(error.to_string()))?;
        }
        Ok(())
    }
}

impl OrgTokens {
    fn optional(
        &self,
        entry: Entry,
    ) -> std::result::Result<Option<secrecy::SecretString>, StoreError> {
        match self.vault.get(entry) {
            Ok(secret) => Ok(Some(secret)),
            Err(isthmus_vault::Error::Missing { .. }) => Ok(None),
            Err(error) => Err(StoreError(error.to_string())),
        }
    }
}
