//! One small world: two orgs, a ledger on disk, and an engine that is made anew for every run.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use isthmus_model::clock::Clock;
use isthmus_model::document::{ConflictPolicy, CreatePolicy, DeletePolicy};
use isthmus_model::ids::{MappingVersion, RecordId, RunId, Side};
use isthmus_model::mapping::{MappingName, Policy};
use isthmus_model::run::RunKind;
use isthmus_store::{Ledger, OpenInfo, OwnerKind};
use isthmus_sync::side::salesforce::SalesforceSide;
use isthmus_sync::{BoundSync, Engine, Error, Options, RunReport, Sides};
use isthmus_tests::in_process::{InProcess, TestClock};
use isthmus_tests::lane::{self, Rules, bound_object};
use jiff::{SignedDuration, Timestamp};
use orgsim::router::{SharedOrg, lock};
use orgsim::rows::text;
use orgsim::serve::{ServeOptions, orgs_in_memory};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::chance::{self, percent, pick};
use super::observer::{FIELDS, OBJECTS, Observer};
use super::wire::{Event, Renewing, SharedStage, Stage, Wire, on};

const START: &str = "2026-11-20T10:00:00Z";
/// Objects that no mapping here is for.
const UNUSED: [&str; 10] = [
    "Lead",
    "Campaign",
    "CampaignMember",
    "Opportunity",
    "Case",
    "Product2",
    "Pricebook2",
    "PricebookEntry",
    "Asset_Visit__c",
    "Task",
];

/// What one run is asked for.
#[derive(Debug, Clone)]
pub(super) enum Wish {
    Run(RunKind),
    /// A plan is shown first, and carried out after somebody has looked at it.
    Shown,
    Resume(RunId),
}

pub(super) struct World {
    pub(super) orgs: [SharedOrg; 2],
    pub(super) stage: SharedStage,
    pub(super) random: StdRng,
    pub(super) rules: Rules,
    pub(super) sync: BoundSync,
    pub(super) last: Option<RunId>,
    pub(super) log: Arc<Mutex<Vec<String>>>,
    sides: [SalesforceSide; 2],
    clock: Arc<TestClock>,
    ledger: Option<Ledger>,
    folder: tempfile::TempDir,
}

