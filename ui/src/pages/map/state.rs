//! Everything the map's parts share: the draft, what is looked at, both describes, problems and suggestions.

use std::collections::BTreeSet;
use std::sync::Arc;

use isthmus_contract::command::{MapSuggest, OrgFields};
use isthmus_contract::console::Topic;
use isthmus_contract::map::{FieldsRequest, PairRequest};
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::{FieldSuggestion, SyncDetail};
use isthmus_model::document::{
    FieldDocument, FieldPairDocument, LaneDocument, MatchDocument, ObjectDocument, SyncDocument,
};
use isthmus_model::ids::Side;
use isthmus_model::schema::ObjectSchema;
use leptos::prelude::*;

use crate::components::announcer::Announcer;
use crate::pages::map::check::Check;
use crate::pages::map::draft::{Draft, Edit};
use crate::pages::map::found::Found;
use crate::state::asked::Asked;

/// How the mapping is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MapView {
    /// Two columns and links.
    Graph,
    /// A table of links.
    Grid,
    /// The document as YAML.
    Text,
}

/// Which fields the columns are narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Only {
    /// Required fields of the target that nothing fills, and what might.
    Required,
    /// Fields with a problem.
    Problems,
}

/// One line between the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Link {
    /// A field mapping, by its place in the object mapping.
    Field(usize),
    /// A pair of the match rule that is no field mapping too, by its place in the rule.
    Match(usize),
}

/// What is known of one side's object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Described {
    /// On its way.
    Loading,
    /// There.
    Ready(Arc<ObjectSchema>),
    /// The org did not answer, or has no such object.
    Failed(Problem),
}

/// The state, in context for every part of the map: `MapState::of_this_map()`.
#[derive(Clone, Copy)]
pub(crate) struct MapState {
    /// The draft. Edits go through [`Self::apply`], which announces nothing, or [`Self::edit`], which does.
    pub(crate) draft: RwSignal<Draft>,
    /// The draft's document.
    pub(crate) document: Memo<Arc<SyncDocument>>,
    /// The object mapping that is looked at, by its place in the document.
    pub(crate) object: RwSignal<usize>,
    /// The same itself; `None` where the document has none.
    pub(crate) mapping: Memo<Option<Arc<ObjectDocument>>>,
    /// The link that is looked at.
    pub(crate) link: RwSignal<Option<Link>>,
    /// How the mapping is shown.
    pub(crate) view: RwSignal<MapView>,
    /// What is looked for.
    pub(crate) search: RwSignal<String>,
    /// What the columns are narrowed to.
    pub(crate) only: RwSignal<Option<Only>>,
    /// The last check of the draft.
    pub(crate) check: Check,
    /// The left object's fields.
    pub(crate) left: Asked<OrgFields>,
    /// The right object's fields.
    pub(crate) right: Asked<OrgFields>,
    /// Pairs that look alike.
    pub(crate) suggested: Asked<MapSuggest>,
    /// Suggestions that a person does not want to see again, by left object, right object, left and right field.
    pub(crate) dismissed: RwSignal<BTreeSet<[String; 4]>>,
    left_described: Memo<Described>,
    right_described: Memo<Described>,
    announcer: Announcer,
}

impl MapState {
    /// The state of a stored sync, without a change yet.
    pub(crate) fn of(detail: &SyncDetail) -> Self {
        let draft = RwSignal::new(Draft::of(detail));
        let document = Memo::new(move |_| Arc::clone(draft.read().document()));
        let object = RwSignal::new(0);
        let mapping =
            Memo::new(move |_| document.read().objects.get(object.get()).cloned().map(Arc::new));
        let pair = Memo::new(move |_| pair(&document.read(), object.get()));
        let left = fields(pair, Side::Left);
        let right = fields(pair, Side::Right);
        Self {
            draft,
            document,
            object,
            mapping,
            link: RwSignal::new(None),
            view: RwSignal::new(MapView::Graph),
            search: RwSignal::new(String::new()),
            only: RwSignal::new(None),
            check: Check::of(draft, document),
            left,
            right,
            suggested: Asked::<MapSuggest>::new(&[Topic::Orgs], move || pair.get()),
            dismissed: RwSignal::default(),
            left_described: Memo::new(move |_| described(pair, left, Side::Left)),
            right_described: Memo::new(move |_| described(pair, right, Side::Right)),
            announcer: Announcer::of_app(),
        }
    }

