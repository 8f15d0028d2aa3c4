//! The engine over two orgs in this process: ledger in a temporary folder, one clock, one seed.

use std::cell::RefCell;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use isthmus_model::clock::Clock;
use isthmus_model::document::{
    ConflictPolicy, CreatePolicy, DeletePolicy, EditedTargetPolicy, FirstContactPolicy, Flow,
    NullPolicy, SyncDocument,
};
use isthmus_model::ids::{LaneId, MappingVersion, OrgId, RecordId, SyncId};
use isthmus_model::mapping::{
    FieldMapping, FieldPair, MappingName, MatchRule, ObjectMapping, Policy, ReferenceRule,
};
use isthmus_model::run::RunKind;
use isthmus_salesforce::session::FixedToken;
use isthmus_salesforce::{Client, ClientSettings, OrgUrl};
use isthmus_store::{CreateInfo, ImportedSync, Ledger, LedgerKey, NewLane, OwnerKind};
use isthmus_sync::side::SidePort;
use isthmus_sync::side::salesforce::SalesforceSide;
use isthmus_sync::{BoundObject, BoundSync, Engine, Options, RunReport, Sides};
use isthmus_tests::in_process::{InProcess, TestClock, org_row};
use isthmus_tests::mapping;
use jiff::Timestamp;
use orgsim::faults::Fault;
use orgsim::router::{SharedOrg, lock};
use orgsim::serve::{ServeOptions, announce, orgs_in_memory};
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::SecretString;

/// Any moment will do, as long as it is the same one.
const START: &str = "2026-11-20T10:00:00Z";

