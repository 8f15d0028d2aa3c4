//! One org in detail: who it is, how it is, what a test of the connection finds, and who uses it.

pub(crate) mod disconnect;
pub(crate) mod health;
mod panels;
pub(crate) mod test;

use isthmus_contract::command::OrgList;
use isthmus_contract::console::Topic;
use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink, Kind};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::pages::org::disconnect::Disconnect;
use crate::pages::org::panels::Panels;
use crate::pages::org::test::Test;
use crate::pages::orgs::words::capped;
use crate::route::Route;
use crate::state::asked::{Answered, Asked};

/// The page.
#[component]
pub(crate) fn Org(
    /// Its name.
    name: String,
) -> impl IntoView {
    let orgs = Asked::<OrgList>::new(&[Topic::Orgs, Topic::Workspace], || Some(()));
    let title = capped(&name);
    let shown = Memo::new(move |_| Shown::of(orgs.answer.get(), &name));
    let test = Test::new();
    let wish = RwSignal::new(None::<String>);
    let trail = vec![("Orgs".to_owned(), Route::Orgs.href())];
    let actions = move || {
        move || match shown.get() {
            Shown::Known(org) => view! { <Actions org test/> }.into_any(),
            _ => ().into_any(),
        }
    };
    view! {
        <PageFrame title trail actions>
            <div class="page__body org-page">
                {move || match shown.get() {
                    Shown::Loading => view! { <SkeletonLines what="the org" lines=8/> }.into_any(),
                    Shown::Failed(problem) => view! { <ProblemView problem on_retry=move || orgs.again()/> }.into_any(),
                    Shown::Unknown => view! { <Unknown/> }.into_any(),
                    Shown::Known(org) => view! { <Panels org test wish/> }.into_any(),
                }}
            </div>
            <Disconnect wish on_done=move || orgs.again()/>
        </PageFrame>
    }
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Loading,
    Failed(Problem),
    Unknown,
    Known(OrgView),
}

impl Shown {
    fn of(answer: Option<Answered<OrgList>>, name: &str) -> Self {
        match answer {
            None => Self::Loading,
            Some(Err(problem)) => Self::Failed(problem),
            Some(Ok(orgs)) => {
                let found = orgs.into_iter().find(|org| org.name == name);
                found.map_or(Self::Unknown, Self::Known)
            }
        }
    }
}

#[component]
fn Actions(org: OrgView, test: Test) -> impl IntoView {
    let again = Route::Connect(Some(org.name.clone())).href();
    if org.state == OrgState::Disconnected {
        return view! {
            <ButtonLink href=again kind=Kind::Primary icon=Shape::External attr:data-test="org-connect-again">
                "Connect again"
            </ButtonLink>
        }
        .into_any();
    }
    let tested = org.name;
    view! {
        <ButtonLink href=again icon=Shape::External attr:data-test="org-connect-again">"Connect again"</ButtonLink>
        <Button
            kind=Kind::Primary
            icon=Shape::Bolt
            busy=test.is_running()
            on_press=move || test.start(tested.clone())
            attr:data-test="org-test"
        >
            "Test connection"
        </Button>
    }
    .into_any()
}

#[component]
fn Unknown() -> impl IntoView {
    let actions = || view! { <ButtonLink href=Route::Orgs.href()>"All orgs"</ButtonLink> };
    view! {
        <Empty
            icon=Shape::Orgs
            title="No org has this name"
            text="It may be known under another one; the list of orgs has them all."
            actions
        />
    }
}
