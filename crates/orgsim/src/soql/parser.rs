//! Tokens to a query, by recursive descent.

mod condition;
mod select;
mod words;

use crate::soql::ast::{
    Direction, Expression, Function, GroupStyle, Grouping, Name, Nulls, Order, Query,
};
use crate::soql::error::SoqlError;
use crate::soql::lexer::{Token, TokenKind, tokens};

/// Longest query (wire reference 5.1).
const QUERY_CHARACTERS_MAX: usize = 100_000;

/// Deepest nesting of parentheses, NOT, functions and subqueries; keeps the recursion off the end of the stack.
const NESTING_MAX: usize = 64;

/// Largest OFFSET (wire reference 5.1).
const OFFSET_MAX: usize = 2_000;

/// Words that end a field list, an alias or a condition.
const CLAUSES: [&str; 11] =
    ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "ALL", "WITH", "USING"];

/// Clauses that are objects too, so that FROM may name them.
const OBJECTS_LIKE_CLAUSES: [&str; 2] = ["GROUP", "ORDER"];

/// What WITH may ask for: the API enforces it for every query anyway.
const ENFORCED: [&str; 3] = ["SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"];

/// Reads a query.
///
/// # Errors
/// `MALFORMED_QUERY` with the place of the first token that does not fit; `NUMBER_OUTSIDE_VALID_RANGE` for a large OFFSET.
pub(crate) fn parse(source: &str) -> Result<Query, SoqlError> {
    let mut parser = Parser::new(source, 0)?;
    let query = parser.query()?;
    parser.end()?;
    Ok(query)
}

/// Reads tokens one after the other.
pub(crate) struct Parser<'source> {
    source: &'source str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

pub(crate) type Parsed<T> = Result<T, SoqlError>;

impl<'source> Parser<'source> {
    /// A parser that begins at a byte of the text.
    pub(crate) fn new(source: &'source str, from: usize) -> Parsed<Self> {
        if source.chars().count() > QUERY_CHARACTERS_MAX {
            return Err(SoqlError::plain(
                "MALFORMED_QUERY",
                format!("SOQL statements cannot be longer than {QUERY_CHARACTERS_MAX} characters."),
            ));
        }
        Ok(Self { source, tokens: tokens(source, from)?, at: 0, depth: 0 })
    }

    fn query(&mut self) -> Parsed<Query> {
        self.keyword("SELECT")?;
        let select = self.list(Self::select_item)?;
        self.keyword("FROM")?;
        let mut query = self.sources()?;
        query.select = select;
        if self.take_word("USING") {
            self.keyword("SCOPE")?;
            query.scope = Some(self.name()?);
        }
        self.rest(&mut query)?;
        Ok(query)
    }

    /// From WHERE to OFFSET.
    pub(crate) fn rest(&mut self, query: &mut Query) -> Parsed<()> {
        if self.take_word("WHERE") {
            query.condition = Some(self.condition()?);
        }
        self.enforcement()?;
        if self.take_word("GROUP") {
            query.grouping = Some(self.grouping()?);
        }
        if self.take_word("HAVING") {
            query.having = Some(self.condition()?);
        }
        if self.take_word("ORDER") {
            self.keyword("BY")?;
            query.order_by = self.list(Self::order)?;
        }
        if self.take_word("LIMIT") {
            query.limit = Some(self.count()?);
        }
        if self.word_is("OFFSET") {
            query.offset = Some(self.offset()?);
        }
        Ok(())
    }

    fn offset(&mut self) -> Parsed<usize> {
        self.keyword("OFFSET")?;
        let at = self.place();
        let offset = self.count()?;
        if offset <= OFFSET_MAX {
            return Ok(offset);
        }
        let text = format!("Maximum SOQL offset allowed is {OFFSET_MAX}");
        Err(SoqlError::at("NUMBER_OUTSIDE_VALID_RANGE", self.source, at, &text))
    }

    /// Objects and their aliases; the other clauses are still to come.
    fn sources(&mut self) -> Parsed<Query> {
        let from = self.object_name()?;
        let alias = self.alias()?;
        let mut paths = Vec::new();
        while self.take_symbol(",") {
            let path = self.name()?;
            let alias = self.alias()?.ok_or_else(|| self.unexpected())?;
            paths.push((path, alias));
        }
        Ok(Query { from, alias, paths, ..Query::of_ids("") })
    }

    fn enforcement(&mut self) -> Parsed<()> {
        while self.take_word("WITH") {
            if !ENFORCED.into_iter().any(|word| self.take_word(word)) {
                return Err(self.unexpected());
            }
        }
        Ok(())
    }

    fn grouping(&mut self) -> Parsed<Grouping> {
        self.keyword("BY")?;
        let styles = [("ROLLUP", GroupStyle::Rollup), ("CUBE", GroupStyle::Cube)];
        let style = styles.into_iter().find(|(word, _)| self.call_is(word)).map(|(_, style)| style);
        let Some(style) = style else {
            return Ok(Grouping { style: GroupStyle::Plain, by: self.list(Self::expression)? });
        };
        self.at += 2;
        let by = self.list(Self::expression)?;
        self.symbol(")")?;
        Ok(Grouping { style, by })
    }

    /// A field, or functions around one.
    fn expression(&mut self) -> Parsed<Expression> {
        let at = self.place();
        let mut functions = Vec::new();
        let mut name = self.name()?;
        while self.take_symbol("(") {
            let Some(function) = Function::named(&name.text) else {
                let text = format!("unexpected token: '{}'", name.text);
                return Err(SoqlError::malformed(self.source, name.at, &text));
            };
            functions.push(function);
            if functions.len() > NESTING_MAX {
                return Err(self.wrong_with("the expression is nested too deeply"));
            }
            name = self.name()?;
        }
        for _ in &functions {
            self.symbol(")")?;
        }
        Ok(Expression { functions, path: name, at })
    }

    fn order(&mut self) -> Parsed<Order> {
        let expression = self.expression()?;
        let direction = if self.take_word("DESC") {
            Direction::Descending
        } else {
            self.take_word("ASC");
            Direction::Ascending
        };
        let nulls = if !self.take_word("NULLS") || self.take_word("FIRST") {
            Nulls::First
        } else {
            self.keyword("LAST")?;
            Nulls::Last
        };
        Ok(Order { expression, direction, nulls })
    }

    fn alias(&mut self) -> Parsed<Option<Name>> {
        if self.take_word("AS") {
            return self.name().map(Some);
        }
        let TokenKind::Word(word) = &self.peek().kind else { return Ok(None) };
        if CLAUSES.iter().any(|clause| word.eq_ignore_ascii_case(clause)) || word.contains('.') {
            return Ok(None);
        }
        self.name().map(Some)
    }

    /// An object's name, which may look like a clause.
    pub(crate) fn object_name(&mut self) -> Parsed<Name> {
        let Token { kind: TokenKind::Word(text), at } = self.peek() else {
            return Err(self.unexpected());
        };
        if !OBJECTS_LIKE_CLAUSES.iter().any(|word| text.eq_ignore_ascii_case(word)) {
            return self.name();
        }
        let name = Name { text: text.clone(), at: *at };
        self.at += 1;
        Ok(name)
    }
}
