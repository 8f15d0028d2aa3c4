//! A workspace that is there and does not open: why, what to do, and the way back in with the recovery key.

use isthmus_contract::command::WorkspaceRecover;
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::workspace::{RecoveryFile, WorkspaceView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::button::{Button, Kind};
use crate::components::field::TextField;
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::pages::welcome::Refusal;
use crate::state::console::Console;

/// The page.
#[component]
pub(crate) fn Refused(
    /// What was to be opened.
    workspace: WorkspaceView,
    /// Why it does not open.
    problem: Problem,
    /// Where a recovery key may have been saved.
    recovery_file: String,
) -> impl IntoView {
    let (console, announcer) = (Console::of_this_app(), Announcer::of_app());
    let text = problem.text.clone();
    // A refusal that stays the same changes nothing on the page, so it is said.
    Effect::new(move |was_opening: Option<bool>| {
        let is_opening = console.opening.get();
        if was_opening == Some(true) && !is_opening {
            announcer.warn(format!("Still refused: {text}"));
        }
        is_opening
    });
    let can_recover = recovers(problem.code);
    view! {
        <PageFrame title="Workspace">
            <div class="page__body scroll gate" data-test="workspace-refused">
                <h2 class="sr-only">"The workspace does not open"</h2>
                <ProblemView problem actions=move || view! { <TryAgain is_primary=!can_recover/> }/>
                {can_recover.then(|| view! { <Recover recovery_file/> })}
                <p class="gate__note small subtle">
                    "Workspace “" <bdi>{workspace.name}</bdi> "” in " <code class="welcome__path">{workspace.folder}</code>
                </p>
            </div>
        </PageFrame>
    }
}

/// Opens it again. Where the recovery key helps, that is the primary way.
#[component]
fn TryAgain(is_primary: bool) -> impl IntoView {
    let console = Console::of_this_app();
    let kind = if is_primary { Kind::Primary } else { Kind::Default };
    view! {
        <Button
            kind
            icon=Shape::Retry
            busy=console.opening
            on_press=move || console.open_workspace()
            attr:data-test="open-again"
        >
            "Try again"
        </Button>
    }
}

/// The recovery key helps where the key is what is missing. A keychain that is absent or locked would not take it
/// either, and the problem's own remedy comes first there.
fn recovers(code: Code) -> bool {
    matches!(
        code,
        Code::KeychainEntryMissing
            | Code::KeychainFailed
            | Code::RecoveryKeyWrong
            | Code::WorkspaceDamaged
    )
}

#[component]
fn Recover(recovery_file: String) -> impl IntoView {
    let (console, backend) = (Console::of_this_app(), Backend::of_this_app());
    let path = RwSignal::new(recovery_file);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let recover = Callback::from(move || {
        let (backend, file) = (backend.clone(), path.get_untracked().trim().to_owned());
        if busy.get_untracked() || file.is_empty() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = backend.ask::<WorkspaceRecover>(RecoveryFile { path: file }).await;
            busy.set(false);
            match answer {
                Ok(_) => console.open_workspace(),
                Err(refused) => problem.set(Some(refused)),
            }
        });
    });
    view! {
        <section class="panel welcome__form" aria-labelledby="recover-title">
            <header class="panel__head"><h3 id="recover-title">"Recover from the key file"</h3></header>
            <div class="panel__body">
                <p class="muted">"The recovery key was saved when the workspace was created. Isthmus reads it from the file and puts the ledger's key back into the keychain."</p>
                <TextField label="Recovery key file" value=path mono=true on_enter=recover/>
                <Refusal problem/>
                <div class="row">
                    <Button kind=Kind::Primary busy on_press=recover attr:data-test="recover-workspace">"Recover"</Button>
                </div>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::problem::Code;

    use super::recovers;

    #[test]
    fn the_recovery_key_is_asked_for_where_the_key_is_missing_or_wrong() {
        assert!(recovers(Code::KeychainEntryMissing));
        assert!(recovers(Code::WorkspaceDamaged));
        assert!(!recovers(Code::KeychainLocked));
        assert!(!recovers(Code::WorkspaceOwned));
        assert!(!recovers(Code::DiskFull));
    }
}
