//! Switches of an object that only describe shows: what the user interface and the search do with it.

use crate::schema::Object;

/// Describe's switches beside those of the data API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "describe has these switches, each on its own")]
pub(crate) struct Traits {
    pub(crate) deep_cloneable: bool,
    pub(crate) feed_enabled: bool,
    pub(crate) layoutable: bool,
    pub(crate) mergeable: bool,
    /// Describe's `mruEnabled`: has a list of rows used last.
    pub(crate) recently_used: bool,
    pub(crate) searchable: bool,
    pub(crate) triggerable: bool,
    pub(crate) undeletable: bool,
}

impl Traits {
    /// The switches of an object, by its name; custom objects all have the same.
    pub(crate) fn of(object: &Object) -> Self {
        let named = |names: &[&str]| names.contains(&object.name.as_str());
        let setup = named(&["Organization", "RecordType"]);
        let detail = named(&["CampaignMember", "PricebookEntry"]);
        let feed =
            ["Account", "Case", "Contact", "Lead", "Opportunity", "Product2", "Task", "User"];
        Self {
            deep_cloneable: named(&["Campaign", "Opportunity"]),
            feed_enabled: named(&feed),
            layoutable: !setup,
            mergeable: named(&["Account", "Contact", "Lead"]),
            recently_used: !setup && !named(&["CampaignMember"]),
            searchable: !setup && !detail,
            triggerable: !setup,
            undeletable: object.deletable && !detail,
        }
    }
}
