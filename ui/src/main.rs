//! The console: draws what the shell answers.

#![expect(
    unreachable_pub,
    reason = "the component macro of leptos makes the properties of each component public"
)]

mod app;
mod backend;

mod pages;

mod components;

use leptos::mount::mount_to_body;

use crate::app::App;

fn main() {
    mount_to_body(App);
}
