//! What stands between the frame and its pages: no page is drawn before the workspace is open.

use isthmus_contract::problem::Problem;
use isthmus_contract::workspace::{WorkspaceState, WorkspaceView};
use leptos::prelude::*;

use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::pages::Page;
use crate::pages::welcome::Welcome;
use crate::pages::welcome::refused::Refused;
use crate::state::console::Console;

/// What may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    Waiting,
    Pages,
    Welcome { workspace: WorkspaceView, recovery_file: String },
    Refused { workspace: WorkspaceView, problem: Problem, recovery_file: String },
    Unanswered(Problem),
    Gone(Problem),
}

/// The page, or what keeps it from being shown.
#[component]
pub(crate) fn Gate() -> impl IntoView {
    let console = Console::of_this_app();
    let shown = Memo::new(move |_| shown(console));
    move || {
        match shown.get() {
        Shown::Waiting => view! {
            <PageFrame title="Isthmus"><div class="page__body"><SkeletonRows what="the workspace"/></div></PageFrame>
        }
        .into_any(),
        Shown::Pages => view! { <Page/> }.into_any(),
        Shown::Welcome { workspace, recovery_file } => view! { <Welcome workspace recovery_file/> }.into_any(),
        Shown::Refused { workspace, problem, recovery_file } => {
            view! { <Refused workspace problem recovery_file/> }.into_any()
        }
        Shown::Unanswered(problem) => view! { <Unanswered problem/> }.into_any(),
        Shown::Gone(problem) => view! { <Gone problem/> }.into_any(),
    }
    }
}

fn shown(console: Console) -> Shown {
    if let Some(problem) = console.gone.get() {
        return Shown::Gone(problem);
    }
    match console.workspace.get() {
        None => Shown::Waiting,
        Some(Err(problem)) => Shown::Unanswered(problem),
        Some(Ok(WorkspaceState::Open(_))) => Shown::Pages,
        Some(Ok(WorkspaceState::Missing { workspace, recovery_file })) => {
            Shown::Welcome { workspace, recovery_file }
        }
        Some(Ok(WorkspaceState::Refused { workspace, problem, recovery_file })) => {
            Shown::Refused { workspace, problem, recovery_file }
        }
    }
}

/// The shell did not say how the workspace stands.
#[component]
fn Unanswered(problem: Problem) -> impl IntoView {
    let console = Console::of_this_app();
    view! {
        <PageFrame title="Isthmus">
            <div class="page__body gate" data-test="workspace-unanswered">
                <h2 class="sr-only">"The workspace could not be asked for"</h2>
                <ProblemView problem on_retry=move || console.open_workspace()/>
            </div>
        </PageFrame>
    }
}

/// The engine has ended: nothing on any page would be answered any more.
#[component]
fn Gone(problem: Problem) -> impl IntoView {
    view! {
        <PageFrame title="Isthmus has stopped">
            <div class="page__body gate" data-test="engine-gone">
                <h2 class="sr-only">"What happened"</h2>
                <ProblemView problem/>
                <p class="gate__note small muted">
                    "Nothing is lost: what was written is in the ledger, and the next run reads back what was on its way."
                </p>
            </div>
        </PageFrame>
    }
}
