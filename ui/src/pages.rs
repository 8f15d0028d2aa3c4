//! The console's pages, one file each with a folder of its parts beside it.

pub(crate) mod gallery;
pub(crate) mod overview;
pub(crate) mod welcome;

pub(crate) mod connect;
pub(crate) mod org;
pub(crate) mod orgs;

pub(crate) mod new_sync;
mod object_pair;
mod policies;
pub(crate) mod sync;
pub(crate) mod sync_tabs;
pub(crate) mod syncs;

pub(crate) mod map;
pub(crate) mod preview;

pub(crate) mod run;
pub(crate) mod runs;

pub(crate) mod records;
pub(crate) mod settings;

use leptos::prelude::*;

use crate::route::{Route, Router};

/// The page of the place that is shown. Each page draws its own header and body, see [`crate::components::page`].
#[component]
pub(crate) fn Page() -> impl IntoView {
    let router = Router::of_this_app();
    move || match router.shown() {
        Route::Overview => view! { <overview::Overview/> }.into_any(),
        Route::Orgs => view! { <orgs::Orgs/> }.into_any(),
        Route::Connect(name) => view! { <connect::Connect again=name/> }.into_any(),
        Route::Org(name) => view! { <org::Org name/> }.into_any(),
        Route::Syncs => view! { <syncs::Syncs/> }.into_any(),
        Route::NewSync => view! { <new_sync::NewSync/> }.into_any(),
        Route::Sync(name, tab) => view! { <sync::Sync name tab/> }.into_any(),
        Route::Runs => view! { <runs::Runs/> }.into_any(),
        Route::Run(run) => view! { <run::Run run/> }.into_any(),
        Route::Records => view! { <records::Records/> }.into_any(),
        Route::Settings => view! { <settings::Settings/> }.into_any(),
        Route::Gallery => view! { <gallery::Gallery/> }.into_any(),
    }
}
