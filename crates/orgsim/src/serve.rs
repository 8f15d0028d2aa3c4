//! Starts orgs: in memory for tests under a paused clock, or over sockets on loopback addresses.

mod sockets;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::clock::{Clock, OrgClock, SystemClock};
use crate::limits::{self, Usage};
use crate::oauth::{App, DEFAULT_REDIRECT_URIS, Tokens};
use crate::org::{Counters, Org, User};
use crate::router::SharedOrg;
use crate::rows::{Cursors, Table};
use crate::schema::standard;
use crate::seed::{self, SeedRequest};
use crate::setup::Setup;
use crate::{bulk, bulk_v1, faults, ids, soap, state};

/// The port that the first org in memory pretends to have; the next ones follow.
const FIRST_PORT_IN_MEMORY: u16 = 8701;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port cannot be had.
    #[error(
        "port {port} of localhost cannot be bound ({source}): choose another one, or 0 for a free one"
    )]
    Bind {
        /// The asked port.
        port: u16,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Nothing to serve.
    #[error("no org is named: give at least one with --org NAME=PORT")]
    NoOrg,
    /// The state folder cannot be used.
    #[error(transparent)]
    State(#[from] state::Error),
    /// Two orgs with one name.
    #[error("two orgs are named {0}: give each org its own name")]
    SameName(String),
}

/// One org to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgOption {
    /// Its name, for example `sales`.
    pub name: String,
    /// Its port on localhost; 0 = a free one.
    pub port: u16,
}

/// Everything that can be chosen about the orgs of one server.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The orgs, in the order of their ids.
    pub orgs: Vec<OrgOption>,
    /// Rows of the first org by object; the others overlap with it.
    pub records: BTreeMap<String, u64>,
    /// The same seed and the same requests give the same answers.
    pub seed: u64,
    /// The newest API version that the orgs offer.
    pub newest_api_version: u16,
    /// API requests in 24 hours.
    pub daily_max: u64,
    /// Callbacks of the default app, besides [`DEFAULT_REDIRECT_URIS`].
    pub redirect_uris: Vec<String>,
    /// The default app's client id; one made from the seed when left out.
    pub client_id: Option<String>,
    /// The default app's secret; when given, the app must send it.
    pub client_secret: Option<String>,
    /// Every answer is delayed by this much.
    pub latency: Duration,
    /// The folder where the orgs keep their state, each in a folder of its own name; in memory alone when left out.
    pub state_dir: Option<PathBuf>,
    /// The orgs' time at the start; their clock's own time when left out.
    pub now: Option<Timestamp>,
}

impl ServeOptions {
    /// Orgs with these names on free ports, with the seed's own number of rows.
    #[must_use]
    pub fn new(names: &[&str]) -> Self {
        Self {
            orgs: names
                .iter()
                .map(|name| OrgOption { name: (*name).to_owned(), port: 0 })
                .collect(),
            records: BTreeMap::new(),
            seed: 0,
            newest_api_version: limits::NEWEST_API_VERSION,
            daily_max: limits::DEFAULT_DAILY_MAX,
            redirect_uris: Vec::new(),
            client_id: None,
            client_secret: None,
            latency: Duration::ZERO,
            state_dir: None,
            now: None,
        }
    }

    /// Asks for `count` rows of an object in the first org.
    #[must_use]
    pub fn records(mut self, object: &str, count: u64) -> Self {
        self.records.insert(object.to_owned(), count);
        self
    }

    /// Keeps the orgs' state in a folder.
    #[must_use]
    pub fn state_dir(mut self, folder: &Path) -> Self {
        self.state_dir = Some(folder.to_owned());
        self
    }

    /// Chooses the seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}

/// What a client needs to know of a started org; one entry of the line that the server prints when it is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Announcement {
    /// The org's name.
    pub name: String,
    /// The base of data calls, without a trailing slash.
    pub instance_url: String,
    /// The login host; the same as `instance_url`.
    pub login_url: String,
    /// The 18-character organization id.
    pub org_id: String,
    /// For the login page.
    pub username: String,
    /// For the login page.
    pub password: String,
    /// The default app.
    pub client_id: String,
    /// The default app's secret, only when it must be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// The default app's callbacks.
    pub redirect_uris: Vec<String>,
    /// A live session.
    pub access_token: String,
}

/// Orgs that answer on sockets until this value is dropped.
pub struct Served {
    /// The orgs, in the order of the options.
    pub orgs: Vec<SharedOrg>,
    /// What clients need to know, in the same order.
    pub announcements: Vec<Announcement>,
    /// Every bound address; an org has two where the machine has IPv6.
    pub addresses: Vec<SocketAddr>,
    connections: JoinSet<()>,
}

impl Served {
    /// Ends all connections and frees the ports.
    pub async fn shut_down(mut self) {
        self.connections.shutdown().await;
    }
}

/// Binds the ports, seeds the orgs and answers from then on. Must be called inside a tokio runtime.
///
/// # Errors
/// [`Error`] when the options name no org or a port is taken.
pub async fn start(options: &ServeOptions) -> Result<Served, Error> {
    check(options)?;
    let mut listeners = Vec::new();
    for org in &options.orgs {
        listeners.push(sockets::bind(org.port).await?);
    }
    let ports: Vec<u16> = listeners.iter().map(|own| own.port).collect();
    let mut orgs = build(options, &ports, &(Arc::new(SystemClock) as Arc<dyn Clock>))?;
    let announcements = orgs.iter_mut().map(announce).collect();
    for org in &mut orgs {
        let path = options.state_dir.clone().unwrap_or_default();
        state::write_down(org).map_err(|source| state::Error::Io { path, source })?;
    }
    let orgs: Vec<SharedOrg> = orgs.into_iter().map(|org| Arc::new(Mutex::new(org))).collect();
    let mut connections = JoinSet::new();
    let mut addresses = Vec::new();
    for (org, own) in orgs.iter().zip(listeners) {
        for listener in own.listeners {
            addresses.extend(listener.local_addr().ok());
            connections.spawn(sockets::accept(listener, Arc::clone(org)));
        }
        connections.spawn(bulk::drive(Arc::clone(org)));
    }
    Ok(Served { orgs, announcements, addresses, connections })
}

