//! Orgs served over real sockets from this process, and the oracle: what they hold is asked of them, never of Isthmus.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use orgsim::faults::{Fault, Kind, Moment};
use orgsim::org::{Counters, Org};
use orgsim::rows::Row;
use orgsim::serve::{Announcement, ServeOptions, Served, start};
use serde_json::Value;

use crate::isthmus::Desk;

/// A command on a busy machine needs seconds until its first write.
const HELD_LIMIT: Duration = Duration::from_secs(60);
const HELD_POLL: Duration = Duration::from_millis(20);

/// Served orgs; they end with this value.
pub struct Orgs {
    served: Served,
    // Dropped last: the sockets live on it.
    runtime: tokio::runtime::Runtime,
}

impl Orgs {
    /// Serves what the options ask for.
    ///
    /// # Panics
    /// When the orgs cannot be served on this machine.
    #[must_use]
    pub fn serve(options: &ServeOptions) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime for the orgs");
        let served = runtime.block_on(start(options)).expect("the orgs are served");
        Self { served, runtime }
    }

    /// Two orgs, `sales` and `service`, with that many accounts and contacts.
    #[must_use]
    pub fn pair(accounts: u64, contacts: u64) -> Self {
        let options = ServeOptions::new(&["sales", "service"])
            .seed(7)
            .records("Account", accounts)
            .records("Contact", contacts)
            .records("Site__c", accounts / 2);
        Self::with_own_callbacks(options)
    }

    /// What a client needs to know of an org.
    #[must_use]
    pub fn announcement(&self, name: &str) -> &Announcement {
        self.served.announcements.iter().find(|own| own.name == name).expect("the org is served")
    }

    /// Serves orgs whose app also registers three callback ports of this test's own.
    ///
    /// # Panics
    /// When the orgs cannot be served on this machine.
    #[must_use]
    pub fn with_own_callbacks(mut options: ServeOptions) -> Self {
        options.redirect_uris = free_ports()
            .iter()
            .map(|port| format!("http://localhost:{port}/oauth/callback"))
            .collect();
        Self::serve(&options)
    }

    /// The org itself. Hold it shortly: while it is held the org answers nobody.
    pub fn org(&self, name: &str) -> MutexGuard<'_, Org> {
        let position = self.served.announcements.iter().position(|own| own.name == name);
        let org = &self.served.orgs[position.expect("the org is served")];
        org.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The org behind its lock, for another thread.
    #[must_use]
    pub fn shared(&self, name: &str) -> orgsim::router::SharedOrg {
        let position = self.served.announcements.iter().position(|own| own.name == name);
        Arc::clone(&self.served.orgs[position.expect("the org is served")])
    }

    /// All live rows of an object.
    #[must_use]
    pub fn rows(&self, name: &str, object: &str) -> Vec<Row> {
        self.org(name).tables[object].live_rows().cloned().collect()
    }

    /// Live rows by their `ERP_Key__c`; rows without one are left out.
    #[must_use]
    pub fn by_key(&self, name: &str, object: &str) -> BTreeMap<String, Row> {
        let keyed = self.rows(name, object).into_iter();
        keyed.filter_map(|row| Some((row.get("ERP_Key__c")?.as_str()?.to_owned(), row))).collect()
    }

    /// What happened in the org since its start.
    #[must_use]
    pub fn counters(&self, name: &str) -> Counters {
        self.org(name).counters.clone()
    }

    /// Lets something go wrong.
    pub fn fault(&self, name: &str, fault: Fault) {
        self.org(name).faults.add(fault);
    }

    /// Changes one field as a user of the org does: the stamps move, no automation counter does.
    ///
    /// # Panics
    /// When the org has no such record.
    pub fn edit(&self, name: &str, object: &str, id: &str, field: &str, value: &str) {
        let mut org = self.org(name);
        let now = org.clock.now();
        let table = org.tables.get_mut(object).expect("the object is served");
        let mut row = table.live(id).cloned().expect("the record is there");
        row.insert(field.to_owned(), Value::from(value));
        for stamp in ["LastModifiedDate", "SystemModstamp"] {
            row.insert(
                stamp.to_owned(),
                Value::from(now.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()),
            );
        }
        table.insert_seeded(row);
    }

    /// One call to the org's control endpoint (`orgsim::control`), for example `schema` with a change.
    ///
    /// # Panics
    /// When the org refuses it.
    pub fn control(&self, name: &str, path: &str, body: &Value) {
        let url = format!("{}/__orgsim/{path}", self.announcement(name).instance_url);
        self.runtime.block_on(async {
            let answer =
                reqwest::Client::new().post(url).json(body).send().await.expect("the org answers");
            let status = answer.status();
            let text = answer.text().await.unwrap_or_default();
            assert!(status.is_success(), "{path} {body}: {text}");
        });
    }

    /// Puts a row in behind everybody's back: no validation, no counters.
    ///
    /// # Panics
    /// When the org has no such object.
    pub fn put(&self, name: &str, object: &str, row: Row) {
        self.org(name).tables.get_mut(object).expect("the object is served").insert_seeded(row);
    }

    /// Rows written to the org through its API since its start, deletes included.
    #[must_use]
    pub fn rows_written(&self, name: &str) -> u64 {
        let counters = self.counters(name);
        counters.rows_written.values().map(|rows| rows.inserted + rows.updated + rows.deleted).sum()
    }

    /// Holds the next request whose path contains this text before it is carried out.
    pub fn hold(&self, name: &str, path: &str) {
        self.fault(name, Fault::new(Kind::Hold { when: Moment::Before }).path_contains(path));
    }

    /// Waits until a request is held.
    ///
    /// # Panics
    /// When none comes.
    pub fn wait_until_held(&self, name: &str) {
        let started = Instant::now();
        while self.org(name).faults.held() == 0 {
            assert!(started.elapsed() < HELD_LIMIT, "no request came to be held");
            std::thread::sleep(HELD_POLL);
        }
    }

    /// Lets held requests go on.
    pub fn release(&self, name: &str) {
        self.org(name).faults.release();
    }

    /// Moves the clocks of all orgs and of the desk's machine on together.
    pub fn pass_time(&self, desk: &mut Desk, by: SignedDuration) {
        const VARIABLE: &str = "ISTHMUS_CLOCK_SHIFT_SECONDS";
        for org in &self.served.announcements {
            self.advance(&org.name, by);
        }
        let own = desk.variables.iter().find(|(name, _)| name == VARIABLE);
        let shift: i64 = own.and_then(|(_, seconds)| seconds.parse().ok()).unwrap_or_default();
        desk.variables.retain(|(name, _)| name != VARIABLE);
        desk.variables.push((VARIABLE.to_owned(), (shift + by.as_secs()).to_string()));
    }

    /// Moves the org's clock on; stamps, token ages and `latestDateCovered` follow.
    pub fn advance(&self, name: &str, by: SignedDuration) {
        let mut org = self.org(name);
        org.clock.shift += by;
    }
}

/// Below the ports that the system gives to outgoing connections, which come and go while a test runs.
const FIRST_PORT: u16 = 10_000;
/// Each test process has a block of its own; four ports leave room for one that another program holds.
const BLOCKS: u32 = 5_000;
const BLOCK: u16 = 4;

/// Three ports of this process's own block that nobody listens on, on either address family.
fn free_ports() -> Vec<u16> {
    let own = u16::try_from(std::process::id() % BLOCKS).unwrap_or_default();
    let start = FIRST_PORT + own * BLOCK;
    (start..=u16::MAX).filter(|port| is_free(*port)).take(3).collect()
}

fn is_free(port: u16) -> bool {
    let taken = |address: &str| {
        let bound = std::net::TcpListener::bind((address, port));
        bound.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
    };
    !taken("127.0.0.1") && !taken("::1")
}