impl World {
    pub(super) async fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let start: Timestamp = START.parse().expect("a moment");
        let (edited_target, first_contact, nulls, unique_key) = chance::policies(&mut random);
        let orgs = orgs(&mut random, seed, start, unique_key);
        let observer = Observer::new(orgs.clone(), edited_target);
        let stage = Arc::new(Mutex::new(Stage {
            orgs: orgs.clone(),
            observer,
            random: StdRng::from_rng(&mut random),
            restless: pick(&mut random, &[0, 5, 30, 60]),
            event: None,
            calls: 0,
            crashed: Arc::new(Notify::new()),
        }));
        let clock = Arc::new(TestClock::starting_at(start));
        let log = Arc::new(Mutex::new(Vec::new()));
        let sides = [0, 1].map(|index: usize| {
            let inner = InProcess::new(Arc::clone(&orgs[index]), Arc::clone(&log));
            let wire = Arc::new(Wire::new(index, inner, &stage));
            let token = Arc::new(Renewing::new(&orgs[index]));
            lane::side(&orgs[index], wire, token, Arc::clone(&clock) as Arc<dyn Clock>)
        });
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (ledger, lane, sync) = lane::ledger(&folder.path().join("ledger.db"), &sides, start);
        let policy = Policy {
            create: CreatePolicy::Create,
            edited_target,
            delete: DeletePolicy::Ignore,
            conflict: ConflictPolicy::Ask,
            first_contact,
        };
        let rules = Rules { unique_key, nulls, policy };
        let mut objects = Vec::new();
        // Children first in the document, so that the engine has to find the order.
        for (name, fields) in FIELDS.iter().rev() {
            objects.push(bound_object(&sides, lane, name, fields, &rules).await);
        }
        let sync = BoundSync { sync, lane, version: MappingVersion(1), objects };
        let ledger = Some(ledger);
        Self { orgs, stage, random, rules, sync, last: None, log, sides, clock, ledger, folder }
    }

    /// Runs the engine once; `None` when its process died on the way.
    pub(super) async fn run(&mut self, wish: Wish) -> Option<Result<RunReport, Error>> {
        self.know_links();
        let cancel = CancellationToken::new();
        let life = self.draw_event(&cancel);
        let crashed = {
            let mut stage = on(&self.stage);
            stage.calls = 0;
            // Nobody waits for a crash of an earlier process.
            stage.crashed = Arc::new(Notify::new());
            Arc::clone(&stage.crashed)
        };
        let random = StdRng::from_rng(&mut self.random);
        let options = Options {
            settle_wait: pick(&mut self.random, &[0, 60, 300]).into_duration(),
            actor: "tester".to_owned(),
            build: "test".to_owned(),
        };
        let ledger = self.ledger.take().expect("an open ledger");
        let sides = Sides { left: &self.sides[0], right: &self.sides[1] };
        let mut engine =
            Engine::new(&ledger, sides, self.clock.as_ref(), Box::new(random), options)
                .cancelled_by(cancel);
        let sync = &self.sync;
        let stage = Arc::clone(&self.stage);
        let outcome = tokio::select! {
            biased;
            () = crashed.notified() => None,
            () = tokio::time::sleep(life) => None,
            result = carry_out(&mut engine, sync, wish, &stage) => Some(result),
        };
        drop(engine);
        drop(ledger);
        self.ledger = Some(self.open());
        let mut stage = on(&self.stage);
        stage.event = None;
        stage.observer.look();
        if outcome.is_none() {
            stage.observer.straggles_until(tokio::time::Instant::now() + Duration::from_secs(300));
        }
        outcome
    }

    /// A process that is killed: at a call, or at any moment. Else one that a person may cancel.
    fn draw_event(&mut self, cancel: &CancellationToken) -> Duration {
        const FOR_EVER: Duration = Duration::from_secs(1_000_000);
        let event = match self.random.random_range(0..100) {
            0..=9 => Some(Event::CrashBefore),
            10..=24 => Some(Event::CrashAfter),
            25..=29 => Some(Event::Cancel(cancel.clone())),
            30..=39 => return Duration::from_millis(self.random.random_range(0..200_000)),
            40..=44 => return Duration::from_millis(self.random.random_range(0..2_000)),
            _ => None,
        };
        let call = self.random.random_range(1..30);
        on(&self.stage).event = event.map(|event| (call, event));
        FOR_EVER
    }

    /// Nothing goes wrong from now on.
    pub(super) fn quiet(&mut self) {
        for org in &self.orgs {
            let mut org = lock(org);
            org.faults.clear();
            org.faults.open_transaction_since = None;
        }
        on(&self.stage).restless = 0;
    }

    /// A run in which nothing goes wrong.
    pub(super) async fn calm_run(&mut self) -> RunReport {
        let random = StdRng::from_rng(&mut self.random);
        let options = Options {
            settle_wait: Duration::from_secs(600),
            actor: "tester".to_owned(),
            build: "test".to_owned(),
        };
        let sides = Sides { left: &self.sides[0], right: &self.sides[1] };
        let ledger = self.ledger.as_ref().expect("an open ledger");
        let mut engine = Engine::new(ledger, sides, self.clock.as_ref(), Box::new(random), options);
        let report = engine.run(&self.sync, RunKind::Full).await.expect("the ledger works");
        self.last = Some(report.run);
        report
    }

    pub(super) fn ledger(&self) -> &Ledger {
        self.ledger.as_ref().expect("an open ledger")
    }

    /// Ids of left rows that a person could select.
    pub(super) fn some_left_rows(&mut self) -> Vec<RecordId> {
        let mut ids = Vec::new();
        for _ in 0..self.random.random_range(1..5) {
            let object = pick(&mut self.random, &OBJECTS);
            let row = chance::any_row(&mut self.random, &self.orgs[0], object);
            ids.extend(row.and_then(|row| RecordId::parse(text(&row, "Id")?).ok()));
        }
        ids
    }

    /// Requests with their answers, then what the target holds.
    pub(super) fn trace(&self) -> Vec<String> {
        let mut trace = self.log.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let target = lock(&self.orgs[1]);
        for (object, table) in &target.tables {
            trace.extend(table.live_rows().map(|row| format!("{object} {row:?}")));
        }
        trace
    }

    fn know_links(&self) {
        let mut linked = std::collections::BTreeSet::new();
        let target = lock(&self.orgs[1]);
        for object in OBJECTS {
            let name = MappingName::new(object);
            for row in target.tables.get(object).into_iter().flat_map(|table| table.live_rows()) {
                let Some(id) = text(row, "Id") else { continue };
                let record = RecordId::parse(id).expect("a valid id");
                let link = self.ledger().read().link_of(self.sync.lane, &name, Side::Right, record);
                if link.expect("the ledger works").is_some() {
                    linked.insert(id.to_owned());
                }
            }
        }
        drop(target);
        on(&self.stage).observer.linked = linked;
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ledger.db")
    }

    fn open(&self) -> Ledger {
        let info = OpenInfo { now: self.clock.now(), build: "test", owner: OwnerKind::Command };
        Ledger::open(&self.path(), &lane::ledger_key(), info).expect("the ledger opens again")
    }
}

