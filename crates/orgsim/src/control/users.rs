//! Users with a login of their own through the control endpoint.
//!
//! `POST /__orgsim/users` `{"username", "password"?, "name"?, "active"?, "ip_restricted"?, "api_enabled"?,
//! "hidden_fields"?, "read_only_fields"?, "hidden_objects"?, "read_only_objects"?, "sharing"?}`: what is left out stays
//! as it is; a new username makes a user. Fields are written `Account.Phone`; sharing is an object to `everything`,
//! `read_others` or `own`. The answer names the user's id and, while it is active, a session of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, read};
use crate::api::moments::stamp;
use crate::org::{Org, User};
use crate::router::request::Request;
use crate::rows::{Row, text};
use crate::setup::{Access, Sharing};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    username: String,
    password: Option<String>,
    name: Option<String>,
    active: Option<bool>,
    ip_restricted: Option<bool>,
    api_enabled: Option<bool>,
    hidden_fields: Option<BTreeSet<String>>,
    read_only_fields: Option<BTreeSet<String>>,
    hidden_objects: Option<BTreeSet<String>>,
    read_only_objects: Option<BTreeSet<String>>,
    sharing: Option<BTreeMap<String, Sharing>>,
}

/// All users that have a login or restrictions of their own.
pub(super) fn list(org: &Org) -> Value {
    org.setup.access.values().map(|access| json!(access)).collect()
}

/// Adds or changes a user.
pub(super) fn change(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let change: Change = read(request)?;
    let mut access = known(org, &change.username);
    if let Some(password) = change.password {
        access.user.password = password;
    }
    access.user.name = change.name.unwrap_or(access.user.name);
    access.active = change.active.unwrap_or(access.active);
    access.ip_restricted = change.ip_restricted.unwrap_or(access.ip_restricted);
    access.api_enabled = change.api_enabled.unwrap_or(access.api_enabled);
    access.hidden_fields = change.hidden_fields.unwrap_or(access.hidden_fields);
    access.read_only_fields = change.read_only_fields.unwrap_or(access.read_only_fields);
    access.hidden_objects = change.hidden_objects.unwrap_or(access.hidden_objects);
    access.read_only_objects = change.read_only_objects.unwrap_or(access.read_only_objects);
    access.sharing = change.sharing.unwrap_or(access.sharing);
    write_row(org, &access);
    let id = access.user.id.clone();
    if id == org.user.id {
        org.user = access.user.clone();
    }
    let now = org.clock.now();
    let token = access.active.then(|| org.oauth.open_session_of(&mut org.rng, &org.id, &id, now));
    org.setup.access.insert(id.clone(), access);
    // A describe that a user has read may not hold for its new permissions.
    org.schema.changed = Some(now);
    Ok(json!({ "user_id": id, "username": change.username, "access_token": token }))
}

/// The access of a user by username: its own, full access for one who has none yet, or that of a new user.
fn known(org: &mut Org, username: &str) -> Access {
    if let Some(access) = org.user_named(username) {
        return access;
    }
    let mut rows = org.tables.get("User").into_iter().flat_map(|table| table.live_rows());
    let row = rows.find(|row| text(row, "Username") == Some(username)).cloned();
    drop(rows);
    let (id, name) = match &row {
        Some(row) => (text(row, "Id").map(str::to_owned), text(row, "Name").map(str::to_owned)),
        None => (None, None),
    };
    let made = org.tables.get_mut("User").map(|table| table.next_id().to_string());
    Access::full(User {
        id: id.or(made).unwrap_or_default(),
        username: username.to_owned(),
        password: format!("Sim-{username}"),
        name: name.unwrap_or_else(|| username.split('@').next().unwrap_or(username).to_owned()),
        email: username.to_owned(),
    })
}

fn write_row(org: &mut Org, access: &Access) {
    let user = &access.user;
    let (now, creator) = (stamp(org.clock.now()), org.user.id.clone());
    let Some(table) = org.tables.get_mut("User") else { return };
    let mut row: Row = table.live(&user.id).cloned().unwrap_or_default();
    let (first, last) = user.name.rsplit_once(' ').unwrap_or(("", &user.name));
    let alias: String = user.username.chars().take(8).collect();
    let values = [
        ("Id", json!(user.id)),
        ("Username", json!(user.username)),
        ("LastName", json!(last)),
        ("FirstName", if first.is_empty() { Value::Null } else { json!(first) }),
        ("Name", json!(user.name)),
        ("Email", json!(user.email)),
        ("IsActive", json!(access.active)),
        ("LastModifiedDate", json!(now)),
        ("SystemModstamp", json!(now)),
    ];
    row.extend(values.map(|(name, value)| (name.to_owned(), value)));
    let defaults = [
        ("Alias", json!(alias)),
        ("CommunityNickname", json!(user.username)),
        ("CreatedDate", json!(now)),
        ("CreatedById", json!(creator)),
        ("LastModifiedById", json!(creator)),
        ("TimeZoneSidKey", json!("Europe/Berlin")),
        ("LocaleSidKey", json!("en_US")),
        ("EmailEncodingKey", json!("UTF-8")),
        ("LanguageLocaleKey", json!("en_US")),
        ("UserType", json!("Standard")),
    ];
    for (name, value) in defaults {
        row.entry(name.to_owned()).or_insert(value);
    }
    table.insert_seeded(row);
}
