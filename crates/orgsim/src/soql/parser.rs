//! Tokens to a query, by recursive descent.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::soql::ast::{
    Condition, Direction, FieldSet, Function, Literal, LiteralKind, Name, Nulls, Operator, Order,
    Query, SelectItem, SetOperator,
};
use crate::soql::error::SoqlError;
use crate::soql::lexer::{Token, TokenKind, tokens};

/// Longest query (wire reference 5.1).
const QUERY_CHARACTERS_MAX: usize = 100_000;

/// Deepest nesting of parentheses, NOT and subqueries; keeps the recursion off the end of the stack.
const NESTING_MAX: usize = 64;

/// Largest OFFSET (wire reference 5.1).
const OFFSET_MAX: usize = 2_000;

/// Words that end a field list, an alias or a condition.
const CLAUSES: [&str; 10] =
    ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "ALL", "WITH"];

/// Reads a query.
///
/// # Errors
/// `MALFORMED_QUERY` with the place of the first token that does not fit; `NUMBER_OUTSIDE_VALID_RANGE` for a large OFFSET.
pub(crate) fn parse(source: &str) -> Result<Query, SoqlError> {
    if source.chars().count() > QUERY_CHARACTERS_MAX {
        return Err(SoqlError::plain(
            "MALFORMED_QUERY",
            format!("SOQL statements cannot be longer than {QUERY_CHARACTERS_MAX} characters."),
        ));
    }
    let mut parser = Parser { source, tokens: tokens(source)?, at: 0, depth: 0 };
    let query = parser.query()?;
    match parser.peek().kind {
        TokenKind::End => Ok(query),
        _ if parser.word_is("ALL") => {
            Err(parser.wrong_with("ALL ROWS not allowed in this context"))
        }
        _ => Err(parser.unexpected()),
    }
}

struct Parser<'source> {
    source: &'source str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, SoqlError>;

impl Parser<'_> {
    fn query(&mut self) -> Parsed<Query> {
        self.keyword("SELECT")?;
        let select = self.list(Self::select_item)?;
        self.keyword("FROM")?;
        let from = self.name()?;
        let alias = self.alias()?;
        let condition = if self.take_word("WHERE") { Some(self.condition()?) } else { None };
        let group_by = if self.take_word("GROUP") { self.by(Self::name)? } else { Vec::new() };
        let order_by = if self.take_word("ORDER") { self.by(Self::order)? } else { Vec::new() };
        let limit = if self.take_word("LIMIT") { Some(self.count()?) } else { None };
        let offset = if self.take_word("OFFSET") { Some(self.count()?) } else { None };
        if offset.is_some_and(|offset| offset > OFFSET_MAX) {
            let text = format!("Maximum SOQL offset allowed is {OFFSET_MAX}");
            return Err(SoqlError::at(
                "NUMBER_OUTSIDE_VALID_RANGE",
                self.source,
                self.place(),
                &text,
            ));
        }
        Ok(Query { select, from, alias, condition, group_by, order_by, limit, offset })
    }

    fn select_item(&mut self) -> Parsed<SelectItem> {
        let path = self.name()?;
        if !self.take_symbol("(") {
            return Ok(SelectItem::Field { path, alias: self.alias()? });
        }
        if path.text.eq_ignore_ascii_case("FIELDS") {
            let set = self.field_set()?;
            self.symbol(")")?;
            return Ok(SelectItem::Fields { set, at: path.at });
        }
        let Some(function) = function(&path.text) else {
            let text = format!("unexpected token: '{}'", path.text);
            return Err(SoqlError::malformed(self.source, path.at, &text));
        };
        if function == Function::Count && self.take_symbol(")") {
            return Ok(SelectItem::CountAll);
        }
        let path = self.name()?;
        self.symbol(")")?;
        Ok(SelectItem::Aggregate { function, path, alias: self.alias()? })
    }

    fn field_set(&mut self) -> Parsed<FieldSet> {
        let known = [
            ("ALL", FieldSet::All),
            ("STANDARD", FieldSet::Standard),
            ("CUSTOM", FieldSet::Custom),
        ];
        let found = known.into_iter().find(|(word, _)| self.take_word(word));
        found.map(|(_, set)| set).ok_or_else(|| self.unexpected())
    }

    fn condition(&mut self) -> Parsed<Condition> {
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
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(self.wrong_with("the condition is nested too deeply"));
        }
        let term = self.nested_term();
        self.depth -= 1;
        term
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
        let path = self.name()?;
        match self.set_operator()? {
            Some(operator) => self.set(path, operator),
            None => {
                let operator = self.operator()?;
                Ok(Condition::Compare { path, operator, value: self.literal()? })
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

    fn set(&mut self, path: Name, operator: SetOperator) -> Parsed<Condition> {
        self.symbol("(")?;
        let membership = matches!(operator, SetOperator::In | SetOperator::NotIn);
        let condition = if membership && self.word_is("SELECT") {
            Condition::SemiJoin { path, operator, query: Box::new(self.query()?) }
        } else {
            Condition::Set { path, operator, values: self.list(Self::literal)? }
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

    fn order(&mut self) -> Parsed<Order> {
        let path = self.name()?;
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
        Ok(Order { path, direction, nulls })
    }

    fn by<T>(&mut self, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.keyword("BY")?;
        self.list(item)
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.take_symbol(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn alias(&mut self) -> Parsed<Option<Name>> {
        let TokenKind::Word(word) = &self.peek().kind else { return Ok(None) };
        if CLAUSES.iter().any(|clause| word.eq_ignore_ascii_case(clause)) || word.contains('.') {
            return Ok(None);
        }
        self.name().map(Some)
    }

    fn name(&mut self) -> Parsed<Name> {
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

    fn count(&mut self) -> Parsed<usize> {
        let TokenKind::Number(text) = &self.peek().kind else { return Err(self.unexpected()) };
        let count = text.parse().map_err(|_| self.unexpected())?;
        self.at += 1;
        Ok(count)
    }

    fn keyword(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.word_is(word);
        self.at += usize::from(found);
        found
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek().kind, TokenKind::Symbol(own) if own == symbol);
        self.at += usize::from(found);
        found
    }

    fn word_is(&self, word: &str) -> bool {
        matches!(&self.peek().kind, TokenKind::Word(own) if own.eq_ignore_ascii_case(word))
    }

    fn peek(&self) -> &Token {
        // The last token is End and is never taken.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn place(&self) -> usize {
        self.peek().at
    }

    fn unexpected(&self) -> SoqlError {
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

    fn wrong_with(&self, text: &str) -> SoqlError {
        SoqlError::malformed(self.source, self.place(), text)
    }
}

fn function(name: &str) -> Option<Function> {
    let known = [
        ("COUNT", Function::Count),
        ("COUNT_DISTINCT", Function::CountDistinct),
        ("SUM", Function::Sum),
        ("AVG", Function::Average),
        ("MIN", Function::Minimum),
        ("MAX", Function::Maximum),
    ];
    known.into_iter().find(|(word, _)| name.eq_ignore_ascii_case(word)).map(|(_, own)| own)
}

/// Reads what begins with a digit or a sign. A datetime needs `Z` or an offset.
fn number(text: &str) -> Option<LiteralKind> {
    if text.contains(['T', 't']) {
        return text.parse::<Timestamp>().ok().map(LiteralKind::DateTime);
    }
    if text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2 {
        return text.parse::<Date>().ok().map(LiteralKind::Date);
    }
    let looks_numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse::<f64>().ok().filter(|_| looks_numeric).map(LiteralKind::Number)
}
