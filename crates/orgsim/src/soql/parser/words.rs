//! Single tokens: what stands here, taking it, and saying that it does not fit.

use crate::soql::ast::Name;
use crate::soql::error::SoqlError;
use crate::soql::lexer::{Token, TokenKind};
use crate::soql::parser::{CLAUSES, NESTING_MAX, Parsed, Parser};

impl Parser<'_> {
    /// Nothing may follow a query, and some of what is known to follow has words of its own.
    pub(crate) fn end(&self) -> Parsed<()> {
        match self.peek().kind {
            TokenKind::End => Ok(()),
            _ if self.word_is("ALL") => {
                Err(self.wrong_with("ALL ROWS not allowed in this context"))
            }
            _ => Err(self.unexpected()),
        }
    }

    pub(crate) fn list<T>(&mut self, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.take_symbol(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Reads something that may hold itself, down to a bounded depth.
    pub(super) fn nested<T>(&mut self, read: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(self.wrong_with("the condition is nested too deeply"));
        }
        let inner = read(self);
        self.depth -= 1;
        inner
    }

    pub(crate) fn name(&mut self) -> Parsed<Name> {
        let Token { kind: TokenKind::Word(text), at } = self.peek() else {
            return Err(self.unexpected());
        };
        let broken = text.starts_with('.') || text.ends_with('.') || text.contains("..");
        let reserved = CLAUSES.iter().any(|clause| text.eq_ignore_ascii_case(clause));
        if broken || reserved {
            return Err(self.unexpected());
        }
        let name = Name { text: text.clone(), at: *at };
        self.at += 1;
        Ok(name)
    }

    pub(crate) fn count(&mut self) -> Parsed<usize> {
        let TokenKind::Number(text) = &self.peek().kind else { return Err(self.unexpected()) };
        let count = text.parse().map_err(|_| self.unexpected())?;
        self.at += 1;
        Ok(count)
    }

    pub(crate) fn keyword(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(crate) fn symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let found = self.word_is(word);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.symbol_is(symbol);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn word_is(&self, word: &str) -> bool {
        matches!(&self.peek().kind, TokenKind::Word(own) if own.eq_ignore_ascii_case(word))
    }

    pub(super) fn symbol_is(&self, symbol: &str) -> bool {
        matches!(self.peek().kind, TokenKind::Symbol(own) if own == symbol)
    }

    /// True when `word(` stands here.
    pub(super) fn call_is(&self, word: &str) -> bool {
        self.word_is(word) && matches!(self.next_kind(), Some(TokenKind::Symbol("(")))
    }

    pub(super) fn next_kind(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at + 1).map(|token| &token.kind)
    }

    pub(crate) fn peek(&self) -> &Token {
        // The last token is End and is never taken.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    pub(crate) fn place(&self) -> usize {
        self.peek().at
    }

    pub(crate) fn unexpected(&self) -> SoqlError {
        let text = match &self.peek().kind {
            TokenKind::Word(word) | TokenKind::Number(word) => {
                format!("unexpected token: '{word}'")
            }
            TokenKind::Text(raw) => format!("unexpected token: ''{raw}''"),
            TokenKind::Symbol(symbol) => format!("unexpected token: '{symbol}'"),
            TokenKind::End => "unexpected token: '<EOF>'".to_owned(),
        };
        self.wrong_with(&text)
    }

    pub(super) fn wrong_with(&self, text: &str) -> SoqlError {
        SoqlError::malformed(self.source, self.place(), text)
    }
}
