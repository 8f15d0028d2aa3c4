//! Whether a mapping file has comments: its author's words, which a document does not keep.

use super::tree::parse;

/// Most places tried: text that quotes more number signs than this is taken for commented.
const MOST_TRIED: usize = 20;

/// True when the text has a comment. A number sign is one where the text means the same without it and what follows.
pub(crate) fn has_comments(text: &str) -> bool {
    let mut tried = 0;
    for (at, _) in text.match_indices('#') {
        let before = text[..at].chars().next_back();
        if !before.is_none_or(char::is_whitespace) {
            continue;
        }
        tried += 1;
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        if tried > MOST_TRIED || means_the_same(text, &format!("{}{}", &text[..at], &text[end..])) {
            return true;
        }
    }
    false
}

fn means_the_same(text: &str, other: &str) -> bool {
    match (parse(text), parse(other)) {
        (Ok(one), Ok(other)) => one.to_json() == other.to_json(),
        // What cannot be read may have comments all the same; nothing is rendered from it.
        (Err(_), _) => true,
        (Ok(_), Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::has_comments;

    #[test]
    fn comments_are_told_from_number_signs_in_values() {
        for text in ["# first\nsync: a\n", "sync: a # why\n", "sync: a\n  # last", "a: '#1' # b\n"]
        {
            assert!(has_comments(text), "{text:?}");
        }
        for text in
            ["sync: a\n", "sync: a#b\n", "sync: 'a # b'\n", "a: \"x\n # y\"\n", "a: |\n  # b\n"]
        {
            assert!(!has_comments(text), "{text:?}");
        }
    }
}
