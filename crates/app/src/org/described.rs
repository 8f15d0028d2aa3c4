//! What orgs said of their objects a moment ago: pages that ask again and again cost no API call for each keystroke.
//!
//! Kept in memory, for one process. Runs, plans and whatever is stored describe anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_contract::map::{FieldsRequest, ObjectListing};
use isthmus_model::ids::OrgId;
use isthmus_model::schema::ObjectSchema;
use isthmus_salesforce::api::describe::ObjectSummary;
use isthmus_store::OrgRow;
use jiff::{SignedDuration, Timestamp};

use super::connection::{Connection, is_unknown_object};
use super::find_connected;
use crate::error::{Error, Result};
use crate::sync_file::{SideDescribe, nearest};
use crate::workspace::Workspace;

/// As long as an answer is taken for today's: a person who adds a field in Setup sees it after this, or at once with
/// "refresh".
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// Most objects kept: two orgs with sixty pairs fit, and a large object has some hundred kilobytes.
const MOST_KEPT: usize = 200;

/// What orgs said, with its age.
#[derive(Debug, Default)]
pub(crate) struct Describes {
    objects: BTreeMap<(OrgId, String), Kept<Option<Arc<ObjectSchema>>>>,
    lists: BTreeMap<OrgId, Kept<Arc<[ObjectSummary]>>>,
}

#[derive(Debug, Clone)]
struct Kept<T> {
    at: Timestamp,
    said: T,
}

impl<T: Clone> Kept<T> {
    fn fresh(&self, now: Timestamp) -> Option<T> {
        let age = now.duration_since(self.at);
        // A clock that was set back makes no answer young for ever.
        (!age.is_negative() && age < FRESH).then(|| self.said.clone())
    }
}

impl Describes {
    /// Forgets an org: another user may be connected now, who sees other fields.
    pub(crate) fn forget(&mut self, org: OrgId) {
        self.objects.retain(|(of, _), _| *of != org);
        self.lists.remove(&org);
    }

    fn keep_object(
        &mut self,
        key: (OrgId, String),
        at: Timestamp,
        said: Option<Arc<ObjectSchema>>,
    ) {
        self.objects.insert(key, Kept { at, said });
        while self.objects.len() > MOST_KEPT {
            let oldest = self.objects.iter().min_by_key(|(_, kept)| kept.at);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { return };
            self.objects.remove(&oldest);
        }
    }
}

/// The objects of an org by name.
///
/// # Errors
/// [`Error::UnknownOrg`], [`Error::Disconnected`]; [`Error::Org`] when the org cannot be asked.
pub async fn objects(workspace: &Workspace, org: &str) -> Result<Vec<ObjectListing>> {
    let mut described = Described::recently(workspace, find_connected(workspace, org)?);
    let mut objects: Vec<ObjectListing> = described.list().await?.iter().map(listing).collect();
    objects.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(objects)
}

/// An object with its fields.
///
/// # Errors
/// As [`objects`]; [`Error::UnknownObject`] with the nearest name.
pub async fn fields(workspace: &Workspace, request: &FieldsRequest) -> Result<ObjectSchema> {
    let row = find_connected(workspace, &request.org)?;
    if request.refresh {
        workspace.describes.borrow_mut().forget(row.org_id);
    }
    let mut described = Described::recently(workspace, row);
    match described.object(&request.object).await? {
        Some(schema) => Ok(Arc::unwrap_or_clone(schema)),
        None => Err(described.unknown(&request.object).await?),
    }
}

fn listing(object: &ObjectSummary) -> ObjectListing {
    ObjectListing {
        name: object.name.clone(),
        label: object.label.clone(),
        custom: object.custom,
        queryable: object.queryable,
        createable: object.createable,
        updateable: object.updateable,
    }
}

/// One org, asked only for what it has not said in the last minutes.
pub(crate) struct Described<'a> {
    workspace: &'a Workspace,
    row: OrgRow,
    /// Opened with the first question: tokens are taken from the keychain then.
    connection: Option<Connection>,
}

impl<'a> Described<'a> {
    pub(crate) fn recently(workspace: &'a Workspace, row: OrgRow) -> Self {
        Self { workspace, row, connection: None }
    }

    /// The objects wanted, as the check of a mapping needs them.
    pub(crate) async fn side(&mut self, wanted: &[String]) -> Result<SideDescribe> {
        let mut schemas = BTreeMap::new();
        let mut names = Vec::new();
        for name in wanted {
            match self.object(name).await? {
                Some(schema) => {
                    schemas.insert(schema.name.to_ascii_lowercase(), schema);
                }
                None if names.is_empty() => {
                    names = self.list().await?.iter().map(|object| object.name.clone()).collect();
                }
                None => {}
            }
        }
        Ok(SideDescribe { org: self.row.name.clone(), org_id: self.row.org_id, names, schemas })
    }

    /// One object; `None` where the org has none of this name for the connected user.
    pub(crate) async fn object(&mut self, name: &str) -> Result<Option<Arc<ObjectSchema>>> {
        let key = (self.row.org_id, name.to_ascii_lowercase());
        let now = self.workspace.now();
        let kept = self.workspace.describes.borrow().objects.get(&key).cloned();
        if let Some(said) = kept.and_then(|kept| kept.fresh(now)) {
            return Ok(said);
        }
        let said = match self.client()?.describe(name).await {
            Ok(schema) => Some(Arc::new(schema)),
            Err(error) if is_unknown_object(&error) => None,
            Err(error) => return Err(Error::org(&self.row.name)(error)),
        };
        self.workspace.describes.borrow_mut().keep_object(key, now, said.clone());
        Ok(said)
    }

    /// All objects, in the org's order.
    pub(crate) async fn list(&mut self) -> Result<Arc<[ObjectSummary]>> {
        let (org, now) = (self.row.org_id, self.workspace.now());
        let kept = self.workspace.describes.borrow().lists.get(&org).cloned();
        if let Some(said) = kept.and_then(|kept| kept.fresh(now)) {
            return Ok(said);
        }
        let refused = Error::org(&self.row.name);
        let said: Arc<[ObjectSummary]> =
            self.client()?.describe_global().await.map_err(refused)?.into();
        let kept = Kept { at: now, said: Arc::clone(&said) };
        self.workspace.describes.borrow_mut().lists.insert(org, kept);
        Ok(said)
    }

    /// What is said of an object that is not there.
    async fn unknown(&mut self, name: &str) -> Result<Error> {
        let all = self.list().await?;
        let near = nearest(name, all.iter().map(|object| object.name.as_str())).map(str::to_owned);
        Ok(Error::UnknownObject { org: self.row.name.clone(), object: name.to_owned(), near })
    }

    fn client(&mut self) -> Result<isthmus_salesforce::Client> {
        if let Some(connection) = &self.connection {
            return Ok(connection.client.clone());
        }
        let connection = Connection::open(self.workspace, self.row.clone())?;
        let client = connection.client.clone();
        self.connection = Some(connection);
        Ok(client)
    }
}
