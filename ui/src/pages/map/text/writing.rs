//! The text and the draft in step: what is typed becomes the draft as soon as it is a mapping, and follows every other edit.

use std::time::Duration;

use isthmus_contract::command::SyncCheck;
use isthmus_contract::file::FileProblem;
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::{CheckRequest, CheckView, Draft as Written};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::format::counted;
use crate::pages::map::draft::Edit;
use crate::pages::map::state::MapState;

/// How long typing rests before the text is read.
const QUIET: Duration = Duration::from_millis(400);

/// How the text stands to the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Both say the same.
    InStep,
    /// Typed, and not read yet.
    Unread,
    /// No mapping can be read from it: the draft is the last one that could.
    Unreadable,
    /// It could not be checked.
    Unchecked(Problem),
}

/// The text of the mapping, in context for as long as the map is shown, so that a half-typed text outlives another view.
#[derive(Clone, Copy)]
pub(crate) struct Writing {
    map: MapState,
    /// What is typed.
    pub(crate) text: RwSignal<String>,
    /// What is wrong with it.
    pub(crate) problems: RwSignal<Vec<FileProblem>>,
    /// How it stands to the draft.
    pub(crate) standing: RwSignal<Standing>,
    /// It has comments, which edits outside of the text do not keep.
    pub(crate) has_comments: RwSignal<bool>,
    /// Such an edit has just written it anew without them.
    pub(crate) lost_comments: RwSignal<bool>,
    /// A text that was no mapping yet when the draft was edited elsewhere.
    pub(crate) dropped: RwSignal<Option<String>>,
    /// The last text that said the same as the draft.
    agreed: StoredValue<String>,
    newest: StoredValue<u32>,
    waiting: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    backend: StoredValue<Backend>,
    announcer: Announcer,
}

impl Writing {
    /// In step with the draft of a map from now on.
    pub(crate) fn of(map: MapState) -> Self {
        let writing = Self {
            map,
            text: RwSignal::new(String::new()),
            problems: RwSignal::new(Vec::new()),
            standing: RwSignal::new(Standing::InStep),
            has_comments: RwSignal::new(false),
            lost_comments: RwSignal::new(false),
            dropped: RwSignal::new(None),
            agreed: StoredValue::new(String::new()),
            newest: StoredValue::new(0),
            waiting: StoredValue::new_local(None),
            backend: StoredValue::new(Backend::of_this_app()),
            announcer: Announcer::of_app(),
        };
        Effect::new(move |_| {
            if let Some(text) = writing.text_of_draft() {
                untrack(|| writing.follow(&text));
            }
        });
        Effect::new(move |_| writing.take_problems_of_draft());
        on_cleanup(move || writing.cancel());
        writing
    }

    /// The one of the map that is shown.
    pub(crate) fn of_this_map() -> Self {
        expect_context::<Self>()
    }

    /// True while what is typed is not what the draft says.
    pub(crate) fn is_ahead(self) -> bool {
        self.standing.try_read().is_some_and(|standing| *standing != Standing::InStep)
    }

    /// Takes what was typed, and reads it as soon as typing rests.
    pub(crate) fn typed(self, text: String) {
        self.text.set(text);
        self.standing.update(|standing| {
            if *standing == Standing::InStep {
                *standing = Standing::Unread;
            }
        });
        self.lost_comments.set(false);
        self.cancel();
        let read = move || spawn_local(self.read());
        self.waiting.set_value(set_timeout_with_handle(read, QUIET).ok());
    }

    /// Reads the text now. True where the draft says the same afterwards.
    pub(crate) async fn settle(self) -> bool {
        if self.is_ahead_untracked() {
            self.cancel();
            self.read().await;
        }
        !self.is_ahead_untracked()
    }

    /// Brings back a text that was given up for an edit elsewhere.
    pub(crate) fn bring_back(self) {
        if let Some(text) = self.dropped.try_update(Option::take).flatten() {
            self.typed(text);
        }
    }

    /// Gives up what is typed for what the draft says.
    pub(crate) fn give_up(self) {
        self.agreed.set_value(String::new());
        if let Some(text) = untrack(|| self.text_of_draft()) {
            self.follow(&text);
        }
    }

    fn is_ahead_untracked(self) -> bool {
        self.standing.try_get_untracked().is_some_and(|standing| standing != Standing::InStep)
    }

    fn cancel(self) {
        self.newest.try_update_value(|number| *number += 1);
        if let Some(waiting) = self.waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    }

    /// The text that says what the draft says: its own, else the one that the check wrote for this very document.
    fn text_of_draft(self) -> Option<String> {
        let draft = self.map.draft.read();
        if let Some(text) = draft.text() {
            return Some(text.to_string());
        }
        let view = self.map.check.view.read();
        let view = view.as_ref()?;
        let is_of_this = view.document.as_ref() == Some(&**draft.document());
        is_of_this.then(|| view.text.clone())
    }

    /// The draft was edited elsewhere: the text says the same again.
    fn follow(self, text: &str) {
        if self.agreed.with_value(|agreed| agreed == text) {
            return;
        }
        self.cancel();
        let typed = self.text.get_untracked();
        if self.is_ahead_untracked() && typed != text {
            self.dropped.set(Some(typed));
        }
        // A document keeps no comments, so its text has none where the former one had.
        let is_rewritten = self.map.draft.read_untracked().text().is_none();
        self.lost_comments.set(is_rewritten && self.has_comments.get_untracked());
        self.agreed.set_value(text.to_owned());
        self.text.set(text.to_owned());
        self.standing.set(Standing::InStep);
        let is_checked = |view: &CheckView| view.text == text;
        if !self.map.check.view.read_untracked().as_ref().is_some_and(is_checked) {
            spawn_local(self.read());
        }
    }

    /// The check of the draft speaks of this text too where it read the same.
    fn take_problems_of_draft(self) {
        let view = self.map.check.view.read();
        if let Some(view) = view.as_ref()
            && *self.text.read() == view.text
        {
            self.problems.set(view.problems.clone());
            self.has_comments.set(view.has_comments);
        }
    }

    async fn read(self) {
        self.cancel();
        let Some(number) = self.newest.try_get_value() else { return };
        let Some(text) = self.text.try_get_untracked() else { return };
        let backend = self.backend.get_value();
        let request = CheckRequest { draft: Written::Text(text.clone()) };
        let answer = backend.ask::<SyncCheck>(request).await;
        // Typed on meanwhile, or the page is gone.
        if self.newest.try_get_value() == Some(number) {
            self.take(text, answer);
        }
    }

    fn take(self, text: String, answer: Result<CheckView, Problem>) {
        let view = match answer {
            Ok(view) => view,
            Err(problem) => return self.standing.set(Standing::Unchecked(problem)),
        };
        let before = self.standing.get_untracked();
        let count = view.problems.len() as u64;
        self.problems.set(view.problems);
        self.has_comments.set(view.has_comments);
        match view.document {
            Some(document) => {
                self.agreed.set_value(text.clone());
                self.standing.set(Standing::InStep);
                self.dropped.set(None);
                // No word for each pause in typing; the number of changes in the header shows that it arrived.
                self.map.apply(&Edit::ReplaceDocument { document, text });
                self.map.keep_in_range();
                if before == Standing::Unreadable {
                    self.announcer.say("The text is a mapping again");
                }
            }
            None => {
                self.standing.set(Standing::Unreadable);
                if before != Standing::Unreadable {
                    let problems = counted(count, "problem", "problems");
                    self.announcer.say(format!("The text is no mapping now, {problems}"));
                }
            }
        }
    }
}
