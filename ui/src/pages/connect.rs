//! The wizard that connects an org: where it lives, its app, the sign-in, and what we may see.

mod diagnosis;
mod draft;
mod guide;
mod login;
mod place;
mod seen;
mod sign_in;
mod step;

use isthmus_contract::command::OrgList;
use isthmus_contract::console::Topic;
use isthmus_contract::org::OrgView;
use leptos::prelude::*;

use crate::components::announcer::Announcer;
use crate::components::button::{Button, ButtonLink, Kind};
use crate::components::icon::{Icon, Shape};
use crate::components::org_tile::OrgTile;
use crate::components::page::PageFrame;
use crate::components::wizard::{StepState, WizardStep, WizardSteps};
use crate::pages::connect::draft::Draft;
use crate::pages::connect::guide::{Guide, app_hint};
use crate::pages::connect::login::{Login, LoginState};
use crate::pages::connect::place::Place;
use crate::pages::connect::seen::Seen;
use crate::pages::connect::sign_in::{NO_FAULT, SignIn};
use crate::pages::connect::step::{Step, StepHeading};
use crate::pages::orgs::words::{capped, host_of, host_word};
use crate::route::{Route, Router};
use crate::state::asked::Asked;

/// Everything the wizard's parts share.
#[derive(Clone, Copy)]
struct Wizard {
    draft: Draft,
    login: Login,
    step: RwSignal<Step>,
    /// The person has tried to go on from the step shown.
    tried: RwSignal<bool>,
    announcer: Announcer,
}

/// The page.
#[component]
pub(crate) fn Connect(
    /// The org that is connected again.
    again: Option<String>,
) -> impl IntoView {
    let is_again = again.is_some();
    let wizard = Wizard {
        draft: Draft::new(again),
        login: Login::new(),
        step: RwSignal::new(Step::Place),
        tried: RwSignal::new(false),
        announcer: Announcer::of_app(),
    };
    let orgs = Asked::<OrgList>::new(&[Topic::Orgs], || Some(()));
    let known = Memo::new(move |_| orgs.answer.get().and_then(Result::ok).unwrap_or_default());
    wizard.follow_step();
    wizard.take_login_once(known);
    let title = if is_again { "Connect again" } else { "Connect org" };
    let trail = vec![("Orgs".to_owned(), Route::Orgs.href())];
    let actions = move || move || actions(wizard, wizard.step.get());
    view! {
        <PageFrame title trail actions>
            <div class="connect">
                <Aside wizard/>
                <div class="connect__main scroll">
                    {move || step_view(wizard, known)}
                    <Foot wizard/>
                </div>
            </div>
        </PageFrame>
    }
}

impl Wizard {
    /// Says each step, and shows no old errors on it.
    fn follow_step(self) {
        Effect::watch(
            move || self.step.get(),
            move |step, _, _| {
                self.tried.set(false);
                self.announcer.say(step.said());
            },
            false,
        );
    }

    /// An org that is connected again keeps its login address and its app, unless the person has chosen others.
    fn take_login_once(self, known: Memo<Vec<OrgView>>) {
        let taken = StoredValue::new(false);
        Effect::new(move || {
            let Some(name) = self.draft.again.get_value() else { return };
            let known = known.read();
            let Some(org) = known.iter().find(|org| org.name == name) else { return };
            if !taken.get_value() {
                taken.set_value(true);
                self.draft.take_login(org);
            }
        });
    }

    /// Goes on from the step shown, where it can be left.
    fn go_on(self) {
        self.tried.set(true);
        let draft = self.draft;
        match self.step.get_untracked() {
            Step::Place if untrack(|| draft.name_error().or(draft.url_error())).is_none() => {
                self.step.set(Step::App);
            }
            Step::App if untrack(|| draft.key_error()).is_none() => self.step.set(Step::SignIn),
            Step::SignIn => self.sign_in(),
            Step::Place | Step::App => {
                self.announcer.warn("Not yet: look at the fields marked");
                focus_first_error();
            }
            Step::Seen => {}
        }
    }

    /// Begins the sign-in, where what was typed can be used.
    fn sign_in(self) {
        let Some(order) = untrack(|| self.draft.order()) else {
            self.announcer.warn("Not yet: look at the fields marked");
            focus_first_error();
            return;
        };
        self.login.begin(order, move || {
            // It is in the keychain now, and needed here no more.
            self.draft.secret.set(String::new());
            self.step.set(Step::Seen);
        });
    }

    fn back(self) {
        match self.step.get_untracked() {
            Step::App => self.step.set(Step::Place),
            Step::SignIn => self.step.set(Step::App),
            Step::Place | Step::Seen => {}
        }
    }

    /// The word of what goes on from the step shown.
    fn next_word(self) -> &'static str {
        match (self.step.get(), &*self.login.state.read()) {
            (Step::Place | Step::App, _) => "Continue",
            (_, LoginState::Refused { .. } | LoginState::GivenUp) => "Sign in again",
            _ => "Sign in",
        }
    }
}

/// A frame later, when the errors stand there.
fn focus_first_error() {
    use wasm_bindgen::JsCast;
    request_animation_frame(|| {
        let found = document().query_selector(".connect [aria-invalid=true]").ok().flatten();
        if let Some(field) = found.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(field.focus());
        }
    });
}

