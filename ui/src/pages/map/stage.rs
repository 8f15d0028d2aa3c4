//! What the graph and the panels around it share: both columns' fields, their lines, what is carried and where one stands.

mod column;

use std::collections::BTreeSet;
use std::sync::Arc;

use isthmus_contract::sync::FieldSuggestion;
use isthmus_model::ids::Side;
use isthmus_model::schema::ObjectSchema;
use leptos::html;
use leptos::prelude::*;

use crate::components::announcer::Announcer;
use crate::pages::map::carry::{Carry, Target};
use crate::pages::map::draft::Edit;
use crate::pages::map::layout::Layout;
use crate::pages::map::marks::{Facts, Line, Look, Marks};
use crate::pages::map::order::{Fields, View, required};
use crate::pages::map::state::{Described, Link, MapState, pair_of};

pub(crate) use column::Column;

/// The stage, in context for every part of the map.
#[derive(Clone, Copy)]
pub(crate) struct Stage {
    /// Draft, selection, filters.
    pub(crate) map: MapState,
    /// The left column.
    pub(crate) left: Column,
    /// The right column.
    pub(crate) right: Column,
    /// All lines.
    pub(crate) marks: Memo<Arc<Marks>>,
    /// Suggestions that are shown: what the target needs first, then the surest first.
    pub(crate) suggestions: Memo<Arc<Vec<FieldSuggestion>>>,
    /// The right fields that a new row needs and nothing fills.
    pub(crate) required: Memo<Arc<BTreeSet<usize>>>,
    /// The field that is carried.
    pub(crate) carry: RwSignal<Option<Carry>>,
    /// What each field of the other side would be as a target, by place; `None` while nothing is carried.
    pub(crate) targets: Memo<Option<Arc<Vec<Target>>>>,
    /// Where the pointer is while it carries, from the upper left corner of the space between the columns.
    pub(crate) pointer: RwSignal<(f64, f64)>,
    /// The space between the columns.
    pub(crate) between: NodeRef<html::Div>,
    /// How wide that is.
    pub(crate) width: RwSignal<f64>,
    /// The field that finds fields.
    pub(crate) find: NodeRef<html::Input>,
    /// What is said to those who do not see it.
    pub(crate) announcer: Announcer,
}

impl Stage {
    /// The stage of a map.
    pub(crate) fn of(map: MapState) -> Self {
        let left = Memo::new(move |_| fields(map, Side::Left));
        let right = Memo::new(move |_| fields(map, Side::Right));
        let required = Memo::new(move |_| {
            let ready = matches!(map.described(Side::Right), Described::Ready(_));
            let mapping = map.mapping.get().filter(|_| ready);
            Arc::new(mapping.map(|mapping| required(&mapping, &right.read())).unwrap_or_default())
        });
        let suggestions = Memo::new(move |_| {
            let (right, required) = (right.read(), required.read());
            let needed = |one: &FieldSuggestion| {
                right.place(&one.right).is_some_and(|place| required.contains(&place))
            };
            let mut suggestions = map.suggestions();
            // The sort is stable: within both parts the surest stay first.
            suggestions.sort_by_key(|one| !needed(one));
            Arc::new(suggestions)
        });
        let marks = Memo::new(move |_| {
            Arc::new(marks(map, &left.read(), &right.read(), &suggestions.read()))
        });
        let layout = move |side: Side| {
            Memo::new(move |_| {
                Arc::new(layout(
                    map,
                    side,
                    &left.read(),
                    &right.read(),
                    &suggestions.read(),
                    &marks.read(),
                ))
            })
        };
        let carry = RwSignal::new(None);
        let carried = Memo::new(move |_| carry.get().map(|carry: Carry| (carry.from, carry.field)));
        Self {
            map,
            left: Column::of(Side::Left, left, layout(Side::Left)),
            right: Column::of(Side::Right, right, layout(Side::Right)),
            marks,
            suggestions,
            required,
            carry,
            targets: Memo::new(move |_| {
                let (from, field) = carried.get()?;
                Some(Arc::new(Target::all(map, from, field, &left.read(), &right.read())))
            }),
            pointer: RwSignal::new((0.0, 0.0)),
            between: NodeRef::new(),
            width: RwSignal::new(0.0),
            find: NodeRef::new(),
            announcer: Announcer::of_app(),
        }
    }

    /// The one of the map that is shown.
    pub(crate) fn of_this_map() -> Self {
        expect_context::<Self>()
    }

    /// One column.
    pub(crate) fn column(self, side: Side) -> Column {
        if side == Side::Left { self.left } else { self.right }
    }

    /// Looks at a link: selected, and both its fields in view.
    pub(crate) fn look_at(self, link: Link) {
        self.map.link.set(Some(link));
        let marks = self.marks.get_untracked();
        if let Some(mark) = marks.link(link) {
            self.left.stand_at(mark.left);
            self.right.stand_at(mark.right);
        }
    }

