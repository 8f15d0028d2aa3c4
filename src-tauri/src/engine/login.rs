//! The one login that may wait for the browser.

use std::cell::RefCell;

use isthmus_app::diagnose;
use isthmus_app::org::{Secrets, connect};
use isthmus_contract::console::Topic;
use isthmus_contract::org::{ConnectOrder, LoginStep, OrgView};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::request::{Browser, ConnectRequest};
use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::Desk;

/// The login that waits for the browser. A new one takes the place of an earlier one: the page that began the earlier
/// one has been left.
#[derive(Default)]
pub(super) struct Login {
    cancel: RefCell<CancellationToken>,
    at_work: Mutex<()>,
}

impl Desk {
    /// Connects an org through the system browser.
    ///
    /// # Errors
    /// As [`connect`]; [`Code::Cancelled`].
    pub(crate) async fn log_in(
        &self,
        order: ConnectOrder,
        on_step: impl FnMut(LoginStep),
    ) -> Result<OrgView, Problem> {
        let cancel = self.login.cancel.replace(CancellationToken::new());
        cancel.cancel();
        let cancel = self.login.cancel.borrow().clone();
        let _one_at_a_time = self.login.at_work.lock().await;
        let workspace = self.workspace()?;
        let (request, secrets) = divide(order);
        let view = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(given_up()),
            view = connect(&workspace, &request, secrets, on_step) => view,
        };
        let view = view.map_err(|error| diagnose(&error))?;
        self.changed(Topic::Orgs);
        Ok(view)
    }

    /// Gives up the login that waits, if one does.
    pub(crate) fn give_up_login(&self) {
        self.login.cancel.borrow().cancel();
    }
}

/// The secret goes its own way from here on.
fn divide(order: ConnectOrder) -> (ConnectRequest, Secrets) {
    let given = order.client_secret.map(|secret| secret.trim().to_owned());
    let client_secret = given.filter(|secret| !secret.is_empty()).map(SecretString::from);
    let request = ConnectRequest {
        name: order.name,
        host: order.host,
        client_id: order.client_id,
        browser: Browser::Open,
        callback_ports: callback_ports(),
    };
    (request, Secrets { client_secret })
}

/// The registered three. In debug builds `ISTHMUS_CALLBACK_PORTS` names others, so that tests run side by side.
#[cfg(debug_assertions)]
fn callback_ports() -> Vec<u16> {
    let ports = std::env::var("ISTHMUS_CALLBACK_PORTS").unwrap_or_default();
    ports.split(',').filter_map(|port| port.trim().parse().ok()).collect()
}

#[cfg(not(debug_assertions))]
fn callback_ports() -> Vec<u16> {
    Vec::new()
}

fn given_up() -> Problem {
    Problem::new(
        Code::Cancelled,
        "the login was given up; no org was connected",
        "connect again whenever you like",
    )
}
