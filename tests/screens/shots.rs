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

/// Has the page make a plan, and opens its first row.
const PLAN: &str = "
    const until = async (found) => { for (let i = 0; i < 100 && !found(); i++) await new Promise((next) => setTimeout(next, 100)); };
    await until(() => document.querySelector('[data-test=plan]'));
    document.querySelector('[data-test=plan]').click();
    await until(() => document.querySelector('[data-test=plan-rows] [role=row][aria-rowindex=\"3\"]'));
    const row = document.querySelector('[data-test=plan-rows] [role=row][aria-rowindex=\"3\"]');
    row.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    row.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await new Promise((next) => setTimeout(next, 400));";

/// Opens the first row of a run.
const ROW: &str = "
    const until = async (found) => { for (let i = 0; i < 100 && !found(); i++) await new Promise((next) => setTimeout(next, 100)); };
    await until(() => document.querySelector('[data-test=run-rows] [role=row][aria-rowindex=\"2\"]'));
    const row = document.querySelector('[data-test=run-rows] [role=row][aria-rowindex=\"2\"]');
    row.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    await new Promise((next) => setTimeout(next, 600));";

/// Goes on to the next step of a wizard that needs a name first.
const NAMED: &str = "
    const field = document.querySelector('[data-test=sync-name] input');
    field.value = 'customers';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    document.querySelector('[data-test=go-on]').click();
    await new Promise((next) => setTimeout(next, 1500));";

/// Chooses another view of the map by its radio.
const GRID: &str = "[...document.querySelectorAll('[data-test=map-view] input')][1].click();";
const TEXT: &str = "[...document.querySelectorAll('[data-test=map-view] input')][2].click();";

/// Opens the command palette.
const PALETTE: &str = "document.querySelector('[data-test=search]').click();";

/// What no page shows by itself: name of page and state, scenario, place, and what is done first.
const MORE: [(&str, &str, &str, &str, Option<&str>); 10] = [
    ("workspace", "loading", "loading", "&workspace=loading#/", None),
    ("welcome", "new", "new", "#/", None),
    ("preview", "planned", "full", "#/syncs/Customers/preview", Some(PLAN)),
    ("run", "row", "full", "#/runs/1842", Some(ROW)),
    ("run", "working", "full", "&job=run#/syncs/Customers/preview", None),
    ("new-sync", "objects", "full", "#/new-sync", Some(NAMED)),
    ("map", "grid", "full", "#/syncs/Customers/map", Some(GRID)),
    ("map", "text", "full", "#/syncs/Customers/map", Some(TEXT)),
    ("map", "large", "large", "#/syncs/Customers/map", None),
    ("palette", "open", "full", "#/", Some(PALETTE)),
];

/// Every page in every state, and what no page shows by itself.
pub(crate) fn shots() -> Vec<Shot> {
    let mut shots = Vec::new();
    for (page, place) in PAGES {
        for (state, scenario, size) in STATES {
            shots.push(Shot { page, state, scenario, place, size, before: None });
        }
    }
    for (page, state, scenario, place, before) in MORE {
        shots.push(Shot { page, state, scenario, place, size: WIDE, before });
    }
    shots
}
