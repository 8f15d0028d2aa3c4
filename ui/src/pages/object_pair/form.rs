//! The form: two objects, and the key by which their rows are recognised.

use isthmus_contract::command::{MapSuggest, OrgFields, OrgObjects};
use isthmus_contract::console::Topic;
use isthmus_contract::map::{FieldsRequest, ObjectListing, PairRequest};
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::FieldSuggestion;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::field::SelectField;
use crate::components::notice::Notice;
use crate::components::problem::ProblemView;
use crate::format::counted;
use crate::pages::object_pair::{Pair, left_keys, right_keys};
use crate::state::asked::Asked;

/// What is chosen so far.
#[derive(Clone, Copy)]
pub(crate) struct PairChoice {
    /// Objects are chosen by hand, not from the proposal.
    pub(crate) on: RwSignal<bool>,
    left: RwSignal<String>,
    right: RwSignal<String>,
    left_key: RwSignal<String>,
    right_key: RwSignal<String>,
    left_objects: Asked<OrgObjects>,
    right_objects: Asked<OrgObjects>,
    left_fields: Asked<OrgFields>,
    right_fields: Asked<OrgFields>,
    alike: Asked<MapSuggest>,
}

impl PairChoice {
    /// Nothing chosen yet, for the orgs of these names.
    pub(crate) fn new(left_org: RwSignal<String>, right_org: RwSignal<String>) -> Self {
        let on = RwSignal::new(false);
        let (left, right) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let choice = Self {
            on,
            left,
            right,
            left_key: RwSignal::new(String::new()),
            right_key: RwSignal::new(String::new()),
            left_objects: objects(on, left_org),
            right_objects: objects(on, right_org),
            left_fields: fields(left_org, left),
            right_fields: fields(right_org, right),
            alike: alike((left_org, left), (right_org, right)),
        };
        choice.take_only_key();
        choice
    }

    /// The choice as it stands.
    pub(crate) fn pair(self) -> Pair {
        Pair {
            left: self.left.get_untracked(),
            right: self.right.get_untracked(),
            left_key: self.left_key.get_untracked(),
            right_key: self.right_key.get_untracked(),
        }
    }

    /// Nothing chosen any more.
    pub(crate) fn clear(self) {
        for chosen in [self.left, self.right, self.left_key, self.right_key] {
            chosen.set(String::new());
        }
    }

    /// Fields of the two objects that look alike, as far as they are known.
    pub(crate) fn alike(self) -> Vec<FieldSuggestion> {
        self.alike.answer.get_untracked().and_then(Result::ok).unwrap_or_default()
    }

    /// What is missing, if anything.
    pub(crate) fn error(self) -> Option<String> {
        if self.left.read().is_empty() || self.right.read().is_empty() {
            return Some("Choose an object for either side".to_owned());
        }
        let keyless = self.left_key.read().is_empty() || self.right_key.read().is_empty();
        keyless.then(|| "Choose the fields by which rows are recognised".to_owned())
    }

    /// Where an object has one key, there is nothing to choose; and the same field on the left is the likely one.
    fn take_only_key(self) {
        Effect::new(move |_| {
            let keys = self.right_keys();
            let first = keys.first().map(|(name, _)| name.clone()).unwrap_or_default();
            if !keys.iter().any(|(name, _)| *name == *self.right_key.read_untracked()) {
                self.right_key.set(first);
            }
        });
        Effect::new(move |_| {
            let first = self.left_keys().first().map(|(name, _)| name.clone());
            self.left_key.set(first.unwrap_or_default());
        });
    }

    fn right_keys(self) -> Vec<(String, String)> {
        if self.right.read().is_empty() {
            return Vec::new();
        }
        let object = self.right_fields.answer.get().and_then(Result::ok);
        object.map(|object| right_keys(&object)).unwrap_or_default()
    }

    fn left_keys(self) -> Vec<(String, String)> {
        if self.left.read().is_empty() {
            return Vec::new();
        }
        let object = self.left_fields.answer.get().and_then(Result::ok);
        object.map(|object| left_keys(&object, &self.right_key.get())).unwrap_or_default()
    }

