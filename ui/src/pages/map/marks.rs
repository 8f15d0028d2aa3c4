//! What each link looks like: plain, with loss, broken, suggested; and the words on it.

use std::collections::BTreeSet;

use isthmus_contract::file::Severity;
use isthmus_contract::sync::FieldSuggestion;
use isthmus_model::document::{ObjectDocument, SyncDocument};
use isthmus_model::ids::Side;

use crate::pages::map::found::{Found, Spot};
use crate::pages::map::legality::{Legality, legality_in};
use crate::pages::map::order::Fields;
use crate::pages::map::state::{Link, is_match, links, pair_of};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Line {
    /// A link of the mapping.
    Link(Link),
    /// A suggestion, by its place among those shown.
    Suggestion(usize),
}

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Every value arrives.
    Plain,
    /// Some values are held, cut or lose something.
    Lossy,
    /// The mapping cannot be stored with it.
    Broken,
    /// Not a link yet.
    Suggested,
}

/// One line between two fields.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    /// What it is.
    pub(crate) line: Line,
    /// The left field's place.
    pub(crate) left: usize,
    /// The right field's place.
    pub(crate) right: usize,
    /// What it means.
    pub(crate) look: Look,
    /// Rows are recognised by it.
    pub(crate) is_key: bool,
    /// The words on it.
    pub(crate) chip: Option<String>,
}

/// All lines of an object mapping, and which of them touch a field.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Marks {
    /// The lines: links in document order, then suggestions.
    pub(crate) list: Vec<Mark>,
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
}

/// What marks are made of.
pub(crate) struct Facts<'a> {
    /// The whole document: a lookup asks for its parent there.
    pub(crate) document: &'a SyncDocument,
    /// The object mapping.
    pub(crate) mapping: &'a ObjectDocument,
    /// The left fields.
    pub(crate) left: &'a Fields,
    /// The right fields.
    pub(crate) right: &'a Fields,
    /// Problems of this object mapping.
    pub(crate) found: &'a [Found],
    /// Suggestions that are shown.
    pub(crate) suggestions: &'a [FieldSuggestion],
}

impl Marks {
    /// All lines.
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        let mut marks = Self {
            list: Vec::new(),
            left: vec![Vec::new(); facts.left.list.len()],
            right: vec![Vec::new(); facts.right.list.len()],
        };
        for link in links(facts.mapping) {
            if let Some(mark) = facts.link(link) {
                marks.push(mark);
            }
        }
        for (place, suggestion) in facts.suggestions.iter().enumerate() {
            if let Some(mark) = facts.suggestion(place, suggestion) {
                marks.push(mark);
            }
        }
        marks
    }

    fn push(&mut self, mark: Mark) {
        let place = self.list.len();
        self.left[mark.left].push(place);
        self.right[mark.right].push(place);
        self.list.push(mark);
    }

    /// The lines that touch a field.
    pub(crate) fn at(&self, side: Side, field: usize) -> impl Iterator<Item = &Mark> {
        let places = match side {
            Side::Left => self.left.get(field),
            Side::Right => self.right.get(field),
        };
        places.into_iter().flatten().filter_map(|place| self.list.get(*place))
    }

    /// The links that touch a field, suggestions left out.
    pub(crate) fn links_at(&self, side: Side, field: usize) -> impl Iterator<Item = (Link, &Mark)> {
        self.at(side, field).filter_map(|mark| match mark.line {
            Line::Link(link) => Some((link, mark)),
            Line::Suggestion(_) => None,
        })
    }

    /// A link's line.
    pub(crate) fn link(&self, link: Link) -> Option<&Mark> {
        self.list.iter().find(|mark| mark.line == Line::Link(link))
    }

    /// Pairs with a problem, as places.
    pub(crate) fn problems(&self) -> BTreeSet<(usize, usize)> {
        let bad = |mark: &&Mark| matches!(mark.look, Look::Lossy | Look::Broken);
        self.list.iter().filter(bad).map(|mark| (mark.left, mark.right)).collect()
    }
}

impl Facts<'_> {
    fn link(&self, link: Link) -> Option<Mark> {
        let (left, right) = pair_of(self.mapping, link)?;
        let is_key = is_match(self.mapping, left, right);
        let (left_place, right_place) = (self.left.place(left)?, self.right.place(right)?);
        let (look, chip) = self.look(left_place, right_place, link);
        let key = || is_key.then(|| "match key".to_owned());
        Some(Mark {
            line: Line::Link(link),
            left: left_place,
            right: right_place,
            look,
            is_key,
            chip: chip.or_else(key),
        })
    }

    fn suggestion(&self, place: usize, suggestion: &FieldSuggestion) -> Option<Mark> {
        Some(Mark {
            line: Line::Suggestion(place),
            left: self.left.place(&suggestion.left)?,
            right: self.right.place(&suggestion.right)?,
            look: Look::Suggested,
            is_key: false,
            chip: Some(format!("{:.2}", suggestion.score)),
        })
    }

    /// The check has the last word; until it has spoken, and for the few words of a chip, the types have.
    fn look(&self, left: usize, right: usize, link: Link) -> (Look, Option<String>) {
        if !self.left.is_known(left) || !self.right.is_known(right) {
            return (Look::Broken, Some("no such field".to_owned()));
        }
        let (from, to) = (&self.left.list[left], &self.right.list[right]);
        let is_match_only = matches!(link, Link::Match(_));
        // A match pair writes nothing of its own, but is written when rows are created.
        let own =
            if is_match_only { Legality::Legal } else { legality_in(self.document, from, to) };
        let about = |found: &&Found| match &found.spot {
            Spot::Match => is_match_only,
            _ => found.is_about(&from.name, &to.name),
        };
        let worst = self.found.iter().filter(about).map(|found| found.problem.severity).min();
        let short = own.reason().map(|reason| reason.short.clone());
        match (worst, own) {
            (Some(Severity::Refused), Legality::Illegal(_)) | (None, Legality::Illegal(_)) => {
                (Look::Broken, short.map(|short| refused_words(&short)))
            }
            (Some(Severity::Refused), _) => {
                (Look::Broken, short.or(Some("see problem".to_owned())))
            }
            (Some(Severity::Warning), _) => (Look::Lossy, short.or(Some("may lose".to_owned()))),
            (None, Legality::Lossy(_)) => (Look::Lossy, short),
            (None, Legality::Legal) => (Look::Plain, None),
        }
    }
}

