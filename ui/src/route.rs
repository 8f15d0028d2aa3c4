//! Which page is shown: one typed place per page, kept in the address after `#`, so that back and forward work.

use isthmus_model::ids::RunId;
use leptos::prelude::*;

/// A place in the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// Everything at a glance, and the way to the first run.
    Overview,
    /// The orgs.
    Orgs,
    /// The wizard that connects an org; with the name of the org that is to be connected again.
    Connect(Option<String>),
    /// One org, by name.
    Org(String),
    /// The syncs.
    Syncs,
    /// The wizard that makes a sync.
    NewSync,
    /// One sync, by name, on one of its tabs.
    Sync(String, SyncTab),
    /// The runs of all syncs.
    Runs,
    /// One run.
    Run(RunId),
    /// Search among records.
    Records,
    /// Appearance, keys, and what this build is.
    Settings,
    /// Every component in every state; only the showcase leads there.
    Gallery,
}

/// A tab of a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyncTab {
    /// How objects and fields correspond.
    Map,
    /// What a run would do, and the run.
    Preview,
    /// What became of it.
    Runs,
}

impl SyncTab {
    /// The tabs in the order of the bar, with the word shown.
    pub(crate) const ALL: [(Self, &'static str); 3] =
        [(Self::Map, "Map"), (Self::Preview, "Preview"), (Self::Runs, "Runs")];

    fn word(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Preview => "preview",
            Self::Runs => "runs",
        }
    }
}

impl Route {
    /// The place as an address: `#/syncs/customers/map`.
    pub(crate) fn href(&self) -> String {
        match self {
            Self::Overview => "#/".to_owned(),
            Self::Orgs => "#/orgs".to_owned(),
            Self::Connect(None) => "#/connect".to_owned(),
            Self::Connect(Some(name)) => format!("#/connect/{}", encoded(name)),
            Self::Org(name) => format!("#/orgs/{}", encoded(name)),
            Self::Syncs => "#/syncs".to_owned(),
            Self::NewSync => "#/new-sync".to_owned(),
            Self::Sync(name, tab) => format!("#/syncs/{}/{}", encoded(name), tab.word()),
            Self::Runs => "#/runs".to_owned(),
            Self::Run(run) => format!("#/runs/{run}"),
            Self::Records => "#/records".to_owned(),
            Self::Settings => "#/settings".to_owned(),
            Self::Gallery => "#/gallery".to_owned(),
        }
    }

    /// The place that an address names; an unknown one is the overview.
    pub(crate) fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            ["orgs"] => Self::Orgs,
            ["connect"] => Self::Connect(None),
            ["connect", name] => Self::Connect(Some(decoded(name))),
            ["orgs", name] => Self::Org(decoded(name)),
            ["syncs"] => Self::Syncs,
            ["new-sync"] => Self::NewSync,
            ["syncs", name] => Self::Sync(decoded(name), SyncTab::Map),
            ["syncs", name, tab] => Self::Sync(decoded(name), parsed_tab(tab)),
            ["runs"] => Self::Runs,
            ["runs", run] => run.parse().map_or(Self::Runs, |run| Self::Run(RunId(run))),
            ["records"] => Self::Records,
            ["settings"] => Self::Settings,
            ["gallery"] => Self::Gallery,
            _ => Self::Overview,
        }
    }
}

fn parsed_tab(word: &str) -> SyncTab {
    let mut tabs = SyncTab::ALL.into_iter().map(|(tab, _)| tab);
    tabs.find(|tab| tab.word() == word).unwrap_or(SyncTab::Map)
}

/// Percent-encodes all but letters, digits, `-`, `_` and `.` (RFC 3986, section 2.1).
fn encoded(text: &str) -> String {
    let mut address = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escape = after.get(..2).filter(|_| first == b'%');
        let byte = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The place that is shown, and the way to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Router {
    shown: RwSignal<Route>,
    guard: RwSignal<Option<Guard>>,
}

/// Asked before a place is left: answers true where it may be.
type Guard = Callback<Route, bool>;

impl Router {
    /// Follows the address from now on.
    pub(crate) fn start() -> Self {
        let address = || Route::parse(&window().location().hash().unwrap_or_default());
        let router = Self { shown: RwSignal::new(address()), guard: RwSignal::new(None) };
        let _listening_as_long_as_the_page_lives =
            window_event_listener(leptos::ev::hashchange, move |_| router.arrive(address()));
        router
    }

    /// The router of this application.
    pub(crate) fn of_this_app() -> Self {
        expect_context::<Self>()
    }

    /// The place that is shown.
    pub(crate) fn shown(self) -> Route {
        self.shown.get()
    }

    /// The same, where nothing is to follow it.
    pub(crate) fn shown_untracked(self) -> Route {
        self.shown.get_untracked()
    }

    /// Goes to a place.
    pub(crate) fn go(self, route: &Route) {
        let _a_page_always_has_an_address = window().location().set_hash(&route.href());
    }

    /// Has a page asked before it is left, as long as its owner lives. A page that answers false keeps its place; it
    /// leads there itself once the person has decided, after `unguard`.
    pub(crate) fn guard(self, guard: Guard) {
        self.guard.set(Some(guard));
        on_cleanup(move || self.guard.try_set(None).map_or((), drop));
    }

    /// Lets the page be left without being asked.
    pub(crate) fn unguard(self) {
        self.guard.set(None);
    }

    fn arrive(self, route: Route) {
        let shown = self.shown.get_untracked();
        if route == shown {
            return;
        }
        let guard = self.guard.get_untracked();
        if guard.is_some_and(|guard| !guard.run(route.clone())) {
            self.go(&shown);
        } else {
            self.shown.set(route);
        }
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::ids::RunId;

    use super::{Route, SyncTab};

    #[test]
    fn every_place_is_found_again_by_its_address() {
        let name = || "Kunden & Co/100% \u{5d0}".to_owned();
        let places = [
            Route::Overview,
            Route::Orgs,
            Route::Connect(None),
            Route::Connect(Some(name())),
            Route::Org(name()),
            Route::Syncs,
            Route::NewSync,
            Route::Sync(name(), SyncTab::Map),
            Route::Sync(name(), SyncTab::Preview),
            Route::Sync(name(), SyncTab::Runs),
            Route::Runs,
            Route::Run(RunId(1842)),
            Route::Records,
            Route::Settings,
            Route::Gallery,
        ];
        for place in places {
            assert_eq!(Route::parse(&place.href()), place);
        }
    }

    #[test]
    fn an_address_that_names_nothing_leads_to_the_overview() {
        for address in ["", "#", "#/", "#/nowhere", "#/orgs/a/b/c"] {
            assert_eq!(Route::parse(address), Route::Overview, "{address}");
        }
        assert_eq!(Route::parse("#/runs/none"), Route::Runs);
        assert_eq!(Route::parse("#/orgs/%ZZ%"), Route::Org("%ZZ%".to_owned()));
    }
}
