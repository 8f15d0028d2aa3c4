//! Answers about the list of syncs, and about a proposal for a new one.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_contract::command::{RunList, SyncDelete, SyncGet, SyncList, SyncPropose, SyncSwitch};
use isthmus_contract::problem::Problem;
use isthmus_contract::run::{RunView, RunsRequest};
use isthmus_contract::sync::{
    FieldSuggestion, Likeness, ObjectSuggestion, ProposalRequest, ScorePart, SuggestionView,
    SyncDeletedView, SyncListing, SyncView,
};
use serde_json::Value;

use crate::backend::fake::data::{RIGHT_TO_LEFT, endless};
use crate::backend::fake::{Question, Scenario, refused};

/// What pages changed in the list of syncs.
#[derive(Default)]
pub(super) struct Switched {
    enabled: BTreeMap<String, bool>,
    deleted: BTreeSet<String>,
}

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question
        .answer::<SyncList>(|question, ()| list(question))
        .or_else(|| question.answer::<SyncPropose>(|question, wish| propose(question, &wish)))
        .or_else(|| {
            question.answer::<SyncSwitch>(|question, wish| {
                refused(question.scenario)?;
                let enabled = &mut question.world().syncs.enabled;
                enabled.insert(wish.sync.clone(), wish.enabled);
                view(question, &wish.sync)
            })
        })
        .or_else(|| {
            question.answer::<SyncDelete>(|question, name| {
                refused(question.scenario)?;
                question.world().syncs.deleted.insert(name.clone());
                Ok(SyncDeletedView { name })
            })
        })
}

fn list(question: &Question) -> Result<Vec<SyncListing>, Problem> {
    refused(question.scenario)?;
    let mut names = names(question.scenario);
    let made = question.world().maps.names();
    names.extend(made.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    let deleted = question.world().syncs.deleted.clone();
    let runs = runs(question)?;
    names.retain(|name| !deleted.contains(name));
    names.iter().map(|name| listing(question, name, &runs)).collect()
}

fn names(scenario: Scenario) -> Vec<String> {
    match scenario {
        Scenario::New | Scenario::Empty => Vec::new(),
        Scenario::Hostile => vec![endless(), RIGHT_TO_LEFT.to_owned(), "Customers".to_owned()],
        Scenario::Full | Scenario::Loading | Scenario::Failing | Scenario::Large => {
            ["Customers", "EMEA leads", "Pipeline to EMEA", "Support accounts"]
                .map(str::to_owned)
                .to_vec()
        }
    }
}

fn runs(question: &Question) -> Result<Vec<RunView>, Problem> {
    const ALL: u32 = 100;
    question.other_with::<RunList>(&RunsRequest { sync: None, limit: ALL })
}

fn listing(question: &Question, name: &str, runs: &[RunView]) -> Result<SyncListing, Problem> {
    let own = || runs.iter().filter(|run| run.sync == name);
    let interrupted = own().find(|run| run.end.is_none()).map(|run| run.run);
    Ok(SyncListing {
        sync: view(question, name)?,
        last_run: own().find(|run| run.end.is_some()).cloned(),
        interrupted,
    })
}

fn view(question: &Question, name: &str) -> Result<SyncView, Problem> {
    let switched = question.world().syncs.enabled.get(name).copied();
    let stored = question.other_with::<SyncGet>(&name.to_owned())?.sync;
    // One of the demo's syncs is switched off from the start.
    let enabled = switched.unwrap_or(name != "Support accounts");
    Ok(SyncView { name: name.to_owned(), enabled, ..stored })
}

/// The proposal is the stored mapping of the demo between the orgs asked for, with a score for each line.
fn propose(question: &Question, wish: &ProposalRequest) -> Result<SuggestionView, Problem> {
    refused(question.scenario)?;
    let detail = question.other_with::<SyncGet>(&"Customers".to_owned())?;
    let mut document = detail.document;
    if let Some(lane) = document.lanes.first_mut() {
        wish.left.clone_into(&mut lane.left);
        wish.right.clone_into(&mut lane.right);
    }
    let objects = document.objects.iter().zip([1.0, 0.97, 0.84].into_iter().cycle());
    let objects = objects
        .map(|(object, score)| ObjectSuggestion {
            left: object.left.clone(),
            right: object.right.clone(),
            score,
            reason: "same name and label; both have a unique external id".to_owned(),
            fields: object.fields.iter().map(|field| alike(&field.left, &field.right)).collect(),
        })
        .collect();
    // JSON is YAML too, and the fake reads it back without a parser.
    let text = serde_json::to_string(&document).unwrap_or_default();
    Ok(SuggestionView { document: text, objects })
}

fn alike(left: &str, right: &str) -> FieldSuggestion {
    let score = if left == right { 1.0 } else { 0.78 };
    FieldSuggestion {
        left: left.to_owned(),
        right: right.to_owned(),
        score,
        reason: "alike by name".to_owned(),
        parts: vec![ScorePart { of: Likeness::Name, score }],
    }
}
