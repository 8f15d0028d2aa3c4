//! The keychain behind all workspaces, one connection per workspace.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use isthmus_vault::{Vault, WorkspaceName};

use crate::error::{Error, Result};

mod tokens;

pub(crate) use tokens::OrgTokens;

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
