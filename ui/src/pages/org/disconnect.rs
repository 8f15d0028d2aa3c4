//! Disconnecting: what follows from it before, and what became of the grant after.

use isthmus_contract::command::{OrgDisconnect, SyncList};
use isthmus_contract::org::{DisconnectView, GrantEnd};
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::SyncListing;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::badge::Tone;
use crate::components::button::{Button, Kind};
use crate::components::confirm::Confirm;
use crate::components::dialog::Dialog;
use crate::components::notice::Notice;
use crate::components::problem::ProblemView;
use crate::format::counted;
use crate::pages::orgs::words::{capped, sentence};
use crate::state::asked::Asked;

/// How many syncs are named before the rest is only counted.
const NAMED: usize = 3;

/// Asks, disconnects, and tells what came of it.
#[component]
pub(crate) fn Disconnect(
    /// The org to disconnect; `None` while nobody wishes it.
    wish: RwSignal<Option<String>>,
    /// What follows when it was tried.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let backend = StoredValue::new(Backend::of_this_app());
    let announcer = Announcer::of_app();
    let open = RwSignal::new(false);
    let outcome = RwSignal::new(None::<Result<DisconnectView, Problem>>);
    Effect::new(move || {
        if wish.get().is_some() {
            open.set(true);
        }
    });
    // Whatever closes the question withdraws the wish, so that it can be made again.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                wish.set(None)
            }
        },
        false,
    );
    let syncs = Asked::<SyncList>::new(&[], move || wish.get().map(|_| ()));
    let title = move || format!("Disconnect {}?", capped(&wish.get().unwrap_or_default()));
    let text = move || {
        let org = wish.get().unwrap_or_default();
        let known = syncs.answer.get().and_then(Result::ok);
        consequences(known.as_deref().map(|syncs| users_of(&org, syncs)).as_deref())
    };
    let carry_out = move || {
        let Some(org) = wish.get_untracked() else { return };
        let backend = backend.get_value();
        spawn_local(async move {
            let answer = backend.ask::<OrgDisconnect>(org).await;
            if let Ok(view) = &answer {
                announcer.say(format!("{} is disconnected", capped(&view.org)));
            }
            if outcome.try_set(Some(answer)).is_none() {
                on_done.try_run(());
            }
        });
    };
    view! {
        <Confirm open title text yes="Disconnect" danger=true on_yes=carry_out/>
        <Outcome outcome/>
    }
}

/// What became of the grant.
#[component]
fn Outcome(outcome: RwSignal<Option<Result<DisconnectView, Problem>>>) -> impl IntoView {
    let close = move || outcome.set(None);
    let title = move || match outcome.get() {
        Some(Ok(view)) => format!("{} is disconnected", capped(&view.org)),
        _ => "Not disconnected".to_owned(),
    };
    let footer = move || {
        view! {
            <span class="push"></span>
            <Button kind=Kind::Primary autofocus=true on_press=close attr:data-test="disconnect-close">"Close"</Button>
        }
    };
    view! {
        <Dialog open=Signal::derive(move || outcome.get().is_some()) title on_close=close footer>
            {move || match outcome.get() {
                Some(Ok(view)) => {
                    let (tone, title) = grant_words(view.grant);
                    view! {
                        <div data-test="disconnect-outcome"><Notice tone title text=sentence(&view.remedy)/></div>
                    }
                    .into_any()
                }
                Some(Err(problem)) => view! { <ProblemView problem/> }.into_any(),
                None => ().into_any(),
            }}
        </Dialog>
    }
}

/// Syncs that read from or write to an org.
fn users_of(org: &str, syncs: &[SyncListing]) -> Vec<String> {
    let uses = |listing: &&SyncListing| listing.sync.left == org || listing.sync.right == org;
    syncs.iter().filter(uses).map(|listing| listing.sync.name.clone()).collect()
}

/// What follows from disconnecting; `None` while the syncs are not known.
fn consequences(users: Option<&[String]>) -> String {
    let grant =
        "The grant in Salesforce is given back, and this computer's keychain forgets the tokens.";
    let stays = "Links, history and reports stay.";
    match users {
        None => format!(
            "{grant} Runs of syncs with this org are refused until it is connected again. {stays}"
        ),
        Some([]) => format!("{grant} No sync uses this org. {stays}"),
        Some(users) => {
            let named: Vec<String> = users.iter().take(NAMED).map(|name| capped(name)).collect();
            let more = if users.len() > NAMED { ", …" } else { "" };
            let (count, be) = (users.len() as u64, if users.len() == 1 { "uses" } else { "use" });
            format!(
                "{grant} {} {be} this org ({}{more}); runs are refused until it is connected again. {stays}",
                counted(count, "sync", "syncs"),
                named.join(", ")
            )
        }
    }
}

fn grant_words(grant: GrantEnd) -> (Tone, &'static str) {
    match grant {
        GrantEnd::Revoked => {
            (Tone::Ok, "Salesforce has ended the grant, and the keychain has forgotten the tokens.")
        }
        GrantEnd::Standing => (
            Tone::Warn,
            "The keychain has forgotten the tokens, but the grant still stands in Salesforce.",
        ),
        GrantEnd::NotOurs => (
            Tone::Neutral,
            "The session was given to Isthmus as it is and belongs to somebody else: it is only forgotten.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::consequences;

    #[test]
    fn the_question_names_the_syncs_that_stop() {
        assert!(consequences(None).contains("Runs of syncs with this org"));
        assert!(consequences(Some(&[])).contains("No sync uses this org"));
        let one = consequences(Some(&["customers".to_owned()]));
        assert!(one.contains("1 sync uses this org (customers);"), "{one}");
        let names = ["a", "b", "c", "d"].map(str::to_owned);
        let many = consequences(Some(&names));
        assert!(many.contains("4 syncs use this org (a, b, c, …);"), "{many}");
    }
}
