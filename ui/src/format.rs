//! Numbers and times as people read them.

/// A number with commas: `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % 3 == head {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its word: `1 row`, `1,204 rows`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A text that may be endless, cut to what a title or a sentence can take.
pub(crate) fn shortened(text: &str) -> String {
    /// Tooltips and spoken names beyond this help nobody.
    const MOST: usize = 300;
    clipped(text, MOST)
}

/// A clause as a sentence begins. A first word that is a name, a path or a code keeps its way of writing.
pub(crate) fn capitalised(clause: &str) -> String {
    let first = clause.split_whitespace().next().unwrap_or_default();
    if !first.chars().all(char::is_alphabetic) {
        return clause.to_owned();
    }
    let mut letters = clause.chars();
    letters.next().map_or_else(String::new, |letter| letter.to_uppercase().chain(letters).collect())
}

/// A text that is no longer than `most` characters: the end of a longer one gives way to an ellipsis.
pub(crate) fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(std::iter::once('…')).collect(),
    }
}

/// A text of the engine or an org as a sentence: with a capital letter, and a period unless it ends already.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let first: String = first.to_uppercase().collect();
    let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// The share as whole percent; never 100 before all is done, nor 0 once something is.
pub(crate) fn percent(done: u64, all: u64) -> u64 {
    if done >= all {
        return 100;
    }
    let share = u64::try_from(u128::from(done) * 100 / u128::from(all)).unwrap_or(100);
    if done > 0 { share.max(1) } else { share }
}

/// A length of time, in its two largest units: `640 ms`, `6.1 s`, `3 min 19 s`, `2 h 5 min`, `4 d 3 h`.
pub(crate) fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..=9 => format!("{seconds}.{} s", milliseconds % 1_000 / 100),
        10..=59 => format!("{seconds} s"),
        60..=3_599 => pair(seconds / 60, "min", seconds % 60, "s"),
        3_600..=86_399 => pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
        _ => pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

/// How long ago, or how soon, as one unit: `just now`, `12 s ago`, `in 3 h`.
pub(crate) fn distance(milliseconds_ago: i64) -> String {
    let seconds = milliseconds_ago.unsigned_abs() / 1_000;
    let words = match seconds {
        0..=4 => return "just now".to_owned(),
        5..=59 => format!("{seconds} s"),
        60..=3_599 => format!("{} min", seconds / 60),
        3_600..=86_399 => format!("{} h", seconds / 3_600),
        _ => counted(seconds / 86_400, "day", "days"),
    };
    if milliseconds_ago < 0 { format!("in {words}") } else { format!("{words} ago") }
}

fn pair(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    if small == 0 {
        format!("{large} {large_unit}")
    } else {
        format!("{large} {large_unit} {small} {small_unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::{
        capitalised, clipped, counted, distance, duration, grouped, percent, sentence, shortened,
    };

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(12_345), "12,345");
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn counts_take_the_right_word() {
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(1_204, "row", "rows"), "1,204 rows");
    }

    #[test]
    fn endless_texts_are_cut_between_letters() {
        assert_eq!(shortened("short"), "short");
        let long = shortened(&"ü".repeat(10_000));
        assert_eq!((long.chars().count(), long.ends_with('…')), (300, true));
    }

    #[test]
    fn a_clause_begins_with_a_capital_and_a_name_as_it_is_written() {
        assert_eq!(capitalised("run 3 was interrupted"), "Run 3 was interrupted");
        assert_eq!(capitalised("customers: run 3 failed"), "customers: run 3 failed");
        assert_eq!(capitalised("/home/me/key.txt: denied"), "/home/me/key.txt: denied");
        assert_eq!(capitalised(""), "");
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        assert_eq!(clipped("Customers", 9), "Customers");
        assert_eq!(clipped("Customers", 8), "Custome…");
        assert_eq!(clipped("\u{5d0}\u{5d1}\u{5d2}", 2), "\u{5d0}…");
    }

    #[test]
    fn a_reason_becomes_a_sentence() {
        assert_eq!(sentence("changed on the left only"), "Changed on the left only.");
        assert_eq!(sentence("élan."), "Élan.");
        assert_eq!(sentence(" "), "");
    }

    #[test]
    fn percent_is_whole_only_when_all_is_done() {
        assert_eq!(percent(0, 10), 0);
        assert_eq!(percent(1, 100_000), 1);
        assert_eq!(percent(99_999, 100_000), 99);
        assert_eq!(percent(5, 5), 100);
        assert_eq!(percent(0, 0), 100);
    }

    #[test]
    fn durations_keep_two_units() {
        assert_eq!(duration(640), "640 ms");
        assert_eq!(duration(6_100), "6.1 s");
        assert_eq!(duration(199_000), "3 min 19 s");
        assert_eq!(duration(7_200_000), "2 h");
        assert_eq!(duration(356_400_000), "4 d 3 h");
    }

    #[test]
    fn distances_say_their_direction() {
        assert_eq!(distance(900), "just now");
        assert_eq!(distance(12_000), "12 s ago");
        assert_eq!(distance(-10_800_000), "in 3 h");
        assert_eq!(distance(86_400_000), "1 day ago");
    }
}
