//! What several domains of the fake speak of: the orgs of the demo, and texts that are hard to show.

use isthmus_contract::problem::{Code, Problem};
use isthmus_model::ids::{OrgId, RecordId};

use crate::backend::fake::Scenario;

/// The left org of most syncs.
pub(super) const SALES: &str = "Northwind Sales";
/// The right org of most syncs.
pub(super) const SERVICE: &str = "Northwind Service";
/// The third org.
pub(super) const EMEA: &str = "Contoso EMEA";

/// A name that would run if it were taken for markup.
pub(super) const MARKUP: &str = "<img src=x onerror=alert(1)> & \"Söhne\"";
/// A name that is written from right to left, with digits and brackets in it.
pub(super) const RIGHT_TO_LEFT: &str = "שלום עולם (2026) ושות׳ בע״מ";

/// A name of ten thousand characters without a place to break.
pub(super) fn endless() -> String {
    "Überlandwerke".chars().cycle().take(10_000).collect()
}

/// The names of the orgs that a scenario has, in the order of the list.
pub(super) fn org_names(scenario: Scenario) -> Vec<String> {
    match scenario {
        Scenario::New | Scenario::Empty => Vec::new(),
        Scenario::Hostile => vec![MARKUP.to_owned(), RIGHT_TO_LEFT.to_owned(), endless()],
        Scenario::Full | Scenario::Loading | Scenario::Failing | Scenario::Large => {
            [SALES, SERVICE, EMEA].map(str::to_owned).to_vec()
        }
    }
}

/// The organization id of the demo's org number `place`, from 0.
pub(super) fn org_id(place: usize) -> OrgId {
    OrgId::parse(&format!("00D5f00000{place:05}")).expect("digits after 00D are an organization id")
}

/// A record id of an object's prefix (three letters or digits) and a number below a billion.
pub(super) fn record_id(prefix: &str, number: usize) -> RecordId {
    RecordId::parse(&format!("{prefix}5f0{number:09}"))
        .expect("fifteen letters and digits are an id")
}

/// What the failing scenario answers to a question that needs an org.
pub(super) fn unreachable(org: &str) -> Problem {
    Problem::new(
        Code::OrgUnreachable,
        format!("{org}: could not reach northwind.my.salesforce.com: the connection timed out"),
        "check this machine's network and the org's status at status.salesforce.com, then try again",
    )
}

/// What the failing scenario answers to a question about the ledger.
pub(super) fn unreadable_ledger() -> Problem {
    Problem::new(
        Code::WorkspaceDamaged,
        "the ledger cannot be read: page 4711 has a wrong checksum",
        "close Isthmus, put yesterday's backup in place, and start again",
    )
}

#[cfg(test)]
mod tests {
    use super::{endless, org_id, record_id};

    #[test]
    fn every_id_of_the_demo_is_one() {
        assert!(org_id(0).as_str().starts_with("00D5f00000"));
        assert_ne!(org_id(0), org_id(1));
        assert_eq!(record_id("001", 999_999_999).key_prefix(), "001");
    }

    #[test]
    fn the_endless_name_has_ten_thousand_characters() {
        assert_eq!(endless().chars().count(), 10_000);
    }
}
