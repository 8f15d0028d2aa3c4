//! What a panel shows when it has nothing to show yet, or no more.

use isthmus_contract::file::{FileCode, FileProblem, Place, Severity};
use isthmus_contract::problem::{Code, Problem};
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::notice::Notice;
use crate::components::panel::Panel;
use crate::components::problem::ProblemView;
use crate::components::skeleton::{Skeleton, SkeletonLines, SkeletonRows};
use crate::pages::gallery::Part;

/// Loading, empty, partial, error, offline, nothing matches.
#[component]
pub(super) fn States() -> impl IntoView {
    view! {
        <Part name="Loading"><Panel title="Runs" flush=true><SkeletonRows what="runs"/></Panel></Part>
        <Part name="Empty">
            <Panel title="Syncs" count=0_u64 flush=true>
                <Empty
                    icon=Shape::Syncs
                    title="No syncs yet"
                    text="Two orgs are connected. Isthmus compared their objects and found 6 pairs that fit."
                    actions=|| view! {
                        <Button kind=Kind::Primary icon=Shape::Sparkles>"See 6 suggestions"</Button>
                        <Button>"Start blank"</Button>
                    }
                />
            </Panel>
        </Part>
        <Part name="Error">
            <Panel title="Fields of Contoso EMEA" flush=true><ProblemView problem=expired() on_retry=|| ()/></Panel>
        </Part>
        <Part name="File error">
            <Panel title="Mapping" flush=true><ProblemView problem=refused()/></Panel>
        </Part>
        <Part name="Offline">
            <Panel title="Customers" flush=true>
                <Empty
                    icon=Shape::Offline
                    title="No network since 14:20"
                    text="Maps, plans and past runs stay open."
                    actions=|| view! { <Button>"Try now"</Button> }
                />
            </Panel>
        </Part>
        <Part name="Notices">
            <Notice
                tone=Tone::Warn
                title="2 of 3 orgs answered"
                text="Contoso EMEA took longer than 30 s. Its rows are missing below."
                actions=|| view! { <Button size=Size::Small>"Try again"</Button> }
            />
            <Notice tone=Tone::Err title="Run 1843 stopped by a guard" text="128 deletes planned, the limit is 100."/>
            <Notice tone=Tone::Ok title="The orgs agree"/>
            <Notice tone=Tone::Accent title="6 suggestions fit"/>
            <Notice title="Nothing is written before you confirm"/>
            <SkeletonLines what="figures"/>
            <p class="small">"A number on its way: " <Skeleton/></p>
        </Part>
    }
}

fn expired() -> Problem {
    Problem::new(
        Code::OrgLoginExpired,
        "Contoso EMEA no longer accepts the sign-in",
        "Its refresh token has expired. Sign in once more; nothing else is lost, and the mapping is kept",
    )
}

fn refused() -> Problem {
    let mut problem = Problem::new(
        Code::FileRefused,
        "The mapping file has 1 problem",
        "Correct it and import the file again",
    );
    problem.file.push(FileProblem {
        severity: Severity::Refused,
        place: Place { line: 12, column: 9 },
        path: "objects[0].fields[2].right".to_owned(),
        code: FileCode::UnknownKey,
        text: "Contoso EMEA has no field Industri on Account".to_owned(),
        remedy: "Write Industry".to_owned(),
    });
    problem
}
