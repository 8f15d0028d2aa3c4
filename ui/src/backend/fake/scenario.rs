//! What the fake's answers tell.

/// A state of the world that pages are looked at and tested in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scenario {
    /// Three orgs, four syncs, runs of every end.
    #[default]
    Full,
    /// No workspace yet.
    New,
    /// A workspace without any org.
    Empty,
    /// Nothing is ever answered.
    Loading,
    /// Everything is refused.
    Failing,
    /// 800 fields on either side, plans and reports of 100,000 rows.
    Large,
    /// Names that are markup, ten thousand characters long, or written from right to left.
    Hostile,
}

impl Scenario {
    /// Every scenario with the word it is chosen by.
    pub const ALL: &[(&str, Self)] = &[
        ("full", Self::Full),
        ("new", Self::New),
        ("empty", Self::Empty),
        ("loading", Self::Loading),
        ("failing", Self::Failing),
        ("large", Self::Large),
        ("hostile", Self::Hostile),
    ];

    /// The one in the page's address; the full one where none is named.
    pub(super) fn of_this_address() -> Self {
        let word = word_in_address("scenario");
        let named =
            |word: &str| Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, one)| *one);
        word.as_deref().and_then(named).unwrap_or_default()
    }
}

/// What the page's address says of this (`?scenario=large&job=run`).
pub(super) fn word_in_address(name: &str) -> Option<String> {
    let search = leptos::prelude::window().location().search().unwrap_or_default();
    let parts = search.trim_start_matches('?').split('&');
    parts
        .filter_map(|part| part.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, word)| word.to_owned())
}
