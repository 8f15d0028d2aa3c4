//! What a field's row shows of its links and of what is carried, and how it is told.

use isthmus_model::ids::Side;

use crate::pages::map::carry::Target;
use crate::pages::map::legality::Legality;
use crate::pages::map::marks::{Line, Look, Marks};
use crate::pages::map::order::Fields;
use crate::pages::map::state::Link;
use crate::pages::map::words::title_text;

/// What a row's port shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Face {
    /// Values leave here, arrive here, or might.
    pub(super) flow: Option<&'static str>,
    /// Looked at, with loss, broken.
    pub(super) state: Option<&'static str>,
    /// One of its links is looked at.
    pub(super) selected: bool,
}

impl Face {
    /// The face of a field.
    pub(super) fn of(marks: &Marks, side: Side, field: usize, selected: Option<Link>) -> Self {
        let mut face = Self::default();
        for mark in marks.at(side, field) {
            let Line::Link(link) = mark.line else {
                face.flow = face.flow.or(Some("hint"));
                continue;
            };
            // Values flow from left to right alone in this build.
            face.flow = Some(if side == Side::Left { "out" } else { "in" });
            face.selected |= selected == Some(link);
            face.state = match (mark.look, face.state) {
                (Look::Broken, _) | (_, Some("err")) => Some("err"),
                (Look::Lossy, _) | (_, Some("warn")) => Some("warn"),
                (_, state) => state,
            };
        }
        if face.selected && face.state.is_none() {
            face.state = Some("on");
        }
        face
    }
}

/// How a row's links are told, after its label, name and type.
pub(super) fn spoken(side: Side, place: usize, marks: &Marks, others: &Fields) -> String {
    let mut words = Vec::new();
    let mut links = 0_usize;
    for mark in marks.at(side, place) {
        let other = if side == Side::Left { mark.right } else { mark.left };
        let name = others.list.get(other).map_or("", |field| field.label.as_str());
        let chip = mark.chip.as_deref().unwrap_or_default();
        words.push(match mark.look {
            Look::Suggested => format!("suggested: {name}, score {chip}"),
            Look::Lossy => format!("linked to {name}, lossy: {chip}"),
            Look::Broken => format!("linked to {name}, broken: {chip}"),
            Look::Plain if mark.is_key => format!("linked to {name}, match key"),
            Look::Plain => format!("linked to {name}"),
        });
        links += usize::from(mark.look != Look::Suggested);
    }
    if links == 0 {
        words.push("not linked".to_owned());
    }
    title_text(&words.join(", "))
}

/// The word by which `map.css` shows a target.
pub(super) fn target_word(target: &Target) -> &'static str {
    match target.legality {
        Legality::Legal => "ok",
        Legality::Lossy(_) => "warn",
        Legality::Illegal(_) => "no",
    }
}