    /// The one of the map that is shown.
    pub(crate) fn of_this_map() -> Self {
        expect_context::<Self>()
    }

    /// The lane's two orgs by name, left first.
    pub(crate) fn orgs(self) -> (String, String) {
        let document = self.document.read();
        document
            .lanes
            .first()
            .map_or_else(Default::default, |LaneDocument { left, right, .. }| {
                (left.clone(), right.clone())
            })
    }

    /// What is known of a side's object.
    pub(crate) fn described(self, side: Side) -> Described {
        match side {
            Side::Left => self.left_described.get(),
            Side::Right => self.right_described.get(),
        }
    }

    /// The problems of the object mapping that is looked at, those of the match rule included.
    pub(crate) fn problems(self) -> Vec<Found> {
        let Some(mapping) = self.mapping.get() else { return Vec::new() };
        let found = self.check.found.read();
        found.iter().filter(|found| found.is_of(&mapping.left, &mapping.right)).cloned().collect()
    }

    /// Suggestions for the pair that is looked at: neither mapped nor dismissed, the surest first.
    pub(crate) fn suggestions(self) -> Vec<FieldSuggestion> {
        let Some(mapping) = self.mapping.get() else { return Vec::new() };
        let dismissed = self.dismissed.read();
        let is_new = |one: &&FieldSuggestion| {
            let name = [&mapping.left, &mapping.right, &one.left, &one.right].map(Clone::clone);
            !is_target(&mapping, &one.right) && !dismissed.contains(&name)
        };
        let mut new: Vec<FieldSuggestion> = match &*self.suggested.answer.read() {
            Some(Ok(all)) => all.iter().filter(is_new).cloned().collect(),
            _ => Vec::new(),
        };
        new.sort_by(|one, other| {
            other.score.total_cmp(&one.score).then_with(|| one.left.cmp(&other.left))
        });
        new
    }

    /// Carries out an edit without a word; answers its words.
    pub(crate) fn apply(self, edit: &Edit) -> Option<String> {
        self.draft.try_update(|draft| draft.apply(edit)).flatten()
    }

    /// Carries out an edit and says so.
    pub(crate) fn edit(self, edit: &Edit) {
        if let Some(label) = self.apply(edit) {
            self.announcer.say(format!("Done: {label}"));
        }
    }

    /// Takes the last step back, and says which.
    pub(crate) fn undo(self) {
        let label = self.draft.try_update(Draft::undo).flatten();
        self.keep_in_range();
        self.announcer
            .say(label.map_or("Nothing to undo".to_owned(), |label| format!("Undone: {label}")));
    }

    /// Takes the step again that was taken back, and says which.
    pub(crate) fn redo(self) {
        let label = self.draft.try_update(Draft::redo).flatten();
        self.keep_in_range();
        self.announcer
            .say(label.map_or("Nothing to redo".to_owned(), |label| format!("Redone: {label}")));
    }

    /// Looks at another object mapping.
    pub(crate) fn look_at(self, object: usize) {
        self.link.set(None);
        self.object.set(object);
    }

    /// Looks at the first object mapping where the one looked at is gone, and at no link where that is.
    pub(crate) fn keep_in_range(self) {
        let document = self.document.get_untracked();
        if self.object.get_untracked() >= document.objects.len() {
            self.look_at(0);
        }
        let mapping = document.objects.get(self.object.get_untracked());
        let is_there = |link: Link| mapping.is_some_and(|mapping| pair_of(mapping, link).is_some());
        if self.link.get_untracked().is_some_and(|link| !is_there(link)) {
            self.link.set(None);
        }
    }
}

