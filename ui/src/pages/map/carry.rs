//! A field that is carried to another one, by pointer or keyboard, and what each target would be.

use isthmus_model::document::ObjectDocument;
use isthmus_model::ids::Side;
use leptos::prelude::*;

use crate::pages::map::draft::Edit;
use crate::pages::map::legality::{Legality, Reason, legality_in};
use crate::pages::map::order::Fields;
use crate::pages::map::stage::Stage;
use crate::pages::map::state::{Link, MapState, field_of};

/// What carries a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hand {
    /// A pressed pointer.
    Pointer,
    /// The keyboard.
    Keys,
}

/// A field that is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Carry {
    /// The side it comes from.
    pub(crate) from: Side,
    /// The field.
    pub(crate) field: usize,
    /// What carries it.
    pub(crate) hand: Hand,
    /// The field of the other side that it is over.
    pub(crate) over: Option<usize>,
}

/// What a field of the other side would be as the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Whether a link may be drawn.
    pub(crate) legality: Legality,
    /// The left field whose link it would replace.
    pub(crate) replaces: Option<String>,
}

impl Target {
    /// All fields of the other side, by place.
    pub(crate) fn all(
        map: MapState,
        from: Side,
        field: usize,
        left: &Fields,
        right: &Fields,
    ) -> Vec<Self> {
        let (document, Some(mapping)) = (map.document.get(), map.mapping.get()) else {
            return Vec::new();
        };
        let others = if from == Side::Left { right } else { left };
        let one = |other: usize| {
            let (from_place, to_place) =
                if from == Side::Left { (field, other) } else { (other, field) };
            let (Some(source), Some(target)) =
                (left.list.get(from_place), right.list.get(to_place))
            else {
                return Self::none("no such field");
            };
            if !left.is_known(from_place) || !right.is_known(to_place) {
                return Self::none("no such field");
            }
            if field_of(&mapping, &source.name, &target.name).is_some() {
                return Self::none("linked already");
            }
            let legality = legality_in(&document, source, target);
            Self { legality, replaces: source_of(&mapping, &target.name) }
        };
        (0..others.list.len()).map(one).collect()
    }

    /// The words of the badge: `fits`, `3 of 6 values missing`, `read-only`, `replaces Description`.
    pub(crate) fn words(&self) -> String {
        match (&self.legality, &self.replaces) {
            (Legality::Legal, None) => "fits".to_owned(),
            (Legality::Legal, Some(replaced)) => format!("replaces {replaced}"),
            (Legality::Lossy(reason) | Legality::Illegal(reason), _) => reason.short.clone(),
        }
    }

    /// All of it, for those who hear it.
    fn spoken(&self) -> String {
        let first = match &self.legality {
            Legality::Legal => "fits".to_owned(),
            Legality::Lossy(reason) => format!("lossy: {}", reason.short),
            Legality::Illegal(reason) => return format!("not possible: {}", reason.short),
        };
        match &self.replaces {
            Some(replaced) => format!("{first}, replaces {replaced}"),
            None => first,
        }
    }

    fn none(why: &str) -> Self {
        let reason = Reason { short: why.to_owned(), full: why.to_owned() };
        Self { legality: Legality::Illegal(reason), replaces: None }
    }
}

/// The source of a right field's link.
fn source_of(mapping: &ObjectDocument, right: &str) -> Option<String> {
    let former = mapping.fields.iter().find(|field| field.right.eq_ignore_ascii_case(right));
    former.map(|field| field.left.clone())
}

/// Which targets the arrows visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visit {
    /// Those where every value arrives.
    Legal,
    /// Lossy ones too.
    Allowed,
}

/// Where the arrows go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the one above.
    Back,
    /// To the one below.
    On,
    /// To the first.
    First,
    /// To the last.
    Last,
}

impl Stage {
    /// Picks a field up.
    pub(crate) fn pick_up(self, from: Side, field: usize, hand: Hand) {
        let name = self.column(from).label(field);
        self.map.link.set(None);
        self.carry.set(Some(Carry { from, field, hand, over: None }));
        let (legal, lossy) = (self.visited(Visit::Legal).len(), self.visited(Visit::Allowed).len());
        let lossy = lossy - legal;
        let keys = match hand {
            Hand::Pointer => "",
            Hand::Keys => {
                " Arrows visit them, with Shift the lossy ones too, Space drops, Escape puts back."
            }
        };
        self.announcer.say(format!("{name} picked up. {legal} fit, {lossy} with loss.{keys}"));
        if hand == Hand::Keys {
            let other = self.column(from.other());
            if let Some(first) = self.visited(Visit::Legal).first() {
                other.stand_at(*first);
                self.over(Some(*first));
            }
            focus(other.node);
        }
    }

