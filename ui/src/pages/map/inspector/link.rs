//! One link: its fields, what flows, what may be lost, and what an empty value does.

use isthmus_contract::file::Severity;
use isthmus_model::document::NullPolicy;
use isthmus_model::ids::Side;
use isthmus_model::schema::FieldSchema;
use leptos::prelude::*;

use crate::components::badge::{Tag, Tone};
use crate::components::button::{Button, Kind, Size};
use crate::components::field::SelectField;
use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;
use crate::components::notice::Notice;
use crate::components::org_tile::OrgTile;
use crate::pages::map::carry::focus;
use crate::pages::map::draft::Edit;
use crate::pages::map::found::{Found, Spot};
use crate::pages::map::legality::{Legality, legality_in};
use crate::pages::map::stage::{Column, Stage};
use crate::pages::map::state::{Link, field_of, is_match};
use crate::pages::map::words::{Trait, capital, title_text, type_text};

/// The panel of a link.
#[component]
pub(super) fn LinkPanel(
    /// The link.
    link: Link,
) -> impl IntoView {
    let stage = Stage::of_this_map();
    let names = Memo::new(move |_| stage.names(link).unwrap_or_default());
    let is_key = move || {
        let (left, right) = names.get();
        stage.map.mapping.get().is_some_and(|mapping| is_match(&mapping, &left, &right))
    };
    let types = move || {
        let (left, right) =
            (schema(stage.left, &names.read().0), schema(stage.right, &names.read().1));
        match (left, right) {
            (Some(left), Some(right)) => {
                format!("{} to {}", type_text(&left), type_text(&right).to_lowercase())
            }
            _ => "A field that the org does not have".to_owned(),
        }
    };
    view! {
        <header class="inspect__head">
            <div class="grow">
                <h2 class="row" data-test="link-title">
                    <code class="truncate" title=move || names.get().0>{move || names.get().0}</code>
                    <Icon shape=Shape::ArrowRight/>
                    <code class="truncate" title=move || names.get().1>{move || names.get().1}</code>
                </h2>
                <p class="small muted">{types}</p>
            </div>
            <Button kind=Kind::Ghost size=Size::Small icon=Shape::ChevronUp label="Previous link" on_press=move || stage.step(false)/>
            <Button kind=Kind::Ghost size=Size::Small icon=Shape::ChevronDown label="Next link" on_press=move || stage.step(true)/>
            <Button kind=Kind::Ghost size=Size::Small icon=Shape::Close label="Close inspector" on_press=move || close(stage)/>
        </header>
        <div class="inspect__body scroll" tabindex="0" role="region" aria-label="About this link">
            <Flow/>
            <section class="inspect__sec col inspect__notices">{move || verdicts(stage, &names.read())}</section>
            {move || is_key().then(|| view! {
                <section class="inspect__sec">
                    <h3 class="inspect__title"><Icon shape=Shape::Key/>"Match key"</h3>
                    <p class="small muted">"A left and a right row are the same thing where these two values are equal."</p>
                </section>
            })}
            <section class="inspect__sec">
                <h3 class="inspect__title">"Fields"</h3>
                {move || view! { <Facts left=names.get().0 right=names.get().1/> }}
            </section>
            {matches!(link, Link::Field(_)).then(|| view! { <Blanks names/> })}
        </div>
        <footer class="inspect__foot">
            {match link {
                Link::Field(_) => view! {
                    <span data-test="remove-link">
                        <Button kind=Kind::Danger size=Size::Small icon=Shape::Trash on_press=move || { stage.remove(link); focus(stage.left.node) }>
                            "Remove link"
                        </Button>
                    </span>
                    <span class="small subtle push nowrap wide-only"><Kbd keys="Del"/>" removes, "<Kbd keys="Ctrl Z"/>" undoes"</span>
                }.into_any(),
                Link::Match(_) => view! { <span class="small subtle">"Part of the match rule, not a field of its own"</span> }.into_any(),
            }}
        </footer>
    }
}

/// Which way values go.
#[component]
fn Flow() -> impl IntoView {
    let stage = Stage::of_this_map();
    move || {
        let (left, right) = stage.map.orgs();
        view! {
            <section class="inspect__sec">
                <p class="row small">
                    <OrgTile name=left.clone() size=Size::Small/>
                    <span class="truncate" title=title_text(&left)>{left.clone()}</span>
                    <Icon shape=Shape::ArrowRight small=true/>
                    <OrgTile name=right.clone() size=Size::Small/>
                    <span class="truncate" title=title_text(&right)>{right.clone()}</span>
                </p>
            </section>
        }
    }
}

