//! What is looked for among records, and what was found.

use std::collections::BTreeSet;

use isthmus_contract::command::{OrgList, OrgObjects, RecordSearchRows};
use isthmus_contract::console::Topic;
use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::record::{RecordSearch, SearchBy};
use leptos::prelude::*;

use crate::state::asked::Asked;

/// Most records that are shown of one search; beyond it one narrows the search.
pub(super) const MOST_ROWS: u32 = 2_000;

/// Search by a part of the name, or by an id.
pub(super) const BY_NAME: &str = "name";
/// Search by a SOQL condition.
pub(super) const BY_CONDITION: &str = "soql";

/// The object that most people look for.
const FIRST_OBJECT: &str = "Account";

/// The search of this page.
#[derive(Clone, Copy)]
pub(super) struct Search {
    /// The orgs.
    pub(super) orgs: Asked<OrgList>,
    /// The objects of the org chosen.
    pub(super) objects: Asked<OrgObjects>,
    /// What was found.
    pub(super) found: Asked<RecordSearchRows>,
    /// The org chosen, by name.
    pub(super) org: RwSignal<String>,
    /// The object chosen, by API name.
    pub(super) object: RwSignal<String>,
    /// By what: [`BY_NAME`] or [`BY_CONDITION`].
    pub(super) by: RwSignal<String>,
    /// The text typed.
    pub(super) text: RwSignal<String>,
    /// Ids of the records selected.
    pub(super) selected: RwSignal<BTreeSet<String>>,
    wanted: RwSignal<Option<RecordSearch>>,
}

impl Search {
    /// Nothing looked for yet; begins with the first org's newest records.
    pub(super) fn new() -> Self {
        let org = RwSignal::new(String::new());
        let wanted = RwSignal::new(None::<RecordSearch>);
        let search = Self {
            orgs: Asked::new(&[Topic::Orgs, Topic::Workspace], || Some(())),
            objects: Asked::new(&[], move || Some(org.get()).filter(|org| !org.is_empty())),
            found: Asked::new(&[], move || wanted.get()),
            org,
            object: RwSignal::new(String::new()),
            by: RwSignal::new(BY_NAME.to_owned()),
            text: RwSignal::new(String::new()),
            selected: RwSignal::new(BTreeSet::new()),
            wanted,
        };
        search.choose_org();
        search.choose_object();
        search
    }

    /// The orgs that can be asked.
    pub(super) fn connected(self) -> Vec<OrgView> {
        let orgs = self.orgs.answer.get().and_then(Result::ok).unwrap_or_default();
        orgs.into_iter().filter(|org| org.state == OrgState::Connected).collect()
    }

    /// Looks for what is typed now.
    pub(super) fn start(self) {
        let Some(request) = untrack(|| self.request()) else { return };
        self.selected.set(BTreeSet::new());
        self.found.answer.set(None);
        if *self.wanted.read_untracked() == Some(request.clone()) {
            self.found.again();
        } else {
            self.wanted.set(Some(request));
        }
    }

    /// Another org was chosen: its objects are asked for, and the search begins anew when they are there.
    pub(super) fn org_changed(self) {
        self.found.answer.set(None);
        self.objects.answer.set(None);
        self.selected.set(BTreeSet::new());
    }

    /// Reads again what was found, as after a run; the selection stays.
    pub(super) fn refresh(self) {
        self.found.again();
    }

    /// Whether the object is known and the search can begin.
    pub(super) fn is_ready(self) -> bool {
        !self.org.read().is_empty() && !self.object.read().is_empty()
    }

    fn request(self) -> Option<RecordSearch> {
        if !self.is_ready() {
            return None;
        }
        let text = self.text.get();
        let by = match self.by.get().as_str() {
            BY_CONDITION => SearchBy::Condition(condition(&text).to_owned()),
            _ => SearchBy::NameOrId(text.trim().to_owned()),
        };
        if by == SearchBy::Condition(String::new()) {
            return None;
        }
        Some(RecordSearch { org: self.org.get(), object: self.object.get(), by, limit: MOST_ROWS })
    }

    /// The first connected org, until a person chooses; another one where the chosen one is gone.
    fn choose_org(self) {
        Effect::new(move || {
            let connected = self.connected();
            let chosen = self.org.get_untracked();
            let first = connected.first().map(|org| org.name.clone());
            if let (false, Some(first)) = (connected.iter().any(|org| org.name == chosen), first) {
                self.org.set(first);
            }
        });
    }

    /// The object stays when another org has it too.
    fn choose_object(self) {
        Effect::new(move || {
            let Some(Ok(objects)) = self.objects.answer.get() else { return };
            let has =
                |name: &str| objects.iter().any(|object| object.queryable && object.name == name);
            let chosen = self.object.get_untracked();
            if !has(&chosen) {
                let first = objects.iter().find(|object| object.queryable);
                let first = if has(FIRST_OBJECT) {
                    FIRST_OBJECT.to_owned()
                } else {
                    first.map(|object| object.name.clone()).unwrap_or_default()
                };
                self.object.set(first);
            }
            self.start();
        });
    }
}

/// A condition as people type it, with or without WHERE.
fn condition(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(char::is_whitespace) {
        Some((first, rest)) if first.eq_ignore_ascii_case("where") => rest.trim_start(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::condition;

    #[test]
    fn a_condition_may_begin_with_where() {
        assert_eq!(condition(" WHERE  Name = 'a'"), "Name = 'a'");
        assert_eq!(condition("Whereabouts__c = 'a'"), "Whereabouts__c = 'a'");
        assert_eq!(condition("where"), "where");
    }
}
