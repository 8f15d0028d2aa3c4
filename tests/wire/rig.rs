//! One served org and our client before it.

use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use isthmus_salesforce::Client;
use isthmus_tests::orgs::Orgs;
use orgsim::rows::text;
use orgsim::serve::ServeOptions;

/// The org's name.
pub(crate) const ORG: &str = "sales";

/// A served org with that many accounts.
pub(crate) fn serve(accounts: u64) -> Orgs {
    let options = ServeOptions::new(&[ORG]).seed(7).records("Account", accounts);
    Orgs::with_own_callbacks(options)
}

/// Our client with the org's ready session.
pub(crate) fn client(orgs: &Orgs) -> Client {
    let org = orgs.announcement(ORG);
    isthmus_tests::client::client(&org.instance_url, &org.access_token)
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
