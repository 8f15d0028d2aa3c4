//! Badges, figures, progress and icons.

use isthmus_model::run::RunEnd;
use leptos::prelude::*;

use crate::components::badge::{Badge, Chip, EndBadge, OutcomeBadge, Tag, Tone};
use crate::components::button::Size;
use crate::components::figure::Figure;
use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;
use crate::components::org_tile::{OrgName, OrgTile};
use crate::components::panel::Card;
use crate::components::progress::{Meter, Progress};
use crate::pages::gallery::Part;

const ENDS: [RunEnd; 5] =
    [RunEnd::Unchanged, RunEnd::Succeeded, RunEnd::Partial, RunEnd::Stopped, RunEnd::Failed];

const OUTCOMES: [&str; 8] =
    ["created", "updated", "linked", "deleted", "unchanged", "held", "failed", "pending"];

const ACTIONS: [&str; 5] = ["create", "update", "link", "delete", "hold"];

const ORGS: [&str; 6] = [
    "Northwind Sales",
    "Northwind Service",
    "Contoso EMEA",
    "Fabrikam",
    "Adventure Works",
    "Tailspin",
];

/// Badges, tags, chips, orgs.
#[component]
pub(super) fn Words() -> impl IntoView {
    let on = RwSignal::new(true);
    view! {
        <Part name="Words">
            <div class="row row--wrap">{ENDS.map(|end| view! { <EndBadge end/> }).collect_view()}</div>
            <div class="row row--wrap">{OUTCOMES.map(|word| view! { <OutcomeBadge word/> }).collect_view()}</div>
            <div class="row row--wrap">{ACTIONS.map(|word| view! { <OutcomeBadge word/> }).collect_view()}</div>
            <div class="row row--wrap">
                <Badge tone=Tone::Accent text="Suggested" icon=Shape::Sparkles/>
                <Tag text="External id" icon=Shape::Key/>
                <Tag text="Lossy" tone=Tone::Warn/>
                <Tag text="Missing" tone=Tone::Err/>
                <Tag text="New" tone=Tone::Accent/>
                <Tag text="Verified" tone=Tone::Ok/>
                <Chip text="Held" count=37 pressed=on on_toggle=move |now| on.set(now)/>
                <Chip text="Failed" count=0 pressed=false on_toggle=|_| ()/>
                <Kbd keys="Ctrl Shift Z"/>
            </div>
            <div class="row row--wrap">{ORGS.map(|name| view! { <OrgName name/> }).collect_view()}</div>
            <div class="row row--wrap">
                {ORGS.map(|name| view! { <OrgTile name size=Size::Normal labelled=true/> }).collect_view()}
            </div>
        </Part>
    }
}

/// Numbers, progress and meters.
#[component]
pub(super) fn Figures() -> impl IntoView {
    let on = RwSignal::new(false);
    view! {
        <Part name="Figures">
            <div class="row row--wide row--wrap">
                <Figure value="253,310" label="rows written" icon=Shape::Check/>
                <Figure value="37" label="held" pressed=on on_press=move || on.update(|on| *on = !*on)/>
            </div>
            <Progress label="Reading" done=253_310_u64 all=Some(415_200)/>
            <Progress label="Planning" size=Size::Small/>
            <Meter label="Calls used today" used=61_000_u64 allowed=100_000_u64 budget=80_000_u64/>
            <Meter label="Storage used" used=96_u64 allowed=100_u64 tone=Tone::Warn/>
            <Card><p class="muted">"A card without a title."</p></Card>
        </Part>
    }
}

/// Every icon.
#[component]
pub(super) fn Icons() -> impl IntoView {
    let cell = |shape: &Shape| {
        view! {
            <li class="gallery__icon" title=format!("{shape:?}")><Icon shape=*shape/><Icon shape=*shape small=true/></li>
        }
    };
    view! {
        <Part name="Icons" wide=true>
            <ul class="gallery__icons">{Shape::ALL.iter().map(cell).collect_view()}</ul>
        </Part>
    }
}
