//! The External Client App: what an admin sets up, once per org, and what of it is copied here.

use isthmus_contract::command::OrgGuide;
use isthmus_contract::org::ConnectGuide;
use leptos::prelude::*;

use crate::components::badge::{Badge, Tag, Tone};
use crate::components::copy_field::{CopyButton, CopyField};
use crate::components::field::{TextField, TextKind};
use crate::components::panel::Panel;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::pages::connect::diagnosis::GuidePart;
use crate::pages::connect::draft::Draft;
use crate::state::asked::Asked;

/// The guide with the fields of the app.
#[component]
pub(super) fn Guide(
    /// What was typed.
    draft: Draft,
    /// The step at fault, marked.
    #[prop(into)]
    fault: Signal<Option<GuidePart>>,
    /// Errors show: the person has tried to go on.
    #[prop(into)]
    tried: Signal<bool>,
    /// What Enter does.
    #[prop(into)]
    on_enter: Callback<()>,
) -> impl IntoView {
    let guide = Asked::<OrgGuide>::new(&[], || Some(()));
    let actions =
        || view! { <span class="small subtle connect__pad">"6 steps, about 5 minutes"</span> };
    view! {
        <Panel title="External Client App, set up once per org" actions flush=true>
            <ol class="guide">
                <GuideStep part=GuidePart::Create number=1 fault title="In Setup, open External Client App Manager and choose New">
                    <p class="small muted">"Name it as your admins will recognise it. Distribution state: Local."</p>
                </GuideStep>
                <GuideStep part=GuidePart::Scopes number=2 fault title="Turn on OAuth and add these scopes">
                    {move || parts(guide, scopes)}
                </GuideStep>
                <GuideStep part=GuidePart::Callback number=3 fault title="Paste the callback URLs, exactly, each on a line of its own">
                    {move || parts(guide, callbacks)}
                </GuideStep>
                <GuideStep part=GuidePart::Secrets number=4 fault title="Require PKCE; require no secret">
                    <Switches/>
                </GuideStep>
                <GuideStep part=GuidePart::People number=5 fault title="Save, and allow the people who connect">
                    <p class="small muted">
                        "Policies, Permitted Users: all users may self-authorize, or assign the integration user. Changes take up to 10 minutes."
                    </p>
                </GuideStep>
                <GuideStep part=GuidePart::Key number=6 fault title="Paste the app’s consumer key here">
                    <Keys draft fault tried on_enter/>
                </GuideStep>
            </ol>
        </Panel>
    }
}

/// One step of the guide.
#[component]
fn GuideStep(
    part: GuidePart,
    number: u32,
    fault: Signal<Option<GuidePart>>,
    title: &'static str,
    children: Children,
) -> impl IntoView {
    let is_at_fault = move || fault.get() == Some(part);
    view! {
        <li
            class="guide__step"
            data-flag=move || is_at_fault().then_some("")
            data-test=move || is_at_fault().then_some("guide-fault")
        >
            <span class="guide__n" aria-hidden="true">{number}</span>
            <div class="grow">
                <p class="medium row guide__title">
                    {title}
                    {move || is_at_fault().then(|| view! { <Badge tone=Tone::Err text="look here"/> })}
                </p>
                {children()}
            </div>
        </li>
    }
}

/// What the engine says of itself, or why it did not.
fn parts(guide: Asked<OrgGuide>, draw: fn(ConnectGuide) -> AnyView) -> AnyView {
    match guide.answer.get() {
        None => view! { <SkeletonLines what="the guide" lines=1/> }.into_any(),
        Some(Ok(known)) => draw(known),
        Some(Err(problem)) => {
            view! { <ProblemView problem on_retry=move || guide.again()/> }.into_any()
        }
    }
}

fn scopes(guide: ConnectGuide) -> AnyView {
    view! {
        <p class="row guide__scopes">
            {guide.scopes.into_iter().map(|scope| view! { <Tag text=scope_words(&scope)/> }).collect_view()}
            <span class="small subtle">"nothing more is asked for"</span>
        </p>
    }
    .into_any()
}

/// Setup lists a scope by more than its name.
fn scope_words(scope: &str) -> String {
    match scope {
        "refresh_token" => "refresh_token, offline_access".to_owned(),
        other => other.to_owned(),
    }
}

fn callbacks(guide: ConnectGuide) -> AnyView {
    let all = guide.callback_urls.join("\n");
    let fields = guide.callback_urls.into_iter().zip(1_u32..).map(|(url, number)| {
        view! { <li><CopyField label=format!("Callback URL {number}") value=url/></li> }
    });
    view! {
        <ul class="guide__copy">{fields.collect_view()}</ul>
        <CopyButton what="all callback URLs" value=all/>
    }
    .into_any()
}

/// How three switches of the app must stand; a drawing, hence words beside it.
#[component]
fn Switches() -> impl IntoView {
    let switches = [
        ("Require PKCE", true),
        ("Secret for Web Server Flow", false),
        ("Secret for Refresh Token Flow", false),
    ];
    let row = |(name, on): (&'static str, bool)| {
        view! {
            <li>
                <span class="guide__switch" data-on=on.then_some("") aria-hidden="true"></span>
                {name} ": " <b>{if on { "on" } else { "off" }}</b>
            </li>
        }
    };
    view! { <ul class="guide__switches small">{switches.into_iter().map(row).collect_view()}</ul> }
}

/// Consumer key, and the secret of an app that has one.
#[component]
fn Keys(
    draft: Draft,
    fault: Signal<Option<GuidePart>>,
    tried: Signal<bool>,
    on_enter: Callback<()>,
) -> impl IntoView {
    // Open where there is a secret, or where one is asked for; from then on the person opens and closes it.
    let is_open = !draft.secret.get_untracked().is_empty()
        || fault.get_untracked() == Some(GuidePart::Secrets);
    let key_error = Signal::derive(move || tried.get().then(|| draft.key_error()).flatten());
    view! {
        <div class="guide__keys">
            <TextField
                label="Consumer key"
                value=draft.client_id
                mono=true
                error=key_error
                hint="In the app's Settings under OAuth Settings, Consumer Key and Secret"
                on_enter
                attr:data-test="connect-key"
            />
            <details class="guide__secret" open=is_open>
                <summary class="small" data-test="connect-secret-open">"The app has a secret"</summary>
                <TextField
                    label="Consumer secret"
                    value=draft.secret
                    kind=TextKind::Password
                    hint="Kept in this computer's keychain, and never shown again"
                    on_enter
                    attr:data-test="connect-secret"
                />
            </details>
        </div>
    }
}

/// What stands beside a wizard step whose part is done.
pub(super) fn app_hint(draft: Draft) -> String {
    let has_secret = !draft.secret.read().is_empty();
    match (draft.key_error().is_none(), has_secret) {
        (false, _) => "Your own External Client App".to_owned(),
        (true, false) => "Consumer key given, no secret".to_owned(),
        (true, true) => "Consumer key and secret given".to_owned(),
    }
}
