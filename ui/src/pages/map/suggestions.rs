//! Suggestions below the columns: pairs that look alike, with score and reason, accepted singly or above a score.

use isthmus_contract::sync::{FieldSuggestion, Likeness, ScorePart};
use isthmus_model::document::FieldPairDocument;
use leptos::prelude::*;

use crate::components::badge::Tag;
use crate::components::button::{Button, Kind, Size};
use crate::components::field::{TextField, TextKind};
use crate::components::icon::{Icon, Shape};
use crate::pages::map::draft::Edit;
use crate::pages::map::stage::Stage;

/// Most suggestions listed: the surest; the next ones follow as these are accepted or dismissed.
const MOST_LISTED: usize = 40;

/// The panel; nothing where there is nothing to suggest.
#[component]
pub(crate) fn Suggestions() -> impl IntoView {
    let stage = Stage::of_this_map();
    let lowest = RwSignal::new("0.80".to_owned());
    let count = move || stage.suggestions.read().len();
    let above = move || above(&stage.suggestions.read(), &lowest.read());
    let listed =
        move || stage.suggestions.read().iter().take(MOST_LISTED).cloned().collect::<Vec<_>>();
    let accept = move || {
        let pairs = above().iter().map(pair).collect();
        stage.map.edit(&Edit::AddFields { object: stage.map.object.get_untracked(), pairs });
    };
    let panel = move || {
        view! {
            <section class="suggest" aria-labelledby="suggest-title" data-test="suggestions">
                <div class="suggest__head">
                    <h2 id="suggest-title" class="row">
                        <Icon shape=Shape::Sparkles/>"Suggestions "<span class="count">{count}</span>
                    </h2>
                    <span class="subtle small wide-only truncate">"Scored on names, labels, types and listed values"</span>
                    <div class="row push">
                        <span class="small muted nowrap wide-only" aria-hidden="true">"Score at least"</span>
                        <div class="suggest__lowest" data-test="lowest-score">
                            <TextField label="Score at least" value=lowest kind=TextKind::Number size=Size::Small hide_label=true/>
                        </div>
                        <span data-test="accept-many">
                            <Button
                                size=Size::Small
                                disabled=Signal::derive(move || above().is_empty())
                                on_press=accept
                            >
                                {move || format!("Accept {}", above().len())}
                            </Button>
                        </span>
                    </div>
                </div>
                <ul class="suggest__list scroll" tabindex="0" aria-labelledby="suggest-title">
                    <For
                        each=listed
                        key=|one| (one.left.clone(), one.right.clone())
                        children=move |suggestion| view! { <Row suggestion/> }
                    />
                </ul>
            </section>
        }
    };
    let any = Memo::new(move |_| count() > 0);
    move || any.get().then(panel)
}

/// One pair.
#[component]
fn Row(
    /// The pair.
    suggestion: FieldSuggestion,
) -> impl IntoView {
    let stage = Stage::of_this_map();
    let FieldSuggestion { left, right, score, reason, parts } = suggestion;
    let required = stage.right.fields.get_untracked().place(&right);
    let required = required.is_some_and(|field| stage.required.get_untracked().contains(&field));
    let words = format!("{left} to {right}");
    let (accepted, dismissed) = (format!(" {words}"), format!("Dismiss {words}"));
    let accept = {
        let (left, right) = (left.clone(), right.clone());
        move || {
            let object = stage.map.object.get_untracked();
            stage.map.edit(&Edit::AddField { object, left: left.clone(), right: right.clone() });
        }
    };
    let dismiss = {
        let (left, right) = (left.clone(), right.clone());
        move || dismiss(stage, &left, &right)
    };
    view! {
        <li class="suggest__row" id=row_id(&left, &right) data-test="suggestion" data-pair=words>
            <span class="suggest__score" title="Score">{format!("{score:.2}")}</span>
            <span class="suggest__pair">
                <code class="truncate" title=left.clone()>{left.clone()}</code>
                <Icon shape=Shape::ArrowRight small=true/>
                <code class="truncate" title=right.clone()>{right.clone()}</code>
                {required.then(|| view! { <Tag text="required"/> })}
            </span>
            {why(&parts)}
            <span class="suggest__why subtle truncate" title=reason>{reason.clone()}</span>
            <span class="row row--tight push">
                <Button size=Size::Small title=format!("Accept {words}") on_press=accept>
                    "Accept"<span class="sr-only">{accepted}</span>
                </Button>
                <Button kind=Kind::Ghost size=Size::Small icon=Shape::Close label=dismissed on_press=dismiss/>
            </span>
        </li>
    }
}

/// What the score is made of, as bars; told as one sentence.
fn why(parts: &[ScorePart]) -> impl IntoView + use<> {
    let told: Vec<String> = parts
        .iter()
        .map(|part| format!("{} {:.0} of 100", word(part.of), part.score * 100.0))
        .collect();
    let bar = |part: &ScorePart| {
        let width = format!("{:.0}%", part.score.clamp(0.0, 1.0) * 100.0);
        view! {
            <span class="why__part">
                <span>{word(part.of)}</span>
                <span class="why__bar"><i style:width=width></i></span>
            </span>
        }
    };
    let bars = parts.iter().map(bar).collect_view();
    (!told.is_empty())
        .then(|| view! { <span class="why" role="img" aria-label=told.join(", ")>{bars}</span> })
}

fn word(of: Likeness) -> &'static str {
    match of {
        Likeness::Name => "Name",
        Likeness::Label => "Label",
        Likeness::Type => "Type",
        Likeness::Values => "Values",
    }
}

/// The id of a suggestion's row in the document.
pub(crate) fn row_id(left: &str, right: &str) -> String {
    format!("suggestion-{left}-{right}")
}

fn pair(suggestion: &FieldSuggestion) -> FieldPairDocument {
    FieldPairDocument { left: suggestion.left.clone(), right: suggestion.right.clone() }
}

/// The suggestions that are at least this sure; none where the text is no number.
fn above(all: &[FieldSuggestion], lowest: &str) -> Vec<FieldSuggestion> {
    // Scores show two digits, so they are compared with two: 0.796 shows as 0.80.
    let rounded = |score: f64| (score * 100.0).round();
    let Ok(lowest) = lowest.trim().replace(',', ".").parse::<f64>() else { return Vec::new() };
    all.iter().filter(|one| rounded(one.score) >= rounded(lowest)).cloned().collect()
}

fn dismiss(stage: Stage, left: &str, right: &str) {
    let Some(mapping) = stage.map.mapping.get_untracked() else { return };
    let name = [&mapping.left, &mapping.right].map(Clone::clone);
    let [from, to] = name;
    stage.map.dismissed.update(|dismissed| {
        dismissed.insert([from, to, left.to_owned(), right.to_owned()]);
    });
    stage.announcer.say(format!("Dismissed {left} to {right}"));
}

#[cfg(test)]
mod tests {
    use isthmus_contract::sync::FieldSuggestion;

    use super::above;

    #[test]
    fn a_score_counts_as_it_shows() {
        let one = |score: f64| FieldSuggestion {
            left: "A".to_owned(),
            right: "B".to_owned(),
            score,
            reason: String::new(),
            parts: Vec::new(),
        };
        let all = [one(0.91), one(0.796), one(0.74)];
        assert_eq!(above(&all, "0.80").len(), 2);
        assert_eq!(above(&all, "0,7").len(), 3);
        assert_eq!(above(&all, "much").len(), 0);
    }
}
