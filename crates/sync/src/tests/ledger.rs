//! A real ledger in a folder of its own, that can be dropped and opened again as after a crash.

use std::path::PathBuf;

use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{LaneId, OrgId, RecordId, SyncId};
use isthmus_store::{
    ClientSecret, CreateInfo, ImportedSync, Ledger, LedgerKey, NewLane, OpenInfo, OrgEnvironment,
    OrgRow, OwnerKind,
};
use jiff::Timestamp;
use tempfile::TempDir;

use super::world::{LEFT_ORG, RIGHT_ORG};

const KEY: [u8; isthmus_store::KEY_BYTES] = [7; isthmus_store::KEY_BYTES];

pub(crate) struct TestLedger {
    folder: TempDir,
    ledger: Option<Ledger>,
    now: Timestamp,
}

impl TestLedger {
    pub(crate) fn new(now: Timestamp) -> Self {
        let folder = TempDir::new().unwrap();
        let info = CreateInfo { now, build: "0.0.0", workspace: "test", owner: OwnerKind::Command };
        let ledger =
            Ledger::create(&folder.path().join("w.isthmus"), &LedgerKey::from_bytes(KEY), info)
                .unwrap();
        Self { folder, ledger: Some(ledger), now }
    }

    pub(crate) fn get(&self) -> &Ledger {
        self.ledger.as_ref().unwrap()
    }

    /// Drops the ledger without closing it and opens the file again: what a crash looks like.
    pub(crate) fn crash(&mut self) {
        drop(self.ledger.take());
        let path: PathBuf = self.folder.path().join("w.isthmus");
        let info = OpenInfo { now: self.now, build: "0.0.0", owner: OwnerKind::Command };
        self.ledger = Some(Ledger::open(&path, &LedgerKey::from_bytes(KEY), info).unwrap());
    }

    /// Two orgs and a sync with one lane.
    pub(crate) fn import(&self) -> (SyncId, LaneId) {
        let document = SyncDocument {
            isthmus: 1,
            sync: "test".to_owned(),
            description: None,
            lanes: Vec::new(),
            objects: Vec::new(),
            schedule: None,
            release: isthmus_model::document::Release::default(),
            target: None,
        };
        let lanes = [NewLane {
            name: "main".to_owned(),
            left: OrgId::parse(LEFT_ORG).unwrap(),
            right: OrgId::parse(RIGHT_ORG).unwrap(),
            values: std::collections::BTreeMap::new(),
        }];
        let imported = ImportedSync { yaml: "", document: &document, lanes: &lanes, at: self.now };
        let import = self
            .get()
            .write(|tx| {
                tx.put_org(&org_row(LEFT_ORG, "left", self.now))?;
                tx.put_org(&org_row(RIGHT_ORG, "right", self.now))?;
                tx.import_sync(imported)
            })
            .unwrap();
        let lane = self.get().read().lanes(import.sync).unwrap()[0].id;
        (import.sync, lane)
    }
}

fn org_row(id: &str, name: &str, now: Timestamp) -> OrgRow {
    OrgRow {
        org_id: OrgId::parse(id).unwrap(),
        name: name.to_owned(),
        label: name.to_owned(),
        environment: OrgEnvironment::Custom,
        login_url: "http://localhost:1".to_owned(),
        instance_url: "http://localhost:1".to_owned(),
        api_version: "65.0".to_owned(),
        user_id: RecordId::parse("005000000000001").unwrap(),
        username: "integration@example.com".to_owned(),
        client_id: None,
        client_secret: ClientSecret::None,
        connected_at: now,
        disconnected_at: None,
        last_login_trace: None,
        clock_offset_ms: None,
    }
}
