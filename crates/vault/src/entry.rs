//! What the keychain holds, and the names it holds it under: no name or attribute carries a secret.

use std::fmt;

use isthmus_model::ids::OrgId;

/// Longest workspace name: with prefix and entry it stays far below every keychain's limit on names.
const WORKSPACE_NAME_LIMIT: usize = 64;

/// One secret of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    /// The ledger's encryption key.
    LedgerKey,
    /// The end of the audit trail, sealed outside the ledger, so that a cut or swapped ledger shows.
    AuditHead,
    /// An org's refresh token.
    RefreshToken(OrgId),
    /// An org's access token.
    AccessToken(OrgId),
    /// The secret of the client that an org was connected with.
    ClientSecret(OrgId),
    /// The mark of an org's refresh under way: which token was presented, by its digest; no secret.
    RefreshMark(OrgId),
}

impl Entry {
    /// Everything that is kept for one org.
    #[must_use]
    pub fn of_org(org: OrgId) -> [Self; 4] {
        [
            Self::RefreshToken(org),
            Self::AccessToken(org),
            Self::ClientSecret(org),
            Self::RefreshMark(org),
        ]
    }

    /// The keychain's user name: the org's id and the kind of secret.
    pub(crate) fn user(self) -> String {
        match self {
            Self::LedgerKey => "ledger-key".to_owned(),
            Self::AuditHead => "audit-head".to_owned(),
            Self::RefreshToken(org) => format!("{org}/refresh-token"),
            Self::AccessToken(org) => format!("{org}/access-token"),
            Self::ClientSecret(org) => format!("{org}/client-secret"),
            Self::RefreshMark(org) => format!("{org}/refresh-mark"),
        }
    }

    /// What to do when the entry is gone.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::LedgerKey => {
                "give the recovery key that was shown when the workspace was created; no new key is made, because \
                 it would not open the workspace"
            }
            Self::AuditHead => "verify the audit trail, then seal its end again",
            Self::RefreshToken(_) | Self::AccessToken(_) | Self::RefreshMark(_) => {
                "connect the org again"
            }
            Self::ClientSecret(_) => "connect the org again and give the client secret",
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LedgerKey => formatter.write_str("the workspace's key"),
            Self::AuditHead => formatter.write_str("the audit trail's seal"),
            Self::RefreshToken(org) => write!(formatter, "the refresh token of org {org}"),
            Self::AccessToken(org) => write!(formatter, "the access token of org {org}"),
            Self::ClientSecret(org) => write!(formatter, "the client secret of org {org}"),
            Self::RefreshMark(org) => write!(formatter, "the refresh mark of org {org}"),
        }
    }
}

/// A workspace's own id, which keeps the entries of two workspaces apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkspaceName(String);

/// Why a text is no workspace name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a workspace name has 1 to 64 letters, digits, dashes or underscores; choose another one")]
pub struct InvalidWorkspaceName;

impl WorkspaceName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`InvalidWorkspaceName`] when the text has another length or other characters.
    pub fn parse(text: &str) -> Result<Self, InvalidWorkspaceName> {
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = (1..=WORKSPACE_NAME_LIMIT).contains(&text.len());
        if fits && text.as_bytes().iter().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidWorkspaceName)
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The keychain's service name.
    pub(crate) fn service(&self) -> String {
        format!("isthmus/{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::ids::OrgId;

    use super::{Entry, WorkspaceName};

    #[test]
    fn every_entry_has_a_name_of_its_own() {
        let org = OrgId::parse("00DHs00000AbCdE").unwrap();
        let other = OrgId::parse("00DHs00000AbCdF").unwrap();
        let mut names: Vec<String> = [Entry::LedgerKey, Entry::AuditHead]
            .into_iter()
            .chain(Entry::of_org(org))
            .chain(Entry::of_org(other))
            .map(Entry::user)
            .collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 10);
    }

    #[test]
    fn a_workspace_name_cannot_reach_into_another_workspace() {
        assert!(WorkspaceName::parse("client-a_7").is_ok());
        for text in ["", "a/b", "a b", "ä", &"x".repeat(65)] {
            assert!(WorkspaceName::parse(text).is_err(), "{text}");
        }
    }
}
