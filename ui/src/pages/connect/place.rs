//! The first step: what the org is called here, and where one logs in to it.

use isthmus_contract::org::OrgView;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::field::{Choice, RadioGroup, TextField, TextKind};
use crate::components::icon::Shape;
use crate::components::notice::Notice;
use crate::pages::connect::draft::{CUSTOM, Draft, PRODUCTION, SANDBOX};
use crate::pages::orgs::words::capped;

/// The step's fields.
#[component]
pub(super) fn Place(
    /// What was typed.
    draft: Draft,
    /// The orgs known already.
    #[prop(into)]
    known: Signal<Vec<OrgView>>,
    /// Errors show: the person has tried to go on.
    #[prop(into)]
    tried: Signal<bool>,
    /// What Enter does.
    #[prop(into)]
    on_enter: Callback<()>,
) -> impl IntoView {
    let choices = vec![
        Choice::new(PRODUCTION, "Production")
            .text("login.salesforce.com; also Developer Edition")
            .icon(Shape::Building),
        Choice::new(SANDBOX, "Sandbox").text("test.salesforce.com").icon(Shape::Grid),
        Choice::new(CUSTOM, "My Domain")
            .text("The org's own login address; needed where the others are switched off")
            .icon(Shape::Globe),
    ];
    view! {
        <div class="connect__form">
            <NameField draft known tried on_enter/>
            <div data-test="connect-host">
                <RadioGroup label="Where people log in" choices value=draft.host/>
            </div>
            {move || (draft.host.get() == CUSTOM).then(|| {
                let error = Signal::derive(move || tried.get().then(|| draft.url_error()).flatten());
                view! {
                    <TextField
                        label="Login address"
                        value=draft.url
                        kind=TextKind::Url
                        mono=true
                        error
                        placeholder="https://acme.my.salesforce.com"
                        hint="In Setup under My Domain, Current My Domain URL"
                        on_enter
                        attr:data-test="connect-url"
                    />
                }
            })}
        </div>
    }
}

#[component]
fn NameField(
    draft: Draft,
    known: Signal<Vec<OrgView>>,
    tried: Signal<bool>,
    on_enter: Callback<()>,
) -> impl IntoView {
    if let Some(name) = draft.again.get_value() {
        let title = format!("{} is connected again", capped(&name));
        return view! {
            <Notice
                tone=Tone::Accent
                title
                text="Its links and history stay. Sign in to the same org: another one is refused."
            />
        }
        .into_any();
    }
    let error = Signal::derive(move || tried.get().then(|| draft.name_error()).flatten());
    let is_known = move || {
        let name = draft.name.get().trim().to_lowercase();
        known.read().iter().any(|org| org.name.to_lowercase() == name)
    };
    let hint = Signal::derive(move || {
        let text = if is_known() {
            "An org has this name already: signing in connects it again, and another org is refused"
        } else {
            "What mappings and reports call it: up to 40 letters, digits, `-`, `_` and `.`"
        };
        Some(text.to_owned())
    });
    view! {
        <TextField
            label="Name of the org in Isthmus"
            value=draft.name
            error
            hint
            placeholder="sales"
            autofocus=true
            on_enter
            attr:data-test="connect-name"
        />
    }
    .into_any()
}
