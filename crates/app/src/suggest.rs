//! Proposes a mapping file: objects and fields that look alike by API name and label, each with score and reason.
//!
//! Only what imports cleanly is proposed: convertible types, a unique external id on both sides, required fields
//! covered, lookups whose parents are proposed too. What had to be left out is said in the document.

mod document;
mod fields;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use isthmus_contract::map::PairRequest;
use isthmus_contract::sync::{FieldSuggestion, ObjectSuggestion, SuggestionView};
use isthmus_model::schema::{FieldType, ObjectSchema};

use crate::error::{Error, Result};
use crate::org::{Connection, find_connected};
use crate::sync_file::{Sides, nearest};
use crate::workspace::Workspace;
use fields::Taker;
use words::{Likeness, likeness};

/// Most pairs of objects that are described for one proposal: each costs two API calls.
const MOST_PAIRS: usize = 60;

/// Proposes a mapping file between two connected orgs; `objects` limits it to these left objects.
///
/// # Errors
/// [`crate::Error::UnknownOrg`]; [`crate::Error::Org`] when an org cannot be asked; a bad request when both are the
/// same org or a named object does not exist.
pub async fn suggest(
    workspace: &Workspace,
    left: &str,
    right: &str,
    sync: Option<&str>,
    objects: &[String],
) -> Result<SuggestionView> {
    let left = Connection::open(workspace, find_connected(workspace, left)?)?;
    let right = Connection::open(workspace, find_connected(workspace, right)?)?;
    if left.row.org_id == right.row.org_id {
        return Err(Error::bad(
            format!("{} is named on both sides", left.row.name),
            "name two different orgs",
        ));
    }
    let all = listed(&left).await?;
    let wanted = chosen(&left.row.name, &all, objects)?;
    let mut pairings = pair_objects(&wanted, &listed(&right).await?);
    pairings.truncate(MOST_PAIRS);
    let names =
        |of: fn(&ObjectPairing) -> &String| pairings.iter().map(of).cloned().collect::<Vec<_>>();
    let sides = Sides {
        left: left.describe(&names(|pairing| &pairing.left)).await?,
        right: right.describe(&names(|pairing| &pairing.right)).await?,
    };
    let default = format!("{}-to-{}", left.row.name, right.row.name);
    Ok(propose(sync.unwrap_or(&default), &sides, pairings))
}

/// Pairs the fields of two objects that look alike, each field at most once: what a person then confirms or changes.
/// Pairs that lose something are among them and say so; fields that the right object requires are tried hardest.
///
/// # Errors
/// [`Error::UnknownOrg`], [`Error::UnknownObject`]; [`Error::Org`] when an org cannot be asked.
pub async fn pair(workspace: &Workspace, request: &PairRequest) -> Result<Vec<FieldSuggestion>> {
    let left = Connection::open(workspace, find_connected(workspace, &request.left_org)?)?;
    let right = Connection::open(workspace, find_connected(workspace, &request.right_org)?)?;
    let from = left.describe_one(&request.left).await?;
    let to = right.describe_one(&request.right).await?;
    Ok(fields::propose(&from, &to, Taker::Person))
}

async fn listed(connection: &Connection) -> Result<Vec<ObjectName>> {
    let all =
        connection.client.describe_global().await.map_err(Error::org(&connection.row.name))?;
    let named = all.into_iter().filter(|object| object.queryable);
    Ok(named.map(|object| ObjectName { name: object.name, label: object.label }).collect())
}

fn chosen(org: &str, all: &[ObjectName], objects: &[String]) -> Result<Vec<ObjectName>> {
    if objects.is_empty() {
        return Ok(all.to_vec());
    }
    let find = |name: &String| {
        let found = all.iter().find(|object| object.name.eq_ignore_ascii_case(name)).cloned();
        found.ok_or_else(|| {
            let near = nearest(name, all.iter().map(|object| object.name.as_str()));
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "give API names such as Account or Site__c".to_owned(),
            };
            Error::bad(format!("{org} has no object `{}`", name.escape_debug()), hint)
        })
    };
    objects.iter().map(find).collect()
}

/// How sure a pair of objects must be; a wrong pair of objects costs more than a missing one.
const SURE_OF_OBJECTS: f64 = 0.88;

/// An object as the list of all objects names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectName {
    pub(crate) name: String,
    pub(crate) label: String,
}

/// A left and a right object that look alike.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ObjectPairing {
    pub(crate) left: String,
    pub(crate) right: String,
    pub(crate) likeness: Likeness,
}

/// Pairs objects by name and label, one to one.
pub(crate) fn pair_objects(left: &[ObjectName], right: &[ObjectName]) -> Vec<ObjectPairing> {
    let mut pairings = Vec::new();
    for one in left.iter().filter(|object| is_business(&object.name)) {
        for other in right.iter().filter(|object| is_business(&object.name)) {
            let likeness = likeness(&one.name, &one.label, &other.name, &other.label);
            if likeness.score >= SURE_OF_OBJECTS {
                let (left, right) = (one.name.clone(), other.name.clone());
                pairings.push(ObjectPairing { left, right, likeness });
            }
        }
    }
    words::one_to_one(pairings, |pairing| {
        (pairing.likeness.score, pairing.left.clone(), pairing.right.clone())
    })
}

