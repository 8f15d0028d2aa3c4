//! The first start: what Isthmus does, and the workspace that it needs.

pub(crate) mod refused;

use isthmus_contract::command::WorkspaceCreate;
use isthmus_contract::problem::Problem;
use isthmus_contract::workspace::{RecoveryFile, WorkspaceView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::badge::Tone;
use crate::components::button::{Button, Kind};
use crate::components::copy_field::CopyField;
use crate::components::field::TextField;
use crate::components::icon::{Icon, Shape};
use crate::components::mark::Mark;
use crate::components::notice::Notice;
use crate::components::page::PageFrame;
use crate::format::capitalised;
use crate::state::console::Console;

/// What Isthmus does, in three sentences with an icon each.
const PROMISES: [(Shape, &str, &str); 3] = [
    (
        Shape::Syncs,
        "Orgs in agreement",
        "Draw once how objects and fields correspond; Isthmus keeps the records the same.",
    ),
    (
        Shape::Eye,
        "Shown before it is written",
        "Every run is a plan first: row by row, field by field, with the reason.",
    ),
    (
        Shape::Lock,
        "Yours alone",
        "Data stays on this machine, in one encrypted ledger. No server of ours is involved.",
    ),
];

/// The page. Nothing else can be done before a workspace is there.
#[component]
pub(crate) fn Welcome(
    /// What would be created.
    workspace: WorkspaceView,
    /// Where the recovery key is offered to be saved.
    recovery_file: String,
) -> impl IntoView {
    let saved_at = RwSignal::new(None::<String>);
    view! {
        <PageFrame title="Welcome">
            <div class="page__body scroll welcome" data-test="welcome">
                <div class="welcome__tile"><Mark/></div>
                <h2 class="welcome__title">"Keep your Salesforce orgs in agreement"</h2>
                <ul class="welcome__promises">
                    {PROMISES.map(|(shape, title, text)| view! {
                        <li>
                            <Icon shape/>
                            <p class="medium">{title}</p>
                            <p class="small muted">{text}</p>
                        </li>
                    }).collect_view()}
                </ul>
                {move || match saved_at.get() {
                    None => {
                        let (workspace, recovery_file) = (workspace.clone(), recovery_file.clone());
                        view! { <Create workspace recovery_file saved_at/> }.into_any()
                    }
                    Some(path) => view! { <Created path/> }.into_any(),
                }}
            </div>
        </PageFrame>
    }
}

/// The form that creates it.
#[component]
fn Create(
    workspace: WorkspaceView,
    recovery_file: String,
    saved_at: RwSignal<Option<String>>,
) -> impl IntoView {
    let path = RwSignal::new(recovery_file);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let backend = Backend::of_this_app();
    let create = Callback::from(move || {
        let (backend, file) = (backend.clone(), path.get_untracked().trim().to_owned());
        if busy.get_untracked() || file.is_empty() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = backend.ask::<WorkspaceCreate>(RecoveryFile { path: file.clone() }).await;
            busy.set(false);
            match answer {
                Ok(_) => saved_at.set(Some(file)),
                Err(refused) => problem.set(Some(refused)),
            }
        });
    });
    let nothing = Signal::derive(move || {
        path.read().trim().is_empty().then(|| "Say where the key is to be saved".to_owned())
    });
    let WorkspaceView { name, folder } = workspace;
    view! {
        <section class="panel welcome__form" aria-labelledby="create-title">
            <header class="panel__head"><h3 id="create-title">"Create the workspace"</h3></header>
            <div class="panel__body">
                <p class="muted">
                    "The workspace “" <bdi>{name}</bdi> "” holds your orgs, syncs and runs, encrypted, in "
                    <code class="welcome__path">{folder}</code> ". Its key lies in the keychain of this computer."
                </p>
                <TextField label="Save the recovery key to" value=path mono=true error=nothing on_enter=create hint=WHY/>
                <Refusal problem/>
                <div class="row">
                    <Button kind=Kind::Primary busy disabled=Signal::derive(move || nothing.get().is_some()) on_press=create attr:data-test="create-workspace">
                        "Create workspace"
                    </Button>
                </div>
            </div>
        </section>
    }
}

const WHY: &str = "If this computer or its keychain is lost, this key is the only way back into the ledger. It is written to the file once and kept nowhere else.";

/// What a form was refused with, in its place.
#[component]
fn Refusal(problem: RwSignal<Option<Problem>>) -> impl IntoView {
    move || {
        problem.get().map(|problem| {
            let Problem { code, text, hint, .. } = problem;
            view! {
                <Notice tone=Tone::Err title=capitalised(&text) text=capitalised(&hint)>
                    <p class="small subtle"><code>{code.as_str()}</code></p>
                </Notice>
            }
        })
    }
}

/// The workspace is there; what is to be done with the key is said before anything else begins.
#[component]
fn Created(path: String) -> impl IntoView {
    let console = Console::of_this_app();
    view! {
        <section class="panel welcome__form" aria-labelledby="created-title" data-test="workspace-created">
            <header class="panel__head">
                <span class="ok"><Icon shape=Shape::Ok/></span>
                <h3 id="created-title">"The workspace is created"</h3>
            </header>
            <div class="panel__body" role="status">
                <p class="muted">"Its recovery key is saved. Move the file to a place that outlives this computer, such as a password manager: whoever has it and the ledger can read your data."</p>
                <CopyField label="Recovery key file" value=path/>
                <div class="row">
                    <Button
                        kind=Kind::Primary
                        autofocus=true
                        busy=console.opening
                        on_press=move || console.open_workspace()
                        attr:data-test="welcome-continue"
                    >
                        "Go on: connect your orgs"
                    </Button>
                </div>
            </div>
        </section>
    }
}
