//! Storing the draft: what may come in between, and what is asked before it is left.

use std::sync::Arc;

use isthmus_contract::command::{SyncCheck, SyncGet, SyncSave};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::sync::{CheckRequest, ImportView, SaveRequest, SyncDetail};
use isthmus_model::document::SyncDocument;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::badge::Tone;
use crate::components::toast::Toasts;
use crate::pages::map::check::written;
use crate::pages::map::draft::Draft;
use crate::pages::map::state::MapState;
use crate::pages::map::text::Writing;
use crate::route::{Route, Router};

/// What becomes of the draft.
#[derive(Clone, Copy)]
pub(crate) struct Saving {
    map: MapState,
    writing: Writing,
    sync: StoredValue<String>,
    backend: StoredValue<Backend>,
    router: Router,
    toasts: Toasts,
    announcer: Announcer,
    /// It is being stored.
    pub(crate) busy: RwSignal<bool>,
    /// Why it was not stored.
    pub(crate) problem: RwSignal<Option<Problem>>,
    /// What somebody else stored meanwhile; a person decides.
    pub(crate) theirs: RwSignal<Option<SyncDetail>>,
    /// Where a person wishes to go with changes unsaved.
    pub(crate) leaving: RwSignal<Option<Route>>,
}

/// A draft as it was sent.
struct Sent {
    document: Arc<SyncDocument>,
    text: String,
}

impl Saving {
    /// For the draft of a map; leaving the page with unsaved changes is asked about from now on.
    pub(crate) fn of(map: MapState, sync: String) -> Self {
        let writing = Writing::of_this_map();
        let saving = Self {
            map,
            writing,
            sync: StoredValue::new(sync),
            backend: StoredValue::new(Backend::of_this_app()),
            router: Router::of_this_app(),
            toasts: Toasts::of_app(),
            announcer: Announcer::of_app(),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            theirs: RwSignal::new(None),
            leaving: RwSignal::new(None),
        };
        saving.router.guard(Callback::new(move |route: Route| {
            let is_saved = map.draft.try_read_untracked().is_none_or(|draft| draft.is_saved());
            let may_leave = is_saved && !untrack(|| writing.is_ahead());
            if !may_leave {
                saving.leaving.set(Some(route));
            }
            may_leave
        }));
        saving
    }

    /// Stores the draft, then goes where it says.
    pub(crate) fn save(self, then: Option<Route>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let backend = self.backend.get_value();
            // What was typed a moment ago belongs to it, as far as it is a mapping.
            self.writing.settle().await;
            if self.busy.is_disposed() {
                return;
            }
            let answer = self.send(&backend).await;
            // The page may be gone meanwhile; what was stored is stored all the same.
            if self.busy.try_set(false).is_none() {
                match answer {
                    Ok((sent, view)) => self.stored(&sent, &view, then),
                    Err(problem) if problem.code == Code::SyncChangedElsewhere => {
                        self.show_theirs(&backend).await;
                    }
                    Err(problem) => self.refused(problem),
                }
            }
        });
    }

    async fn send(self, backend: &Backend) -> Result<(Sent, ImportView), Problem> {
        let (document, draft, based_on) = self.map.draft.with_untracked(|draft| {
            (Arc::clone(draft.document()), written(draft), draft.based_on())
        });
        let text = backend.ask::<SyncCheck>(CheckRequest { draft }).await?.text;
        let sync = Some(self.sync.get_value());
        let request = SaveRequest { text: text.clone(), based_on, sync };
        let view = backend.ask::<SyncSave>(request).await?;
        Ok((Sent { document, text }, view))
    }

    fn stored(self, sent: &Sent, view: &ImportView, then: Option<Route>) {
        let version = view.sync.version;
        self.map.draft.update(|draft| {
            draft.stored(Arc::clone(&sent.document), &sent.text, version);
        });
        self.toasts.push(Tone::Ok, format!("Saved as {version}"), "Runs use it from now on.", None);
        if let Some(route) = then {
            self.leave(&route);
        }
    }

    fn refused(self, problem: Problem) {
        self.announcer.warn(format!("Not saved: {}", problem.text));
        self.problem.set(Some(problem));
    }

    async fn show_theirs(self, backend: &Backend) {
        match backend.ask::<SyncGet>(self.sync.get_value()).await {
            Ok(theirs) => _ = self.theirs.try_set(Some(theirs)),
            Err(problem) => self.refused(problem),
        }
    }

    /// Takes what somebody else stored; the draft is gone.
    pub(crate) fn take_theirs(self) {
        if let Some(theirs) = self.theirs.try_update(Option::take).flatten() {
            let version = theirs.sync.version;
            self.map.draft.set(Draft::of(&theirs));
            self.map.keep_in_range();
            self.announcer.say(format!("{version} as it is stored is shown now"));
        }
    }

    /// Keeps the draft and stores it over what somebody else stored.
    pub(crate) fn keep_mine(self) {
        if let Some(theirs) = self.theirs.try_update(Option::take).flatten() {
            self.map.draft.update(|draft| draft.keep_over(&theirs));
            self.save(None);
        }
    }

    /// What is stored has another version: shown at once where nothing would be lost, else asked about.
    pub(crate) fn seen(self, stored: &SyncDetail) {
        let draft = self.map.draft.read_untracked();
        let is_known = draft.based_on() == Some(stored.sync.version);
        let is_saved = draft.is_saved();
        drop(draft);
        if is_known || self.busy.get_untracked() {
            return;
        }
        if is_saved {
            self.map.draft.set(Draft::of(stored));
            self.map.keep_in_range();
        } else {
            self.theirs.set(Some(stored.clone()));
        }
    }

    /// Leaves for good; the page asks no more.
    pub(crate) fn leave(self, route: &Route) {
        self.leaving.set(None);
        self.router.unguard();
        self.router.go(route);
    }

    /// Goes back to what is stored; undo brings the changes back.
    pub(crate) fn discard(self) {
        if self.map.draft.try_update(Draft::discard).flatten().is_some() {
            self.map.keep_in_range();
            self.announcer.say("All changes discarded. Control Z brings them back.");
        }
    }
}
