//! The draft of a mapping: what is on screen, what is stored, and the way back and forth between them.
//!
//! Everything that changes a mapping goes through [`Draft::apply`]; nothing here knows of the page.

mod changes;
mod edit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use isthmus_contract::sync::SyncDetail;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::MappingVersion;

pub(crate) use edit::Edit;

/// Most steps that can be taken back. A step keeps a whole document: 800 fields are some 100 kB.
const MOST_STEPS: usize = 200;

/// A mapping that is being edited.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    now: Revision,
    saved: Revision,
    based_on: Option<MappingVersion>,
    undo: Vec<Step>,
    redo: Vec<Step>,
    /// The kind of the last edit while it may still grow, as typing does.
    growing: Option<edit::Growth>,
}

/// A mapping at one moment. Text stands beside the document as long as it says the same, for the sake of its comments.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Revision {
    document: Arc<SyncDocument>,
    text: Option<Arc<str>>,
}

/// A way back or forth: where it leads, and the words for what lies between.
#[derive(Debug, Clone)]
struct Step {
    label: String,
    to: Revision,
}

impl Draft {
    /// A draft of a stored sync, without a change yet.
    pub(crate) fn of(detail: &SyncDetail) -> Self {
        let stored = Revision::stored(detail);
        Self {
            now: stored.clone(),
            saved: stored,
            based_on: Some(detail.sync.version),
            undo: Vec::new(),
            redo: Vec::new(),
            growing: None,
        }
    }

    /// The mapping as it is on screen.
    pub(crate) fn document(&self) -> &Arc<SyncDocument> {
        &self.now.document
    }

    /// The text that says the same as the document, comments included; `None` once the document was edited otherwise.
    pub(crate) fn text(&self) -> Option<&Arc<str>> {
        self.now.text.as_ref()
    }

    /// The stored version that the draft was made from.
    pub(crate) fn based_on(&self) -> Option<MappingVersion> {
        self.based_on
    }

    /// How many things differ from what is stored.
    pub(crate) fn changes(&self) -> usize {
        let changes = changes::between(&self.saved.document, &self.now.document);
        // Only comments or the order of words differ: one change, so that it can be saved.
        let reworded = self.now.text.is_some() && self.now.text != self.saved.text;
        if changes == 0 && reworded { 1 } else { changes }
    }

    /// True where nothing would be lost by leaving.
    pub(crate) fn is_saved(&self) -> bool {
        self.changes() == 0
    }

    /// Carries out an edit as one step; answers its words, or `None` where it changes nothing.
    pub(crate) fn apply(&mut self, edit: &Edit) -> Option<String> {
        let to = edit.carry_out(&self.now)?;
        if to == self.now {
            return None;
        }
        let label = edit.label(&self.now.document);
        let before = std::mem::replace(&mut self.now, to);
        let growth = edit.growth();
        let grows = growth.is_some() && growth == self.growing;
        if !grows {
            self.undo.push(Step { label: label.clone(), to: before });
            let beyond = self.undo.len().saturating_sub(MOST_STEPS);
            self.undo.drain(..beyond);
        }
        self.growing = growth;
        self.redo.clear();
        Some(label)
    }

    /// The words of the step that [`Self::undo`] would take back.
    pub(crate) fn undo_label(&self) -> Option<&str> {
        self.undo.last().map(|step| step.label.as_str())
    }

    /// The words of the step that [`Self::redo`] would take again.
    pub(crate) fn redo_label(&self) -> Option<&str> {
        self.redo.last().map(|step| step.label.as_str())
    }

    /// Takes the last step back; answers its words.
    pub(crate) fn undo(&mut self) -> Option<String> {
        let Step { label, to } = self.undo.pop()?;
        let now = std::mem::replace(&mut self.now, to);
        self.redo.push(Step { label: label.clone(), to: now });
        self.growing = None;
        Some(label)
    }

    /// Takes the last step again that was taken back; answers its words.
    pub(crate) fn redo(&mut self) -> Option<String> {
        let Step { label, to } = self.redo.pop()?;
        let now = std::mem::replace(&mut self.now, to);
        self.undo.push(Step { label: label.clone(), to: now });
        self.growing = None;
        Some(label)
    }

    /// Goes back to what is stored, as one step that can be taken back.
    pub(crate) fn discard(&mut self) -> Option<String> {
        if self.now == self.saved {
            return None;
        }
        let label = "discard all changes".to_owned();
        let now = std::mem::replace(&mut self.now, self.saved.clone());
        self.undo.push(Step { label: label.clone(), to: now });
        self.redo.clear();
        self.growing = None;
        Some(label)
    }

    /// `document` was stored, written as `text`, and is `version` now. What was edited meanwhile stays a change.
    pub(crate) fn stored(
        &mut self,
        document: Arc<SyncDocument>,
        text: &str,
        version: MappingVersion,
    ) {
        let text: Arc<str> = Arc::from(text);
        self.saved = Revision { document, text: Some(Arc::clone(&text)) };
        self.based_on = Some(version);
        if self.now.document == self.saved.document && self.now.text.is_none() {
            self.now.text = Some(text);
        }
        self.growing = None;
    }

    /// Keeps this draft over what somebody else stored meanwhile: it is compared with theirs from now on, and the next
    /// save replaces theirs.
    pub(crate) fn keep_over(&mut self, theirs: &SyncDetail) {
        self.saved = Revision::stored(theirs);
        self.based_on = Some(theirs.sync.version);
        self.growing = None;
    }
}

impl Revision {
    fn stored(detail: &SyncDetail) -> Self {
        Self {
            document: Arc::new(detail.document.clone()),
            text: Some(Arc::from(detail.text.as_str())),
        }
    }
}