fn step_view(wizard: Wizard, known: Memo<Vec<OrgView>>) -> AnyView {
    let Wizard { draft, login, step, tried, .. } = wizard;
    let shown = step.get();
    let moved = shown != Step::Place || tried.try_get_untracked() == Some(true);
    let go_on = move || wizard.go_on();
    let body = match shown {
        Step::Place => view! { <Place draft known=known tried=tried on_enter=go_on/> }.into_any(),
        Step::App => {
            view! { <Guide draft fault=Signal::stored(NO_FAULT) tried=tried on_enter=go_on/> }
                .into_any()
        }
        Step::SignIn => view! { <SignIn draft login step on_sign_in=go_on/> }.into_any(),
        Step::Seen => view! { <Seen login/> }.into_any(),
    };
    view! { <StepHeading step=shown moved/> {body} }.into_any()
}

/// Where one is, and for which org.
#[component]
fn Aside(wizard: Wizard) -> impl IntoView {
    let name = move || {
        let typed = wizard.draft.name.get();
        let name = typed.trim();
        if name.is_empty() { "New org".to_owned() } else { capped(name) }
    };
    let host = move || wizard.draft.login_host().map_or("", |host| host_word(host.url()));
    view! {
        <aside class="connect__steps" aria-label="Progress">
            <div class="row connect__org">
                {move || view! { <OrgTile name=name()/> }}
                <div class="grow connect__who">
                    <p class="medium truncate" dir="auto">{name}</p>
                    <p class="small subtle truncate">{host}</p>
                </div>
            </div>
            <WizardSteps label="Steps of connecting an org" steps=Signal::derive(move || steps(wizard))/>
            <p class="connect__note small subtle">
                <Icon shape=Shape::Lock small=true/>
                <span>"The token stays in this computer’s keychain. No server of ours takes part."</span>
            </p>
        </aside>
    }
}

fn steps(wizard: Wizard) -> Vec<WizardStep> {
    let now = wizard.step.get();
    let state = wizard.login.state.get();
    let is_refused = matches!(state, LoginState::Refused { .. });
    let step = |step: Step| {
        let stands = match () {
            () if step == Step::SignIn && now == step && is_refused => StepState::Failed,
            () if step == now => StepState::Now,
            () if step < now => StepState::Done,
            () => StepState::Todo,
        };
        WizardStep::new(step.title(), hint(wizard, step, &state), stands)
    };
    Step::ALL.into_iter().map(step).collect()
}

fn hint(wizard: Wizard, step: Step, state: &LoginState) -> String {
    match step {
        Step::Place => wizard
            .draft
            .login_host()
            .map_or("Name and login address".to_owned(), |host| host_of(host.url()).to_owned()),
        Step::App => app_hint(wizard.draft),
        Step::SignIn => match state {
            LoginState::Idle => "In your browser".to_owned(),
            LoginState::Going => "Waiting for your browser".to_owned(),
            LoginState::GivenUp => "Given up".to_owned(),
            LoginState::Refused { at, .. } => format!("Stopped at {at}"),
            LoginState::Done(org) => capped(&org.username),
        },
        Step::Seen => "Login, limits, rights".to_owned(),
    }
}

/// The page's actions at a step.
fn actions(wizard: Wizard, step: Step) -> AnyView {
    if step == Step::Seen {
        return view! {
            <ConnectAnother wizard/>
            <ButtonLink href=Route::NewSync.href() kind=Kind::Primary icon=Shape::Plus attr:data-test="connect-make-sync">
                "Make a sync"
            </ButtonLink>
        }
        .into_any();
    }
    view! {
        <ButtonLink href=Route::Orgs.href() kind=Kind::Ghost attr:data-test="connect-cancel">"Cancel"</ButtonLink>
        <Next wizard kind=Kind::Primary test="connect-next"/>
    }
    .into_any()
}

/// What goes on, with the word that fits the step.
#[component]
fn Next(wizard: Wizard, kind: Kind, test: &'static str) -> impl IntoView {
    let busy = Signal::derive(move || wizard.login.is_going());
    let press = move || wizard.go_on();
    let word = move || wizard.next_word();
    if wizard.step.get_untracked() == Step::SignIn {
        view! { <Button kind icon=Shape::External busy on_press=press attr:data-test=test>{word}</Button> }.into_any()
    } else {
        view! { <Button kind on_press=press attr:data-test=test>{word}</Button> }.into_any()
    }
}

#[component]
fn ConnectAnother(wizard: Wizard) -> impl IntoView {
    let router = Router::of_this_app();
    let another = move || {
        let draft = wizard.draft;
        if draft.again.read_value().is_some() {
            router.go(&Route::Connect(None));
            return;
        }
        for field in [draft.name, draft.url, draft.client_id, draft.secret] {
            field.set(String::new());
        }
        wizard.login.state.set(LoginState::Idle);
        wizard.step.set(Step::Place);
    };
    view! {
        <Button icon=Shape::Plus on_press=another attr:data-test="connect-another">"Connect another org"</Button>
    }
}

/// The way on and back below the step, where a person's hands are.
#[component]
fn Foot(wizard: Wizard) -> impl IntoView {
    move || {
        let step = wizard.step.get();
        let can_go_back = matches!(step, Step::App | Step::SignIn);
        let back = can_go_back.then(|| {
            let disabled = Signal::derive(move || wizard.login.is_going());
            view! {
                <Button icon=Shape::ChevronLeft disabled on_press=move || wizard.back() attr:data-test="connect-back">
                    "Back"
                </Button>
            }
        });
        (step != Step::Seen).then(|| {
            view! {
                <div class="connect__foot">
                    {back}
                    <span class="push"></span>
                    <Next wizard kind=Kind::Default test="connect-next-below"/>
                </div>
            }
        })
    }
}
