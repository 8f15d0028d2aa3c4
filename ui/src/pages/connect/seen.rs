//! The last step: the org is connected; what it lets us see.

use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{Button, ButtonLink, Kind, Size};
use crate::components::icon::Shape;
use crate::components::notice::Notice;
use crate::components::panel::Panel;
use crate::pages::connect::login::{Login, LoginState};
use crate::pages::org::test::{Test, TestResults};
use crate::pages::orgs::words::capped;
use crate::route::Route;

/// The step.
#[component]
pub(super) fn Seen(
    /// The sign-in that connected the org.
    login: Login,
) -> impl IntoView {
    let LoginState::Done(org) = login.state.get_untracked() else {
        return ().into_any();
    };
    let test = Test::new();
    test.start(org.name.clone());
    let tested = org.name.clone();
    let title = format!("{} is connected", capped(&org.name));
    let text = capped(&format!("{}, org {}, as {}", org.label, org.org_id, org.username));
    let href = Route::Org(org.name).href();
    let actions = move || {
        let tested = tested.clone();
        view! {
            <Button
                kind=Kind::Ghost
                size=Size::Small
                icon=Shape::Retry
                busy=test.is_running()
                on_press=move || test.start(tested.clone())
                attr:data-test="connect-test-again"
            >
                "Test again"
            </Button>
        }
    };
    let open = move || view! { <ButtonLink href=href.clone() size=Size::Small>"Open the org"</ButtonLink> };
    view! {
        <div data-test="connect-done"><Notice tone=Tone::Ok title text actions=open/></div>
        <Panel title="What the connected user may do" actions>
            <TestResults test/>
        </Panel>
    }
    .into_any()
}
