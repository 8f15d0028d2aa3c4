//! Table `org`: the connected Salesforce orgs, each pinned to its 00D id. Secrets are in the keychain, never here.

use isthmus_model::ids::{OrgId, RecordId};
use jiff::Timestamp;
use rusqlite::{Row, named_params};

use crate::column::{Json, Moment, Parsed, word_column};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

const COLUMNS: &str = "org_id, name, label, environment, login_url, instance_url, api_version, user_id, username, \
                       client_id, client_secret, connected_at, disconnected_at, last_login_trace, clock_offset_ms";

/// One org.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgRow {
    /// The pinned organization id.
    pub org_id: OrgId,
    /// The name it was connected under, unique without case; documents refer to it.
    pub name: String,
    /// The organization's own name.
    pub label: String,
    /// Which login was chosen.
    pub environment: OrgEnvironment,
    /// Where the admin logs in.
    pub login_url: String,
    /// Where the API is.
    pub instance_url: String,
    /// The API version spoken, for example `65.0`.
    pub api_version: String,
    /// The connected user.
    pub user_id: RecordId,
    /// The connected user's name.
    pub username: String,
    /// The admin's client id; `None` for a session that was given as it is.
    pub client_id: Option<String>,
    /// Whether the keychain has a client secret.
    pub client_secret: ClientSecret,
    /// First connection, or the last one after a disconnect.
    pub connected_at: Timestamp,
    /// When the grant was revoked; `None` while connected.
    pub disconnected_at: Option<Timestamp>,
    /// The steps of the last login, without tokens or codes.
    pub last_login_trace: Option<serde_json::Value>,
    /// The org's clock minus the machine's, in milliseconds, when last measured.
    pub clock_offset_ms: Option<i64>,
}

/// Which login was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgEnvironment {
    /// login.salesforce.com.
    Production,
    /// test.salesforce.com.
    Sandbox,
    /// The org's My Domain.
    MyDomain,
    /// Any other login address.
    Custom,
}

word_column!(OrgEnvironment {
    Production => "production",
    Sandbox => "sandbox",
    MyDomain => "my_domain",
    Custom => "custom",
});

/// Whether the keychain has a client secret for the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientSecret {
    /// A public client.
    None,
    /// In the keychain.
    InKeychain,
}

word_column!(ClientSecret {
    None => "none",
    InKeychain => "in_keychain",
});

impl Reader<'_> {
    /// The org with this id, connected or not.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn org(&self, org: OrgId) -> Result<Option<OrgRow>> {
        self.first(
            &format!("SELECT {COLUMNS} FROM org WHERE org_id = ?1"),
            [org.as_str()],
            read_org,
        )
    }

    /// The org of this name, without case, connected or not.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn org_by_name(&self, name: &str) -> Result<Option<OrgRow>> {
        self.first(&format!("SELECT {COLUMNS} FROM org WHERE name = ?1"), [name], read_org)
    }

    /// All orgs by name.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn orgs(&self) -> Result<Vec<OrgRow>> {
        self.all(&format!("SELECT {COLUMNS} FROM org ORDER BY name"), [], read_org)
    }
}

impl WriteTransaction<'_> {
    /// Stores an org, or everything about one that is known by its id.
    ///
    /// # Errors
    /// [`crate::Error::Duplicate`] when another org has the name.
    pub fn put_org(&self, org: &OrgRow) -> Result<()> {
        let sql = format!(
            "INSERT INTO org ({COLUMNS}) VALUES (:org_id, :name, :label, :environment, :login_url, :instance_url, \
             :api_version, :user_id, :username, :client_id, :client_secret, :connected_at, :disconnected_at, \
             :last_login_trace, :clock_offset_ms) ON CONFLICT (org_id) DO UPDATE SET name = excluded.name, \
             label = excluded.label, environment = excluded.environment, login_url = excluded.login_url, \
             instance_url = excluded.instance_url, api_version = excluded.api_version, \
             user_id = excluded.user_id, username = excluded.username, client_id = excluded.client_id, \
             client_secret = excluded.client_secret, connected_at = excluded.connected_at, \
             disconnected_at = excluded.disconnected_at, last_login_trace = excluded.last_login_trace, \
             clock_offset_ms = excluded.clock_offset_ms"
        );
        self.execute(
            &sql,
            named_params! {
                ":org_id": org.org_id.as_str(), ":name": org.name, ":label": org.label,
                ":environment": org.environment.as_str(), ":login_url": org.login_url,
                ":instance_url": org.instance_url, ":api_version": org.api_version,
                ":user_id": org.user_id.as_str(), ":username": org.username,
                ":client_id": org.client_id, ":client_secret": org.client_secret.as_str(),
                ":connected_at": Moment(org.connected_at),
                ":disconnected_at": org.disconnected_at.map(Moment),
                ":last_login_trace": org.last_login_trace.as_ref().map(Json),
                ":clock_offset_ms": org.clock_offset_ms,
            },
        )?;
        Ok(())
    }

    /// Marks an org as disconnected; its row stays, because links and runs refer to it.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such org.
    pub fn disconnect_org(&self, org: OrgId, at: Timestamp) -> Result<()> {
        let sql = "UPDATE org SET disconnected_at = ?2, client_secret = 'none' WHERE org_id = ?1";
        self.execute_one(sql, (org.as_str(), Moment(at)), "such org")
    }

    /// Keeps how far the org's clock is ahead of the machine's.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such org.
    pub fn set_org_clock_offset(&self, org: OrgId, milliseconds: i64) -> Result<()> {
        let sql = "UPDATE org SET clock_offset_ms = ?2 WHERE org_id = ?1";
        self.execute_one(sql, (org.as_str(), milliseconds), "such org")
    }
}

fn read_org(row: &Row<'_>) -> rusqlite::Result<OrgRow> {
    Ok(OrgRow {
        org_id: row.get::<_, Parsed<_>>("org_id")?.0,
        name: row.get("name")?,
        label: row.get("label")?,
        environment: row.get::<_, Parsed<_>>("environment")?.0,
        login_url: row.get("login_url")?,
        instance_url: row.get("instance_url")?,
        api_version: row.get("api_version")?,
        user_id: row.get::<_, Parsed<_>>("user_id")?.0,
        username: row.get("username")?,
        client_id: row.get("client_id")?,
        client_secret: row.get::<_, Parsed<_>>("client_secret")?.0,
        connected_at: row.get::<_, Moment>("connected_at")?.0,
        disconnected_at: row.get::<_, Option<Moment>>("disconnected_at")?.map(|at| at.0),
        last_login_trace: row.get::<_, Option<Json<_>>>("last_login_trace")?.map(|json| json.0),
        clock_offset_ms: row.get("clock_offset_ms")?,
    })
}
