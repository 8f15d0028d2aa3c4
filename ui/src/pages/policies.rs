//! The words for each policy, the same wherever one is chosen.

use isthmus_model::document::{CreatePolicy, EditedTargetPolicy, FirstContactPolicy};

use crate::components::field::Choice;

/// A policy in words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worded<P> {
    policy: P,
    word: &'static str,
    title: &'static str,
    text: &'static str,
}

/// Rows that only the left org has.
pub(crate) const CREATE: [Worded<CreatePolicy>; 2] = [
    worded(
        CreatePolicy::Create,
        "create",
        "Create them",
        "Rows that only the left org has are created on the right.",
    ),
    worded(
        CreatePolicy::Skip,
        "skip",
        "Leave them out",
        "Only rows that both orgs have are kept in agreement; a run says how many it left out.",
    ),
];

/// Rows of the right org that were edited there since both last agreed.
pub(crate) const EDITED_TARGET: [Worded<EditedTargetPolicy>; 3] = [
    worded(
        EditedTargetPolicy::Overwrite,
        "overwrite",
        "Write the left value again",
        "Edits on the right are replaced by what the left org has.",
    ),
    worded(
        EditedTargetPolicy::Leave,
        "leave",
        "Leave the edit",
        "The right org keeps its value until the left one changes.",
    ),
    worded(
        EditedTargetPolicy::Report,
        "report",
        "Hold the row",
        "The edit stays, and the row is held for a person.",
    ),
];

/// Rows that meet for the first time.
pub(crate) const FIRST_CONTACT: [Worded<FirstContactPolicy>; 5] = [
    worded(FirstContactPolicy::Ask, "ask", "Ask me", "Rows that differ are held until you decide."),
    worded(
        FirstContactPolicy::Left,
        "left",
        "Left wins",
        "The right org takes the left org's values.",
    ),
    worded(
        FirstContactPolicy::FillBlanks,
        "fill_blanks",
        "Fill blanks only",
        "Only fields that are empty on the right are filled.",
    ),
    worded(
        FirstContactPolicy::Newest,
        "newest",
        "Newer record wins",
        "The values of the record that was changed last stay.",
    ),
    worded(
        FirstContactPolicy::Right,
        "right",
        "Right stays",
        "The right org keeps its values; later changes on the left are written.",
    ),
];

const fn worded<P: Copy>(
    policy: P,
    word: &'static str,
    title: &'static str,
    text: &'static str,
) -> Worded<P> {
    Worded { policy, word, title, text }
}

/// All of them to choose from.
pub(crate) fn choices<P>(all: &[Worded<P>]) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(one.word, one.title).text(one.text)).collect()
}

/// The word of a policy.
pub(crate) fn word<P: PartialEq>(all: &[Worded<P>], policy: &P) -> &'static str {
    all.iter().find(|one| one.policy == *policy).map_or("", |one| one.word)
}

/// The policy of a word, or the usual one.
pub(crate) fn policy<P: Copy + Default>(all: &[Worded<P>], word: &str) -> P {
    all.iter().find(|one| one.word == word).map_or_else(P::default, |one| one.policy)
}

#[cfg(test)]
mod tests {
    use isthmus_model::document::{EditedTargetPolicy, FirstContactPolicy};

    use super::{CREATE, EDITED_TARGET, FIRST_CONTACT, choices, policy, word};

    #[test]
    fn a_policy_is_found_by_the_word_it_gave() {
        for one in FIRST_CONTACT {
            assert_eq!(policy(&FIRST_CONTACT, word(&FIRST_CONTACT, &one.policy)), one.policy);
        }
        assert_eq!(word(&EDITED_TARGET, &EditedTargetPolicy::Report), "report");
        assert_eq!(policy(&FIRST_CONTACT, "nonsense"), FirstContactPolicy::Ask);
        assert_eq!(choices(&CREATE).len(), 2);
    }
}
