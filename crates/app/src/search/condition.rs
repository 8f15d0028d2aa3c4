//! What a person may write after WHERE: one condition, and an order at most.

use crate::error::{Error, Result};

/// Longest condition: with the rest of the query it stays below what an org takes.
const LONGEST: usize = 50_000;

/// Words that would make it more than a condition, where they stand outside brackets and quotes.
const OTHER_CLAUSES: [&str; 11] = [
    "SELECT", "FROM", "WHERE", "LIMIT", "OFFSET", "GROUP", "HAVING", "FOR", "UPDATE", "WITH", "ALL",
];

/// A condition and an order, as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ConditionParts {
    pub(super) condition: Option<String>,
    pub(super) order: Option<String>,
}

/// Takes the text apart; whether it means something to the org, the org says.
///
/// # Errors
/// A bad request for text that is more than a condition and an order.
pub(super) fn read(text: &str) -> Result<ConditionParts> {
    if text.len() > LONGEST {
        return refuse(format!("a condition has at most {LONGEST} characters"));
    }
    let text = without_where(text.trim());
    let words = top_words(text)?;
    for (position, (start, word)) in words.iter().enumerate() {
        let next = words.get(position + 1);
        let ordered = word == "ORDER" && next.is_some_and(|(_, next)| next == "BY");
        if let (true, Some((by, _))) = (ordered, next) {
            let tail = text.get(by + "BY".len()..).unwrap_or_default();
            return Ok(ConditionParts {
                condition: given(text.get(..*start).unwrap_or_default()),
                order: Some(order(tail)?),
            });
        }
    }
    Ok(ConditionParts { condition: given(text), order: None })
}

/// Words outside brackets and quotes in capitals, each with the byte where it starts.
fn top_words(text: &str) -> Result<Vec<(usize, String)>> {
    let (mut words, mut depth, mut quoted, mut escaped) = (Vec::new(), 0_u32, false, false);
    let mut word: Option<(usize, String)> = None;
    for (place, letter) in text.char_indices() {
        let in_word = !quoted && (letter.is_alphanumeric() || "_.:".contains(letter));
        if in_word && depth == 0 {
            let (_, letters) = word.get_or_insert_with(|| (place, String::new()));
            letters.extend(letter.to_uppercase());
            continue;
        }
        words.extend(word.take());
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' if depth == 0 => {
                return refuse("a bracket is closed that was not opened".to_owned());
            }
            ')' => depth -= 1,
            ';' => return refuse("a condition ends without a semicolon".to_owned()),
            _ => {}
        }
    }
    words.extend(word);
    if quoted {
        return refuse("a quote is not closed".to_owned());
    }
    if depth > 0 {
        return refuse("a bracket is not closed".to_owned());
    }
    match words.iter().find(|(_, word)| OTHER_CLAUSES.contains(&word.as_str())) {
        Some((_, word)) => {
            refuse(format!("{word} has no place here: write a condition, and ORDER BY at most"))
        }
        None => Ok(words),
    }
}

/// People copy whole clauses.
fn without_where(text: &str) -> &str {
    match text.split_once(char::is_whitespace) {
        Some((first, rest)) if first.eq_ignore_ascii_case("WHERE") => rest.trim_start(),
        _ => text,
    }
}

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Fields, directions and where nulls go.
fn order(tail: &str) -> Result<String> {
    let tail = tail.trim();
    let plain = |letter: char| letter.is_alphanumeric() || "_., ()\t\r\n".contains(letter);
    if tail.is_empty() || !tail.chars().all(plain) {
        return refuse("ORDER BY takes fields, each with ASC or DESC".to_owned());
    }
    Ok(tail.to_owned())
}

fn refuse<T>(text: String) -> Result<T> {
    Err(Error::bad(text, "write a condition, such as Name LIKE 'Acme%' AND Active__c = true"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::read;
    use crate::query::refuse_changes;

    fn parts(text: &str) -> (String, String) {
        let parts = read(text).unwrap();
        (parts.condition.unwrap_or_default(), parts.order.unwrap_or_default())
    }

    #[test]
    fn a_condition_may_have_an_order_and_nothing_else() {
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(parts("Name = 'x'"), pair("Name = 'x'", ""));
        assert_eq!(parts(" where Name='x' order  by Name desc"), pair("Name='x'", "Name desc"));
        assert_eq!(parts("ORDER BY CreatedDate"), pair("", "CreatedDate"));
        assert_eq!(parts(""), pair("", ""));
        let quoted = r"Name = 'LIMIT ; ( it\'s FOR UPDATE'";
        assert_eq!(parts(quoted), pair(quoted, ""));
        let semi_join = "Id IN (SELECT AccountId FROM Contact WHERE Email != null LIMIT 5)";
        assert_eq!(parts(semi_join), pair(semi_join, ""));
        assert_eq!(parts("Limit__c > 5 AND For__c = 1"), pair("Limit__c > 5 AND For__c = 1", ""));
    }

    #[test]
    fn what_is_more_than_a_condition_is_refused_in_words() {
        for text in [
            "Name = 'x';",
            "Name = 'x' LIMIT 5",
            "Name = 'x' limit 5",
            "Name = 'x') OR (Id != null",
            "(Name = 'x'",
            "Name = 'x",
            "Name = 'x' FOR UPDATE",
            "Name = 'x' ORDER BY Name LIMIT 1",
            "Name = 'x' ORDER BY 'Name'",
            "Name = 'x' ORDER BY",
            "Name = 'x' GROUP BY Name",
            "Name = 'x' ALL ROWS",
            "SELECT Id FROM Account",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(
            refuse_changes("SELECT Id FROM A WHERE (Id IN (SELECT Id FROM A FOR VIEW))").is_err()
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fail_or_leaves_its_brackets(text in ".{0,60}") {
            if let Ok(parts) = read(&text) {
                let condition = parts.condition.unwrap_or_default();
                assert!(read(&format!("({condition})")).is_ok(), "{condition}");
            }
        }
    }
}
