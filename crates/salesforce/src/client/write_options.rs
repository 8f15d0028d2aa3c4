//! What a write sets off in the org beside itself, chosen in one place (REST API Developer Guide, "Headers"; wire reference
//! 3).

use std::sync::Arc;

use isthmus_model::ids::RecordId;

use crate::client::{Call, Client, ClientSettings};
use crate::error::Error;

/// What writes set off. The default sets nothing off that was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteOptions {
    /// Whether assignment rules give records to other owners.
    pub assignment: Assignment,
    /// What duplicate rules may refuse.
    pub duplicates: DuplicateRules,
    /// Whether the records written show among a user's recently used.
    pub recently_used: RecentlyUsed,
}

/// `Sforce-Auto-Assign`. Without the header the org runs its rules on cases, leads and accounts, which would undo the owner
/// that a sync has written; so it is always sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assignment {
    /// No rule runs.
    #[default]
    Off,
    /// The org's active rules run.
    ActiveRules,
    /// This rule runs.
    Rule(RecordId),
}

/// `Sforce-Duplicate-Rule-Header`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicateRules {
    /// Rules that warn refuse the row, as for a person who has not confirmed.
    #[default]
    Enforced,
    /// The same, and the refusal names the records that were found with their fields ([`crate::ApiError::duplicates`]).
    EnforcedAndDescribed,
    /// Rules that warn let the row pass. Rules that block refuse it all the same.
    AllowSave {
        /// Whose eyes the rules see with.
        sharing: DuplicateSharing,
    },
}

/// Whose records duplicate rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicateSharing {
    /// As each rule says.
    #[default]
    AsTheRuleSays,
    /// Only those the connected user may see.
    AsTheUser,
}

/// `Sforce-Mru`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecentlyUsed {
    /// The list stays as it is.
    #[default]
    Unchanged,
    /// The records are put on it.
    Updated,
}

impl WriteOptions {
    /// The headers, each with its value, spelt as documented: inside a composite they are keys of JSON.
    pub(crate) fn headers(self) -> Vec<(&'static str, String)> {
        let assign = match self.assignment {
            Assignment::Off => "FALSE".to_owned(),
            Assignment::ActiveRules => "TRUE".to_owned(),
            Assignment::Rule(id) => id.to_string(),
        };
        let mut headers = vec![("Sforce-Auto-Assign", assign)];
        let duplicates = match self.duplicates {
            DuplicateRules::Enforced => None,
            DuplicateRules::EnforcedAndDescribed => Some("includeRecordDetails=true".to_owned()),
            DuplicateRules::AllowSave { sharing } => {
                let as_user = sharing == DuplicateSharing::AsTheUser;
                Some(format!("allowSave=true; runAsCurrentUser={as_user}"))
            }
        };
        headers.extend(duplicates.map(|value| ("Sforce-Duplicate-Rule-Header", value)));
        if self.recently_used == RecentlyUsed::Updated {
            headers.push(("Sforce-Mru", "updateMru=true".to_owned()));
        }
        headers
    }
}

impl Client {
    /// The same client with other options for its writes.
    #[must_use]
    pub fn writing(&self, writes: WriteOptions) -> Self {
        let settings = ClientSettings { writes, ..(*self.settings).clone() };
        let mut client = self.clone();
        client.settings = Arc::new(settings);
        client
    }

    /// What this client's writes set off.
    #[must_use]
    pub fn write_options(&self) -> WriteOptions {
        self.settings.writes
    }
}

impl Call {
    /// Adds the headers of a write.
    pub(crate) fn writing(self, options: WriteOptions) -> Result<Self, Error> {
        options
            .headers()
            .into_iter()
            .try_fold(self, |call, (name, value)| call.header(name, &value))
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::ids::RecordId;

    use super::{Assignment, DuplicateRules, DuplicateSharing, RecentlyUsed, WriteOptions};
    use crate::testing::{FakeTransport, client, reply};

    const ID: &str = "001Hs00002aBcDeIAK";

    async fn headers(options: Option<WriteOptions>) -> Vec<Option<String>> {
        let transport = FakeTransport::new(|_| {
            reply(201, r#"{"id":"001Hs00002aBcDeIAK","success":true,"errors":[]}"#)
        });
        let plain = client(transport.clone());
        let client = options.map_or(plain.clone(), |options| plain.writing(options));
        client.create_record("Account", &[]).await.unwrap();
        let request = transport.sent().remove(0);
        ["sforce-auto-assign", "sforce-duplicate-rule-header", "sforce-mru"]
            .map(|name| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned()))
            .to_vec()
    }

    #[tokio::test]
    async fn a_write_sets_nothing_off_unless_it_is_chosen() {
        assert_eq!(headers(None).await, [Some("FALSE".to_owned()), None, None]);
    }

    #[tokio::test]
    async fn each_choice_is_its_header() {
        let rule = RecordId::parse("01QHs00000aBcDe").unwrap();
        let chosen = WriteOptions {
            assignment: Assignment::Rule(rule),
            duplicates: DuplicateRules::AllowSave { sharing: DuplicateSharing::AsTheUser },
            recently_used: RecentlyUsed::Updated,
        };
        let expected = [
            rule.to_string(),
            "allowSave=true; runAsCurrentUser=true".to_owned(),
            "updateMru=true".to_owned(),
        ];
        assert_eq!(headers(Some(chosen)).await, expected.map(Some));
        let described = WriteOptions {
            duplicates: DuplicateRules::EnforcedAndDescribed,
            ..WriteOptions::default()
        };
        let found = headers(Some(described)).await;
        assert_eq!(found[1].as_deref(), Some("includeRecordDetails=true"));
        let active =
            WriteOptions { assignment: Assignment::ActiveRules, ..WriteOptions::default() };
        assert_eq!(headers(Some(active)).await[0].as_deref(), Some("TRUE"));
    }

    #[tokio::test]
    async fn every_kind_of_write_carries_the_choice_and_no_read_does() {
        let transport = FakeTransport::new(|_| reply(200, "[]"));
        let client = client(transport.clone());
        let (id, none) = (RecordId::parse(ID).unwrap(), Vec::new());
        // What the answers are does not matter here.
        _ = client.create_record("Account", &none).await;
        _ = client.update_record("Account", id, &none, None).await;
        _ = client.upsert_record("Account", "Key__c", "1", &none).await;
        _ = client.delete_record("Account", id).await;
        _ = client.delete_rows(&[id]).await;
        _ = client.limits().await;
        let sent = transport.sent();
        for request in &sent[..5] {
            assert!(request.headers.contains_key("sforce-auto-assign"), "{request:?}");
        }
        assert!(!sent[5].headers.contains_key("sforce-auto-assign"));
    }
}
