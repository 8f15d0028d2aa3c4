//! What Isthmus proposes: asked once the orgs are known, read as a document.

use isthmus_contract::command::{SyncCheck, SyncPropose};
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::{CheckRequest, Draft, ObjectSuggestion, ProposalRequest};
use isthmus_model::document::SyncDocument;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::pages::new_sync::NewSync;

/// Objects that look this much alike are chosen from the start.
const SURE: f64 = 0.9;

/// The proposal for two orgs.
#[derive(Clone, Copy)]
pub(super) struct Proposal {
    state: RwSignal<Option<Result<Proposed, Problem>>>,
    /// The two orgs that it was asked for.
    asked_for: RwSignal<Option<(String, String)>>,
}

/// A proposal that came.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Proposed {
    /// The objects with score and reason.
    pub(super) objects: Vec<ObjectSuggestion>,
    /// The same as a document.
    document: Option<SyncDocument>,
}

impl Proposal {
    pub(super) fn new() -> Self {
        Self { state: RwSignal::new(None), asked_for: RwSignal::new(None) }
    }

    /// What came; `None` while it is on its way.
    pub(super) fn get(self) -> Option<Result<Proposed, Problem>> {
        self.state.get()
    }

    pub(super) fn document(self) -> Option<SyncDocument> {
        self.state.get_untracked()?.ok()?.document
    }

    /// Asks for the wizard's two orgs, unless that was done already.
    pub(super) fn ask(self, backend: Backend, wizard: NewSync) {
        let orgs = (wizard.left.get_untracked(), wizard.right.get_untracked());
        let known = matches!(*self.state.read_untracked(), Some(Ok(_)));
        if known && self.asked_for.get_untracked().as_ref() == Some(&orgs) {
            return;
        }
        self.asked_for.set(Some(orgs.clone()));
        self.state.set(None);
        spawn_local(async move {
            let proposed = propose(&backend, &orgs).await;
            if self.asked_for.try_get_untracked().flatten() != Some(orgs) {
                return;
            }
            if let Ok(proposed) = &proposed {
                let sure = proposed.objects.iter().filter(|object| object.score >= SURE);
                _ = wizard.chosen.try_set(sure.map(|object| object.left.clone()).collect());
                _ = wizard.hand.on.try_set(proposed.objects.is_empty());
            }
            _ = self.state.try_set(Some(proposed));
        });
    }
}

async fn propose(backend: &Backend, (left, right): &(String, String)) -> Result<Proposed, Problem> {
    let request = ProposalRequest {
        left: left.clone(),
        right: right.clone(),
        sync: None,
        objects: Vec::new(),
    };
    let proposal = backend.ask::<SyncPropose>(request).await?;
    if proposal.objects.is_empty() {
        return Ok(Proposed { objects: Vec::new(), document: None });
    }
    let draft = Draft::Text(proposal.document);
    let checked = backend.ask::<SyncCheck>(CheckRequest { draft }).await?;
    Ok(Proposed { objects: proposal.objects, document: checked.document })
}
