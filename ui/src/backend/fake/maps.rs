//! Answers about the mapping of one sync: reading it, checking a draft, storing it, and pairs that look alike.

mod check;
mod documents;
mod likeness;
mod text;

use std::collections::BTreeMap;

use isthmus_contract::command::{MapSuggest, SyncCheck, SyncGet, SyncSave};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::sync::{
    CheckRequest, CheckView, Draft, ImportChange, ImportView, ObjectView, SaveRequest, SyncDetail,
    SyncView,
};
use isthmus_model::document::{CreatePolicy, SyncDocument};
use isthmus_model::ids::MappingVersion;
use serde_json::Value;

use crate::backend::fake::scenario::word_in_address;
use crate::backend::fake::{Question, Scenario, orgs_of, refused};

/// What pages changed among the mappings, and the texts that were made of documents.
#[derive(Default)]
pub(super) struct Mappings {
    stored: BTreeMap<String, Stored>,
    written: BTreeMap<String, SyncDocument>,
    /// Somebody else stored the sync already, as `?elsewhere=` asks for.
    changed_elsewhere: bool,
}

impl Mappings {
    /// The syncs that were stored, by name.
    pub(super) fn names(&self) -> Vec<String> {
        self.stored.keys().cloned().collect()
    }
}

/// One stored mapping.
#[derive(Clone)]
struct Stored {
    version: MappingVersion,
    text: String,
    document: SyncDocument,
}

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question
        .answer::<SyncGet>(|question, name| {
            refused(question.scenario)?;
            detail(question, &name)
        })
        .or_else(|| question.answer::<SyncCheck>(|question, request| check(question, request)))
        .or_else(|| question.answer::<SyncSave>(save))
        .or_else(|| {
            question
                .answer::<MapSuggest>(|question, pair| likeness::pairs(&pair, question.scenario))
        })
}

/// One sync with its mapping as it is stored.
pub(super) fn detail(question: &Question, name: &str) -> Result<SyncDetail, Problem> {
    let stored = stored(question, name)?;
    let (text, document) = (stored.text.clone(), stored.document.clone());
    Ok(SyncDetail { sync: view(&stored), text, document })
}

fn stored(question: &Question, name: &str) -> Result<Stored, Problem> {
    if let Some(stored) = question.world().maps.stored.get(name) {
        return Ok(stored.clone());
    }
    let lane = orgs_of(question.scenario, name);
    let Some(document) = documents::of(name, lane, question.scenario) else {
        let text = format!("no sync has the name {name}");
        return Err(Problem::new(Code::SyncUnknown, text, "see the list of syncs for the names"));
    };
    // A stored file has what its author wrote above it, which a document does not keep.
    let text = format!("# Owned by sales operations\n{}", text::of(&document));
    Ok(Stored { version: MappingVersion(7), text, document })
}

fn view(stored: &Stored) -> SyncView {
    let document = &stored.document;
    let lane = document.lanes.first();
    SyncView {
        name: document.sync.clone(),
        description: document.description.clone(),
        enabled: true,
        version: stored.version,
        left: lane.map(|lane| lane.left.clone()).unwrap_or_default(),
        right: lane.map(|lane| lane.right.clone()).unwrap_or_default(),
        objects: document
            .objects
            .iter()
            .map(|object| ObjectView {
                name: object.name.clone().unwrap_or_else(|| object.left.clone()),
                left: object.left.clone(),
                right: object.right.clone(),
                fields: object.fields.len() as u64,
            })
            .collect(),
    }
}

fn check(question: &Question, request: CheckRequest) -> Result<CheckView, Problem> {
    refused(question.scenario)?;
    match request.draft {
        Draft::Document(document) => {
            let text = text::of(&document);
            question.world().maps.written.insert(text.clone(), document.clone());
            let problems = check::problems(&document, question.scenario);
            Ok(CheckView { text, document: Some(document), problems, has_comments: false })
        }
        Draft::Text(text) => {
            let document = read(question, &text);
            let problems = match &document {
                Some(document) => check::problems(document, question.scenario),
                None => vec![check::unreadable()],
            };
            let has_comments = text.lines().any(|line| line.trim_start().starts_with('#'));
            Ok(CheckView { text, document, problems, has_comments })
        }
    }
}

/// The document of a text: comments apart, one that this fake wrote before, or JSON, which is YAML too.
fn read(question: &Question, text: &str) -> Option<SyncDocument> {
    let bare = without_comments(text);
    let known = |stored: &Stored| without_comments(&stored.text) == bare;
    if let Ok(document) = serde_json::from_str(&bare) {
        return Some(document);
    }
    let name = bare.lines().find_map(|line| line.strip_prefix("sync: "))?;
    if let Ok(stored) = stored(question, name.trim_matches('"'))
        && known(&stored)
    {
        return Some(stored.document);
    }
    question.world().maps.written.get(&bare).cloned()
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

fn save(question: &mut Question, request: SaveRequest) -> Result<ImportView, Problem> {
    refused(question.scenario)?;
    let Some(document) = read(question, &request.text) else {
        let mut problem = Problem::new(
            Code::FileRefused,
            "the mapping is no document",
            "see the list for each problem and its remedy",
        );
        problem.file = vec![check::unreadable()];
        return Err(problem);
    };
    change_elsewhere(question, &document.sync);
    let former = stored(question, &document.sync).ok();
    let version = former.as_ref().map(|former| former.version);
    if version.is_some() && version != request.based_on {
        return Err(Problem::new(
            Code::SyncChangedElsewhere,
            format!("{} was stored anew since this draft was made from it", document.sync),
            "take the stored version, or keep yours and store it over that",
        ));
    }
    store(question, document, request.text, former)
}

fn store(
    question: &Question,
    document: SyncDocument,
    text: String,
    former: Option<Stored>,
) -> Result<ImportView, Problem> {
    let (refused, warnings) = check::problems(&document, question.scenario)
        .into_iter()
        .partition::<Vec<_>, _>(check::is_refused);
    if !refused.is_empty() {
        let mut problem = Problem::new(
            Code::FileRefused,
            format!("the mapping has {} problems", refused.len()),
            "see the list for each problem and its remedy",
        );
        problem.file = refused;
        return Err(problem);
    }
    let change = match &former {
        None => ImportChange::Created,
        Some(former) if former.document == document => ImportChange::Unchanged,
        Some(_) => ImportChange::Changed,
    };
    let step = u32::from(change != ImportChange::Unchanged);
    let version = MappingVersion(former.map_or(0, |former| former.version.0) + step);
    let stored = Stored { version, text, document };
    question.world().maps.stored.insert(stored.document.sync.clone(), stored.clone());
    Ok(ImportView { sync: view(&stored), change, warnings })
}

/// With `?elsewhere=` in the address, somebody else stores the sync just before the first save.
fn change_elsewhere(question: &Question, name: &str) {
    if question.scenario != Scenario::Full || question.world().maps.changed_elsewhere {
        return;
    }
    question.world().maps.changed_elsewhere = true;
    if word_in_address("elsewhere").is_none() {
        return;
    }
    if let Ok(mut theirs) = stored(question, name) {
        theirs.version = MappingVersion(theirs.version.0 + 1);
        for object in &mut theirs.document.objects {
            object.policies.create = CreatePolicy::Skip;
        }
        theirs.text = text::of(&theirs.document);
        question.world().maps.stored.insert(name.to_owned(), theirs);
    }
}
