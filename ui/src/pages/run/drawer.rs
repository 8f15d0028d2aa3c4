//! One row of a run: what was sent, what the org answered, what was planned, what stood there before.

use isthmus_contract::command::RunRow as RunRowCommand;
use isthmus_contract::run::{RowDetail, RowRequest, RunReportView, TryView};
use isthmus_model::ids::RunId;
use jiff::Timestamp;
use leptos::ev::KeyboardEvent;
use leptos::html::Aside;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::badge::{Badge, OutcomeBadge, Tone};
use crate::components::button::{Button, Kind, Size};
use crate::components::code::Code;
use crate::components::copy_field::CopyButton;
use crate::components::icon::Shape;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::components::tabs::{Tab, Tabs};
use crate::components::time::Time;
use crate::format::{duration, sentence, shortened};
use crate::pages::preview::fields::Fields;
use crate::state::asked::Asked;

/// The drawer at the right. Escape closes it, and the rows have the focus again.
#[component]
pub(super) fn Drawer(
    run: RunId,
    /// The row's place in the plan.
    ordinal: u32,
    known: Memo<Option<RunReportView>>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let row = Asked::<RunRowCommand>::new(&[], move || Some(RowRequest { run, ordinal }));
    let node = NodeRef::<Aside>::new();
    node.on_load(|drawer| drop(drawer.focus()));
    on_cleanup(focus_rows);
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            on_close.run(());
        }
    };
    let name = move || match &*row.answer.read() {
        Some(Ok(detail)) => shortened(&detail.row.name),
        _ => format!("Row {ordinal}"),
    };
    let details = Signal::derive(move || match &*row.answer.read() {
        Some(Ok(detail)) => serde_json::to_string_pretty(detail).unwrap_or_default(),
        _ => String::new(),
    });
    let orgs = Signal::derive(move || {
        known
            .read()
            .as_ref()
            .map(|report| (report.left.clone(), report.right.clone()))
            .unwrap_or_default()
    });
    view! {
        <aside
            class="panel drawer"
            node_ref=node
            tabindex="-1"
            aria-labelledby="drawer-title"
            data-test="drawer"
            on:keydown=on_key
        >
            <header class="panel__head">
                <h2 class="truncate" id="drawer-title" dir="auto" title=name>{name}</h2>
                <span class="push"></span>
                <CopyButton what="row" value=details icon_only=true/>
                <Button
                    kind=Kind::Ghost
                    size=Size::Small
                    icon=Shape::Close
                    label="Close the row"
                    on_press=on_close
                    attr:data-test="close-drawer"
                />
            </header>
            {move || match row.answer.get() {
                None => view! { <div class="drawer__body"><SkeletonLines what="the row" lines=8/></div> }.into_any(),
                Some(Err(problem)) => view! { <ProblemView problem on_retry=move || row.again()/> }.into_any(),
                Some(Ok(detail)) => view! { <Detail detail orgs/> }.into_any(),
            }}
        </aside>
    }
}

/// The rows take the focus back, unless it has gone elsewhere by itself.
fn focus_rows() {
    request_animation_frame(|| {
        let is_lost =
            document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        let rows = document().query_selector(".run__rows [role=grid]").ok().flatten();
        if let (true, Some(rows)) =
            (is_lost, rows.and_then(|rows| rows.dyn_into::<HtmlElement>().ok()))
        {
            drop(rows.focus());
        }
    });
}

#[component]
fn Detail(detail: RowDetail, orgs: Signal<(String, String)>) -> impl IntoView {
    let value = RwSignal::new("sent".to_owned());
    let tabs = vec![
        Tab::new("sent", "Request and answer"),
        Tab::new("planned", "Planned fields"),
        Tab::new("before", "Before"),
    ];
    let outcome = detail.row.row.outcome.clone();
    let decided = detail.row.decided_at;
    let shown = StoredValue::new(detail);
    let panel = move |tab: String| {
        let detail = shown.get_value();
        let body = match tab.as_str() {
            "planned" => view! { <Fields operation=detail.operation orgs/> }.into_any(),
            "before" => view! { <Before tries=detail.tries/> }.into_any(),
            _ => view! { <Sent detail/> }.into_any(),
        };
        view! { <div class="drawer__body scroll" tabindex="0" role="region" aria-label="Details">{body}</div> }.into_any()
    };
    view! {
        <p class="drawer__state row small">
            <OutcomeBadge word=outcome/>
            {decided.map(|at| view! { <span class="subtle">"decided " <Time at seconds=true/></span> })}
        </p>
        <Tabs label="What is known of the row" tabs value panel/>
    }
}

