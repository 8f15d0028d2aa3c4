//! The text of a search to its parts.

use crate::soql::{Parser, Query, SoqlError};
use crate::sosl::matching::Terms;
use crate::sosl::{RESULTS_MAX, Search, SearchGroup, malformed};

/// Groups of fields by the word after IN.
const GROUPS: [(&str, SearchGroup); 5] = [
    ("ALL", SearchGroup::All),
    ("NAME", SearchGroup::Name),
    ("EMAIL", SearchGroup::Email),
    ("PHONE", SearchGroup::Phone),
    ("SIDEBAR", SearchGroup::Sidebar),
];

/// Reads a search.
///
/// # Errors
/// `MALFORMED_SEARCH`; `NUMBER_OUTSIDE_VALID_RANGE` for a large OFFSET.
pub(crate) fn parse(source: &str) -> Result<Search, SoqlError> {
    let (term, rest) = term(source)?;
    let terms = Terms::read(term)?;
    let read = || {
        let mut parser = Parser::new(source, rest)?;
        let fields = group(&mut parser)?;
        let returning =
            if parser.take_word("RETURNING") { parser.list(returned)? } else { Vec::new() };
        let limit = if parser.take_word("LIMIT") { parser.count()? } else { RESULTS_MAX };
        parser.end()?;
        Ok(Search { terms, fields, returning, limit: limit.min(RESULTS_MAX) })
    };
    read().map_err(as_search)
}

/// The text between the braces after FIND, and where the rest begins.
fn term(source: &str) -> Result<(&str, usize), SoqlError> {
    let missing = || malformed("No search term found. The search term must be enclosed in braces.");
    let start = source.trim_start();
    let is_find = start.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("FIND"));
    let after = if is_find { start[4..].trim_start() } else { return Err(missing()) };
    let body = after.strip_prefix('{').ok_or_else(missing)?;
    let mut escaped = false;
    let end = body.char_indices().find(|(_, character)| {
        let closes = *character == '}' && !escaped;
        escaped = *character == '\\' && !escaped;
        closes
    });
    let (end, _) = end.ok_or_else(missing)?;
    Ok((&body[..end], source.len() - body.len() + end + 1))
}

fn group(parser: &mut Parser<'_>) -> Result<SearchGroup, SoqlError> {
    if !parser.take_word("IN") {
        return Ok(SearchGroup::All);
    }
    let found = GROUPS.into_iter().find(|(word, _)| parser.take_word(word));
    let group = found.map(|(_, group)| group).ok_or_else(|| parser.unexpected())?;
    parser.keyword("FIELDS")?;
    Ok(group)
}

/// `Account(Id, Name WHERE … ORDER BY … LIMIT n OFFSET n)`, or the object alone for its ids.
fn returned(parser: &mut Parser<'_>) -> Result<Query, SoqlError> {
    let from = parser.object_name()?;
    let mut query = Query { from, ..Query::of_ids("") };
    if parser.take_symbol("(") {
        query.select = parser.list(Parser::select_item)?;
        parser.rest(&mut query)?;
        parser.symbol(")")?;
    }
    Ok(query)
}

fn as_search(error: SoqlError) -> SoqlError {
    let code = if error.code == "MALFORMED_QUERY" { "MALFORMED_SEARCH" } else { error.code };
    SoqlError { code, ..error }
}
