//! What needs a person, the worst first, each with the way to its next step.

use isthmus_contract::health::{Alert, AlertSubject, Health};
use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::sync::SyncListing;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink, Kind, Size};
use crate::components::icon::{Icon, Shape};
use crate::format::{capitalised, clipped, counted, grouped};
use crate::route::{Route, SyncTab};

/// How many alerts show at first: the chart beside them is as high.
const FIRST: usize = 4;

/// How many show at most; by then the list of runs is the better place to look.
const MOST: usize = 50;

/// The panel.
#[component]
pub(super) fn NeedsYou(
    alerts: Memo<Vec<Alert>>,
    orgs: Memo<Vec<OrgView>>,
    syncs: Memo<Vec<SyncListing>>,
) -> impl IntoView {
    let all = RwSignal::new(false);
    let count = move || alerts.read().len();
    let shown = move || if all.get() { MOST } else { FIRST };
    view! {
        <section class="panel overview__needs" aria-labelledby="needs" data-test="needs-you">
            <header class="panel__head">
                <h2 id="needs">"Needs you"</h2>
                {move || (count() > 0).then(|| view! { <span class="count">{grouped(count() as u64)}</span> })}
                {move || (count() > FIRST).then(|| view! {
                    <span class="push">
                        <Button kind=Kind::Ghost size=Size::Small on_press=move || all.update(|all| *all = !*all)>
                            {move || if all.get() { "Show fewer" } else { "Show all" }}
                        </Button>
                    </span>
                })}
            </header>
            {move || if count() == 0 {
                view! { <Nothing/> }.into_any()
            } else {
                let has_orgs = !orgs.read().is_empty();
                let shown = alerts.get().into_iter().take(shown());
                view! { <ul>{shown.map(|alert| alert_view(&alert, has_orgs)).collect_view()}</ul> }.into_any()
            }}
            <footer class="overview__fine">
                <Icon shape=Shape::Ok/>
                <span>{move || rest(count(), &orgs.read(), &syncs.read())}</span>
            </footer>
        </section>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="overview__calm">
            <span class="ok"><Icon shape=Shape::Ok/></span>
            <p class="medium">"Nothing needs you"</p>
            <p class="small muted">"What fails, is held or loses its org shows here, with what to do."</p>
        </div>
    }
}

fn alert_view(alert: &Alert, has_orgs: bool) -> impl IntoView + use<> {
    let (class, shape, heard) = match alert.health {
        Health::Bad => ("err", Shape::Fault, "Does not work: "),
        Health::Warning => ("warn", Shape::Warn, "Worth a look: "),
        Health::Good => ("ok", Shape::Ok, ""),
    };
    let action = action(&alert.about, has_orgs);
    let (text, remedy) = (capitalised(&alert.text), capitalised(&without_command(&alert.remedy)));
    let (full_text, full_remedy) = (clipped(&text, 300), clipped(&remedy, 300));
    view! {
        <li class="alert">
            <span class=class><Icon shape/></span>
            <div class="grow">
                <p class="medium truncate" title=full_text dir="auto"><span class="sr-only">{heard}</span>{text}</p>
                <p class="small muted truncate" title=full_remedy dir="auto">{remedy}</p>
            </div>
            {action.map(|(href, words)| view! { <ButtonLink href size=Size::Small>{words}</ButtonLink> })}
        </li>
    }
}

/// Where an alert is dealt with.
fn action(about: &AlertSubject, has_orgs: bool) -> Option<(String, &'static str)> {
    let (route, words) = match about {
        AlertSubject::Org(name) => (Route::Org(name.clone()), "Open org"),
        AlertSubject::Sync(name) => (Route::Sync(name.clone(), SyncTab::Runs), "Open runs"),
        AlertSubject::Run(run) => (Route::Run(*run), "Open run"),
        AlertSubject::Workspace if !has_orgs => (Route::Connect(None), "Connect an org"),
        AlertSubject::Workspace => return None,
    };
    Some((route.href(), words))
}

/// A remedy without what is to be typed at a prompt: the button beside it leads there.
fn without_command(remedy: &str) -> String {
    let mut text = remedy.to_owned();
    while let Some(from) = text
        .find("(`isthmus")
        .or_else(|| text.find(" or `isthmus").and_then(|at| text[..at].rfind('(')))
    {
        let Some(to) = text[from..].find(')') else { break };
        text.replace_range(from..=from + to, "");
    }
    text.split_whitespace().collect::<Vec<&str>>().join(" ").replace(" ,", ",")
}

fn rest(alerts: usize, orgs: &[OrgView], syncs: &[SyncListing]) -> String {
    let connected = orgs.iter().filter(|org| org.state == OrgState::Connected).count();
    let begin = if alerts == 0 { "All is in order" } else { "What is watched" };
    let syncs = counted(syncs.len() as u64, "sync", "syncs");
    format!("{begin}: {syncs}, {connected} of {} orgs connected.", orgs.len())
}

#[cfg(test)]
mod tests {
    use isthmus_contract::health::AlertSubject;

    use super::{action, without_command};

    #[test]
    fn what_is_typed_at_a_prompt_is_left_out() {
        assert_eq!(
            without_command("its report says why, row by row (`isthmus report 12`)"),
            "its report says why, row by row"
        );
        assert_eq!(
            without_command(
                "connect it again (Orgs, or `isthmus org connect left --client-id ID`)"
            ),
            "connect it again"
        );
        assert_eq!(
            without_command(
                "find the run that has them (`isthmus runs --sync a`), mend the causes"
            ),
            "find the run that has them, mend the causes"
        );
        assert_eq!(without_command("wait (a day)"), "wait (a day)");
        assert_eq!(without_command("odd (`isthmus"), "odd (`isthmus");
    }

    #[test]
    fn the_workspace_itself_leads_somewhere_only_while_it_is_empty() {
        let words = |has_orgs| action(&AlertSubject::Workspace, has_orgs).map(|(_, words)| words);
        assert_eq!(words(false), Some("Connect an org"));
        assert_eq!(words(true), None);
        let org = action(&AlertSubject::Org("Contoso EMEA".to_owned()), true);
        assert_eq!(org, Some(("#/orgs/Contoso%20EMEA".to_owned(), "Open org")));
    }
}
