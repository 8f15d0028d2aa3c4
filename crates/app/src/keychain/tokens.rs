//! One org's tokens in the keychain, as the client's session keeps them; and the lease for refreshing them.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;

use isthmus_model::ids::OrgId;
use isthmus_salesforce::OrgUrl;
use isthmus_salesforce::session::{RefreshLease, RefreshMark, SessionStore, StoreError, Tokens};
use isthmus_vault::{Entry, Vault};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Result;
use crate::workspace::Workspace;

/// One org's tokens.
#[derive(Debug)]
pub(crate) struct OrgTokens {
    pub(crate) vault: Vault,
    pub(crate) org: OrgId,
    pub(crate) instance_url: OrgUrl,
    /// Where the lock files are: the workspace's folder, which all users of its keychain entries share.
    folder: PathBuf,
}

impl OrgTokens {
    /// The tokens of an org of this workspace.
    pub(crate) fn of(workspace: &Workspace, org: OrgId, instance_url: OrgUrl) -> Result<Self> {
        let folder = workspace.path.folder().to_owned();
        Ok(Self { vault: workspace.vault()?, org, instance_url, folder })
    }

    fn optional(&self, entry: Entry) -> std::result::Result<Option<SecretString>, StoreError> {
        match self.vault.get(entry) {
            Ok(secret) => Ok(Some(secret)),
            Err(isthmus_vault::Error::Missing { .. }) => Ok(None),
            Err(error) => Err(StoreError(error.to_string())),
        }
    }

    fn keep(
        &self,
        entry: Entry,
        secret: Option<&SecretString>,
    ) -> std::result::Result<(), StoreError> {
        let stored = match secret {
            Some(secret) => self.vault.set(entry, secret),
            None => self.vault.clear(entry),
        };
        stored.map_err(|error| StoreError(error.to_string()))
    }
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
        self.keep(Entry::RefreshToken(self.org), tokens.refresh_token.as_ref())?;
        self.keep(Entry::AccessToken(self.org), Some(&tokens.access_token))
    }

    /// A locked file: the system lets go of it when the process ends, and two handles of one process exclude each other
    /// too. The file itself stays: deleting it would let two sessions lock two files of one name.
    fn try_lease(&self) -> std::result::Result<Option<RefreshLease>, StoreError> {
        let path = self.folder.join(format!("{}.refresh.lock", self.org));
        let failed = |error: std::io::Error| {
            let path = path.display();
            StoreError(format!("the lock {path} could not be taken ({error}); check its folder"))
        };
        let file: File = options().open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(RefreshLease::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    fn mark(&self) -> std::result::Result<Option<RefreshMark>, StoreError> {
        let text = self.optional(Entry::RefreshMark(self.org))?;
        Ok(text.and_then(|text| RefreshMark::parse(text.expose_secret())))
    }

    fn set_mark(&self, mark: Option<&RefreshMark>) -> std::result::Result<(), StoreError> {
        let text = mark.map(|mark| SecretString::from(mark.to_text()));
        self.keep(Entry::RefreshMark(self.org), text.as_ref())
    }
}

/// The lock file is empty, and its owner's alone.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use isthmus_model::ids::OrgId;
    use isthmus_salesforce::OrgUrl;
    use isthmus_salesforce::session::{RefreshMark, SessionStore, Tokens};
    use secrecy::{ExposeSecret, SecretString};

    use super::OrgTokens;
    use crate::testing::workspace;
    use crate::workspace::Workspace;

    fn tokens_of(workspace: &Workspace, org: &str) -> OrgTokens {
        let url = OrgUrl::parse("https://acme.my.salesforce.com").unwrap();
        OrgTokens::of(workspace, OrgId::parse(org).unwrap(), url).unwrap()
    }

    #[tokio::test]
    async fn one_session_at_a_time_has_the_lease_of_an_org_and_other_orgs_go_on() {
        let (_folder, workspace) = workspace().await;
        let (one, two) =
            (tokens_of(&workspace, "00DHs00000AbCdE"), tokens_of(&workspace, "00DHs00000AbCdE"));
        let held = one.try_lease().unwrap().unwrap();
        assert!(two.try_lease().unwrap().is_none());
        assert!(one.try_lease().unwrap().is_none());
        let other = tokens_of(&workspace, "00DHs00000ZzZzZ");
        assert!(other.try_lease().unwrap().is_some());
        drop(held);
        assert!(two.try_lease().unwrap().is_some());
    }

    #[tokio::test]
    async fn a_mark_is_kept_in_the_keychain_until_it_is_cleared_and_goes_with_the_org() {
        let (_folder, workspace) = workspace().await;
        let store = tokens_of(&workspace, "00DHs00000AbCdE");
        assert_eq!(store.mark().unwrap(), None);
        let text = r#"{"token":"00ff","state":"in_flight"}"#;
        let mark = RefreshMark::parse(text).unwrap();
        store.set_mark(Some(&mark)).unwrap();
        assert_eq!(tokens_of(&workspace, "00DHs00000AbCdE").mark().unwrap(), Some(mark.clone()));
        store.set_mark(None).unwrap();
        assert_eq!(store.mark().unwrap(), None);
        store.set_mark(Some(&mark)).unwrap();
        store.vault.clear_org(store.org).unwrap();
        assert_eq!(store.mark().unwrap(), None);
    }

    #[tokio::test]
    async fn tokens_come_back_as_they_were_saved() {
        let (_folder, workspace) = workspace().await;
        let store = tokens_of(&workspace, "00DHs00000AbCdE");
        assert!(store.load().unwrap().is_none());
        let secret = |text: &str| SecretString::from(text.to_owned());
        let instance_url = store.instance_url.clone();
        let refresh_token = Some(secret("r1"));
        store.save(&Tokens { access_token: secret("a1"), refresh_token, instance_url }).unwrap();
        let loaded = store.load().unwrap().unwrap();
        assert_eq!(loaded.access_token.expose_secret(), "a1");
        assert_eq!(loaded.refresh_token.unwrap().expose_secret(), "r1");
    }
}
