//! What lies above the page: dialogs, menus, toasts; and tabs.

use leptos::prelude::*;

use crate::components::announcer::Announcer;
use crate::components::badge::Tone;
use crate::components::button::{Button, Kind};
use crate::components::confirm::{Confirm, Proof};
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::icon::Shape;
use crate::components::menu::{Menu, MenuItem};
use crate::components::tabs::{Tab, TabLinks, Tabs};
use crate::components::toast::{Action, Toasts};
use crate::pages::gallery::Part;

/// Dialogs, menus, toasts.
#[component]
pub(super) fn Layers() -> impl IntoView {
    let dialog = RwSignal::new(false);
    let confirm = RwSignal::new(false);
    let done = RwSignal::new(String::new());
    let toasts = Toasts::of_app();
    let announcer = Announcer::of_app();
    let say = move |what: &str| {
        done.set(what.to_owned());
        announcer.say(what);
    };
    let items = move || {
        vec![
            MenuItem::new("Rename", move || say("Renamed")).icon(Shape::Edit).shortcut("F2"),
            MenuItem::new("Duplicate", move || say("Duplicated")).icon(Shape::Copy),
            MenuItem::new("Show unmapped", move || say("Shown")).checked(true),
            MenuItem::new("Export", move || say("Exported"))
                .icon(Shape::Download)
                .refused("Nothing to export"),
            MenuItem::new("Delete", move || confirm.set(true)).icon(Shape::Trash).danger(),
        ]
    };
    let ok = move || {
        toasts.push(
            Tone::Ok,
            "23 changes written",
            "Customers, 6.1 s. No conflict.",
            Some(Action::new("Open", move || say("Opened"))),
        )
    };
    let fail = move || {
        toasts.push(
            Tone::Err,
            "Run 1843 stopped by a guard",
            "128 deletes planned, the limit is 100.",
            None,
        )
    };
    view! {
        <Part name="Layers">
            <div class="row row--wrap">
                <Button on_press=move || dialog.set(true)>"Open dialog"</Button>
                <Button kind=Kind::Danger on_press=move || confirm.set(true)>"Confirm by count"</Button>
                <Menu label="Actions" items/>
                <Menu label="More" icon=Shape::More icon_only=true items/>
            </div>
            <div class="row row--wrap">
                <Button on_press=ok>"Good news"</Button>
                <Button on_press=fail>"Bad news"</Button>
            </div>
            <p class="small muted" id="gallery-done">{done}</p>
            <AddOrg open=dialog on_add=move || say("Added")/>
            <Confirm
                open=confirm
                title="Undo run 1842?"
                text="Puts 1,668 rows back to their values before the run. You see the plan before anything is written."
                yes="Plan the undo"
                no="Keep the run"
                danger=true
                proof=Proof::Count(1_668)
                on_yes=move || say("Confirmed")
            />
        </Part>
        <TabsPart/>
    }
}

/// A form in a dialog.
#[component]
fn AddOrg(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// What the primary action does.
    #[prop(into)]
    on_add: Callback<()>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let add = move || {
        on_add.run(());
        open.set(false);
    };
    let footer = move || {
        view! {
            <span class="push"></span>
            <Button on_press=move || open.set(false)>"Cancel"</Button>
            <Button kind=Kind::Primary on_press=add>"Add"</Button>
        }
    };
    view! {
        <Dialog open title="Add an org" on_close=move || open.set(false) footer>
            <TextField label="Name" value=name autofocus=true/>
        </Dialog>
    }
}

/// Tabs and links that look like tabs.
#[component]
fn TabsPart() -> impl IntoView {
    let tab = RwSignal::new("rows".to_owned());
    let tabs = vec![
        Tab::new("rows", "Rows").count(1_842),
        Tab::new("causes", "Causes").icon(Shape::Warn),
        Tab::new("calls", "Calls"),
    ];
    let links = vec![Tab::new("#/gallery", "Components"), Tab::new("#/settings", "Settings")];
    view! {
        <Part name="Tabs">
            <Tabs label="Run 1842" tabs value=tab panel=|id: String| view! { <p class="gallery__tab">"The tab " {id}</p> }.into_any()/>
            <TabLinks label="Parts" tabs=links current="#/gallery"/>
        </Part>
    }
}
