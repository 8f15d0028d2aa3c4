//! Conditions and literals.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::soql::ast::{Condition, Expression, Literal, LiteralKind, Operator, SetOperator};
use crate::soql::error::SoqlError;
use crate::soql::lexer::{Token, TokenKind};
use crate::soql::parser::{Parsed, Parser};

impl Parser<'_> {
    pub(crate) fn condition(&mut self) -> Parsed<Condition> {
        let first = self.term()?;
        let (word, other) = if self.word_is("OR") { ("OR", "AND") } else { ("AND", "OR") };
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(self.term()?);
        }
        if self.word_is(other) {
            // AND beside OR needs parentheses; the language has no precedence between them.
            return Err(self.unexpected());
        }
        Ok(match (parts.len(), word) {
            (1, _) => parts.remove(0),
            (_, "OR") => Condition::Or(parts),
            _ => Condition::And(parts),
        })
    }

    fn term(&mut self) -> Parsed<Condition> {
        self.nested(Self::nested_term)
    }

    fn nested_term(&mut self) -> Parsed<Condition> {
        if self.take_word("NOT") {
            return Ok(Condition::Not(Box::new(self.term()?)));
        }
        if self.take_symbol("(") {
            let inner = self.condition()?;
            self.symbol(")")?;
            return Ok(inner);
        }
        let left = self.expression()?;
        match self.set_operator()? {
            Some(operator) => self.set(left, operator),
            None => {
                let operator = self.operator()?;
                Ok(Condition::Compare { left, operator, value: self.literal()? })
            }
        }
    }

    fn set_operator(&mut self) -> Parsed<Option<SetOperator>> {
        let known = [
            ("IN", SetOperator::In),
            ("INCLUDES", SetOperator::Includes),
            ("EXCLUDES", SetOperator::Excludes),
        ];
        if self.take_word("NOT") {
            self.keyword("IN")?;
            return Ok(Some(SetOperator::NotIn));
        }
        Ok(known.into_iter().find(|(word, _)| self.take_word(word)).map(|(_, operator)| operator))
    }

    fn set(&mut self, left: Expression, operator: SetOperator) -> Parsed<Condition> {
        self.symbol("(")?;
        let membership = matches!(operator, SetOperator::In | SetOperator::NotIn);
        let condition = if membership && self.word_is("SELECT") {
            let query = Box::new(self.nested(Self::query)?);
            Condition::SemiJoin { left, operator, query }
        } else {
            Condition::Set { left, operator, values: self.list(Self::literal)? }
        };
        self.symbol(")")?;
        Ok(condition)
    }

    fn operator(&mut self) -> Parsed<Operator> {
        let known = [
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            ("<", Operator::Less),
            (">=", Operator::GreaterOrEqual),
            (">", Operator::Greater),
        ];
        if self.take_word("LIKE") {
            return Ok(Operator::Like);
        }
        let found = known.into_iter().find(|(symbol, _)| self.take_symbol(symbol));
        found.map(|(_, operator)| operator).ok_or_else(|| self.unexpected())
    }

    fn literal(&mut self) -> Parsed<Literal> {
        let Token { kind, at } = self.peek().clone();
        let kind = match kind {
            TokenKind::Text(raw) => LiteralKind::Text(raw),
            TokenKind::Number(text) => number(&text).ok_or_else(|| self.unexpected())?,
            TokenKind::Word(word) => {
                self.at += 1;
                let kind = self.word_literal(&word.to_ascii_uppercase(), at)?;
                return Ok(Literal { kind, at });
            }
            TokenKind::Symbol(":") => {
                return Err(self.wrong_with("Bind variables only allowed in Apex code"));
            }
            TokenKind::Symbol(_) | TokenKind::End => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(Literal { kind, at })
    }

    fn word_literal(&mut self, word: &str, at: usize) -> Parsed<LiteralKind> {
        match word {
            "NULL" => return Ok(LiteralKind::Null),
            "TRUE" => return Ok(LiteralKind::Boolean(true)),
            "FALSE" => return Ok(LiteralKind::Boolean(false)),
            _ => {}
        }
        if let Some(amount) = self.currency(word) {
            return Ok(amount);
        }
        let count = if self.take_symbol(":") {
            Some(i64::try_from(self.count()?).unwrap_or(i64::MAX))
        } else {
            None
        };
        if crate::soql::dates::is_known(word, count) {
            return Ok(LiteralKind::Relative(word.to_owned(), count));
        }
        Err(SoqlError::malformed(self.source, at, &format!("unexpected token: '{word}'")))
    }

    /// `USD5000.5`, also with a sign, which begins a token of its own.
    fn currency(&mut self, word: &str) -> Option<LiteralKind> {
        let (code, amount) = word.split_at_checked(3)?;
        if !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        if amount.is_empty() {
            let Token { kind: TokenKind::Number(text), at } = self.peek() else { return None };
            let adjacent = self.tokens.get(self.at - 1).is_some_and(|code| code.at + 3 == *at);
            if !adjacent {
                return None;
            }
            let LiteralKind::Number(amount) = number(text)? else { return None };
            self.at += 1;
            return Some(LiteralKind::Currency(code.to_owned(), amount));
        }
        match number(amount)? {
            LiteralKind::Number(amount) => Some(LiteralKind::Currency(code.to_owned(), amount)),
            _ => None,
        }
    }
}

/// Reads what begins with a digit or a sign. A datetime needs `Z` or an offset.
fn number(text: &str) -> Option<LiteralKind> {
    if text.contains(['T', 't']) {
        return text.parse::<Timestamp>().ok().map(LiteralKind::DateTime);
    }
    if text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2 {
        return text.parse::<Date>().ok().map(LiteralKind::Date);
    }
    if text.contains(':') {
        let time = text.strip_suffix(['Z', 'z'])?;
        return time.parse::<Time>().ok().map(LiteralKind::Time);
    }
    let looks_numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = text.parse::<f64>().ok().filter(|number| looks_numeric && number.is_finite());
    number.map(LiteralKind::Number)
}