/// Lets a future run on one thread under a paused clock.
pub(crate) fn paused<T>(future: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

/// Everything one sync needs.
pub(crate) struct Rig {
    orgs: Vec<SharedOrg>,
    sides: [SalesforceSide; 2],
    ledger: Ledger,
    sync: BoundSync,
    clock: Arc<TestClock>,
    random: RefCell<StdRng>,
    log: Arc<Mutex<Vec<String>>>,
    // The ledger's folder, which ends with this value.
    _folder: tempfile::TempDir,
}

impl Rig {
    pub(crate) async fn new(seed: u64) -> Self {
        let start: Timestamp = START.parse().expect("a moment");
        let options = ServeOptions::new(&["sales", "service"])
            .seed(seed)
            .records("Account", 30)
            .records("Contact", 40);
        let org_clock: Arc<dyn orgsim::clock::Clock> =
            Arc::new(orgsim::clock::TokioClock::starting_at(start));
        let orgs = orgs_in_memory(&options, &org_clock).expect("two orgs are named");
        let clock = Arc::new(TestClock::starting_at(start));
        let log = Arc::new(Mutex::new(Vec::new()));
        let sides = [0, 1].map(|index: usize| side(&orgs[index], &clock, &log));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (ledger, lane, sync) = ledger(folder.path(), &sides, start);
        let sync = bind(&sides, lane, sync).await;
        let random = RefCell::new(StdRng::seed_from_u64(seed));
        Self { orgs, sides, ledger, sync, clock, random, log, _folder: folder }
    }

    /// Lets something go wrong in the target org.
    pub(crate) fn fault(&self, fault: Fault) {
        lock(&self.orgs[1]).faults.add(fault);
    }

    /// Faults that have not happened yet.
    pub(crate) fn faults_waiting(&self) -> usize {
        lock(&self.orgs[1]).faults.waiting().len()
    }

    pub(crate) async fn run(&self, kind: RunKind) -> RunReport {
        let random = StdRng::from_rng(&mut *self.random.borrow_mut());
        let options = Options {
            settle_wait: Duration::from_secs(300),
            actor: "tester".to_owned(),
            build: "test".to_owned(),
        };
        let sides = Sides { left: &self.sides[0], right: &self.sides[1] };
        let mut engine =
            Engine::new(&self.ledger, sides, self.clock.as_ref(), Box::new(random), options);
        engine.run(&self.sync, kind).await.expect("the ledger works")
    }

    /// Every request with its answer, then what the target holds, then the head of the audit trail.
    pub(crate) fn trace(&self) -> Vec<String> {
        let mut trace = self.log.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let target = lock(&self.orgs[1]);
        for (object, table) in &target.tables {
            trace.extend(table.live_rows().map(|row| format!("{object} {row:?}")));
        }
        trace.push(format!("{:?}", target.counters));
        trace.push(format!(
            "{:?}",
            self.ledger.read().verify_audit(None).expect("the trail can be read")
        ));
        trace
    }
}

fn side(org: &SharedOrg, clock: &Arc<TestClock>, log: &Arc<Mutex<Vec<String>>>) -> SalesforceSide {
    let announcement = announce(&mut lock(org));
    let user: RecordId = lock(org).user.id.parse().expect("orgs have valid ids");
    let settings = ClientSettings::new(
        &announcement.name,
        OrgUrl::parse(&announcement.instance_url).expect("a loopback address"),
        "Isthmus-test",
    );
    let transport = Arc::new(InProcess::new(Arc::clone(org), Arc::clone(log)));
    let token = Arc::new(FixedToken(SecretString::from(announcement.access_token)));
    let client = Client::new(settings, transport, token, Arc::clone(clock) as Arc<dyn Clock>);
    let id = OrgId::parse(&announcement.org_id).expect("orgs have valid ids");
    SalesforceSide::new(client, id, user, announcement.username)
}

fn ledger(
    folder: &std::path::Path,
    sides: &[SalesforceSide; 2],
    now: Timestamp,
) -> (Ledger, LaneId, SyncId) {
    let info = CreateInfo { now, build: "test", workspace: "test", owner: OwnerKind::Command };
    let ledger = Ledger::create(&folder.join("ledger.db"), &LedgerKey::from_bytes([7; 32]), info)
        .expect("a ledger");
    let document: SyncDocument = serde_json::from_value(serde_json::json!({
        "isthmus": 1, "sync": "trace", "lanes": [{"left": "sales", "right": "service"}], "objects": [],
    }))
    .expect("a document");
    let [left, right] = [0, 1].map(|index: usize| sides[index].org());
    let lanes = [NewLane {
        name: "main".to_owned(),
        left,
        right,
        values: std::collections::BTreeMap::new(),
    }];
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

/// Accounts, and contacts under them.
async fn bind(sides: &[SalesforceSide; 2], lane: LaneId, sync: SyncId) -> BoundSync {
    let account = object(
        sides,
        lane,
        "Account",
        &["ERP_Key__c", "Name", "Phone", "Industry", "AnnualRevenue"],
    )
    .await;
    let contact = object(
        sides,
        lane,
        "Contact",
        &["ERP_Key__c", "LastName", "Email", "Birthdate", "AccountId"],
    )
    .await;
    BoundSync { sync, lane, version: MappingVersion(1), objects: vec![contact, account] }
}

async fn object(
    sides: &[SalesforceSide; 2],
    lane: LaneId,
    name: &str,
    fields: &[&str],
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
        nulls: NullPolicy::Clear,
        reference: (field == "AccountId")
            .then(|| ReferenceRule::Links(vec![MappingName::new("Account")])),
    };
    let mapping = ObjectMapping {
        name: MappingName::new(name),
        version: MappingVersion(1),
        lane,
        match_rule: MatchRule::UniqueKey(pair("ERP_Key__c")),
        fields: fields.iter().map(|field| mapped(field)).collect(),
        left,
        right,
    };
    let policy = Policy {
        create: CreatePolicy::Create,
        edited_target: EditedTargetPolicy::Overwrite,
        delete: DeletePolicy::Ignore,
        conflict: ConflictPolicy::Ask,
        first_contact: FirstContactPolicy::Left,
    };
    BoundObject { mapping, policy }
}
