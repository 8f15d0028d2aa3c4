//! The entries of a SELECT list.

use crate::soql::ast::{FieldSet, Name, SelectItem, TypeCase};
use crate::soql::lexer::TokenKind;
use crate::soql::parser::{Parsed, Parser};

impl Parser<'_> {
    pub(crate) fn select_item(&mut self) -> Parsed<SelectItem> {
        let at = self.place();
        if self.take_symbol("(") {
            let query = Box::new(self.nested(Self::query)?);
            self.symbol(")")?;
            return Ok(SelectItem::Children { query, at });
        }
        if self.word_is("TYPEOF") && matches!(self.next_kind(), Some(TokenKind::Word(_))) {
            return self.type_of();
        }
        if self.call_is("FIELDS") {
            return self.field_set();
        }
        if self.call_is("COUNT") && self.counts_all() {
            self.at += 3;
            return Ok(SelectItem::CountAll { at });
        }
        let expression = self.expression()?;
        Ok(SelectItem::Value { expression, alias: self.alias()? })
    }

    fn counts_all(&self) -> bool {
        let third = self.tokens.get(self.at + 2);
        third.is_some_and(|token| token.kind == TokenKind::Symbol(")"))
    }

    fn field_set(&mut self) -> Parsed<SelectItem> {
        let known = [
            ("ALL", FieldSet::All),
            ("STANDARD", FieldSet::Standard),
            ("CUSTOM", FieldSet::Custom),
        ];
        let at = self.place();
        self.at += 2;
        let found = known.into_iter().find(|(word, _)| self.take_word(word));
        let set = found.map(|(_, set)| set).ok_or_else(|| self.unexpected())?;
        self.symbol(")")?;
        Ok(SelectItem::Fields { set, at })
    }

    fn type_of(&mut self) -> Parsed<SelectItem> {
        self.keyword("TYPEOF")?;
        let relationship = self.name()?;
        let mut cases = Vec::new();
        while self.take_word("WHEN") {
            let object = self.object_name()?;
            self.keyword("THEN")?;
            cases.push(TypeCase { object, fields: self.list(Self::name)? });
        }
        if cases.is_empty() {
            return Err(self.unexpected());
        }
        let otherwise: Vec<Name> =
            if self.take_word("ELSE") { self.list(Self::name)? } else { Vec::new() };
        self.keyword("END")?;
        Ok(SelectItem::TypeOf { relationship, cases, otherwise })
    }
}
