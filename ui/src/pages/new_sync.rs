//! The wizard that makes a sync: between which orgs, which objects, and what happens when rows meet for the first time.

mod objects;
mod orgs;
mod plan;
mod proposal;

use std::collections::BTreeSet;

use isthmus_contract::command::{OrgList, SyncCheck, SyncSave};
use isthmus_contract::console::Topic;
use isthmus_contract::org::OrgState;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::sync::{CheckRequest, Draft, SaveRequest};
use isthmus_model::document::SyncDocument;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::button::{Button, ButtonLink, Kind};
use crate::components::field::RadioGroup;
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::wizard::{StepState, WizardStep, WizardSteps};
use crate::pages::new_sync::objects::Objects;
use crate::pages::new_sync::orgs::Orgs;
use crate::pages::new_sync::proposal::Proposal;
use crate::pages::object_pair::{PairChoice, object_of};
use crate::pages::policies::{self, FIRST_CONTACT};
use crate::route::{Route, Router, SyncTab};
use crate::state::asked::Asked;

/// A step of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Orgs,
    Objects,
    FirstContact,
}

/// Everything the wizard's parts share.
#[derive(Clone, Copy)]
struct NewSync {
    step: RwSignal<Step>,
    name: RwSignal<String>,
    left: RwSignal<String>,
    right: RwSignal<String>,
    /// The connected orgs' names.
    orgs: Memo<Vec<String>>,
    proposal: Proposal,
    /// The left objects that are taken from the proposal.
    chosen: RwSignal<BTreeSet<String>>,
    hand: PairChoice,
    first_contact: RwSignal<String>,
    /// The person has tried to go on from the step shown.
    tried: RwSignal<bool>,
    saving: RwSignal<bool>,
    refused: RwSignal<Option<Problem>>,
}

/// The page.
#[component]
pub(crate) fn NewSync() -> impl IntoView {
    let orgs = Asked::<OrgList>::new(&[Topic::Orgs], || Some(()));
    let wizard = NewSync::new(orgs);
    let trail = vec![("Syncs".to_owned(), Route::Syncs.href())];
    let actions = move || view! { <Actions wizard/> };
    let content = move || match orgs.answer.get() {
        Some(Err(problem)) => {
            view! { <ProblemView problem on_retry=move || orgs.again()/> }.into_any()
        }
        _ => step_view(wizard),
    };
    view! {
        <PageFrame title="New sync" trail actions>
            <div class="wizard-page">
                <aside class="wizard-page__steps"><WizardSteps label="Steps" steps=wizard.steps()/></aside>
                <div class="wizard-page__main scroll" tabindex="0" role="region" aria-label="Step">
                    {content}
                    {move || wizard.refused.get().map(|problem| view! { <ProblemView problem/> })}
                </div>
            </div>
        </PageFrame>
    }
}

fn step_view(wizard: NewSync) -> AnyView {
    match wizard.step.get() {
        Step::Orgs => view! { <Orgs wizard/> }.into_any(),
        Step::Objects => view! { <Objects wizard/> }.into_any(),
        Step::FirstContact => view! { <FirstContact wizard/> }.into_any(),
    }
}

#[component]
fn Actions(wizard: NewSync) -> impl IntoView {
    let backend = Backend::of_this_app();
    let router = Router::of_this_app();
    let announcer = Announcer::of_app();
    let word = move || match wizard.step.get() {
        Step::FirstContact => "Create the sync",
        _ => "Continue",
    };
    let busy = Signal::derive(move || wizard.saving.get());
    let on_press = move || wizard.go_on(&backend, router, announcer);
    view! {
        <ButtonLink href=Route::Syncs.href() kind=Kind::Ghost>"Cancel"</ButtonLink>
        {move || (wizard.step.get() > Step::Orgs).then(|| view! {
            <Button icon=Shape::ChevronLeft on_press=move || wizard.back()>"Back"</Button>
        })}
        <Button kind=Kind::Primary busy on_press attr:data-test="go-on">{word}</Button>
    }
}

/// What happens to rows that both orgs have already.
#[component]
fn FirstContact(wizard: NewSync) -> impl IntoView {
    view! {
        <h2 class="section-title">"When rows meet for the first time"</h2>
        <p class="muted">
            "Some records are in both orgs already. Where their mapped fields differ, nothing says yet which is right. Each \
             object mapping can have its own answer later, on the map."
        </p>
        <div data-test="first-contact">
        <RadioGroup
            label="Fields that differ at first contact"
            choices=policies::choices(&FIRST_CONTACT)
            value=wizard.first_contact
            hide_label=true
        />
        </div>
    }
}

