//! What orgs are called, in words short enough for a card.

use isthmus_contract::health::{Health, OrgHealth};
use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::request::LoginHost;

use crate::components::badge::Tone;
use crate::components::icon::Shape;

/// The longest text that is shown on hover; a longer one would cover the window.
const LONGEST_TITLE: usize = 300;

/// A text that may be of any length, cut for where the whole would not be read.
pub(crate) fn capped(text: &str) -> String {
    if text.chars().count() <= LONGEST_TITLE {
        return text.to_owned();
    }
    text.chars().take(LONGEST_TITLE - 1).chain(['…']).collect()
}

/// What kind of address a person logs in at.
pub(crate) fn host_word(login_url: &str) -> &'static str {
    match login_url.trim_end_matches('/') {
        url if url == LoginHost::Production.url() => "Production",
        url if url == LoginHost::Sandbox.url() => "Sandbox",
        url if url.contains(".sandbox.my.salesforce.") => "Sandbox, My Domain",
        url if url.contains(".my.salesforce.") => "My Domain",
        _ => "Own address",
    }
}

/// An address without its scheme, for people.
pub(crate) fn host_of(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, host)| host).trim_end_matches('/')
}

/// How an org stands, as icon, colour and word.
pub(crate) fn standing(state: OrgState, health: Option<&OrgHealth>) -> (Tone, Shape, &'static str) {
    match (state, health.map(|health| health.health)) {
        (OrgState::Disconnected, _) => (Tone::Neutral, Shape::Offline, "Disconnected"),
        (OrgState::Connected, None | Some(Health::Good)) => (Tone::Ok, Shape::Check, "Connected"),
        (OrgState::Connected, Some(Health::Warning)) => (Tone::Warn, Shape::Warn, "Look at it"),
        (OrgState::Connected, Some(Health::Bad)) => (Tone::Err, Shape::Fault, "Does not answer"),
    }
}

/// One line about an org below its name.
pub(crate) fn line(org: &OrgView) -> String {
    format!("{}, API {}", host_word(&org.login_url), org.api_version)
}

/// A problem's words as a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let capital: String = letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if capital.is_empty() || capital.ends_with(['.', '!', '?']) {
        capital
    } else {
        format!("{capital}.")
    }
}

/// How far the org's clock is from this machine's.
pub(crate) fn clock_words(offset_seconds: Option<i64>) -> String {
    match offset_seconds {
        None => "not known".to_owned(),
        Some(0) => "agrees".to_owned(),
        Some(offset @ 1..) => format!("{offset} s ahead of ours"),
        Some(offset) => format!("{} s behind ours", offset.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::org::OrgState;

    use super::{LONGEST_TITLE, capped, clock_words, host_of, host_word, sentence, standing};

    #[test]
    fn a_long_text_is_cut_at_a_character_and_says_so() {
        assert_eq!(capped("short"), "short");
        let cut = capped(&"ü".repeat(10_000));
        assert_eq!(cut.chars().count(), LONGEST_TITLE);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn addresses_have_a_word_each() {
        assert_eq!(host_word("https://login.salesforce.com"), "Production");
        assert_eq!(host_word("https://test.salesforce.com/"), "Sandbox");
        assert_eq!(host_word("https://acme--full.sandbox.my.salesforce.com"), "Sandbox, My Domain");
        assert_eq!(host_word("https://acme.my.salesforce.com"), "My Domain");
        assert_eq!(host_word("http://127.0.0.1:4711"), "Own address");
        assert_eq!(host_of("https://acme.my.salesforce.com/"), "acme.my.salesforce.com");
    }

    #[test]
    fn words_of_a_problem_read_as_a_sentence() {
        assert_eq!(sentence("the org is locked"), "The org is locked.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn a_clock_says_in_which_direction_it_is_off() {
        assert_eq!(clock_words(Some(0)), "agrees");
        assert_eq!(clock_words(Some(3)), "3 s ahead of ours");
        assert_eq!(clock_words(Some(-3)), "3 s behind ours");
        assert_eq!(clock_words(None), "not known");
    }

    #[test]
    fn a_disconnected_org_is_neither_well_nor_ill() {
        assert_eq!(standing(OrgState::Disconnected, None).2, "Disconnected");
        assert_eq!(standing(OrgState::Connected, None).2, "Connected");
    }
}
