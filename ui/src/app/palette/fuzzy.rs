//! Whether the letters typed occur in a text in their order, and how well.

/// Letters of a text that are looked at: names that people can read are shorter, and one of ten thousand letters must
/// not slow down typing.
const LONGEST: usize = 200;

/// Letters of what is typed that are looked for.
const MOST_TYPED: usize = 40;

/// A letter right after the one before it: most people type how a word begins.
const NEXT: u32 = 9;

/// A letter at the start of a word, or after a change to capitals: some type the initials.
const WORD_START: u32 = 8;

/// Any other letter.
const ANYWHERE: u32 = 1;

/// Where the letters were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The higher, the better.
    pub(crate) score: u32,
    /// The places of the letters, counted in characters, ascending.
    pub(crate) places: Vec<usize>,
}

/// The best way to find the typed letters in a text, in their order; case and spaces do not count. Nothing typed is
/// found everywhere.
pub(crate) fn find(typed: &str, text: &str) -> Option<Hit> {
    let wanted: Vec<char> = typed
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .take(MOST_TYPED)
        .map(small)
        .collect();
    let letters: Vec<char> = text.chars().take(LONGEST).collect();
    let mut rows: Vec<Vec<Option<Step>>> = Vec::with_capacity(wanted.len());
    for letter in &wanted {
        let row = next_row(rows.last(), *letter, &letters);
        rows.push(row);
    }
    trace(&rows)
}

/// The best score of all ways that end at one letter, and where the letter before it was found.
#[derive(Debug, Clone, Copy)]
struct Step {
    score: u32,
    before: usize,
}

fn next_row(
    above: Option<&Vec<Option<Step>>>,
    wanted: char,
    letters: &[char],
) -> Vec<Option<Step>> {
    let mut best: Option<Step> = above.is_none().then_some(Step { score: 0, before: 0 });
    let mut row = Vec::with_capacity(letters.len());
    for (place, letter) in letters.iter().enumerate() {
        let previous = place.checked_sub(1);
        let touching = previous.and_then(|previous| above?[previous].map(|step| (previous, step)));
        let found = (small(*letter) == wanted).then(|| {
            let gain = if starts_word(letters, place) { WORD_START } else { ANYWHERE };
            let apart = best.map(|best| Step { score: best.score + gain, before: best.before });
            let joined =
                touching.map(|(before, step)| Step { score: step.score + gain.max(NEXT), before });
            joined.into_iter().chain(apart).max_by_key(|step| step.score)
        });
        row.push(found.flatten());
        if let Some((before, step)) = touching
            && best.is_none_or(|best| step.score > best.score)
        {
            best = Some(Step { score: step.score, before });
        }
    }
    row
}

fn trace(rows: &[Vec<Option<Step>>]) -> Option<Hit> {
    let Some(last) = rows.last() else { return Some(Hit::default()) };
    let ends = last.iter().enumerate().filter_map(|(place, step)| Some((place, (*step)?)));
    let (mut place, end) = ends.rev().max_by_key(|(_, step)| step.score)?;
    let mut places = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        places.push(place);
        place = row[place]?.before;
    }
    places.reverse();
    Some(Hit { score: end.score, places })
}

fn starts_word(letters: &[char], place: usize) -> bool {
    let Some(before) = place.checked_sub(1).map(|before| letters[before]) else { return true };
    !before.is_alphanumeric() || (before.is_lowercase() && letters[place].is_uppercase())
}

fn small(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::{Hit, find};

    fn score(typed: &str, text: &str) -> u32 {
        find(typed, text).map_or(0, |hit| hit.score)
    }

    #[test]
    fn letters_must_occur_in_their_order() {
        assert!(find("cust", "Customers").is_some());
        assert!(find("cms", "Customers").is_some());
        assert_eq!(find("sc", "Customers").map(|hit| hit.places), None);
        assert_eq!(find("customersx", "Customers"), None);
    }

    #[test]
    fn nothing_typed_is_found_everywhere() {
        assert_eq!(find("", "Customers"), Some(Hit::default()));
        assert_eq!(find("  ", ""), Some(Hit::default()));
        assert_eq!(find("a", ""), None);
    }

    #[test]
    fn the_places_are_those_of_the_best_way() {
        let places = |typed, text| find(typed, text).map(|hit| hit.places);
        assert_eq!(places("pipe", "Open the Pipeline"), Some(vec![9, 10, 11, 12]));
        assert_eq!(places("pe", "Pipeline to EMEA"), Some(vec![0, 12]));
        assert_eq!(places("OA", "ObjectAccount"), Some(vec![0, 6]));
    }

    #[test]
    fn starts_of_words_and_letters_in_a_row_count_more() {
        assert!(score("run", "Runs") > score("run", "Return later"));
        assert!(score("ns", "New sync") > score("ns", "Orgs and runs"));
        assert!(score("unt", "Runtime") > score("unt", "Run at"));
    }

    #[test]
    fn case_and_spaces_do_not_count() {
        assert_eq!(find("NEW sync", "new sync"), find("newsync", "new sync"));
        assert!(find("\u{5d0}\u{5d1}", "\u{5d0}\u{5d1}\u{5d2}").is_some());
    }

    #[test]
    fn a_text_without_end_is_looked_at_only_so_far() {
        let text = "a".repeat(10_000) + "z";
        assert!(find("az", &text).is_none());
        assert!(find(&"a".repeat(500), &text).is_some());
    }
}
