//! The panel beside the columns: the link that is looked at, what a drop would do, or the object mapping as a whole.

mod carried;
mod link;
mod object;

use leptos::prelude::*;

use crate::pages::map::inspector::carried::CarriedPanel;
use crate::pages::map::inspector::link::LinkPanel;
use crate::pages::map::inspector::object::ObjectPanel;
use crate::pages::map::stage::Stage;
use crate::pages::map::state::Link;

/// What it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Carried,
    Link(Link),
    Object,
}

/// The panel.
#[component]
pub(crate) fn Inspector() -> impl IntoView {
    let stage = Stage::of_this_map();
    let subject = Memo::new(move |_| match (stage.carry.get(), stage.map.link.get()) {
        (Some(_), _) => Subject::Carried,
        (None, Some(link)) => Subject::Link(link),
        (None, None) => Subject::Object,
    });
    let label = move || match subject.get() {
        Subject::Carried => "Drop preview",
        Subject::Link(_) => "Link",
        Subject::Object => "Object mapping",
    };
    let body = move || match subject.get() {
        Subject::Carried => view! { <CarriedPanel/> }.into_any(),
        Subject::Link(link) => view! { <LinkPanel link/> }.into_any(),
        Subject::Object => view! { <ObjectPanel/> }.into_any(),
    };
    view! {
        <aside class="inspect" id="map-inspector" tabindex="-1" aria-label=label data-test="map-inspector">
            {body}
        </aside>
    }
}