/// What the check says of the link, else what the types say.
fn verdicts(stage: Stage, (left, right): &(String, String)) -> AnyView {
    let problems = stage.map.problems();
    let about = |found: &&Found| {
        let is_key = stage.map.mapping.get().is_some_and(|mapping| is_match(&mapping, left, right));
        found.is_about(left, right) || (is_key && found.spot == Spot::Match)
    };
    let found: Vec<Found> = problems.iter().filter(about).cloned().collect();
    if !found.is_empty() {
        return found.into_iter().map(notice).collect_view().into_any();
    }
    let schemas = (schema(stage.left, left), schema(stage.right, right));
    let (Some(from), Some(to)) = schemas else {
        return view! {
            <Notice tone=Tone::Err title="The org does not have this field" text="It was removed or hidden since the mapping was stored. Remove the link, or show the field to the connected user."/>
        }
        .into_any();
    };
    match legality_in(&stage.map.document.get(), &from, &to) {
        Legality::Legal => view! { <Notice tone=Tone::Ok title="Every value arrives" text="Nothing is lost on the way."/> }.into_any(),
        Legality::Lossy(reason) => {
            view! { <Notice tone=Tone::Warn title=capital(&reason.short) text=format!("{}.", reason.full)/> }.into_any()
        }
        Legality::Illegal(reason) => {
            view! { <Notice tone=Tone::Err title=capital(&reason.short) text=format!("{}.", reason.full)/> }.into_any()
        }
    }
}

fn notice(found: Found) -> impl IntoView {
    let tone = if found.problem.severity == Severity::Refused { Tone::Err } else { Tone::Warn };
    view! { <Notice tone title=found.problem.text text=capital(&found.problem.remedy)/> }
}

/// Both fields as the orgs describe them.
#[component]
fn Facts(left: String, right: String) -> impl IntoView {
    let stage = Stage::of_this_map();
    let row = move |column: Column, name: &str| {
        let known = schema(column, name);
        let label = known.as_ref().map_or_else(|| name.to_owned(), |field| field.label.clone());
        let kind = known.as_ref().map_or_else(|| "no such field".to_owned(), type_text);
        let traits =
            known.map(|field| Trait::of(&field, column.side == Side::Right)).unwrap_or_default();
        let side = if column.side == Side::Left { "Left" } else { "Right" };
        view! {
            <tr>
                <th scope="row">{side}</th>
                <td class="truncate" dir="auto" title=title_text(&label)>{label.clone()}</td>
                <td class="truncate" title=title_text(&kind)>{kind.clone()}</td>
            </tr>
            {(!traits.is_empty()).then(|| view! {
                <tr>
                    <td></td>
                    <td colspan="2"><span class="row row--tight row--wrap">{traits.iter().map(|one| view! { <Tag text=one.word()/> }).collect_view()}</span></td>
                </tr>
            })}
        }
    };
    view! {
        <table class="mini mini--facts">
            <thead class="sr-only"><tr><th scope="col">"Side"</th><th scope="col">"Label"</th><th scope="col">"Type"</th></tr></thead>
            <tbody>{row(stage.left, &left)}{row(stage.right, &right)}</tbody>
        </table>
    }
}

/// What an empty source value does.
#[component]
fn Blanks(names: Memo<(String, String)>) -> impl IntoView {
    const CLEAR: &str = "clear";
    const KEEP: &str = "keep";
    let stage = Stage::of_this_map();
    let place = move || {
        let (left, right) = names.get();
        stage.map.mapping.get().and_then(|mapping| field_of(&mapping, &left, &right))
    };
    let chosen = move || {
        let nulls =
            place().and_then(|field| Some(stage.map.mapping.get()?.fields.get(field)?.nulls));
        if nulls == Some(NullPolicy::Keep) { KEEP } else { CLEAR }
    };
    let value = RwSignal::new(chosen().to_owned());
    Effect::new(move |_| value.set(chosen().to_owned()));
    let options = [(CLEAR, "Clears the right field"), (KEEP, "Leaves the right field as it is")];
    let options = options.map(|(word, text)| (word.to_owned(), text.to_owned())).to_vec();
    let change = move || {
        let nulls =
            if *value.read_untracked() == KEEP { NullPolicy::Keep } else { NullPolicy::Clear };
        if let Some(field) = untrack(place) {
            stage.map.edit(&Edit::SetNulls {
                object: stage.map.object.get_untracked(),
                field,
                nulls,
            });
        }
    };
    view! {
        <section class="inspect__sec" data-test="null-policy">
            <SelectField label="Blank on the left" options value on_change=change/>
        </section>
    }
}

fn schema(column: Column, name: &str) -> Option<FieldSchema> {
    let fields = column.fields.read();
    let place = fields.place(name).filter(|place| fields.is_known(*place))?;
    fields.list.get(place).cloned()
}

/// The focus goes back to the column, the link is looked at no more.
fn close(stage: Stage) {
    stage.map.link.set(None);
    focus(stage.left.node);
}
