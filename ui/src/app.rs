//! The frame that every page shares: rail, top bar, page, status bar, and what lies on top of them.

mod close_dialog;
pub(crate) mod fault;
mod gate;
mod job_news;
mod key_map;
mod keys;
mod palette;
mod places;
mod rail;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::close_dialog::CloseDialog;
use crate::app::gate::Gate;
use crate::app::key_map::KeyMap;
use crate::app::palette::Palette;
use crate::app::rail::Rail;
use crate::backend::Backend;
use crate::components::announcer::{Announcer, LiveRegions};
use crate::components::status_bar::StatusBar;
use crate::components::time::Ticking;
use crate::components::toast::{ToastRegion, Toasts};
use crate::route::Router;
use crate::state::console::Console;
use crate::state::frame::Frame;
use crate::state::theme::Appearance;
use crate::state::work::Work;

/// The whole console.
#[component]
pub(crate) fn App(
    /// Where answers come from.
    backend: Backend,
) -> impl IntoView {
    provide_context(backend.clone());
    let console = Console::start(backend);
    provide_context(console);
    Work::provide();
    let router = Router::start();
    provide_context(router);
    Announcer::provide();
    Toasts::provide();
    Ticking::provide();
    Frame::provide();
    Appearance::provide();
    keys::listen();
    job_news::follow();
    keep_focus(console, router);
    view! {
        <button class="skip" type="button" on:click=move |_| focus_page()>"Skip to the page"</button>
        <div class="app">
            <Rail/>
            <Gate/>
            <StatusBar/>
        </div>
        <Palette/>
        <KeyMap/>
        <CloseDialog/>
        <ToastRegion/>
        <LiveRegions/>
    }
}

/// A link that leads to another page goes with the page it was on, and the focus with it: it goes on from the new page.
fn keep_focus(console: Console, router: Router) {
    let is_open = Memo::new(move |_| console.is_open());
    Effect::new(move |was_shown: Option<()>| {
        let _place = (is_open.get(), router.shown());
        if was_shown.is_some() {
            request_animation_frame(|| {
                let focused = document().active_element();
                if focused.is_none_or(|element| element.tag_name() == "BODY") {
                    focus_page();
                }
            });
        }
    });
}

fn focus_page() {
    let page = document().get_element_by_id("page");
    if let Some(page) = page.and_then(|page| page.dyn_into::<HtmlElement>().ok()) {
        drop(page.focus());
    }
}
