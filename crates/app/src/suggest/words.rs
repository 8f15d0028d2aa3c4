//! How alike two names are: the same name, the same label, the same words, or nearly the same spelling.

use std::collections::BTreeSet;

/// How alike, and by what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likeness {
    /// 0 to 1.
    pub(crate) score: f64,
    /// By what, in words.
    pub(crate) reason: &'static str,
}

/// Words that admins use for the same thing, each group under its first word.
const SYNONYMS: [&[&str]; 14] = [
    &["account", "company", "customer", "client", "organisation", "organization"],
    &["phone", "telephone", "tel"],
    &["mobile", "cell", "cellphone"],
    &["email", "mail"],
    &["postalcode", "zip", "zipcode", "postcode", "plz"],
    &["lastname", "surname", "familyname"],
    &["firstname", "forename", "givenname"],
    &["revenue", "turnover"],
    &["website", "url", "homepage", "web"],
    &["street", "address"],
    &["amount", "value", "sum"],
    &["description", "notes", "comment", "comments", "remarks"],
    &["number", "no", "num", "nr"],
    &["type", "kind", "category"],
];

/// Words that tell nothing.
const EMPTY_WORDS: [&str; 5] = ["the", "of", "c", "id", "field"];

/// How alike two things with these names and labels are.
pub(crate) fn likeness(name: &str, label: &str, other_name: &str, other_label: &str) -> Likeness {
    let found = |score, reason| Likeness { score, reason };
    if name.eq_ignore_ascii_case(other_name) {
        return found(1.0, "same API name");
    }
    if bare(name) == bare(other_name) {
        return found(0.98, "same API name but for case, underscores or suffix");
    }
    if label.trim().eq_ignore_ascii_case(other_label.trim()) {
        return found(0.95, "same label");
    }
    if words(name) == words(other_name) || words(label) == words(other_label) {
        return found(0.92, "same words");
    }
    let spelling = strsim::jaro_winkler(&bare(name), &bare(other_name));
    let shared = shared_words(name, label, other_name, other_label);
    found(0.9 * f64::max(0.4 * spelling + 0.6 * shared, shared), "similar words")
}

/// How alike two names, or two labels, are by themselves: 0 to 1.
pub(crate) fn alone(one: &str, other: &str) -> f64 {
    if one.trim().eq_ignore_ascii_case(other.trim()) {
        return 1.0;
    }
    let (bare_one, bare_other) = (bare(one), bare(other));
    if bare_one == bare_other && !bare_one.is_empty() {
        return 0.98;
    }
    let (words_one, words_other) = (words(one), words(other));
    if words_one == words_other && !words_one.is_empty() {
        return 0.92;
    }
    let spelling = strsim::jaro_winkler(&bare_one, &bare_other);
    let shared = share(&words_one, &words_other);
    0.9 * f64::max(0.4 * spelling + 0.6 * shared, shared)
}

/// The best candidates first; each left and each right name at most once.
pub(crate) fn one_to_one<T>(
    mut candidates: Vec<T>,
    rank: impl Fn(&T) -> (f64, String, String),
) -> Vec<T> {
    candidates.sort_by(|one, other| {
        let (one, other) = (rank(one), rank(other));
        other.0.total_cmp(&one.0).then_with(|| (&one.1, &one.2).cmp(&(&other.1, &other.2)))
    });
    let (mut lefts, mut rights) = (BTreeSet::new(), BTreeSet::new());
    candidates.retain(|candidate| {
        let (_, left, right) = rank(candidate);
        let free = !lefts.contains(&left) && !rights.contains(&right);
        if free {
            lefts.insert(left);
            rights.insert(right);
        }
        free
    });
    candidates
}

/// The name without case, underscores and the custom suffix.
fn bare(name: &str) -> String {
    let base = name.strip_suffix("__c").unwrap_or(name);
    base.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// The name's words in lower case, synonyms under their first word.
fn words(name: &str) -> BTreeSet<String> {
    let base = name.strip_suffix("__c").unwrap_or(name);
    let mut spaced = String::new();
    let mut before = ' ';
    for letter in base.chars() {
        let starts = letter.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if starts || !letter.is_alphanumeric() {
            spaced.push(' ');
        }
        if letter.is_alphanumeric() {
            spaced.extend(letter.to_lowercase());
        }
        before = letter;
    }
    // "postal code" and "last name" are one word to the synonyms.
    for (two, one) in
        [("postal code", "postalcode"), ("last name", "lastname"), ("first name", "firstname")]
    {
        spaced = spaced.replace(two, one);
    }
    spaced
        .split_whitespace()
        .filter(|word| !EMPTY_WORDS.contains(word))
        .map(|word| first_synonym(word).to_owned())
        .collect()
}

fn first_synonym(word: &str) -> &str {
    SYNONYMS.iter().find(|group| group.contains(&word)).map_or(word, |group| group[0])
}

/// The part of all words of both that both have, by name or by label.
fn shared_words(name: &str, label: &str, other_name: &str, other_label: &str) -> f64 {
    f64::max(share(&words(name), &words(other_name)), share(&words(label), &words(other_label)))
}

/// The part of all words of both that both have.
fn share(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let all = one.union(other).count();
    #[expect(clippy::cast_precision_loss, reason = "names have a handful of words")]
    let share = one.intersection(other).count() as f64 / all.max(1) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::{alone, likeness};

    #[test]
    fn labels_in_any_script_are_compared_by_their_words() {
        assert!(alone("رقم الهاتف", "رقم الهاتف") > 0.99);
        assert!(alone("رقم الهاتف", "اسم الشركة") < 0.5);
        assert!(alone("", "اسم") < 0.5);
    }

    #[test]
    fn the_same_thing_under_other_names_is_recognised() {
        for (one, other) in [
            ("ERP_Key__c", "ErpKey__c"),
            ("BillingPostalCode", "Billing_Zip__c"),
            ("AnnualRevenue", "Annual_Turnover__c"),
            ("LastName", "Surname__c"),
            ("MobilePhone", "Cell_Phone__c"),
        ] {
            let found = likeness(one, one, other, other);
            assert!(found.score >= 0.85, "{one} and {other}: {found:?}");
        }
    }

    #[test]
    fn different_things_with_similar_names_are_not() {
        for (one, other) in [
            ("BillingCity", "ShippingCity"),
            ("Phone", "Fax"),
            ("HomePhone", "OtherPhone"),
            ("CloseDate", "CreatedDate"),
            ("FirstName", "LastName"),
        ] {
            let found = likeness(one, one, other, other);
            assert!(found.score < 0.8, "{one} and {other}: {found:?}");
        }
    }
}