    /// It is over this field of the other side now.
    pub(crate) fn over(self, over: Option<usize>) {
        let known = self.carry.get_untracked().map(|carry| carry.over);
        if known.is_some_and(|known| known != over) {
            self.carry.update(|carry| {
                if let Some(carry) = carry {
                    carry.over = over;
                }
            });
        }
    }

    /// The keyboard goes to another target, and says which.
    pub(crate) fn visit(self, step: Step, visit: Visit) {
        let Some(carry) = self.carry.get_untracked() else { return };
        let all = self.visited(visit);
        let other = self.column(carry.from.other());
        let order: Vec<usize> = other.layout.get_untracked().fields().collect();
        let place = |field: usize| order.iter().position(|one| *one == field);
        let here = other.active.get_untracked().and_then(place);
        let next = match (step, here) {
            (Step::First, _) | (Step::On, None) => all.first(),
            (Step::Last, _) | (Step::Back, None) => all.last(),
            (Step::On, Some(here)) => all.iter().find(|field| place(**field) > Some(here)),
            (Step::Back, Some(here)) => all.iter().rev().find(|field| place(**field) < Some(here)),
        };
        let Some(next) = next.copied() else {
            let more = if all.is_empty() { "No field fits" } else { "No more targets there" };
            let hint = if visit == Visit::Legal { "; hold Shift for lossy ones" } else { "" };
            self.announcer.say(format!("{more}{hint}"));
            return;
        };
        other.stand_at(next);
        self.over(Some(next));
        let number = all.iter().position(|field| *field == next).map_or(0, |place| place + 1);
        let spoken = self.target(next).map(|target| target.spoken()).unwrap_or_default();
        let name = other.label(next);
        self.announcer.say(format!("{name}: {number} of {}, {spoken}", all.len()));
    }

    /// What a field of the other side would be.
    pub(crate) fn target(self, field: usize) -> Option<Target> {
        self.targets.get_untracked()?.get(field).cloned()
    }

    /// Puts the field back where it was.
    pub(crate) fn put_back(self) {
        let Some(carry) = self.carry.get_untracked() else { return };
        self.carry.set(None);
        let column = self.column(carry.from);
        self.announcer.say(format!("{} put back", column.label(carry.field)));
        if carry.hand == Hand::Keys {
            column.stand_at(carry.field);
            focus(column.node);
        }
    }

    /// Drops the field where it is: a link where one may be drawn, otherwise it goes back with the reason.
    pub(crate) fn drop_here(self) {
        let Some(carry) = self.carry.get_untracked() else { return };
        let Some((over, target)) = carry.over.and_then(|over| Some((over, self.target(over)?)))
        else {
            self.put_back();
            return;
        };
        if let Legality::Illegal(reason) = &target.legality {
            self.announcer.warn(format!("Not linked: {}", reason.full));
            if carry.hand == Hand::Pointer {
                self.carry.set(None);
            }
            return;
        }
        self.carry.set(None);
        let (left, right) =
            if carry.from == Side::Left { (carry.field, over) } else { (over, carry.field) };
        self.link(left, right);
        if let Some(reason) = target.legality.reason() {
            self.announcer.say(format!(
                "{} Lossy: {}.",
                self.linked_words(left, right),
                reason.full
            ));
        } else {
            self.announcer.say(self.linked_words(left, right));
        }
        focus(self.column(carry.from).node);
    }

    fn linked_words(self, left: usize, right: usize) -> String {
        format!("Linked {} to {}.", self.left.label(left), self.right.label(right))
    }

    /// Links two fields and looks at the link.
    fn link(self, left: usize, right: usize) {
        let object = self.map.object.get_untracked();
        let (left, right) = (self.left.name(left), self.right.name(right));
        self.map.apply(&Edit::AddField { object, left: left.clone(), right: right.clone() });
        let mapping = self.map.mapping.get_untracked();
        if let Some(field) = mapping.and_then(|mapping| field_of(&mapping, &left, &right)) {
            self.look_at(Link::Field(field));
        }
    }

    /// The targets that the arrows visit, from top to bottom.
    fn visited(self, visit: Visit) -> Vec<usize> {
        let (Some(carry), Some(targets)) =
            (self.carry.get_untracked(), self.targets.get_untracked())
        else {
            return Vec::new();
        };
        let fits = |field: &usize| {
            targets.get(*field).is_some_and(|target| match visit {
                Visit::Legal => target.legality == Legality::Legal,
                Visit::Allowed => target.legality.is_allowed(),
            })
        };
        self.column(carry.from.other()).layout.get_untracked().fields().filter(fits).collect()
    }
}

/// The keyboard goes to a column.
pub(crate) fn focus(node: NodeRef<leptos::html::Ul>) {
    if let Some(node) = node.get_untracked() {
        _ = node.focus();
    }
}
