//! One served org full of accounts.

use std::net::Ipv4Addr;
use std::sync::Arc;

use orgsim::clock::{Clock, SystemClock};
use orgsim::router::{lock, router};
use orgsim::serve::{Announcement, OrgOption, ServeOptions, announce, orgs_in_memory};

use crate::child::Share;

/// The org; it ends with this value.
pub(crate) struct ServedOrg {
    announcement: Announcement,
    _runtime: tokio::runtime::Runtime,
}

impl ServedOrg {
    pub(crate) fn serve(rows: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .expect("a free port");
        let port = listener.local_addr().expect("a bound address").port();
        let mut options = ServeOptions::new(&["sales"]).seed(7).records("Account", rows);
        options.daily_max = 1_000_000;
        options.orgs = vec![OrgOption { name: "sales".to_owned(), port }];
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let orgs = orgs_in_memory(&options, &clock).expect("one org is named");
        let org = Arc::clone(&orgs[0]);
        let announcement = announce(&mut lock(&org));
        runtime.spawn(async move { axum::serve(listener, router(org)).await });
        Self { announcement, _runtime: runtime }
    }

    pub(crate) fn share(&self, what: &str, amount: u64, job: Option<String>) -> Share {
        Share {
            what: what.to_owned(),
            instance_url: self.announcement.instance_url.clone(),
            token: self.announcement.access_token.clone(),
            amount,
            job,
        }
    }
}
