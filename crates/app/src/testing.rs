//! A workspace in a folder that goes away, with a keychain in memory and a clock that stands.

use std::sync::Arc;
use std::time::Duration;

use isthmus_model::clock::Clock;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RecordId, RunId};
use isthmus_model::run::RunKind;
use isthmus_salesforce::TransportError;
use isthmus_salesforce::transport::NotSent;
use isthmus_store::{
    ClientSecret, ImportedSync, NewLane, NewRun, OrgEnvironment, OrgRow, OwnerKind,
};
use jiff::Timestamp;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use tempfile::TempDir;

use crate::clock::Randomness;
use crate::keychain::Keychain;
use crate::workspace::{Surroundings, Workspace, WorkspacePath, create, open};

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }
}

/// Surroundings without a network.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Arc::new(StandingClock),
        transports: Arc::new(|| {
            let reason = NotSent::NoConnection("tests have no network".to_owned());
            Err(TransportError::NotSent { host: "anywhere".to_owned(), reason })
        }),
        keychain: Keychain::in_memory(),
        random: Randomness::from(ChaCha20Rng::seed_from_u64(7)),
        actor: "tester".to_owned(),
        owner: OwnerKind::Command,
    }
}

/// A new workspace, open.
pub(crate) async fn workspace() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "test").unwrap();
    let surroundings = surroundings();
    create(&path, &surroundings).unwrap();
    let workspace = open(&path, surroundings, Duration::ZERO).await.unwrap();
    (folder, workspace)
}

/// A run of the sync `test` between the orgs `sales` and `service` that has just begun; both orgs and the sync, with
/// the object mappings Account and Contact, are made where they are not there yet.
pub(crate) fn begun_run(workspace: &Workspace, kind: RunKind) -> (RunId, LaneId) {
    let mapped = |object: &str| {
        serde_json::json!({"left": object, "right": object,
            "match": {"key": {"left": "K__c", "right": "K__c"}},
            "fields": [{"left": "Name", "right": "Name"}]})
    };
    let document: SyncDocument = serde_json::from_value(serde_json::json!({
        "isthmus": 1,
        "sync": "test",
        "lanes": [{"left": "sales", "right": "service"}],
        "objects": [mapped("Account"), mapped("Contact")]
    }))
    .unwrap();
    let at = workspace.now();
    let (left, right) =
        (org("sales", "00D000000000001", workspace), org("service", "00D000000000002", workspace));
    let lane = NewLane {
        name: "main".to_owned(),
        left: left.org_id,
        right: right.org_id,
        values: std::collections::BTreeMap::new(),
    };
    let write = workspace.ledger.write(|tx| {
        tx.put_org(&left)?;
        tx.put_org(&right)?;
        let lanes = std::slice::from_ref(&lane);
        let sync = tx.import_sync(ImportedSync { yaml: "", document: &document, lanes, at })?;
        let lane = tx.lanes(sync.sync)?[0].id;
        let run = tx.start_run(&NewRun {
            sync: sync.sync,
            lane,
            mapping_version: MappingVersion(1),
            kind,
            build: "test".to_owned(),
            started_at: at,
        })?;
        Ok((run, lane))
    });
    write.unwrap()
}

fn org(name: &str, id: &str, workspace: &Workspace) -> OrgRow {
    OrgRow {
        org_id: OrgId::parse(id).unwrap(),
        name: name.to_owned(),
        label: name.to_owned(),
        environment: OrgEnvironment::Custom,
        login_url: "https://acme.my.salesforce.com".to_owned(),
        instance_url: "https://acme.my.salesforce.com".to_owned(),
        api_version: "68.0".to_owned(),
        user_id: RecordId::parse("005000000000001").unwrap(),
        username: "integration@acme.example".to_owned(),
        client_id: None,
        client_secret: ClientSecret::None,
        connected_at: workspace.now(),
        disconnected_at: None,
        last_login_trace: None,
        clock_offset_ms: None,
    }
}