/// Objects that the platform keeps for itself are never proposed.
fn is_business(name: &str) -> bool {
    const KEPT: [&str; 6] =
        ["User", "RecordType", "Organization", "Profile", "Group", "Pricebook2"];
    const KINDS: [&str; 8] =
        ["History", "Share", "Feed", "ChangeEvent", "Tag", "Vote", "__mdt", "__e"];
    !KEPT.contains(&name) && !KINDS.iter().any(|kind| name.ends_with(kind))
}

/// One proposed object mapping on its way into the document.
struct Draft {
    pairing: ObjectPairing,
    left: Arc<ObjectSchema>,
    right: Arc<ObjectSchema>,
    key: (String, String),
    fields: Vec<FieldSuggestion>,
}

/// Proposes a document for the pairings, whose describes are in `sides`.
pub(crate) fn propose(sync: &str, sides: &Sides, pairings: Vec<ObjectPairing>) -> SuggestionView {
    let mut left_out = BTreeMap::new();
    let mut drafts = Vec::new();
    for pairing in pairings {
        match draft(pairing, sides) {
            Ok(draft) => drafts.push(draft),
            Err((name, why)) => _ = left_out.insert(name, why),
        }
    }
    drop_uncovered(&mut drafts, &mut left_out);
    parents_first(&mut drafts);
    let document = document::write(sync, sides, &drafts, &left_out);
    SuggestionView { document, objects: drafts.into_iter().map(view).collect() }
}

fn draft(pairing: ObjectPairing, sides: &Sides) -> std::result::Result<Draft, (String, String)> {
    let refuse = |why: &str| (pairing.left.clone(), why.to_owned());
    let left =
        sides.left.object(&pairing.left).ok_or_else(|| refuse("left object not described"))?;
    let right =
        sides.right.object(&pairing.right).ok_or_else(|| refuse("right object not described"))?;
    if !left.queryable || !right.queryable {
        return Err(refuse("its rows cannot be queried"));
    }
    if !right.createable || !right.updateable {
        return Err(refuse("the connected user may not write it on the right"));
    }
    let key = fields::key(left, right)
        .ok_or_else(|| refuse("no unique external id that both sides share"))?;
    let mut fields = fields::propose(left, right, Taker::Document);
    // The key is written with every new row anyway.
    fields.retain(|field| field.right != key.1);
    Ok(Draft { left: Arc::clone(left), right: Arc::clone(right), key, fields, pairing })
}

/// Lookups need their parents, and required fields a source: drops what lacks either until nothing more falls.
fn drop_uncovered(drafts: &mut Vec<Draft>, left_out: &mut BTreeMap<String, String>) {
    loop {
        let covered: BTreeSet<(String, String)> = drafts
            .iter()
            .map(|draft| (draft.left.name.clone(), draft.right.name.clone()))
            .collect();
        for draft in drafts.iter_mut() {
            let (left, right) = (Arc::clone(&draft.left), Arc::clone(&draft.right));
            draft.fields.retain(|field| parent_is_covered(field, &left, &right, &covered));
        }
        let before = drafts.len();
        drafts.retain(|draft| {
            let missing = missing_required(draft);
            if let Some(missing) = &missing {
                left_out.insert(
                    draft.left.name.clone(),
                    format!("nothing alike fills the required {}.{missing}", draft.right.name),
                );
            }
            missing.is_none() && !draft.fields.is_empty()
        });
        if drafts.len() == before {
            return;
        }
    }
}

fn parent_is_covered(
    field: &FieldSuggestion,
    left: &ObjectSchema,
    right: &ObjectSchema,
    covered: &BTreeSet<(String, String)>,
) -> bool {
    let (Some(from), Some(to)) = (left.field(&field.left), right.field(&field.right)) else {
        return false;
    };
    from.kind != FieldType::Reference
        || covered
            .iter()
            .any(|(one, other)| from.reference_to.contains(one) && to.reference_to.contains(other))
}

fn missing_required(draft: &Draft) -> Option<String> {
    let required = draft.right.fields.iter().filter(|field| field.required_on_create());
    required
        .map(|field| &field.name)
        .find(|name| {
            **name != draft.key.1 && !draft.fields.iter().any(|field| field.right == **name)
        })
        .cloned()
}

/// A stable order that a person expects: parents above their children.
fn parents_first(drafts: &mut Vec<Draft>) {
    let mut waiting = std::mem::take(drafts);
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|draft| {
            let mut parents = draft.fields.iter().filter_map(|field| draft.left.field(&field.left));
            !parents.any(|field| {
                waiting.iter().any(|other| {
                    other.left.name != draft.left.name
                        && field.reference_to.contains(&other.left.name)
                })
            })
        });
        // A ring of lookups has no first one; the engine orders its rows.
        drafts.push(waiting.remove(ready.unwrap_or_default()));
    }
}

fn view(draft: Draft) -> ObjectSuggestion {
    ObjectSuggestion {
        left: draft.left.name.clone(),
        right: draft.right.name.clone(),
        score: draft.pairing.likeness.score,
        reason: draft.pairing.likeness.reason.to_owned(),
        fields: draft.fields,
    }
}
