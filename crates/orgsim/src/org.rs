//! One simulated org: everything it knows, in one value behind one lock.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;

use crate::clock::OrgClock;
use crate::schema::Schema;
use crate::setup::{Access, Setup};
use crate::state::StateFile;
use crate::{bulk, bulk_v1, faults, limits, oauth, rows, soap};

/// One org. The router holds it behind a mutex: requests are answered one at a time, in order.
pub struct Org {
    /// The name given on the command line (`sales`).
    pub name: String,
    /// The 18-character organization id (00D…).
    pub id: String,
    /// The base of every URL this org names, for example `http://localhost:8701`; no trailing slash.
    pub instance_url: String,
    /// The connected user.
    pub user: User,
    /// Objects and fields.
    pub schema: Schema,
    /// Rows by object API name (exact spelling of the schema).
    pub tables: BTreeMap<String, rows::Table>,
    /// Query cursors that are still open, by locator.
    pub cursors: rows::Cursors,
    /// The org's clock.
    pub clock: OrgClock,
    /// The org's randomness: ids, tokens, codes.
    pub rng: ChaCha8Rng,
    /// Apps, codes, tokens and grants.
    pub oauth: oauth::Tokens,
    /// What its administrator set up.
    pub setup: Setup,
    /// Jobs of Bulk API 2.0.
    pub bulk: bulk::Jobs,
    /// Jobs of Bulk API 1.
    pub bulk_v1: bulk_v1::Jobs,
    /// What SOAP offers.
    pub soap: soap::Settings,
    /// Faults waiting to happen.
    pub faults: faults::Plan,
    /// API use against the daily limit.
    pub limits: limits::Usage,
    /// Where changes are written down; nowhere when there is no state folder.
    pub state: Option<StateFile>,
    /// What happened since the start.
    pub counters: Counters,
}

impl Org {
    /// A user by username, without case: one with a login of its own, or the connected one with full access.
    #[must_use]
    pub fn user_named(&self, username: &str) -> Option<Access> {
        let mut own = self.setup.access.values();
        let own = own.find(|own| own.user.username.eq_ignore_ascii_case(username)).cloned();
        let connected = self.user.username.eq_ignore_ascii_case(username);
        own.or_else(|| connected.then(|| Access::full(self.user.clone())))
    }

    /// The id under which a session remembers its user; none for the connected one, which has no restrictions.
    pub(crate) fn other_user_id(&self, user: &User) -> Option<String> {
        let known = user.id != self.user.id || self.setup.access.contains_key(&user.id);
        known.then(|| user.id.clone())
    }
}

/// The user an access token stands for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct User {
    /// 18-character id (005…), also a row of the User object.
    pub id: String,
    /// Username, in the form of an e-mail address.
    pub username: String,
    /// Password for the login page.
    pub password: String,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// What happened in an org since its start; the tests' oracle.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counters {
    /// API calls answered, by `METHOD resource` with ids left out.
    pub calls: BTreeMap<String, u64>,
    /// Rows inserted, updated and deleted through the API, by object.
    pub rows_written: BTreeMap<String, RowsWritten>,
    /// Automations (flows, triggers) fired: one for each saved row, also when an update changed nothing.
    pub automations_fired: BTreeMap<String, u64>,
}

/// Rows written to one object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowsWritten {
    /// Inserted rows.
    pub inserted: u64,
    /// Updated rows.
    pub updated: u64,
    /// Deleted rows.
    pub deleted: u64,
}
