//! One lane between two orgs in this process: its sides, its ledger, and its mappings bound to both describes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use isthmus_model::clock::Clock;
use isthmus_model::document::{Flow, NullPolicy, SyncDocument};
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RecordId, SyncId};
use isthmus_model::mapping::{
    FieldMapping, FieldPair, MappingName, MatchRule, ObjectMapping, Policy, ReferenceRule,
};
use isthmus_salesforce::session::TokenSource;
use isthmus_salesforce::{Client, ClientSettings, OrgUrl, Transport};
use isthmus_store::{CreateInfo, ImportedSync, Ledger, LedgerKey, NewLane, OwnerKind};
use isthmus_sync::BoundObject;
use isthmus_sync::side::SidePort;
use isthmus_sync::side::salesforce::SalesforceSide;
use jiff::Timestamp;
use orgsim::router::{SharedOrg, lock};

use crate::in_process::org_row;
use crate::mapping;

/// The key of every ledger that a test makes in its own folder.
#[must_use]
pub fn ledger_key() -> LedgerKey {
    LedgerKey::from_bytes([7; 32])
}

/// Lets a future run on one thread under a paused clock.
///
/// # Panics
/// When the system gives no runtime.
pub fn paused<T>(future: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

/// The engine's side of an org, as its integration user.
///
/// # Panics
/// Never: orgs have valid ids and addresses.
#[must_use]
pub fn side(
    org: &SharedOrg,
    transport: Arc<dyn Transport>,
    token: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
) -> SalesforceSide {
    let org = lock(org);
    let user: RecordId = org.user.id.parse().expect("orgs have valid ids");
    let address = OrgUrl::parse(&org.instance_url).expect("a loopback address");
    let settings = ClientSettings::new(&org.name, address, "Isthmus-test");
    let client = Client::new(settings, transport, token, clock);
    let id = OrgId::parse(&org.id).expect("orgs have valid ids");
    SalesforceSide::new(client, id, user, org.user.username.clone())
}

/// A new ledger at this path that knows both orgs and one sync between them.
///
/// # Panics
/// When the ledger cannot be written.
#[must_use]
pub fn ledger(
    path: &Path,
    sides: &[SalesforceSide; 2],
    now: Timestamp,
) -> (Ledger, LaneId, SyncId) {
    let info = CreateInfo { now, build: "test", workspace: "test", owner: OwnerKind::Command };
    let ledger = Ledger::create(path, &ledger_key(), info).expect("a ledger");
    let document: SyncDocument = serde_json::from_value(serde_json::json!({
        "isthmus": 1, "sync": "lane", "lanes": [{"left": "sales", "right": "service"}], "objects": [],
    }))
    .expect("a document");
    let [left, right] = [0, 1].map(|index: usize| sides[index].org());
    let lanes = [NewLane { name: "main".to_owned(), left, right, values: BTreeMap::new() }];
    let imported = ledger
        .write(|transaction| {
            for (side, name) in sides.iter().zip(["sales", "service"]) {
                transaction.put_org(&org_row(side.org(), name, now))?;
            }
            transaction.import_sync(ImportedSync {
                yaml: mapping::FAMILY,
                document: &document,
                lanes: &lanes,
                at: now,
            })
        })
        .expect("the sync is stored");
    let lane = ledger.read().lanes(imported.sync).expect("lanes")[0].id;
    (ledger, lane, imported.sync)
}

/// What an object mapping of a test says besides its fields.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Match by the unique external id `ERP_Key__c`, else by the same field as a plain one.
    pub unique_key: bool,
    /// What an empty source value does.
    pub nulls: NullPolicy,
    /// The object's policies.
    pub policy: Policy,
}

/// A mapping of the same object and fields on both sides. Lookups to Account go through its links.
///
/// # Panics
/// When an org does not describe the object or a field.
pub async fn bound_object(
    sides: &[SalesforceSide; 2],
    lane: LaneId,
    name: &str,
    fields: &[&str],
    rules: &Rules,
) -> BoundObject {
    let left = Arc::new(sides[0].describe(name).await.expect("the object is described"));
    let right = Arc::new(sides[1].describe(name).await.expect("the object is described"));
    let pair = |field: &str| FieldPair {
        left: left.field(field).expect("the field is described").clone(),
        right: right.field(field).expect("the field is described").clone(),
    };
    let mapped = |field: &str| FieldMapping {
        pair: pair(field),
        flow: Flow::LeftToRight,
        nulls: rules.nulls,
        reference: matches!(field, "AccountId" | "Account__c")
            .then(|| ReferenceRule::Links(vec![MappingName::new("Account")])),
    };
    let match_rule = match rules.unique_key {
        true => MatchRule::UniqueKey(pair("ERP_Key__c")),
        false => MatchRule::FieldSet(vec![pair("ERP_Key__c")]),
    };
    let mapping = ObjectMapping {
        name: MappingName::new(name),
        version: MappingVersion(1),
        lane,
        match_rule,
        fields: fields.iter().map(|field| mapped(field)).collect(),
        left,
        right,
    };
    BoundObject { mapping, policy: rules.policy }
}
