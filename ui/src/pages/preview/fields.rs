//! One row of a plan, field by field: before and after, why, and what it waits for.

use isthmus_model::ids::{RecordId, Side};
use isthmus_model::plan::{Action, FieldChange, Operation, ParentReference, RowKey};
use leptos::prelude::*;

use crate::components::copy_field::CopyButton;
use crate::components::icon::{Icon, Shape};
use crate::format::{sentence, shortened};
use crate::pages::preview::words::{fields_of, text_of};

/// What would be written.
#[component]
pub(crate) fn Fields(
    /// The row's operation.
    operation: Operation,
    /// Left and right org.
    #[prop(into)]
    orgs: Signal<(String, String)>,
) -> impl IntoView {
    let (left, right) = orgs.get_untracked();
    let Operation { action, why, source_id, target: side, .. } = operation;
    let (source, target) = match side {
        Side::Right => (left, right),
        Side::Left => (right, left),
    };
    let fields = fields_of(&action).to_vec();
    let is_create = matches!(action, Action::Create { .. });
    let waits = match &action {
        Action::Create { waits_for, .. } | Action::Update { waits_for, .. } => waits_for.clone(),
        _ => Vec::new(),
    };
    let waiting: Vec<String> = waits.iter().map(|parent| parent.field.clone()).collect();
    let held = match &action {
        Action::Hold { cause, .. } => Some(cause.clone()),
        _ => None,
    };
    let key = key_text(&action);
    let has_fields = !fields.is_empty();
    view! {
        <div class="diff-box">
            {has_fields.then(|| view! { <Diff fields waiting is_create target=target.clone()/> })}
            {held.map(|cause| view! {
                <p class="diff-box__held" dir="auto"><b class="medium">{sentence(&cause.message)}</b></p>
                <p class="muted" dir="auto">{sentence(&cause.remedy)}</p>
                <p class="small subtle">
                    <code>{cause.code}</code>
                    {(!cause.fields.is_empty()).then(|| format!(", {}", cause.fields.join(", ")))}
                </p>
            })}
            {waits.into_iter().map(|parent| view! { <Waits parent/> }).collect_view()}
            <p class="diff-foot small subtle">
                <span dir="auto">{sentence(&why)}</span>
                {id_view(source_id, &source)}
                {target_of(&action).map(|id| id_view(id, &target))}
                {key.map(|key| view! { <span dir="auto">{key}</span> })}
            </p>
        </div>
    }
}

/// Before and after, a line per field.
#[component]
fn Diff(
    fields: Vec<FieldChange>,
    waiting: Vec<String>,
    is_create: bool,
    target: String,
) -> impl IntoView {
    let value = |text: Option<String>, class: &'static str| match text {
        Some(text) => view! { <span class=class dir="auto">{text}</span> }.into_any(),
        None => view! { <span class="blank">"blank"</span> }.into_any(),
    };
    let line = move |change: FieldChange| {
        let waits = waiting.contains(&change.field);
        let after = if waits {
            view! { <span class="blank">"the id of a parent that this run creates"</span> }
                .into_any()
        } else {
            value(text_of(&change.after), "now")
        };
        view! {
            <tr>
                <th scope="row"><code>{change.field}</code></th>
                {(!is_create).then(|| view! {
                    <td>{value(text_of(&change.before), "was")}</td>
                    <td class="subtle diff__arrow"><Icon shape=Shape::ArrowRight small=true/></td>
                })}
                <td>{after}</td>
            </tr>
        }
    };
    view! {
        <table class="diff" class:diff--new=is_create>
            <caption class="sr-only">{format!("Fields in {}", shortened(&target))}</caption>
            <thead>
                <tr>
                    <th scope="col">"Field"</th>
                    {(!is_create).then(|| view! {
                        <th scope="col">"Before"</th>
                        <th scope="col" class="diff__arrow"><span class="sr-only">"becomes"</span></th>
                    })}
                    <th scope="col">{if is_create { "Value" } else { "After" }}</th>
                </tr>
            </thead>
            <tbody>{fields.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
}

/// A parent that is created first.
#[component]
fn Waits(parent: ParentReference) -> impl IntoView {
    view! {
        <p class="small muted row row--tight">
            <Icon shape=Shape::Clock small=true/>
            <span>
                <code>{parent.field}</code> " waits for " {parent.mapping.to_string()} " "
                <code>{parent.source_id.to_string()}</code> ", which this run creates first"
            </span>
        </p>
    }
}

/// An id that can be copied, and the org that it belongs to.
fn id_view(id: RecordId, org: &str) -> AnyView {
    let value = id.to_string();
    let shown = value.clone();
    let place = format!("in {}", shortened(org));
    view! {
        <span class="record-id">
            <code>{shown}</code>
            <CopyButton what="id" value icon_only=true/>
            <span class="truncate" dir="auto">{place}</span>
        </span>
    }
    .into_any()
}

fn target_of(action: &Action) -> Option<RecordId> {
    match action {
        Action::Update { target_id, .. }
        | Action::Delete { target_id, .. }
        | Action::Link { target_id } => Some(*target_id),
        Action::Unchanged { target_id, .. } | Action::Hold { target_id, .. } => *target_id,
        Action::Create { .. } => None,
    }
}

fn key_text(action: &Action) -> Option<String> {
    let Action::Create { key, .. } = action else { return None };
    let fields = match key {
        RowKey::External { field, .. } => field.clone(),
        RowKey::Fields { fields } => {
            fields.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>().join(", ")
        }
    };
    Some(format!("created by {fields} {}", key.display().unwrap_or_default()))
}
