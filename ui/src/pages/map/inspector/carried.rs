//! What a drop would do, while a field is carried.

use isthmus_model::ids::Side;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;
use crate::components::notice::Notice;
use crate::pages::map::carry::Target;
use crate::pages::map::legality::Legality;
use crate::pages::map::stage::Stage;

/// The panel.
#[component]
pub(super) fn CarriedPanel() -> impl IntoView {
    let stage = Stage::of_this_map();
    let head = move || {
        let carry = stage.carry.get()?;
        let name = stage.column(carry.from).name(carry.field);
        let other = carry.over.map(|over| stage.column(carry.from.other()).name(over));
        let other = other.unwrap_or_else(|| "…".to_owned());
        let (left, right) = if carry.from == Side::Left { (name, other) } else { (other, name) };
        Some(
            view! { <code class="truncate">{left}</code><Icon shape=Shape::ArrowRight/><code class="truncate">{right}</code> },
        )
    };
    let target = move || {
        let over = stage.carry.get()?.over?;
        stage.targets.read().as_ref()?.get(over).cloned()
    };
    view! {
        <header class="inspect__head">
            <div class="grow">
                <h2 class="row">{head}</h2>
                <p class="small muted">"Not linked yet: what a drop here would do"</p>
            </div>
        </header>
        <div class="inspect__body scroll" tabindex="0" role="region" aria-label="Drop preview">
            <section class="inspect__sec">{move || verdict(target())}</section>
            <section class="inspect__sec">
                <h3 class="inspect__title">"By keyboard"</h3>
                <CarryKeys/>
            </section>
        </div>
    }
}

/// The keys that work while a field is carried.
#[component]
pub(super) fn CarryKeys() -> impl IntoView {
    view! {
        <dl class="keys">
            <dt><Kbd keys="Space"/></dt>
            <dd>"pick up or drop"</dd>
            <dt><Kbd keys="↑ ↓"/></dt>
            <dd>"next target that fits"</dd>
            <dt><Kbd keys="Shift ↓"/></dt>
            <dd>"lossy targets too"</dd>
            <dt><Kbd keys="Esc"/></dt>
            <dd>"put back"</dd>
        </dl>
    }
}

fn verdict(target: Option<Target>) -> AnyView {
    let Some(Target { legality, replaces }) = target else {
        return view! { <p class="small muted">"Over no field. Fields that light up fit; a dimmed one says why it does not."</p> }
            .into_any();
    };
    let replaced =
        replaces.map_or_else(String::new, |left| format!(" Replaces the link from {left}."));
    match legality {
        Legality::Legal => {
            view! { <Notice tone=Tone::Ok title="Every value arrives" text=format!("Nothing is lost.{replaced}")/> }.into_any()
        }
        Legality::Lossy(reason) => {
            view! { <Notice tone=Tone::Warn title="Allowed, with loss" text=format!("{}.{replaced}", reason.full)/> }.into_any()
        }
        Legality::Illegal(reason) => {
            // A notice of this tone would speak up for every row that the pointer passes.
            view! {
                <div class="notice notice--err">
                    <Icon shape=Shape::Fault/>
                    <div class="grow">
                        <p class="medium">"Not possible"</p>
                        <p class="small muted">{reason.full}"."</p>
                    </div>
                </div>
            }
            .into_any()
        }
    }
}
