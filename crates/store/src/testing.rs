//! What this crate's tests share: a ledger in a temporary folder with two orgs, a sync, a lane and a run.

use std::collections::BTreeMap;
use std::path::PathBuf;

use isthmus_model::document::{
    FieldPairDocument, LaneDocument, MatchDocument, ObjectDocument, PoliciesDocument, SyncDocument,
};
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RecordId, RunId, SyncId};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, FieldChange, Operation, RowKey};
use isthmus_model::run::RunKind;
use isthmus_model::schema::ObjectSchema;
use isthmus_model::value::Value;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::key::LedgerKey;
use crate::ledger::{CreateInfo, Ledger, OpenInfo};
use crate::owner::OwnerKind;
use crate::tables::org::{ClientSecret, OrgEnvironment, OrgRow};
use crate::tables::run::NewRun;
use crate::tables::sync::{ImportedSync, NewLane, SyncImport};

/// A text that must be found in no file.
pub(crate) const CANARY: &str = "CANARY-Wilhelmina-4711";

pub(crate) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

pub(crate) fn key(seed: u8) -> LedgerKey {
    LedgerKey::from_bytes([seed; 32])
}

pub(crate) fn create_info() -> CreateInfo<'static> {
    CreateInfo { now: moment(0), build: "0.1.0", workspace: "test", owner: OwnerKind::Command }
}

pub(crate) fn open_info() -> OpenInfo<'static> {
    OpenInfo { now: moment(1), build: "0.1.0", owner: OwnerKind::Command }
}

pub(crate) fn org(letter: char) -> OrgId {
    OrgId::parse(&format!("00DHs00000AbCd{letter}")).unwrap()
}

/// The record with this number; ids sort like their numbers.
pub(crate) fn record(prefix: &str, number: u32) -> RecordId {
    RecordId::parse(&format!("{prefix}Hs{number:010}")).unwrap()
}

pub(crate) fn mapping() -> MappingName {
    MappingName::new("Account")
}

/// A ledger with its folder; the folder goes when this is dropped.
pub(crate) struct Bench {
    pub(crate) ledger: Ledger,
    pub(crate) path: PathBuf,
    pub(crate) folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("workspace").join("ledger.db");
        let ledger = Ledger::create(&path, &key(1), create_info()).unwrap();
        Self { ledger, path, folder }
    }

    /// Two orgs, an imported sync with one lane, and a run that is being planned.
    pub(crate) fn with_run() -> (Self, SyncId, LaneId, RunId) {
        let bench = Self::new();
        let imported = bench.import(&document("Accounts"));
        let lane = bench.ledger.read().lanes(imported.sync).unwrap()[0].id;
        let new = NewRun {
            sync: imported.sync,
            lane,
            mapping_version: imported.version,
            kind: RunKind::Full,
            build: "0.1.0".to_owned(),
            started_at: moment(10),
        };
        let run = bench.ledger.write(|tx| tx.start_run(&new)).unwrap();
        (bench, imported.sync, lane, run)
    }

    /// Imports a document whose one lane joins orgs E and F.
    pub(crate) fn import(&self, document: &SyncDocument) -> SyncImport {
        let lanes = lanes_of(document);
        self.ledger
            .write(|tx| {
                tx.put_org(&org_row('E', "sales"))?;
                tx.put_org(&org_row('F', "service"))?;
                let yaml = "sync: Accounts # as typed";
                tx.import_sync(ImportedSync { yaml, document, lanes: &lanes, at: moment(5) })
            })
            .unwrap()
    }

    /// Ends this owner as a kill would, and opens the ledger again.
    pub(crate) fn after_kill(self) -> Self {
        let Self { ledger, path, folder } = self;
        drop(ledger);
        let ledger = Ledger::open(&path, &key(1), open_info()).unwrap();
        Self { ledger, path, folder }
    }
}

pub(crate) fn lanes_of(document: &SyncDocument) -> Vec<NewLane> {
    let lane = |lane: &LaneDocument| NewLane {
        name: lane.name.clone(),
        left: org('E'),
        right: org('F'),
        values: lane.values.clone(),
    };
    document.lanes.iter().map(lane).collect()
}

pub(crate) fn org_row(letter: char, name: &str) -> OrgRow {
    OrgRow {
        org_id: org(letter),
        name: name.to_owned(),
        label: CANARY.to_owned(),
        environment: OrgEnvironment::MyDomain,
        login_url: format!("https://{name}.my.salesforce.com"),
        instance_url: format!("https://{name}.my.salesforce.com"),
        api_version: "65.0".to_owned(),
        user_id: record("005", 1),
        username: format!("admin@{name}.example"),
        client_id: Some("3MVG9".to_owned()),
        client_secret: ClientSecret::InKeychain,
        connected_at: moment(0),
        disconnected_at: None,
        last_login_trace: Some(serde_json::json!(["browser", "callback", "token"])),
        clock_offset_ms: Some(-1200),
    }
}

pub(crate) fn document(name: &str) -> SyncDocument {
    SyncDocument {
        isthmus: 1,
        sync: name.to_owned(),
        description: None,
        lanes: vec![LaneDocument {
            name: "main".to_owned(),
            left: "sales".to_owned(),
            right: "service".to_owned(),
            values: BTreeMap::new(),
        }],
        objects: vec![ObjectDocument {
            name: None,
            left: "Account".to_owned(),
            right: "Account".to_owned(),
            match_rule: MatchDocument::Key(FieldPairDocument {
                left: "ERP_Key__c".to_owned(),
                right: "ERP_Key__c".to_owned(),
            }),
            filters: None,
            fields: Vec::new(),
            trigger: isthmus_model::document::Trigger::Manual,
            policies: PoliciesDocument::default(),
        }],
        schedule: None,
        release: isthmus_model::document::Release::Attended,
        target: None,
    }
}

pub(crate) fn operation(number: u32, action: Action) -> Operation {
    Operation {
        mapping: mapping(),
        mapping_version: MappingVersion(1),
        target: isthmus_model::ids::Side::Right,
        target_object: "Account".to_owned(),
        source_id: record("001", number),
        action,
        why: "only the left org has it".to_owned(),
    }
}

pub(crate) fn create(number: u32) -> Operation {
    let value = Value::Text(format!("K-{number}"));
    let key = RowKey::External { field: "ERP_Key__c".to_owned(), value: value.clone() };
    let change = FieldChange { field: "ERP_Key__c".to_owned(), before: Value::Null, after: value };
    operation(number, Action::Create { key, fields: vec![change], waits_for: Vec::new() })
}

pub(crate) fn schema(name: &str) -> ObjectSchema {
    ObjectSchema {
        name: name.to_owned(),
        label: name.to_owned(),
        key_prefix: Some("001".to_owned()),
        createable: true,
        updateable: true,
        deletable: true,
        queryable: true,
        replicateable: true,
        fields: Vec::new(),
        record_types: Vec::new(),
    }
}
