//! Who is logged in: userinfo and the identity service (Salesforce Help, "Identity URLs", "Query for User Information").

use isthmus_model::ids::{OrgId, RecordId};
use serde::Deserialize;
use url::Url;

use crate::client::{Call, Client};
use crate::error::{AuthError, Error};
use crate::host::LoginUrl;
use crate::oauth::identity_ids;

/// The connected user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInfo {
    /// The organization.
    pub org_id: OrgId,
    /// The user.
    pub user_id: RecordId,
    /// The login name.
    pub username: String,
    /// The name to show; empty where the org gives none.
    pub display_name: String,
}

/// Userinfo and identity name the same things differently.
#[derive(Deserialize)]
struct Answer {
    organization_id: String,
    user_id: RecordId,
    preferred_username: Option<String>,
    username: Option<String>,
    name: Option<String>,
    display_name: Option<String>,
}

impl Client {
    /// Asks `/services/oauth2/userinfo`.
    ///
    /// # Errors
    /// [`Error`]; `Bad_OAuth_Token` is cured by a refresh like an expired session.
    pub async fn userinfo(&self) -> Result<UserInfo, Error> {
        user(self.fetch(Call::get("/services/oauth2/userinfo", "userinfo")).await?)
    }

    /// Asks the identity service about the user of a login. `identity_url` is the `id` of the token answer: only its
    /// path is used, on this org's own host, so the token goes nowhere else.
    ///
    /// # Errors
    /// [`Error::Auth`] when the address is no identity address of Salesforce, or its answer is for another org or user.
    pub async fn identity(&self, identity_url: &Url, login: &LoginUrl) -> Result<UserInfo, Error> {
        let (org_id, user_id) = identity_ids(identity_url, login)?;
        let found = user(self.fetch(Call::get(identity_url.path(), "id/{org}/{user}")).await?)?;
        if found.org_id != org_id {
            return Err(AuthError::OtherOrg { pinned: org_id, answered: found.org_id }.into());
        }
        if found.user_id != user_id {
            return Err(AuthError::BadAnswer("the identity is another user's".to_owned()).into());
        }
        Ok(found)
    }
}

fn user(answer: Answer) -> Result<UserInfo, Error> {
    let org_id = OrgId::parse(&answer.organization_id)
        .map_err(|cause| Error::decode("userinfo", format!("organization_id: {cause}")))?;
    Ok(UserInfo {
        org_id,
        user_id: answer.user_id,
        username: answer.username.or(answer.preferred_username).unwrap_or_default(),
        display_name: answer.display_name.or(answer.name).unwrap_or_default(),
    })
}
