//! Orgs on fixed ports that write down every request they answer.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use orgsim::clock::{Clock, SystemClock};
use orgsim::router::{SharedOrg, lock, router};
use orgsim::rows::Table;
use orgsim::serve::{Announcement, OrgOption, ServeOptions, announce, orgs_in_memory};

use crate::pump::Step;

/// More than any request body of the bench.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// One recorded request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    org: usize,
    method: String,
    path_and_query: String,
    body: String,
}

type Log = Arc<Mutex<Vec<Call>>>;

/// Two served orgs; they end with this value.
pub(crate) struct RecordedOrgs {
    orgs: Vec<SharedOrg>,
    announcements: Vec<Announcement>,
    log: Log,
    ports: [u16; 2],
    _runtime: tokio::runtime::Runtime,
}

impl RecordedOrgs {
    /// `sales` with that many accounts and an empty `service`, on the given ports or on free ones.
    pub(crate) fn serve(rows: u64, ports: Option<[u16; 2]>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let listeners = [0, 1].map(|index| {
            let address =
                SocketAddr::from((Ipv4Addr::LOCALHOST, ports.map_or(0, |ports| ports[index])));
            runtime.block_on(tokio::net::TcpListener::bind(address)).expect("the port is free")
        });
        let ports = [0, 1]
            .map(|index: usize| listeners[index].local_addr().expect("a bound address").port());
        let orgs = seeded(rows, ports);
        let announcements = orgs.iter().map(|org| announce(&mut lock(org))).collect();
        let log = Log::default();
        for (index, (listener, org)) in listeners.into_iter().zip(&orgs).enumerate() {
            let log = Arc::clone(&log);
            let record =
                move |request: Request, next: Next| note(index, Arc::clone(&log), request, next);
            let service = router(Arc::clone(org)).layer(from_fn(record));
            runtime.spawn(async move { axum::serve(listener, service).await });
        }
        Self { orgs, announcements, log, ports, _runtime: runtime }
    }

    pub(crate) fn announcements(&self) -> impl Iterator<Item = (&str, &Announcement)> {
        self.announcements.iter().map(|own| (own.name.as_str(), own))
    }

    pub(crate) fn ports(&self) -> [u16; 2] {
        self.ports
    }

    /// What was asked since the last call.
    pub(crate) fn take_log(&self) -> Vec<Call> {
        std::mem::take(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn rows_in_target(&self) -> u64 {
        lock(&self.orgs[1]).tables["Account"].len() as u64
    }

    /// The recorded calls as a script for the pump, with this server's sessions.
    pub(crate) fn script(&self, log: &[Call]) -> String {
        let steps: Vec<Step> = log
            .iter()
            .map(|call| Step {
                method: call.method.clone(),
                url: format!("http://127.0.0.1:{}{}", self.ports[call.org], call.path_and_query),
                token: self.announcements[call.org].access_token.clone(),
                body: call.body.clone(),
            })
            .collect();
        serde_json::to_string(&steps).expect("steps are plain text")
    }
}

fn seeded(rows: u64, ports: [u16; 2]) -> Vec<SharedOrg> {
    let mut options = ServeOptions::new(&["sales", "service"]).seed(7).records("Account", rows);
    options.daily_max = 1_000_000;
    options.orgs = ["sales", "service"]
        .iter()
        .zip(ports)
        .map(|(name, port)| OrgOption { name: (*name).to_owned(), port })
        .collect();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let orgs = orgs_in_memory(&options, &clock).expect("two orgs are named");
    let mut target = lock(&orgs[1]);
    let empty = target
        .schema
        .object("Account")
        .map(|object| Table::new(object, &target.id))
        .expect("Account");
    target.tables.insert("Account".to_owned(), empty);
    drop(target);
    orgs
}

async fn note(org: usize, log: Log, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let call = Call {
        org,
        method: parts.method.to_string(),
        path_and_query: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    log.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    next.run(Request::from_parts(parts, Body::from(body))).await
}