    /// The right object is described, and nothing in it names a row for sure.
    fn lacks_key(self) -> bool {
        let is_described = matches!(self.right_fields.answer.get(), Some(Ok(_)));
        is_described && !self.right.read().is_empty() && self.right_keys().is_empty()
    }

    fn problem(self) -> Option<Problem> {
        let objects = [self.left_objects.answer.get(), self.right_objects.answer.get()];
        let fields = [self.left_fields.answer.get(), self.right_fields.answer.get()];
        let refused = objects.into_iter().flatten().find_map(Result::err);
        refused.or_else(|| fields.into_iter().flatten().find_map(Result::err))
    }
}

fn objects(on: RwSignal<bool>, org: RwSignal<String>) -> Asked<OrgObjects> {
    Asked::new(&[Topic::Orgs], move || {
        let org = org.get();
        (on.get() && !org.is_empty()).then_some(org)
    })
}

fn fields(org: RwSignal<String>, object: RwSignal<String>) -> Asked<OrgFields> {
    Asked::new(&[], move || {
        let (org, object) = (org.get(), object.get());
        let known = !org.is_empty() && !object.is_empty();
        known.then_some(FieldsRequest { org, object, refresh: false })
    })
}

fn alike(
    left: (RwSignal<String>, RwSignal<String>),
    right: (RwSignal<String>, RwSignal<String>),
) -> Asked<MapSuggest> {
    Asked::new(&[], move || {
        let request = PairRequest {
            left_org: left.0.get(),
            left: left.1.get(),
            right_org: right.0.get(),
            right: right.1.get(),
        };
        (!request.left.is_empty() && !request.right.is_empty()).then_some(request)
    })
}

fn options(
    objects: Asked<OrgObjects>,
    fits: fn(&ObjectListing) -> bool,
) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let objects = objects.answer.get().and_then(Result::ok).unwrap_or_default();
        let named = objects.into_iter().filter(fits);
        named
            .map(|object| (object.name.clone(), format!("{} ({})", object.label, object.name)))
            .collect()
    })
}

/// The form.
#[component]
pub(crate) fn PairForm(
    /// The choice.
    choice: PairChoice,
    /// Whether to say what is missing.
    #[prop(into)]
    tried: Signal<bool>,
) -> impl IntoView {
    let left = options(choice.left_objects, |object| object.queryable);
    let right = options(choice.right_objects, |object| object.queryable && object.createable);
    let left_keys = Signal::derive(move || choice.left_keys());
    let right_keys = Signal::derive(move || choice.right_keys());
    let error = Signal::derive(move || tried.get().then(|| choice.error()).flatten());
    let sure = move || {
        let alike = choice.alike.answer.get().and_then(Result::ok)?;
        let count = counted(alike.len() as u64, "field", "fields");
        Some(
            view! { <p class="small muted">{format!("{count} look alike; those that surely correspond are linked at once.")}</p> },
        )
    };
    view! {
        <div class="field-row">
            <SelectField label="Left object" options=left value=choice.left error placeholder="Choose an object"/>
            <SelectField label="Right object" options=right value=choice.right placeholder="Choose an object"/>
        </div>
        <div class="field-row">
            <SelectField
                label="Left field that names a row"
                options=left_keys
                value=choice.left_key
                placeholder="Choose a field"
            />
            <SelectField
                label="Right unique external id"
                options=right_keys
                value=choice.right_key
                placeholder="Choose a field"
            />
        </div>
        {move || choice.lacks_key().then(|| view! {
            <Notice
                tone=Tone::Warn
                title="The right object has no unique external id"
                text="Without one a row cannot be found again for sure. Add a text field to the object in Setup, marked External ID \
                      and Unique, then choose the object again."
            />
        })}
        {sure}
        {move || choice.problem().map(|problem| view! { <ProblemView problem/> })}
    }
}
