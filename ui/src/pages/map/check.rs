//! The draft is checked a moment after each edit, against both orgs.

use std::sync::Arc;
use std::time::Duration;

use isthmus_contract::command::SyncCheck;
use isthmus_contract::console::Topic;
use isthmus_contract::file::Severity;
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::{CheckRequest, CheckView, Draft as Written};
use isthmus_model::document::SyncDocument;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::backend::Backend;
use crate::pages::map::draft::Draft;
use crate::pages::map::found::Found;
use crate::state::console::Console;

/// How long an edit may be followed by another before both are checked.
const QUIET: Duration = Duration::from_millis(300);

/// The last check.
#[derive(Clone, Copy)]
pub(crate) struct Check {
    /// What the shell answered last; `None` before the first answer.
    pub(crate) view: RwSignal<Option<CheckView>>,
    /// The problems at their places.
    pub(crate) found: RwSignal<Vec<Found>>,
    /// Why the draft could not be checked.
    pub(crate) refused: RwSignal<Option<Problem>>,
    again: RwSignal<u32>,
}

impl Check {
    /// Checks a draft now, and again a moment after each change of it or of the orgs.
    pub(crate) fn of(draft: RwSignal<Draft>, document: Memo<Arc<SyncDocument>>) -> Self {
        let check = Self {
            view: RwSignal::new(None),
            found: RwSignal::new(Vec::new()),
            refused: RwSignal::new(None),
            again: RwSignal::new(0),
        };
        let backend = Backend::of_this_app();
        let console = Console::of_this_app();
        let waiting = StoredValue::new_local(None::<TimeoutHandle>);
        let newest = StoredValue::new_local(0_u32);
        Effect::new(move |first: Option<()>| {
            check.again.track();
            _ = console.version(Topic::Orgs);
            let checked = document.get();
            let request = CheckRequest { draft: written(&draft.read_untracked()) };
            newest.update_value(|number| *number += 1);
            let number = newest.get_value();
            let backend = backend.clone();
            let ask = move || {
                leptos::task::spawn_local(async move {
                    let answer = backend.ask::<SyncCheck>(request).await;
                    if newest.try_get_value() == Some(number) {
                        check.take(answer, &checked);
                    }
                });
            };
            if let Some(earlier) = waiting.try_update_value(Option::take).flatten() {
                earlier.clear();
            }
            let quiet = if first.is_some() { QUIET } else { Duration::ZERO };
            waiting.set_value(set_timeout_with_handle(ask, quiet).ok());
        });
        on_cleanup(move || {
            if let Some(waiting) = waiting.try_update_value(Option::take).flatten() {
                waiting.clear();
            }
        });
        check
    }

    /// Checks once more.
    pub(crate) fn again(self) {
        self.again.update(|times| *times += 1);
    }

    /// How many problems of a pair of objects keep the draft from being stored.
    pub(crate) fn refusals(self, left: &str, right: &str) -> usize {
        let refused = |found: &&Found| {
            found.problem.severity == Severity::Refused && found.is_of(left, right)
        };
        self.found.read().iter().filter(refused).count()
    }

    fn take(self, answer: Result<CheckView, Problem>, checked: &SyncDocument) {
        match answer {
            Ok(view) => {
                let found = Found::all(&view.problems, view.document.as_ref().unwrap_or(checked));
                _ = self.found.try_set(found);
                _ = self.refused.try_set(None);
                _ = self.view.try_set(Some(view));
            }
            Err(problem) => _ = self.refused.try_set(Some(problem)),
        }
    }
}

/// The draft as the shell takes it: its own text where it has one, so that places and comments are the person's.
pub(crate) fn written(draft: &Draft) -> Written {
    match draft.text() {
        Some(text) => Written::Text(text.to_string()),
        None => Written::Document(SyncDocument::clone(draft.document())),
    }
}
