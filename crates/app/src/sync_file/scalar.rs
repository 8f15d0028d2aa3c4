//! Text as YAML scalars: plain where nothing can be mistaken, in quotes otherwise.

use std::fmt::Write;

/// Words that YAML readers of any age take for something else than text.
const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// A scalar that may stand anywhere, in `{left: Name}` too.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text, "_-") { text.to_owned() } else { quoted(text) }
}

/// A scalar that ends its line, with the punctuation of a sentence.
pub(super) fn line(text: &str) -> String {
    if is_plain(text, "_- .,;()/'&+") && !text.ends_with(' ') {
        return text.to_owned();
    }
    quoted(text)
}

fn is_plain(text: &str, also: &str) -> bool {
    let starts_plain = text.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
    starts_plain
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    // A JSON string is a YAML string in double quotes, as long as nothing in it ends a line or cannot be printed.
    let json = serde_json::Value::from(text).to_string();
    let mut quoted = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '\u{7f}'..='\u{a0}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted
}
