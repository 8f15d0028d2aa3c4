//! What single users may see and do: field-level security, object permissions, sharing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::org::{Org, User};
use crate::rows::{Row, RowId, text};
use crate::schema::Schema;

/// Which rows of an object a user sees and edits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// All of them.
    #[default]
    Everything,
    /// Sees all of them, edits what it owns.
    ReadOthers,
    /// Sees and edits what it owns.
    Own,
}

/// A user with a login of its own, or with less than everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The login; its id is a row of the User object.
    pub user: User,
    /// May log in and refresh.
    pub active: bool,
    /// Logins from this address are refused (`ip restricted`).
    pub ip_restricted: bool,
    /// May use the API.
    pub api_enabled: bool,
    /// Fields without read access, as `Object.Field`.
    pub hidden_fields: BTreeSet<String>,
    /// Fields without edit access, as `Object.Field`.
    pub read_only_fields: BTreeSet<String>,
    /// Objects without any access.
    pub hidden_objects: BTreeSet<String>,
    /// Objects that can only be read.
    pub read_only_objects: BTreeSet<String>,
    /// Sharing by object; everything where left out.
    pub sharing: BTreeMap<String, Sharing>,
}

impl Access {
    /// Full access for a user.
    #[must_use]
    pub fn full(user: User) -> Self {
        Self {
            user,
            active: true,
            ip_restricted: false,
            api_enabled: true,
            hidden_fields: BTreeSet::new(),
            read_only_fields: BTreeSet::new(),
            hidden_objects: BTreeSet::new(),
            read_only_objects: BTreeSet::new(),
            sharing: BTreeMap::new(),
        }
    }

    /// True when the user may change a row of `object`.
    pub(crate) fn may_edit(&self, object: &str, row: &Row) -> bool {
        match self.sharing.get(object).copied().unwrap_or_default() {
            Sharing::Everything => true,
            Sharing::ReadOthers | Sharing::Own => self.owns(row),
        }
    }

    fn owns(&self, row: &Row) -> bool {
        // Objects without an owner follow whoever made the row.
        let owner = text(row, "OwnerId").or_else(|| text(row, "CreatedById"));
        owner == Some(self.user.id.as_str())
    }

    fn narrows_schema(&self) -> bool {
        let lists = [
            &self.hidden_fields,
            &self.read_only_fields,
            &self.hidden_objects,
            &self.read_only_objects,
        ];
        lists.iter().any(|list| !list.is_empty())
    }

    /// The schema as this user knows it.
    fn narrow(&self, schema: &Schema) -> Schema {
        let mut narrow = schema.clone();
        narrow.objects.retain(|object| !self.hidden_objects.contains(&object.name));
        for object in &mut narrow.objects {
            if self.read_only_objects.contains(&object.name) {
                (object.createable, object.updateable, object.deletable) = (false, false, false);
            }
            let name = &object.name;
            let listed =
                |list: &BTreeSet<String>, field: &str| list.contains(&format!("{name}.{field}"));
            object.fields.retain(|field| !listed(&self.hidden_fields, &field.name));
            for field in &mut object.fields {
                if listed(&self.read_only_fields, &field.name) {
                    (field.createable, field.updateable) = (false, false);
                }
            }
        }
        narrow
    }
}

/// Runs `call` as the user with this id: with its name on what it writes, and with its eyes. The org is its own again
/// afterwards.
pub(crate) fn as_user<T>(
    org: &mut Org,
    user_id: Option<&str>,
    call: impl FnOnce(&mut Org) -> T,
) -> T {
    let Some(access) = user_id.and_then(|id| org.setup.access.get(id)).cloned() else {
        return call(org);
    };
    let own_user = std::mem::replace(&mut org.user, access.user.clone());
    let whole = access.narrows_schema().then(|| {
        let narrow = access.narrow(&org.schema);
        std::mem::replace(&mut org.schema, narrow)
    });
    conceal(org, &access);
    let outcome = call(org);
    for object in access.sharing.keys() {
        if let Some(table) = org.tables.get_mut(object) {
            table.conceal(BTreeSet::new());
        }
    }
    if let Some(whole) = whole {
        org.schema = whole;
    }
    org.user = own_user;
    outcome
}

fn conceal(org: &mut Org, access: &Access) {
    for (object, sharing) in &access.sharing {
        let Some(table) = org.tables.get_mut(object).filter(|_| *sharing == Sharing::Own) else {
            continue;
        };
        let foreign: BTreeSet<RowId> = table
            .all()
            .filter(|(_, stored)| !access.owns(&stored.row))
            .map(|(id, _)| id.clone())
            .collect();
        table.conceal(foreign);
    }
}
