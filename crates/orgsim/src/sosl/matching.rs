//! Whether the texts of a row hold what a search asks for.

use crate::soql::SoqlError;
use crate::sosl::malformed;

/// Shortest search, in characters other than blanks and quotes.
const TERM_CHARACTERS_MIN: usize = 2;

/// Deepest nesting of parentheses; keeps the recursion off the end of the stack.
const NESTING_MAX: usize = 32;

/// What a search asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Terms {
    /// Words one after the other in one text.
    Phrase(Vec<Pattern>),
    All(Vec<Terms>),
    Any(Vec<Terms>),
    Not(Box<Terms>),
}

/// One word with its wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Exactly(char),
    One,
    Any,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Phrase(Vec<Pattern>),
}

impl Terms {
    /// Reads the text between the braces.
    ///
    /// # Errors
    /// `MALFORMED_SEARCH` for a text without words, parentheses that do not match, or operators without words.
    pub(crate) fn read(text: &str) -> Result<Self, SoqlError> {
        let letters = text.chars().filter(|character| character.is_alphanumeric()).count();
        if letters < TERM_CHARACTERS_MIN {
            let message = format!("search term must be longer than one character: {text}");
            return Err(malformed(&message));
        }
        let mut reader = Reader { tokens: tokens(text), at: 0, depth: 0 };
        let terms = reader.any()?;
        if reader.at < reader.tokens.len() { Err(wrong()) } else { Ok(terms) }
    }

    /// True when the texts of one row fit.
    pub(crate) fn matches(&self, texts: &[&str]) -> bool {
        let texts: Vec<Vec<Vec<char>>> = texts.iter().map(|text| words(text)).collect();
        self.fits(&texts)
    }

    fn fits(&self, texts: &[Vec<Vec<char>>]) -> bool {
        match self {
            Self::Phrase(patterns) => texts.iter().any(|words| {
                words.windows(patterns.len()).any(|run| {
                    run.iter().zip(patterns).all(|(word, pattern)| pattern.matches(word))
                })
            }),
            Self::All(parts) => parts.iter().all(|part| part.fits(texts)),
            Self::Any(parts) => parts.iter().any(|part| part.fits(texts)),
            Self::Not(inner) => !inner.fits(texts),
        }
    }
}

impl Pattern {
    /// Linear with one point to come back to, so no pattern is slow.
    fn matches(&self, word: &[char]) -> bool {
        let (mut at, mut part, mut retry) = (0, 0, None);
        while at < word.len() {
            match self.0.get(part) {
                Some(Part::Any) => {
                    retry = Some((at, part));
                    part += 1;
                }
                Some(Part::One) => (at, part) = (at + 1, part + 1),
                Some(Part::Exactly(own)) if *own == word[at] => (at, part) = (at + 1, part + 1),
                _ => {
                    let Some((from, any)) = retry else { return false };
                    retry = Some((from + 1, any));
                    (at, part) = (from + 1, any + 1);
                }
            }
        }
        self.0[part..].iter().all(|rest| *rest == Part::Any)
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn any(&mut self) -> Result<Terms, SoqlError> {
        let mut parts = vec![self.all()?];
        while self.take(&Token::Or) {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Terms::Any(parts) })
    }

    fn all(&mut self) -> Result<Terms, SoqlError> {
        let mut parts = vec![self.one()?];
        loop {
            let joined = self.take(&Token::And);
            if self.take(&Token::Not) {
                parts.push(Terms::Not(Box::new(self.one()?)));
            } else if joined || matches!(self.peek(), Some(Token::Open | Token::Phrase(_))) {
                parts.push(self.one()?);
            } else {
                break;
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Terms::All(parts) })
    }

    fn one(&mut self) -> Result<Terms, SoqlError> {
        if self.take(&Token::Open) {
            self.depth += 1;
            if self.depth > NESTING_MAX {
                return Err(wrong());
            }
            let inner = self.any()?;
            self.depth -= 1;
            return if self.take(&Token::Close) { Ok(inner) } else { Err(wrong()) };
        }
        let Some(Token::Phrase(patterns)) = self.peek() else { return Err(wrong()) };
        let patterns = patterns.clone();
        self.at += 1;
        Ok(Terms::Phrase(patterns))
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }
}

fn wrong() -> SoqlError {
    malformed("The search term could not be read: check its quotes, parentheses and operators")
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            '"' => {
                let phrase: String = characters.by_ref().take_while(|next| *next != '"').collect();
                push_phrase(&mut tokens, &phrase);
            }
            blank if blank.is_whitespace() => {}
            first => {
                let mut word = String::from(first);
                while let Some(next) = characters
                    .next_if(|next| !next.is_whitespace() && !matches!(next, '(' | ')' | '"'))
                {
                    word.push(next);
                }
                match word.to_ascii_uppercase().as_str() {
                    "AND" => tokens.push(Token::And),
                    "OR" => tokens.push(Token::Or),
                    "NOT" => tokens.push(Token::Not),
                    _ => push_phrase(&mut tokens, &word),
                }
            }
        }
    }
    tokens
}

/// Words of a phrase; what is neither letter nor digit parts them, also when it is escaped.
fn push_phrase(tokens: &mut Vec<Token>, text: &str) {
    let mut patterns = vec![Vec::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let part = match character {
            '*' => Some(Part::Any),
            '?' => Some(Part::One),
            // What follows a backslash is meant as it stands, so it parts words as any other sign does.
            '\\' => characters.next().filter(|next| next.is_alphanumeric()).map(Part::Exactly),
            own => Some(own).filter(|own| own.is_alphanumeric()).map(Part::Exactly),
        };
        match (part, patterns.last_mut()) {
            (Some(Part::Exactly(own)), Some(word)) => {
                word.extend(own.to_lowercase().map(Part::Exactly));
            }
            (Some(part), Some(word)) => word.push(part),
            _ => patterns.push(Vec::new()),
        }
    }
    let has_letters = |word: &Vec<Part>| word.iter().any(|part| matches!(part, Part::Exactly(_)));
    let patterns: Vec<Pattern> = patterns.into_iter().filter(has_letters).map(Pattern).collect();
    if !patterns.is_empty() {
        tokens.push(Token::Phrase(patterns));
    }
}

fn words(text: &str) -> Vec<Vec<char>> {
    let lower = text.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(|word| word.chars().collect()).collect()
}
