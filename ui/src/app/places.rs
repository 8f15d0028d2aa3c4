//! The pages that the rail leads to, each with its letter for the keyboard.

use crate::components::icon::Shape;
use crate::route::Route;

/// One page of the rail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where it leads.
    pub(crate) route: Route,
    /// Its word.
    pub(crate) title: &'static str,
    /// Its icon.
    pub(crate) shape: Shape,
    /// The key that goes there after `G`: the first letter of the word that no page before it has taken.
    pub(crate) letter: &'static str,
}

/// The pages in the order of the rail; the settings, at its foot, come last.
pub(crate) fn all() -> [Place; 6] {
    let place = |route, title, shape, letter| Place { route, title, shape, letter };
    [
        place(Route::Overview, "Overview", Shape::Overview, "O"),
        place(Route::Orgs, "Orgs", Shape::Orgs, "R"),
        place(Route::Syncs, "Syncs", Shape::Syncs, "S"),
        place(Route::Runs, "Runs", Shape::Runs, "U"),
        place(Route::Records, "Records", Shape::Records, "E"),
        place(Route::Settings, "Settings", Shape::Settings, "T"),
    ]
}

/// Whether a page lies within the part of the console that a place of the rail stands for.
pub(crate) fn holds(place: &Route, shown: &Route) -> bool {
    match shown {
        Route::Org(_) | Route::Connect(_) => *place == Route::Orgs,
        Route::Sync(..) | Route::NewSync => *place == Route::Syncs,
        Route::Run(_) => *place == Route::Runs,
        shown => place == shown,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{all, holds};
    use crate::route::{Route, SyncTab};

    #[test]
    fn every_place_has_the_first_free_letter_of_its_word() {
        let mut taken = BTreeSet::new();
        for place in all() {
            let letters = place.title.to_uppercase();
            let free = letters.chars().find(|letter| !taken.contains(letter));
            let letter = place.letter.chars().next();
            assert_eq!(letter, free, "{}", place.title);
            taken.extend(letter);
        }
    }

    #[test]
    fn a_page_below_another_lies_in_its_part() {
        let map = Route::Sync("customers".to_owned(), SyncTab::Map);
        assert!(holds(&Route::Syncs, &map));
        assert!(holds(&Route::Orgs, &Route::Connect(None)));
        assert!(!holds(&Route::Overview, &map));
        assert!(holds(&Route::Settings, &Route::Settings));
    }
}
