//! One record with every field the connected user may see, and the records of other orgs that it is linked to.

use isthmus_contract::query::{FieldValue, LinkedRecord, RecordView};
use isthmus_model::ids::{OrgId, RecordId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::schema::ObjectSchema;
use isthmus_salesforce::row::RowShape;

use crate::error::{Error, Result};
use crate::org::{Connection, find_connected};
use crate::query::json_cell;
use crate::syncs::{StoredSync, stored};
use crate::workspace::Workspace;

/// Reads one record.
///
/// # Errors
/// [`Error::UnknownOrg`]; [`Error::Org`] when the org has no such object or record, or hides it from the user.
pub async fn get(
    workspace: &Workspace,
    org: &str,
    object: &str,
    id: RecordId,
) -> Result<RecordView> {
    let connection = Connection::open(workspace, find_connected(workspace, org)?)?;
    let schema = connection.describe_one(object).await?;
    let refused = || Error::org(&connection.row.name);
    let names: Vec<String> = schema.fields.iter().map(|field| field.name.clone()).collect();
    let shape = RowShape::new(&names, &schema).map_err(refused())?;
    let mut found =
        connection.client.retrieve(&schema.name, &[id], &shape).await.map_err(refused())?;
    let row = found.pop().flatten().ok_or_else(|| Error::UnknownRecord {
        org: connection.row.name.clone(),
        object: schema.name.clone(),
        id,
    })?;
    let fields = schema
        .fields
        .iter()
        .zip(&row.values)
        .map(|(field, value)| {
            let (field, label) = (field.name.clone(), field.label.clone());
            json_cell(value).map(|value| FieldValue { field, label, value })
        })
        .collect::<std::result::Result<_, _>>()
        .map_err(refused())?;
    Ok(RecordView {
        org: connection.row.name.clone(),
        object: schema.name.clone(),
        id: id.to_string(),
        fields,
        links: links(workspace, connection.row.org_id, &schema, id)?,
    })
}

fn links(
    workspace: &Workspace,
    org: OrgId,
    schema: &ObjectSchema,
    id: RecordId,
) -> Result<Vec<LinkedRecord>> {
    let mut found = Vec::new();
    for sync in stored(workspace)? {
        for (side, mapping) in mappings_of(&sync, org, &schema.name) {
            let Some(lane) = sync.lanes.first() else { continue };
            let reader = workspace.ledger.read();
            if let Some(link) = reader.link_of(lane.id, &mapping, side, id)? {
                let other = if side == Side::Left { lane.right } else { lane.left };
                let name = reader.org(other)?.map_or_else(|| other.to_string(), |row| row.name);
                found.push(LinkedRecord {
                    org: name,
                    id: link.record(side.other()).to_string(),
                    mapping: format!("{}/{mapping}", sync.row.name),
                });
            }
        }
    }
    Ok(found)
}

/// The sync's mappings that cover this object of this org, and on which side.
pub(crate) fn mappings_of(sync: &StoredSync, org: OrgId, object: &str) -> Vec<(Side, MappingName)> {
    let Some(lane) = sync.lanes.first() else { return Vec::new() };
    let side = match () {
        () if lane.left == org => Side::Left,
        () if lane.right == org => Side::Right,
        () => return Vec::new(),
    };
    sync.version
        .document
        .objects
        .iter()
        .filter(|mapped| {
            let name = if side == Side::Left { &mapped.left } else { &mapped.right };
            name.eq_ignore_ascii_case(object)
        })
        .map(|mapped| (side, MappingName::new(mapped.name.as_deref().unwrap_or(&mapped.left))))
        .collect()
}
