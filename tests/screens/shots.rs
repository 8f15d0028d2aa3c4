//! The list of pictures.

/// One page in one state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shot {
    page: &'static str,
    state: &'static str,
    /// The scenario of the fake.
    pub(crate) scenario: &'static str,
    /// The place, with what follows the scenario in the address.
    pub(crate) place: &'static str,
    /// Width and height of the page.
    pub(crate) size: (u64, u64),
    /// What is done in the page first: a script.
    pub(crate) before: Option<&'static str>,
}

impl Shot {
    /// Page and state.
    pub(crate) fn name(&self) -> String {
        format!("{}-{}", self.page, self.state)
    }
}

/// As the mock's pictures.
const WIDE: (u64, u64) = (1440, 900);

/// Half a screen, where the rail is icons.
const NARROW: (u64, u64) = (1024, 700);

/// Every page: its name and its place.
const PAGES: [(&str, &str); 12] = [
    ("overview", "#/"),
    ("orgs", "#/orgs"),
    ("org", "#/orgs/Northwind%20Sales"),
    ("connect", "#/connect"),
    ("syncs", "#/syncs"),
    ("new-sync", "#/new-sync"),
    ("map", "#/syncs/Customers/map"),
    ("preview", "#/syncs/Customers/preview"),
    ("runs", "#/runs"),
    ("run", "#/runs/1842"),
    ("records", "#/records"),
    ("settings", "#/settings"),
];

/// Every state: its name, its scenario and its size.
const STATES: [(&str, &str, (u64, u64)); 5] = [
    ("full", "full", WIDE),
    ("narrow", "full", NARROW),
    ("empty", "empty", WIDE),
    ("loading", "loading", WIDE),
    ("error", "failing", WIDE),
];

/// Every page in every state, and what no page shows by itself.
pub(crate) fn shots() -> Vec<Shot> {
    let mut shots = Vec::new();
    for (page, place) in PAGES {
        for (state, scenario, size) in STATES {
            shots.push(Shot { page, state, scenario, place, size, before: None });
        }
    }
    shots.push(Shot {
        page: "welcome",
        state: "new",
        scenario: "new",
        place: "#/",
        size: WIDE,
        before: None,
    });
    shots
}
