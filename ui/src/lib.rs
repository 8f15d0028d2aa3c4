//! The console: draws what the shell answers.
//!
//! Two programs are made of it: the console proper, which asks the shell, and the showcase, which asks a fake of it.
//! Pages know [`backend`] alone; what neither program reaches is left out of it by the linker.

#![expect(
    unreachable_pub,
    reason = "the component macro of leptos makes the properties of each component public"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "the component macro of leptos takes each property by value"
)]

mod app;
pub mod backend;
mod route;
mod state;

mod pages;

mod components;
mod format;

use leptos::mount::mount_to_body;
use leptos::prelude::*;

use crate::app::App;
use crate::backend::Backend;

/// Draws the console over a backend.
pub fn mount(backend: Backend) {
    app::fault::watch();
    mount_to_body(move || view! { <App backend/> });
}