/// The links of an object mapping: match pairs that are no field mapping too, then field mappings.
pub(crate) fn links(mapping: &ObjectDocument) -> Vec<Link> {
    let extra = match_pairs(mapping)
        .iter()
        .enumerate()
        .filter(|(_, pair)| field_of(mapping, &pair.left, &pair.right).is_none());
    let extra = extra.map(|(place, _)| Link::Match(place));
    extra.chain((0..mapping.fields.len()).map(Link::Field)).collect()
}

/// The two fields of a link.
pub(crate) fn pair_of(mapping: &ObjectDocument, link: Link) -> Option<(&str, &str)> {
    match link {
        Link::Field(place) => {
            mapping.fields.get(place).map(|field| (field.left.as_str(), field.right.as_str()))
        }
        Link::Match(place) => {
            match_pairs(mapping).get(place).map(|pair| (pair.left.as_str(), pair.right.as_str()))
        }
    }
}

/// The pairs of the match rule.
pub(crate) fn match_pairs(mapping: &ObjectDocument) -> &[FieldPairDocument] {
    match &mapping.match_rule {
        MatchDocument::Key(pair) => std::slice::from_ref(pair),
        MatchDocument::Fields(pairs) => pairs,
    }
}

/// True where rows are recognised by this pair.
pub(crate) fn is_match(mapping: &ObjectDocument, left: &str, right: &str) -> bool {
    match_pairs(mapping)
        .iter()
        .any(|pair| pair.left.eq_ignore_ascii_case(left) && pair.right.eq_ignore_ascii_case(right))
}

/// True where something fills the right field: a link, or the match rule.
pub(crate) fn is_target(mapping: &ObjectDocument, right: &str) -> bool {
    mapping.fields.iter().any(|field| field.right.eq_ignore_ascii_case(right))
        || match_pairs(mapping).iter().any(|pair| pair.right.eq_ignore_ascii_case(right))
}

/// The place of the field mapping of two fields.
pub(crate) fn field_of(mapping: &ObjectDocument, left: &str, right: &str) -> Option<usize> {
    let same = |field: &FieldDocument| {
        field.left.eq_ignore_ascii_case(left) && field.right.eq_ignore_ascii_case(right)
    };
    mapping.fields.iter().position(same)
}

fn fields(pair: Memo<Option<PairRequest>>, side: Side) -> Asked<OrgFields> {
    let wanted = Memo::new(move |_| {
        let (org, object) = of_side(pair.get()?, side);
        Some(FieldsRequest { org, object, refresh: false })
    });
    Asked::<OrgFields>::new(&[Topic::Orgs], move || wanted.get())
}

fn described(pair: Memo<Option<PairRequest>>, asked: Asked<OrgFields>, side: Side) -> Described {
    let Some((_, object)) = pair.get().map(|pair| of_side(pair, side)) else {
        return Described::Loading;
    };
    match &*asked.answer.read() {
        // An answer about the object that was looked at before says nothing of this one.
        Some(Ok(schema)) if schema.name.eq_ignore_ascii_case(&object) => {
            Described::Ready(Arc::new(schema.clone()))
        }
        Some(Err(problem)) => Described::Failed(problem.clone()),
        _ => Described::Loading,
    }
}

/// Org and object of one side.
fn of_side(pair: PairRequest, side: Side) -> (String, String) {
    match side {
        Side::Left => (pair.left_org, pair.left),
        Side::Right => (pair.right_org, pair.right),
    }
}

fn pair(document: &SyncDocument, object: usize) -> Option<PairRequest> {
    let (lane, object) = (document.lanes.first()?, document.objects.get(object)?);
    Some(PairRequest {
        left_org: lane.left.clone(),
        left: object.left.clone(),
        right_org: lane.right.clone(),
        right: object.right.clone(),
    })
}
