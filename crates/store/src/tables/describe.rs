//! Table `describe_cache`: what each org last said of its objects.

use isthmus_model::ids::OrgId;
use isthmus_model::schema::ObjectSchema;
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::column::{Json, Moment};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

/// One object's description and its age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedDescribe {
    /// The description.
    pub schema: ObjectSchema,
    /// When the org gave it.
    pub fetched_at: Timestamp,
}

impl Reader<'_> {
    /// One object of one org, by its name without case.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn cached_describe(&self, org: OrgId, object: &str) -> Result<Option<CachedDescribe>> {
        let sql = "SELECT schema, fetched_at FROM describe_cache WHERE org_id = ?1 AND object = ?2";
        self.first(sql, (org.as_str(), object), read_describe)
    }

    /// All cached objects of one org by name.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn cached_describes(&self, org: OrgId) -> Result<Vec<CachedDescribe>> {
        let sql = "SELECT schema, fetched_at FROM describe_cache WHERE org_id = ?1 ORDER BY object";
        self.all(sql, [org.as_str()], read_describe)
    }
}

impl WriteTransaction<'_> {
    /// Keeps an object's description.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] when there is no such org.
    pub fn put_describe(&self, org: OrgId, schema: &ObjectSchema, at: Timestamp) -> Result<()> {
        self.execute(
            "INSERT INTO describe_cache (org_id, object, schema, fetched_at) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (org_id, object) DO UPDATE SET object = excluded.object, schema = excluded.schema, \
             fetched_at = excluded.fetched_at",
            params![org.as_str(), schema.name, Json(schema), Moment(at)],
        )?;
        Ok(())
    }

    /// Forgets an org's descriptions.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn forget_describes(&self, org: OrgId) -> Result<()> {
        self.execute("DELETE FROM describe_cache WHERE org_id = ?1", [org.as_str()])?;
        Ok(())
    }
}

fn read_describe(row: &Row<'_>) -> rusqlite::Result<CachedDescribe> {
    Ok(CachedDescribe {
        schema: row.get::<_, Json<_>>(0)?.0,
        fetched_at: row.get::<_, Moment>(1)?.0,
    })
}
