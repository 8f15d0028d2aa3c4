//! From which org to which.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::components::org_tile::OrgName;

/// From which org to which.
#[component]
pub(crate) fn Lane(
    /// The left org's name.
    #[prop(into)]
    left: String,
    /// The right org's name.
    #[prop(into)]
    right: String,
) -> impl IntoView {
    view! {
        <span class="lane small muted" dir="ltr">
            <OrgName name=left/>
            <Icon shape=Shape::ArrowRight/>
            <span class="sr-only">"to"</span>
            <OrgName name=right/>
        </span>
    }
}
