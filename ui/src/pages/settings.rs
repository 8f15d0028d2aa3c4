//! Appearance, keys, and what this build is.

use isthmus_contract::about::About;
use isthmus_contract::command::AboutConsole;
use isthmus_contract::workspace::{WorkspaceState, WorkspaceView};
use leptos::prelude::*;

use crate::components::button::Button;
use crate::components::copy_field::CopyField;
use crate::components::field::{Choice, Segmented};
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::components::panel::Panel;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::state::asked::Asked;
use crate::state::console::Console;
use crate::state::frame::Frame;
use crate::state::theme::{Appearance, Theme};

/// The page.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    view! {
        <PageFrame title="Settings">
            <div class="page__body scroll settings">
                <Look/>
                <Keyboard/>
                <Workspace/>
                <Build/>
            </div>
        </PageFrame>
    }
}

/// Light or dark. A change from the palette shows here too.
#[component]
fn Look() -> impl IntoView {
    let appearance = Appearance::of_this_app();
    let value = RwSignal::new(appearance.theme().word().to_owned());
    Effect::new(move |_| value.set(appearance.theme().word().to_owned()));
    Effect::new(move |_| {
        let chosen = Theme::of(&value.read());
        if chosen != untrack(|| appearance.theme()) {
            appearance.choose(chosen);
        }
    });
    let choices: Vec<Choice> = Theme::ALL
        .into_iter()
        .map(|theme| Choice::new(theme.word(), theme.title()).icon(theme.shape()))
        .collect();
    view! {
        <Panel title="Appearance">
            <div class="settings__row">
                <div>
                    <p class="medium">"Theme"</p>
                    <p class="small muted">"Motion follows the system: where it asks for less, nothing moves."</p>
                </div>
                <Segmented label="Theme" choices value/>
            </div>
        </Panel>
    }
}

#[component]
fn Keyboard() -> impl IntoView {
    let frame = Frame::of_this_app();
    view! {
        <Panel title="Keyboard">
            <div class="settings__row">
                <div>
                    <p class="medium">"Everything works by keyboard"</p>
                    <p class="small muted">"The list shows the keys of every page, of tables and of the map."</p>
                </div>
                <Button icon=Shape::Key shortcut="?" on_press=move || frame.keys.set(true) attr:data-test="show-keys">
                    "Show all keys"
                </Button>
            </div>
        </Panel>
    }
}

#[component]
fn Workspace() -> impl IntoView {
    let console = Console::of_this_app();
    let open = move || match console.workspace.get() {
        Some(Ok(WorkspaceState::Open(view))) => Some(view),
        _ => None,
    };
    move || {
        open().map(|WorkspaceView { name, folder }| view! {
            <Panel title="Workspace">
                <dl class="settings__facts">
                    <div><dt>"Name"</dt><dd dir="auto">{name}</dd></div>
                    <div><dt>"Folder"</dt><dd><CopyField label="Folder" value=folder/></dd></div>
                </dl>
            </Panel>
        })
    }
}

#[component]
fn Build() -> impl IntoView {
    let about = Asked::<AboutConsole>::new(&[], || Some(()));
    view! {
        <Panel title="About">
            {move || match about.answer.get() {
                None => view! { <SkeletonLines what="what this build is"/> }.into_any(),
                Some(Err(problem)) => view! { <ProblemView problem on_retry=move || about.again()/> }.into_any(),
                Some(Ok(About { version, downloads })) => view! {
                    <dl class="settings__facts">
                        <div><dt>"Isthmus"</dt><dd data-test="about-version">{version}</dd></div>
                        <div><dt>"Exports go to"</dt><dd><CopyField label="Folder of exports" value=downloads/></dd></div>
                    </dl>
                }
                .into_any(),
            }}
        </Panel>
    }
}