/// The orgs without sockets, on the given clock; [`crate::router::answer`] answers for them.
///
/// A port of 0 becomes 8701 and up, so that the URLs in answers look like served ones.
///
/// # Errors
/// [`Error`] when the options name no org.
pub fn orgs_in_memory(
    options: &ServeOptions,
    clock: &Arc<dyn Clock>,
) -> Result<Vec<SharedOrg>, Error> {
    check(options)?;
    let ports: Vec<u16> = options
        .orgs
        .iter()
        .zip(FIRST_PORT_IN_MEMORY..)
        .map(|(org, free)| if org.port == 0 { free } else { org.port })
        .collect();
    Ok(build(options, &ports, clock)?.into_iter().map(|org| Arc::new(Mutex::new(org))).collect())
}

/// Tells about an org and opens a session in it.
#[must_use]
pub fn announce(org: &mut Org) -> Announcement {
    let now = org.clock.now();
    let access_token = org.oauth.open_session(&mut org.rng, &org.id, now);
    let app = org.oauth.apps.values().next();
    Announcement {
        name: org.name.clone(),
        instance_url: org.instance_url.clone(),
        login_url: org.instance_url.clone(),
        org_id: org.id.clone(),
        username: org.user.username.clone(),
        password: org.user.password.clone(),
        client_id: app.map(|app| app.client_id.clone()).unwrap_or_default(),
        client_secret: app.filter(|app| app.secret_required).map(|app| app.client_secret.clone()),
        redirect_uris: app.map(|app| app.redirect_uris.clone()).unwrap_or_default(),
        access_token,
    }
}

fn check(options: &ServeOptions) -> Result<(), Error> {
    if options.orgs.is_empty() {
        return Err(Error::NoOrg);
    }
    let mut names: Vec<&str> = options.orgs.iter().map(|org| org.name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::SameName(pair[0].to_owned())),
        None => Ok(()),
    }
}

fn build(options: &ServeOptions, ports: &[u16], clock: &Arc<dyn Clock>) -> Result<Vec<Org>, Error> {
    let mut orgs: Vec<Org> = options
        .orgs
        .iter()
        .zip(ports)
        .zip(0..)
        .map(|((org, port), position)| build_one(options, &org.name, *port, position, clock))
        .collect();
    seed::seed(&mut orgs, &SeedRequest { records: options.records.clone(), seed: options.seed });
    if let Some(folder) = &options.state_dir {
        for org in &mut orgs {
            let folder = folder.join(&org.name);
            state::open(org, &folder)?;
        }
    }
    Ok(orgs)
}

fn build_one(
    options: &ServeOptions,
    name: &str,
    port: u16,
    position: u64,
    clock: &Arc<dyn Clock>,
) -> Org {
    let id = ids::organization_id(position);
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    // Streams of one seed do not overlap; the world of the seed itself has stream 0.
    rng.set_stream(position + 1);
    let schema = standard::schema();
    let tables = schema
        .objects
        .iter()
        .map(|object| (object.name.clone(), Table::new(object, &id)))
        .collect();
    let username = format!("integration@{name}.example");
    let mut own_clock = OrgClock::new(Arc::clone(clock));
    if let Some(now) = options.now {
        own_clock.shift = now.duration_since(own_clock.now());
    }
    Org {
        name: name.to_owned(),
        instance_url: format!("http://localhost:{port}"),
        user: User {
            id: ids::make("005", ids::instance_code(&id), 1),
            password: format!("Sim-{}", letters(&mut rng, 12)),
            name: "Integration User".to_owned(),
            email: username.clone(),
            username,
        },
        schema,
        tables,
        cursors: Cursors::default(),
        clock: own_clock,
        oauth: Tokens::with_app(default_app(options, &mut rng)),
        setup: Setup::default(),
        bulk: bulk::Jobs::default(),
        bulk_v1: bulk_v1::Jobs::default(),
        soap: soap::Settings::default(),
        faults: faults::Plan::with_latency(options.latency),
        limits: Usage::new(options.daily_max, options.newest_api_version),
        state: None,
        counters: Counters::default(),
        id,
        rng,
    }
}

fn default_app(options: &ServeOptions, rng: &mut ChaCha8Rng) -> App {
    const KEY_LENGTH: usize = 80;
    const SECRET_LENGTH: usize = 64;
    let made_id = format!("3MVG9{}", letters(rng, KEY_LENGTH));
    let made_secret = letters(rng, SECRET_LENGTH);
    let client_id = options.client_id.as_deref().unwrap_or(&made_id);
    let client_secret = options.client_secret.as_deref().unwrap_or(&made_secret);
    App {
        secret_required: options.client_secret.is_some(),
        redirect_uris: DEFAULT_REDIRECT_URIS
            .map(str::to_owned)
            .into_iter()
            .chain(options.redirect_uris.clone())
            .collect(),
        ..App::public(client_id, client_secret)
    }
}

fn letters(rng: &mut ChaCha8Rng, length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    (0..length).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}
