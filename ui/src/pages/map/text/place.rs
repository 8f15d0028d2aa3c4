//! Places in a text as the control counts them (UTF-16), and lines that move to the right or left.

use std::ops::Range;

use isthmus_contract::file::Place;

/// One step to the right.
pub(super) const INDENT: &str = "  ";

/// What is written over a part of the text; offsets in UTF-16, as selections of the control are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    /// The part.
    pub(super) range: Range<u32>,
    /// What stands there afterwards.
    pub(super) with: String,
}

/// Where a line and column start; the end of the text where it is shorter.
pub(super) fn offset_of(text: &str, place: Place) -> u32 {
    let line = usize::try_from(place.line.max(1) - 1).unwrap_or(usize::MAX);
    let column = usize::try_from(place.column.max(1) - 1).unwrap_or(usize::MAX);
    let Some(start) = line_starts(text).nth(line) else { return units(text) };
    let rest = &text[start..];
    let end = rest.find('\n').unwrap_or(rest.len());
    let within: String = rest[..end].chars().take(column).collect();
    units(&text[..start]) + units(&within)
}

/// How many lines a text has: an empty one has one.
pub(super) fn line_count(text: &str) -> usize {
    line_starts(text).count()
}

/// The selected lines one step to the right; spaces at the cursor where nothing is selected.
pub(super) fn indented(text: &str, selected: Range<u32>) -> Replacement {
    if selected.is_empty() {
        return Replacement { range: selected, with: INDENT.to_owned() };
    }
    on_lines(text, &selected, |line| {
        if line.trim().is_empty() { line.to_owned() } else { format!("{INDENT}{line}") }
    })
}

/// The selected lines one step to the left.
pub(super) fn outdented(text: &str, selected: Range<u32>) -> Replacement {
    on_lines(text, &selected, |line| {
        let spaces = line.chars().take(INDENT.len()).take_while(|letter| *letter == ' ').count();
        line[spaces..].to_owned()
    })
}

/// A new line that starts below the start of the one before.
pub(super) fn new_line(text: &str, selected: Range<u32>) -> Replacement {
    let start = line_start(text, byte_of(text, selected.start));
    let before = &text[start..byte_of(text, selected.start)];
    let spaces: String = before.chars().take_while(|letter| *letter == ' ').collect();
    Replacement { range: selected, with: format!("\n{spaces}") }
}

fn on_lines(text: &str, selected: &Range<u32>, change: impl Fn(&str) -> String) -> Replacement {
    let (from, to) = (byte_of(text, selected.start), byte_of(text, selected.end));
    let start = line_start(text, from);
    // A selection that ends at the start of a line leaves that line alone.
    let last = if to > from && text[..to].ends_with('\n') { to - 1 } else { to };
    let end = text[last..].find('\n').map_or(text.len(), |line| last + line);
    let lines: Vec<String> = text[start..end].split('\n').map(change).collect();
    Replacement { range: units(&text[..start])..units(&text[..end]), with: lines.join("\n") }
}

fn line_start(text: &str, byte: usize) -> usize {
    text[..byte].rfind('\n').map_or(0, |line| line + 1)
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1))
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The byte of an offset in UTF-16; the start of the letter where it is within one.
fn byte_of(text: &str, offset: u32) -> usize {
    let mut counted = 0;
    for (byte, letter) in text.char_indices() {
        counted += u32::try_from(letter.len_utf16()).unwrap_or(1);
        if counted > offset {
            return byte;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use isthmus_contract::file::Place;
    use proptest::prelude::proptest;
    use proptest::prop_assert;

    use super::{byte_of, indented, line_count, new_line, offset_of, outdented, units};

    fn at(text: &str, line: u64, column: u64) -> u32 {
        offset_of(text, Place { line, column })
    }

    #[test]
    fn a_line_and_column_lead_to_the_place_that_the_control_counts() {
        let text = "sync: a\nname: 🏠 b\nend";
        assert_eq!(at(text, 1, 1), 0);
        assert_eq!(at(text, 2, 1), 8);
        assert_eq!(at(text, 2, 8), 8 + 8, "a house counts twice");
        assert_eq!(at(text, 2, 99), at(text, 3, 1) - 1);
        assert_eq!(at(text, 9, 1), units(text));
        assert_eq!(at(text, 0, 0), 0, "an unknown place is the start");
    }

    #[test]
    fn lines_are_counted_as_a_person_counts_them() {
        assert_eq!(
            [line_count(""), line_count("a"), line_count("a\n"), line_count("a\nb")],
            [1, 1, 2, 2]
        );
    }

    #[test]
    fn tab_writes_spaces_or_moves_the_selected_lines() {
        let text = "a:\n  b\n\nc";
        assert_eq!(indented(text, 1..1).with, "  ");
        let moved = indented(text, 1..6);
        assert_eq!((moved.range, moved.with.as_str()), (0..6, "  a:\n    b"));
        let moved = indented(text, 0..3);
        assert_eq!(moved.with, "  a:", "the line below is not selected");
    }

    #[test]
    fn lines_move_back_no_farther_than_they_stand() {
        let back = outdented("a\n b\n   c", 0..9);
        assert_eq!(back.with, "a\nb\n c");
        let back = outdented("a\n    b", 6..6);
        assert_eq!((back.range, back.with.as_str()), (2..7, "  b"));
    }

    #[test]
    fn a_new_line_starts_below_the_one_before() {
        assert_eq!(new_line("a:\n    b: c", 11..11).with, "\n    ");
        assert_eq!(new_line("a:\n    b", 4..4).with, "\n ", "only what stands before the cursor");
    }

    proptest! {
        #[test]
        fn no_text_and_no_place_leads_outside(text in "[ a\n🏠é]{0,24}", line in 0..9_u64, column in 0..9_u64, from in 0..30_u32, to in 0..30_u32) {
            let end = units(&text);
            prop_assert!(at(&text, line, column) <= end);
            let selected = from.min(to).min(end)..to.max(from).min(end);
            for change in [indented(&text, selected.clone()), outdented(&text, selected.clone()), new_line(&text, selected)] {
                prop_assert!(change.range.start <= change.range.end && change.range.end <= end);
                prop_assert!(text.is_char_boundary(byte_of(&text, change.range.start)));
            }
        }
    }
}
