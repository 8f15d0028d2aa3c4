//! One served org for calls of no size.

use std::net::Ipv4Addr;
use std::sync::Arc;

use isthmus_model::clock::Clock;
use isthmus_salesforce::host::OrgUrl;
use isthmus_salesforce::session::FixedToken;
use isthmus_salesforce::transport::ReqwestTransport;
use isthmus_salesforce::{Client, ClientSettings};
use jiff::Timestamp;
use orgsim::clock::SystemClock;
use orgsim::router::{lock, router};
use orgsim::serve::{Announcement, OrgOption, ServeOptions, announce, orgs_in_memory};

/// The org; it ends with this value.
pub(crate) struct ServedOrg {
    announcement: Announcement,
    _runtime: tokio::runtime::Runtime,
}

/// The clock of nobody: a bench compares no times of the org's.
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

impl ServedOrg {
    pub(crate) fn serve() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .expect("a free port");
        let port = listener.local_addr().expect("a bound address").port();
        let mut options = ServeOptions::new(&["sales"]).seed(7);
        options.daily_max = 100_000_000;
        options.orgs = vec![OrgOption { name: "sales".to_owned(), port }];
        let clock: Arc<dyn orgsim::clock::Clock> = Arc::new(SystemClock);
        let orgs = orgs_in_memory(&options, &clock).expect("one org is named");
        let org = Arc::clone(&orgs[0]);
        let announcement = announce(&mut lock(&org));
        runtime.spawn(async move { axum::serve(listener, router(org)).await });
        Self { announcement, _runtime: runtime }
    }

    pub(crate) fn client(&self) -> Result<Client, Box<dyn std::error::Error>> {
        let instance = OrgUrl::parse(&self.announcement.instance_url)?;
        let settings = ClientSettings::new("bench", instance, "Isthmus-bench");
        let token = Arc::new(FixedToken(self.token().to_owned().into()));
        Ok(Client::new(
            settings,
            Arc::new(ReqwestTransport::new()?),
            token,
            Arc::new(StandingClock),
        ))
    }

    pub(crate) fn token(&self) -> &str {
        &self.announcement.access_token
    }

    pub(crate) fn address(&self, resource: &str) -> String {
        let base = self.announcement.instance_url.trim_end_matches('/');
        format!("{base}/services/data/v65.0/{resource}")
    }
}