impl NewSync {
    fn new(orgs: Asked<OrgList>) -> Self {
        let orgs = Memo::new(move |_| {
            let orgs = orgs.answer.get().and_then(Result::ok).unwrap_or_default();
            let connected = orgs.into_iter().filter(|org| org.state == OrgState::Connected);
            connected.map(|org| org.name).collect::<Vec<_>>()
        });
        let (left, right) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let wizard = Self {
            step: RwSignal::new(Step::Orgs),
            name: RwSignal::new(String::new()),
            left,
            right,
            orgs,
            proposal: Proposal::new(),
            chosen: RwSignal::new(BTreeSet::new()),
            hand: PairChoice::new(left, right),
            first_contact: RwSignal::new("ask".to_owned()),
            tried: RwSignal::new(false),
            saving: RwSignal::new(false),
            refused: RwSignal::new(None),
        };
        wizard.take_the_first_two_orgs();
        wizard
    }

    /// Two orgs are the usual case: the first is read, the second is written, until the person says otherwise.
    fn take_the_first_two_orgs(self) {
        Effect::new(move |_| {
            let orgs = self.orgs.get();
            let is_open = self.left.get_untracked().is_empty();
            if let ([first, second, ..], true) = (&orgs[..], is_open) {
                self.left.set(first.clone());
                self.right.set(second.clone());
            }
        });
    }

    fn steps(self) -> Signal<Vec<WizardStep>> {
        let state = move |own: Step| {
            let now = self.step.get();
            match own.cmp(&now) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Now,
                std::cmp::Ordering::Greater => StepState::Todo,
            }
        };
        Signal::derive(move || {
            vec![
                WizardStep::new("Orgs", "Where rows come from and go to", state(Step::Orgs)),
                WizardStep::new("Objects", "What corresponds", state(Step::Objects)),
                WizardStep::new(
                    "First contact",
                    "Rows that both orgs have",
                    state(Step::FirstContact),
                ),
            ]
        })
    }

    /// What keeps the names from being used, if anything.
    fn name_error(self) -> Option<String> {
        let name = self.name.get();
        name.trim().is_empty().then(|| "Give the sync a name".to_owned())
    }

    fn orgs_error(self) -> Option<String> {
        let (left, right) = (self.left.get(), self.right.get());
        if left.is_empty() || right.is_empty() {
            return Some("Choose an org for either side".to_owned());
        }
        (left == right).then(|| "Choose two different orgs".to_owned())
    }

    fn back(self) {
        self.refused.set(None);
        self.tried.set(false);
        self.step.update(|step| {
            *step = if *step == Step::FirstContact { Step::Objects } else { Step::Orgs };
        });
    }

    fn go_on(self, backend: &Backend, router: Router, announcer: Announcer) {
        self.tried.set(true);
        self.refused.set(None);
        let ready = match self.step.get_untracked() {
            Step::Orgs => untrack(|| self.name_error().or(self.orgs_error())),
            Step::Objects => untrack(|| self.objects_error()),
            Step::FirstContact => return self.create(backend.clone(), router),
        };
        if let Some(missing) = ready {
            return announcer.warn(missing);
        }
        self.tried.set(false);
        match self.step.get_untracked() {
            Step::Orgs => {
                self.proposal.ask(backend.clone(), self);
                self.step.set(Step::Objects);
            }
            _ => self.step.set(Step::FirstContact),
        }
    }

    fn objects_error(self) -> Option<String> {
        if self.hand.on.get() {
            return self.hand.error();
        }
        self.chosen.read().is_empty().then(|| "Choose at least one object".to_owned())
    }

    /// The document that the choices make.
    fn document(self) -> Option<SyncDocument> {
        let policy = policies::policy(&FIRST_CONTACT, &self.first_contact.get_untracked());
        let name = self.name.get_untracked().trim().to_owned();
        if self.hand.on.get_untracked() {
            let (left, right) = (self.left.get_untracked(), self.right.get_untracked());
            let object = object_of(&self.hand.pair(), &self.hand.alike(), policy);
            return Some(plan::by_hand(&name, (&left, &right), object));
        }
        let document = self.proposal.document()?;
        Some(plan::chosen(document, &name, &self.chosen.get_untracked(), policy))
    }

    fn create(self, backend: Backend, router: Router) {
        let Some(document) = self.document() else { return };
        self.saving.set(true);
        spawn_local(async move {
            let saved = save(&backend, document).await;
            _ = self.saving.try_set(false);
            match saved {
                Ok(name) => router.go(&Route::Sync(name, SyncTab::Map)),
                Err(problem) => _ = self.refused.try_set(Some(problem)),
            }
        });
    }
}

/// Writes the document as text and stores it as a new sync.
async fn save(backend: &Backend, document: SyncDocument) -> Result<String, Problem> {
    let request = CheckRequest { draft: Draft::Document(document) };
    let checked = backend.ask::<SyncCheck>(request).await?;
    let stored = backend
        .ask::<SyncSave>(SaveRequest { sync: None, text: checked.text, based_on: None })
        .await;
    match stored {
        Ok(import) => Ok(import.sync.name),
        Err(problem) if problem.code == Code::SyncChangedElsewhere => {
            Err(Problem { hint: "Choose another name for the new sync".to_owned(), ..problem })
        }
        Err(problem) => Err(problem),
    }
}