    /// Stands at a field: its first link is looked at.
    pub(crate) fn select(self, side: Side, field: usize) {
        self.column(side).stand_at(field);
        let marks = self.marks.get_untracked();
        // Another link of the same field stays where it is looked at already.
        let links: Vec<Link> = marks.links_at(side, field).map(|(link, _)| link).collect();
        let looked_at = self.map.link.get_untracked().filter(|link| links.contains(link));
        self.map.link.set(looked_at.or_else(|| links.first().copied()));
    }

    /// The link before or after the one looked at, in document order.
    pub(crate) fn step(self, forward: bool) {
        let marks = self.marks.get_untracked();
        let all: Vec<Link> = marks
            .list
            .iter()
            .filter_map(|mark| match mark.line {
                Line::Link(link) => Some(link),
                Line::Suggestion(_) => None,
            })
            .collect();
        let Some(last) = all.len().checked_sub(1) else { return };
        let at =
            self.map.link.get_untracked().and_then(|link| all.iter().position(|one| *one == link));
        let next = match (at, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            (Some(at), false) => at.checked_sub(1).unwrap_or(last),
        };
        self.look_at(all[next]);
        let words = self.link_words(all[next]);
        self.announcer.say(format!("Link {} of {}: {words}", next + 1, all.len()));
    }

    /// A link in words: `Industry to Sector, lossy: 3 of 6 values missing`.
    pub(crate) fn link_words(self, link: Link) -> String {
        let marks = self.marks.get_untracked();
        let Some(mark) = marks.link(link) else { return String::new() };
        let pair = format!("{} to {}", self.left.label(mark.left), self.right.label(mark.right));
        let chip = mark.chip.clone().unwrap_or_default();
        match mark.look {
            Look::Lossy => format!("{pair}, lossy: {chip}"),
            Look::Broken => format!("{pair}, broken: {chip}"),
            Look::Plain | Look::Suggested if mark.is_key => format!("{pair}, match key"),
            Look::Plain | Look::Suggested => pair,
        }
    }

    /// Takes a link away, and looks at no link.
    pub(crate) fn remove(self, link: Link) {
        let object = self.map.object.get_untracked();
        match link {
            Link::Field(field) => {
                self.map.edit(&Edit::RemoveField { object, field });
                self.map.link.set(None);
            }
            Link::Match(_) => self.announcer.warn(
                "This pair is the match rule. Change it in the settings of the object mapping.",
            ),
        }
    }

    /// The two API names of a link, as the document has them.
    pub(crate) fn names(self, link: Link) -> Option<(String, String)> {
        let mapping = self.map.mapping.get()?;
        pair_of(&mapping, link).map(|(left, right)| (left.to_owned(), right.to_owned()))
    }
}

fn fields(map: MapState, side: Side) -> Arc<Fields> {
    let mapping = map.mapping.get();
    let fields = match (map.described(side), mapping) {
        (Described::Ready(schema), Some(mapping)) => Fields::of(&schema, &mapping, side),
        // Without an answer nothing can be said of the fields; those that the mapping names keep their order.
        (_, Some(mapping)) => Fields::of(&nothing(), &mapping, side),
        (_, None) => Fields::default(),
    };
    Arc::new(fields)
}

fn nothing() -> ObjectSchema {
    ObjectSchema {
        name: String::new(),
        label: String::new(),
        key_prefix: None,
        createable: false,
        updateable: false,
        deletable: false,
        queryable: false,
        replicateable: false,
        fields: Vec::new(),
        record_types: Vec::new(),
    }
}

fn both_ready(map: MapState) -> bool {
    [Side::Left, Side::Right]
        .into_iter()
        .all(|side| matches!(map.described(side), Described::Ready(_)))
}

fn marks(map: MapState, left: &Fields, right: &Fields, suggestions: &[FieldSuggestion]) -> Marks {
    let Some(mapping) = map.mapping.get().filter(|_| both_ready(map)) else {
        return Marks::default();
    };
    let document = map.document.get();
    let found = map.problems();
    Marks::of(&Facts {
        document: &document,
        mapping: &mapping,
        left,
        right,
        found: &found,
        suggestions,
    })
}

fn layout(
    map: MapState,
    side: Side,
    left: &Fields,
    right: &Fields,
    suggestions: &[FieldSuggestion],
    marks: &Marks,
) -> Layout {
    let Some(mapping) = map.mapping.get() else { return Layout::default() };
    if !matches!(map.described(side), Described::Ready(_)) {
        return Layout::default();
    }
    let problems = marks.problems();
    let search = map.search.get();
    let only = map.only.get();
    let view = View {
        mapping: &mapping,
        left,
        right,
        search: &search,
        only,
        suggestions,
        problems: &problems,
    };
    view.layout(side)
}
