//! The engine over two orgs in this process: ledger in a temporary folder, one clock, one seed.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use isthmus_model::clock::Clock;
use isthmus_model::document::{
    ConflictPolicy, CreatePolicy, DeletePolicy, EditedTargetPolicy, FirstContactPolicy, NullPolicy,
};
use isthmus_model::ids::{LaneId, MappingVersion, SyncId};
use isthmus_model::mapping::Policy;
use isthmus_model::run::RunKind;
use isthmus_salesforce::session::FixedToken;
use isthmus_store::Ledger;
use isthmus_sync::side::salesforce::SalesforceSide;
use isthmus_sync::{BoundSync, Engine, Options, RunReport, Sides};
use isthmus_tests::in_process::{InProcess, TestClock};
use isthmus_tests::lane::{self, Rules, bound_object};
use jiff::Timestamp;
use orgsim::faults::Fault;
use orgsim::router::{SharedOrg, lock};
use orgsim::serve::{ServeOptions, announce, orgs_in_memory};
use rand::SeedableRng;
use rand::rngs::StdRng;
use secrecy::SecretString;

/// Any moment will do, as long as it is the same one.
const START: &str = "2026-11-20T10:00:00Z";

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
        let (ledger, lane, sync) = lane::ledger(&folder.path().join("ledger.db"), &sides, start);
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
    let token = SecretString::from(announce(&mut lock(org)).access_token);
    let transport = Arc::new(InProcess::new(Arc::clone(org), Arc::clone(log)));
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    lane::side(org, transport, Arc::new(FixedToken(token)), clock)
}

/// Accounts, and contacts under them.
async fn bind(sides: &[SalesforceSide; 2], lane: LaneId, sync: SyncId) -> BoundSync {
    let rules = Rules {
        unique_key: true,
        nulls: NullPolicy::Clear,
        policy: Policy {
            create: CreatePolicy::Create,
            edited_target: EditedTargetPolicy::Overwrite,
            delete: DeletePolicy::Ignore,
            conflict: ConflictPolicy::Ask,
            first_contact: FirstContactPolicy::Left,
        },
    };
    let account = ["ERP_Key__c", "Name", "Phone", "Industry", "AnnualRevenue"];
    let contact = ["ERP_Key__c", "LastName", "Email", "Birthdate", "AccountId"];
    let objects = vec![
        bound_object(sides, lane, "Contact", &contact, &rules).await,
        bound_object(sides, lane, "Account", &account, &rules).await,
    ];
    BoundSync { sync, lane, version: MappingVersion(1), objects }
}
