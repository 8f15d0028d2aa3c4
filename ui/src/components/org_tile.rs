//! Who: two letters on one of six hues, always the same for the same name among the same orgs.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::components::button::Size;
use crate::state::frame::Frame;

/// How many hues `tokens.css` has for orgs.
const HUES: u32 = 6;

/// The tile alone, beside a name that says the same; hidden from those who hear the name.
#[component]
pub(crate) fn OrgTile(
    /// The org's name.
    #[prop(into)]
    name: String,
    /// 18 pixels where small, else 28.
    #[prop(optional)]
    size: Size,
    /// Says the name: for a tile without a name beside it.
    #[prop(optional)]
    labelled: bool,
) -> impl IntoView {
    let known = use_context::<Frame>().map(|frame| frame.org_names);
    let own = name.clone();
    let letters = move || match known {
        Some(known) => letters(&own, &known.read()),
        None => initials(&own),
    };
    let hue = hue(&name).to_string();
    view! {
        <span
            class="org__tile"
            class:org__tile--lg=size == Size::Normal
            data-org=hue
            role=labelled.then_some("img")
            aria-hidden=(!labelled).then_some("true")
            aria-label=labelled.then(|| name.clone())
            title=labelled.then(|| name.clone())
        >
            {letters}
        </span>
    }
}

/// The tile and the name.
#[component]
pub(crate) fn OrgName(
    /// The org's name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <span class="org">
            <OrgTile name=name.clone() size=Size::Small/>
            <span class="truncate">{name}</span>
        </span>
    }
}

/// The initials; where another org has the same, the letters from where the two names part.
fn letters(name: &str, known: &BTreeSet<String>) -> String {
    let own = initials(name);
    let rivals = known.iter().filter(|other| *other != name && initials(other) == own);
    let Some(shared) = rivals.map(|other| shared_letters(name, other)).max() else { return own };
    let at = |place: usize| name.chars().nth(place).filter(|letter| letter.is_alphanumeric());
    let Some(parting) = at(shared) else { return own };
    let before = shared.checked_sub(1).and_then(at).or_else(|| own.chars().next());
    before.into_iter().chain([parting]).collect::<String>().to_uppercase()
}

/// How many letters two names share from their beginning.
fn shared_letters(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// Two letters: of the first two words, or the first two of one word.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let letters: String = match words.as_slice() {
        [] => "?".to_owned(),
        [word] => word.chars().take(2).collect(),
        [first, second, ..] => first.chars().take(1).chain(second.chars().take(1)).collect(),
    };
    letters.to_uppercase()
}

/// FNV-1a, which never changes between builds as the standard library's hash may.
pub(crate) fn hue(name: &str) -> u32 {
    let hash = name
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % HUES + 1
}

#[cfg(test)]
mod tests {
    use super::{HUES, hue, initials, letters};

    #[test]
    fn letters_come_from_words_or_from_the_one_word() {
        assert_eq!(initials("Northwind Sales"), "NS");
        assert_eq!(initials("contoso-emea"), "CE");
        assert_eq!(initials("hub"), "HU");
        assert_eq!(initials(" "), "?");
    }

    #[test]
    fn orgs_with_the_same_initials_are_told_apart() {
        let known = ["Northwind Sales", "Northwind Service", "Acme EU 1", "Acme EU 2", "hub"];
        let known = known.map(str::to_owned).into();
        assert_eq!(letters("Northwind Sales", &known), "SA");
        assert_eq!(letters("Northwind Service", &known), "SE");
        assert_eq!(letters("Acme EU 1", &known), "A1");
        assert_eq!(letters("hub", &known), "HU");
        assert_eq!(letters("unknown", &known), "UN");
    }

    #[test]
    fn a_name_keeps_its_hue() {
        assert_eq!(hue("left"), hue("left"));
        assert!(
            ["a", "b", "contoso", "northwind"].iter().all(|name| (1..=HUES).contains(&hue(name)))
        );
    }
}
