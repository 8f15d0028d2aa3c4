//! One served org and our client before it.

use std::sync::Arc;

use isthmus_model::clock::Clock;
use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use isthmus_salesforce::session::{FixedToken, TokenSource};
use isthmus_salesforce::transport::ReqwestTransport;
use isthmus_salesforce::{Client, ClientSettings, OrgUrl};
use isthmus_tests::orgs::Orgs;
use jiff::Timestamp;
use orgsim::rows::text;
use orgsim::serve::ServeOptions;

/// The org's name.
pub(crate) const ORG: &str = "sales";

/// The machine's clock, as the served org reads it.
pub(crate) struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        orgsim::clock::Clock::now(&orgsim::clock::SystemClock)
    }
}

/// A served org with that many accounts.
pub(crate) fn serve(accounts: u64) -> Orgs {
    let options = ServeOptions::new(&[ORG]).seed(7).records("Account", accounts);
    Orgs::with_own_callbacks(options)
}

/// What every request leaves by.
pub(crate) fn transport() -> Arc<ReqwestTransport> {
    Arc::new(ReqwestTransport::new().expect("a transport"))
}

/// Our client with the org's ready session.
pub(crate) fn client(orgs: &Orgs) -> Client {
    let token = orgs.announcement(ORG).access_token.clone();
    client_with(orgs, Arc::new(FixedToken(token.into())))
}

/// Our client with tokens from elsewhere.
pub(crate) fn client_with(orgs: &Orgs, tokens: Arc<dyn TokenSource>) -> Client {
    let address = OrgUrl::parse(&orgs.announcement(ORG).instance_url).expect("a loopback address");
    let settings = ClientSettings::new(ORG, address, "Isthmus-wire");
    Client::new(settings, transport(), tokens, Arc::new(MachineClock))
}

/// Values of text by field.
pub(crate) fn values(pairs: &[(&str, &str)]) -> Vec<(FieldName, Value)> {
    let value =
        |(field, text): &(&str, &str)| (FieldName::from(*field), Value::Text((*text).to_owned()));
    pairs.iter().map(value).collect()
}

/// One field of a record as the org holds it.
pub(crate) fn held(orgs: &Orgs, object: &str, id: RecordId, field: &str) -> Option<String> {
    let org = orgs.org(ORG);
    let row = org.tables[object].live(&id.to_string())?;
    text(row, field).map(str::to_owned)
}

/// The ids of the first accounts.
pub(crate) fn accounts(orgs: &Orgs, count: usize) -> Vec<RecordId> {
    let rows = orgs.rows(ORG, "Account");
    let ids = rows.iter().take(count).map(|row| text(row, "Id").expect("rows have ids"));
    ids.map(|id| id.parse().expect("a valid id")).collect()
}