async fn carry_out(
    engine: &mut Engine<'_>,
    sync: &BoundSync,
    wish: Wish,
    stage: &SharedStage,
) -> Result<RunReport, Error> {
    match wish {
        Wish::Run(kind) => engine.run(sync, kind).await,
        Wish::Resume(run) => engine.resume(sync, run).await,
        Wish::Shown => {
            let shown = engine.plan(sync, RunKind::Full).await?;
            {
                let mut stage = on(stage);
                let stage = &mut *stage;
                for side in [0, 1] {
                    chance::user_edit(&mut stage.random, &stage.orgs, side, &mut stage.observer);
                }
            }
            tokio::time::sleep(Duration::from_secs(60)).await;
            engine.resume(sync, shown.run).await
        }
    }
}

fn orgs(random: &mut StdRng, seed: u64, start: Timestamp, unique_key: bool) -> [SharedOrg; 2] {
    let mut options = ServeOptions::new(&["sales", "service"])
        .seed(seed)
        .records("Account", random.random_range(1..8))
        .records("Contact", random.random_range(0..8))
        .records("Site__c", random.random_range(0..5));
    for object in UNUSED {
        options = options.records(object, 0);
    }
    let clock: Arc<dyn orgsim::clock::Clock> =
        Arc::new(orgsim::clock::TokioClock::starting_at(start));
    let orgs = orgs_in_memory(&options, &clock).expect("two orgs are named");
    let orgs: [SharedOrg; 2] = orgs.try_into().unwrap_or_else(|_| unreachable!("two are named"));
    for org in &orgs {
        let mut org = lock(org);
        if percent(random, 30) {
            org.clock.shift = SignedDuration::from_secs(random.random_range(-900..900));
        }
        org.faults.latency = Duration::from_millis(pick(random, &[0, 0, 50, 700]));
    }
    if !unique_key {
        let mut target = lock(&orgs[1]);
        for object in target.schema.objects.iter_mut() {
            let keys = object.fields.iter_mut().filter(|field| field.name == "ERP_Key__c");
            keys.for_each(|field| field.unique = false);
        }
    }
    orgs
}

trait IntoDuration {
    fn into_duration(self) -> Duration;
}

impl IntoDuration for u64 {
    fn into_duration(self) -> Duration {
        Duration::from_secs(self)
    }
}