/// What was sent, the newest last, and why it did not pass.
#[component]
fn Sent(detail: RowDetail) -> impl IntoView {
    let row = detail.row.row;
    let never = detail.tries.is_empty();
    let several = detail.tries.len() > 1;
    view! {
        {(!row.code.is_empty()).then(|| view! {
            <div>
                <p class="medium drawer__text" dir="auto">{row.message.clone()}</p>
                <p class="muted" dir="auto">{sentence(&row.remedy)}</p>
                <p class="small subtle">
                    <code>{row.code.clone()}</code>
                    {(!row.fields.is_empty()).then(|| format!(", {}", row.fields.join(", ")))}
                </p>
            </div>
        })}
        <Ids source=row.source_id target=row.target_id/>
        {never.then(|| view! { <p class="muted">"This row was never sent."</p> })}
        {detail.tries.into_iter().map(|one| view! { <Try one several/> }).collect_view()}
    }
}

/// Both ids, ready to be copied.
#[component]
fn Ids(source: String, target: String) -> impl IntoView {
    let id = |word: &'static str, value: String| {
        (!value.is_empty()).then(|| {
            let shown = value.clone();
            view! {
                <div>
                    <dt>{word}</dt>
                    <dd class="row row--tight"><code>{shown}</code><CopyButton what=format!("{word} id") value icon_only=true/></dd>
                </div>
            }
        })
    };
    view! { <dl class="drawer__ids">{id("Source", source)} {id("Target", target)}</dl> }
}

/// One time that the row went out.
#[component]
fn Try(one: TryView, several: bool) -> impl IntoView {
    let what = if one.target_id.is_some() { "Update" } else { "Create" };
    let passed = one.answer.as_ref().and_then(|answer| answer.get("success")?.as_bool());
    let badge = match passed {
        Some(true) => view! { <Badge tone=Tone::Ok icon=Shape::Check text="accepted"/> }.into_any(),
        Some(false) => {
            view! { <Badge tone=Tone::Err icon=Shape::Fault text="refused"/> }.into_any()
        }
        None => ().into_any(),
    };
    let heading = if several { format!("Try {}: ", one.attempt) } else { String::new() };
    view! {
        <p class="small medium row drawer__line">
            <span class="truncate" dir="auto">{heading}{what} " " <code>{one.object}</code> " in " {shortened(&one.org)}</span>
            {one.sent_at.map(|at| view! { <span class="push subtle nowrap"><Time at seconds=true/></span> })}
        </p>
        <Code label=format!("Request of try {}", one.attempt) text=pretty(&one.payload)/>
        <p class="small medium row drawer__line">
            <span>{answer_words(one.answer.is_some(), one.sent_at, one.answered_at)}</span>
            {badge}
        </p>
        {one.answer.map(|answer| view! {
            <Code label=format!("Answer of try {}", one.attempt) text=pretty(&answer)/>
        })}
    }
}

/// What the target held before each try.
#[component]
fn Before(tries: Vec<TryView>) -> impl IntoView {
    let is_blank =
        |value: &serde_json::Value| value.as_object().is_none_or(serde_json::Map::is_empty);
    if tries.iter().all(|one| is_blank(&one.before)) {
        return view! { <p class="muted">"The target had no such record, or the row was never sent."</p> }.into_any();
    }
    tries
        .into_iter()
        .map(|one| {
            view! {
                <p class="small medium drawer__line" dir="auto">{shortened(&one.org)} ", before try " {one.attempt}</p>
                <Code label=format!("Before try {}", one.attempt) text=pretty(&one.before)/>
            }
        })
        .collect_view()
        .into_any()
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn answer_words(is_known: bool, sent: Option<Timestamp>, answered: Option<Timestamp>) -> String {
    match (is_known, sent, answered) {
        (false, ..) => "No answer is known; the next run reads the row back".to_owned(),
        (true, Some(sent), Some(answered)) => {
            let time = u64::try_from(answered.duration_since(sent).as_millis()).unwrap_or(0);
            format!("Answer after {}", duration(time))
        }
        (true, ..) => "Answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::answer_words;

    #[test]
    fn an_answer_is_told_with_its_time() {
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).ok();
        assert_eq!(answer_words(true, at(0), at(611)), "Answer after 611 ms");
        assert_eq!(answer_words(true, None, at(611)), "Answer");
        assert!(answer_words(false, at(0), None).starts_with("No answer"));
    }
}
