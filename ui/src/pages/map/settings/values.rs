//! The lane: its two orgs, and the ids it lists for records that no object mapping covers.

use std::collections::BTreeMap;

use isthmus_model::document::LaneDocument;
use leptos::prelude::*;

use crate::components::button::{Button, Kind, Size};
use crate::components::field::{SelectField, TextField};
use crate::components::icon::{Icon, Shape};
use crate::components::org_tile::OrgName;
use crate::format::counted;
use crate::pages::map::draft::Edit;
use crate::pages::map::settings::lane::{Wrong, listable, with_pair, without_pair};
use crate::pages::map::stage::Stage;

/// Most pairs of one object shown here; the text view has them all.
const MOST_SHOWN: usize = 30;

/// The lane.
#[component]
pub(super) fn Lane() -> impl IntoView {
    let stage = Stage::of_this_map();
    let lane = Memo::new(move |_| stage.map.document.read().lanes.first().cloned());
    let listed = move || {
        let lane = lane.get()?;
        Some(
            lane.values
                .into_iter()
                .map(|(object, pairs)| listed_pairs(stage, &object, &pairs))
                .collect_view(),
        )
    };
    view! {
        <section class="inspect__sec settings__sec" data-test="lane">
            <h3 class="inspect__title">"Lane"</h3>
            {move || lane.get().map(|LaneDocument { left, right, .. }| view! {
                <p class="row small">
                    <OrgName name=left/><Icon shape=Shape::ArrowRight small=true/><OrgName name=right/>
                </p>
            })}
            <h4 class="medium small">"Ids that correspond"</h4>
            <p class="small muted">
                "For lookups to records that no object mapping covers, as users and record types: which left id is which right id."
            </p>
            {listed}
            <AddPair lane/>
        </section>
    }
}

fn listed_pairs(
    stage: Stage,
    object: &str,
    pairs: &BTreeMap<String, String>,
) -> impl IntoView + use<> {
    let more = pairs.len().saturating_sub(MOST_SHOWN);
    let row = |(left, right): (&String, &String)| {
        let label = format!("Remove {object} {left}");
        let gone = (object.to_owned(), left.clone());
        let press = move || {
            if let Some(lane) = stage.map.document.get_untracked().lanes.first() {
                set(stage, without_pair(lane, &gone.0, &gone.1));
            }
        };
        view! {
            <tr>
                <td><code class="truncate" title=left.clone()>{left.clone()}</code></td>
                <td><code class="truncate" title=right.clone()>{right.clone()}</code></td>
                <td><Button kind=Kind::Ghost size=Size::Small icon=Shape::Trash label=label on_press=press/></td>
            </tr>
        }
    };
    let rows = pairs.iter().take(MOST_SHOWN).map(row).collect_view();
    view! {
        <table class="mini settings__ids" data-test="lane-values">
            <caption class="small medium">{object.to_owned()}</caption>
            <thead>
                <tr>
                    <th scope="col">"Left id"</th>
                    <th scope="col">"Right id"</th>
                    <th scope="col"><span class="sr-only">"Remove"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {(more > 0).then(|| view! {
            <p class="small muted">{format!("{} more in the text view", counted(more as u64, "pair", "pairs"))}</p>
        })}
    }
}

/// One more pair.
#[component]
fn AddPair(lane: Memo<Option<LaneDocument>>) -> impl IntoView {
    let stage = Stage::of_this_map();
    let object = RwSignal::new(String::new());
    let (left, right) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(Wrong::default());
    let options = Memo::new(move |_| {
        let mapping = stage.map.mapping.get();
        let objects = mapping.map(|mapping| {
            listable(&stage.map.document.read(), &mapping, &stage.left.fields.read())
        });
        objects.unwrap_or_default().into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>()
    });
    Effect::new(move |_| {
        let options = options.read();
        let is_there = options.iter().any(|(name, _)| *name == *object.read_untracked());
        if !is_there {
            object.set(options.first().map(|(name, _)| name.clone()).unwrap_or_default());
        }
    });
    let add = move || {
        let Some(now) = lane.get_untracked() else { return };
        let ids = (left.get_untracked(), right.get_untracked());
        match with_pair(&now, &object.get_untracked(), &ids.0, &ids.1) {
            Ok(lane) => {
                wrong.set(Wrong::default());
                left.set(String::new());
                right.set(String::new());
                set(stage, lane);
            }
            Err(found) => wrong.set(found),
        }
    };
    let left_error = Signal::derive(move || wrong.read().left.clone());
    let right_error = Signal::derive(move || wrong.read().right.clone());
    move || {
        if options.read().is_empty() {
            return view! { <p class="small subtle">"No linked lookup needs any here."</p> }
                .into_any();
        }
        view! {
            <div class="settings__add" role="group" aria-label="Another pair of ids" data-test="lane-add">
                <SelectField label="Object" options value=object size=Size::Small/>
                <TextField label="Left id" value=left error=left_error mono=true size=Size::Small on_enter=add/>
                <TextField label="Right id" value=right error=right_error mono=true size=Size::Small on_enter=add/>
                <Button size=Size::Small icon=Shape::Plus on_press=add>"Add ids"</Button>
            </div>
        }
        .into_any()
    }
}

fn set(stage: Stage, to: LaneDocument) {
    stage.map.edit(&Edit::SetLane { lane: 0, to });
}