fn refused_words(short: &str) -> String {
    if short == "read-only" { "target is read-only".to_owned() } else { format!("no fit: {short}") }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::file::{FileCode, FileProblem, Place, Severity};
    use isthmus_model::document::{ObjectDocument, SyncDocument};
    use isthmus_model::ids::Side;
    use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

    use super::{Facts, Line, Look, Marks};
    use crate::pages::map::found::Found;
    use crate::pages::map::order::Fields;
    use crate::pages::map::state::Link;
    use crate::pages::map::words::tests::field;

    fn schema(fields: Vec<FieldSchema>) -> ObjectSchema {
        ObjectSchema {
            name: "Account".to_owned(),
            label: "Account".to_owned(),
            key_prefix: None,
            createable: true,
            updateable: true,
            deletable: true,
            queryable: true,
            replicateable: true,
            fields,
            record_types: Vec::new(),
        }
    }

    fn document() -> SyncDocument {
        serde_json::from_value(serde_json::json!({
            "isthmus": 1, "sync": "s", "lanes": [{"left": "a", "right": "b"}],
            "objects": [{
                "left": "Account", "right": "Account",
                "match": {"key": {"left": "Key__c", "right": "Key__c"}},
                "fields": [
                    {"left": "Name", "right": "Name"},
                    {"left": "Name", "right": "Score__c"},
                    {"left": "Gone__c", "right": "Note__c"},
                ],
            }],
        }))
        .unwrap()
    }

    fn marks(problems: &[FileProblem]) -> Marks {
        let text = |name: &str| field(name, FieldType::String);
        let score = FieldSchema {
            createable: false,
            updateable: false,
            calculated: true,
            ..text("Score__c")
        };
        let note = FieldSchema { length: 40, ..text("Note__c") };
        let left = schema(vec![text("Key__c"), text("Name")]);
        let right = schema(vec![text("Key__c"), text("Name"), score, note]);
        let document = document();
        let mapping: &ObjectDocument = &document.objects[0];
        let (left, right) =
            (Fields::of(&left, mapping, Side::Left), Fields::of(&right, mapping, Side::Right));
        let found = Found::all(problems, &document);
        Marks::of(&Facts {
            document: &document,
            mapping,
            left: &left,
            right: &right,
            found: &found,
            suggestions: &[],
        })
    }

    fn look(marks: &Marks, link: Link) -> (Look, Option<&str>) {
        let mark = marks.link(link).unwrap();
        (mark.look, mark.chip.as_deref())
    }

    #[test]
    fn a_link_says_what_the_types_say_until_the_check_has_spoken() {
        let marks = marks(&[]);
        assert_eq!(look(&marks, Link::Match(0)), (Look::Plain, Some("match key")));
        assert_eq!(look(&marks, Link::Field(0)), (Look::Plain, None));
        assert_eq!(look(&marks, Link::Field(1)), (Look::Broken, Some("target is read-only")));
        assert_eq!(look(&marks, Link::Field(2)), (Look::Broken, Some("no such field")));
        assert_eq!(marks.problems().len(), 2);
    }

    #[test]
    fn the_check_has_the_last_word() {
        let problem = |path: &str, severity: Severity| FileProblem {
            severity,
            place: Place::default(),
            path: path.to_owned(),
            code: FileCode::Lossy,
            text: String::new(),
            remedy: String::new(),
        };
        let found = [
            problem("objects[0].fields[0].right", Severity::Warning),
            problem("objects[0].match.key.left", Severity::Refused),
        ];
        let marks = marks(&found);
        assert_eq!(look(&marks, Link::Field(0)), (Look::Lossy, Some("may lose")));
        assert_eq!(look(&marks, Link::Match(0)).0, Look::Broken);
    }

    #[test]
    fn a_field_knows_every_line_that_touches_it() {
        let marks = marks(&[]);
        let lines: Vec<Line> = marks.at(Side::Left, 1).map(|mark| mark.line).collect();
        assert_eq!(lines, [Line::Link(Link::Field(0)), Line::Link(Link::Field(1))]);
        assert_eq!(marks.at(Side::Right, 9).count(), 0);
    }
}
