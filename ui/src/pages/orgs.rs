//! The orgs: who is connected, how each is, and what can be done about it.

mod card;
pub(crate) mod words;

use isthmus_contract::command::OrgList;
use isthmus_contract::console::Topic;
use isthmus_contract::org::OrgView;
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink, Kind};
use crate::components::dialog::{Dialog, Width};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::pages::org::disconnect::Disconnect;
use crate::pages::org::test::{Test, TestResults};
use crate::pages::orgs::card::OrgCard;
use crate::route::Route;
use crate::state::asked::{Answered, Asked};

/// How many cards stand in while the orgs are on their way.
const PLACES: usize = 3;

/// What can be ordered from a card; the page carries it out, because a card goes when its org changes.
#[derive(Clone, Copy)]
pub(crate) struct Orders {
    /// The org to disconnect.
    disconnect: RwSignal<Option<String>>,
    /// The org to test.
    test: RwSignal<Option<String>>,
}

/// The page.
#[component]
pub(crate) fn Orgs() -> impl IntoView {
    let orgs = Asked::<OrgList>::new(&[Topic::Orgs, Topic::Workspace], || Some(()));
    let shown = Memo::new(move |_| Shown::of(orgs.answer.get()));
    let orders = Orders { disconnect: RwSignal::new(None), test: RwSignal::new(None) };
    let actions = move || {
        view! {
            <ButtonLink href=Route::Connect(None).href() kind=Kind::Primary icon=Shape::Plus attr:data-test="connect-org">
                "Connect org"
            </ButtonLink>
        }
    };
    view! {
        <PageFrame title="Orgs" actions>
            <div class="page__body orgs">
                {move || match shown.get() {
                    Shown::Loading => view! { <Loading/> }.into_any(),
                    Shown::Failed(problem) => view! { <ProblemView problem on_retry=move || orgs.again()/> }.into_any(),
                    Shown::Nothing => view! { <Nothing/> }.into_any(),
                    Shown::Some(orgs) => view! { <Cards orgs orders/> }.into_any(),
                }}
            </div>
            <TestDialog wish=orders.test/>
            <Disconnect wish=orders.disconnect on_done=move || orgs.again()/>
        </PageFrame>
    }
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Loading,
    Failed(Problem),
    Nothing,
    Some(Vec<OrgView>),
}

impl Shown {
    fn of(answer: Option<Answered<OrgList>>) -> Self {
        match answer {
            None => Self::Loading,
            Some(Err(problem)) => Self::Failed(problem),
            Some(Ok(orgs)) if orgs.is_empty() => Self::Nothing,
            Some(Ok(orgs)) => Self::Some(orgs),
        }
    }
}

#[component]
fn Cards(orgs: Vec<OrgView>, orders: Orders) -> impl IntoView {
    let card = |org| view! { <li><OrgCard org orders/></li> };
    view! { <ul class="orgs__cards" data-test="orgs">{orgs.into_iter().map(card).collect_view()}</ul> }
}

#[component]
fn Loading() -> impl IntoView {
    let place = |_| {
        view! { <li class="panel orgs-card orgs-card--loading"><SkeletonLines what="orgs" lines=5/></li> }
    };
    view! { <ul class="orgs__cards">{(0..PLACES).map(place).collect_view()}</ul> }
}

#[component]
fn Nothing() -> impl IntoView {
    let actions = || {
        view! {
            <ButtonLink href=Route::Connect(None).href() icon=Shape::Plus attr:data-test="connect-first-org">
                "Connect the first org"
            </ButtonLink>
        }
    };
    view! {
        <Empty
            icon=Shape::Orgs
            title="No org is connected"
            text="A sync needs two: one to read from, one to write to. Signing in takes place in your browser; the tokens stay in \
                  this computer's keychain."
            actions
        />
    }
}

/// Tests a connection beside the list.
#[component]
fn TestDialog(wish: RwSignal<Option<String>>) -> impl IntoView {
    let test = Test::new();
    Effect::new(move || {
        if let Some(org) = wish.get() {
            test.start(org);
        }
    });
    let title =
        move || format!("Connection test: {}", words::capped(&wish.get().unwrap_or_default()));
    let again = move || wish.get_untracked().into_iter().for_each(|org| test.start(org));
    let close = move || wish.set(None);
    let footer = move || {
        view! {
            <span class="push"></span>
            <Button icon=Shape::Retry busy=test.is_running() on_press=again>"Test again"</Button>
            <Button kind=Kind::Primary on_press=close attr:data-test="test-close">"Close"</Button>
        }
    };
    view! {
        <Dialog open=Signal::derive(move || wish.get().is_some()) title width=Width::Wide on_close=close footer>
            <TestResults test/>
        </Dialog>
    }
}
