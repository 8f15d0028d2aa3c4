//! Carrying a field by pointer: from the press, over the way, to the drop.

use isthmus_model::ids::Side;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::pages::map::carry::{Carry, Hand};
use crate::pages::map::stage::{Column, Stage};

/// How far a pressed pointer moves before it carries: less is a shaky click.
const START: f64 = 4.0;
/// How near an edge a column scrolls by itself, in pixels.
const EDGE: f64 = 40.0;
/// How far it scrolls per frame at the very edge, in pixels.
const FASTEST: f64 = 14.0;

/// A pointer that was pressed on a field and does not carry it yet.
#[derive(Debug, Clone, Copy)]
struct Press {
    side: Side,
    field: usize,
    at: (f64, f64),
}

/// What the pointer does on one stage.
#[derive(Clone, Copy)]
pub(crate) struct Pointing {
    stage: Stage,
    press: StoredValue<Option<Press>>,
    /// Where the pointer was last, in the window.
    last: StoredValue<(f64, f64)>,
}

impl Pointing {
    /// Nothing pressed yet.
    pub(crate) fn on(stage: Stage) -> Self {
        Self { stage, press: StoredValue::new(None), last: StoredValue::new((0.0, 0.0)) }
    }

    /// A pointer was pressed in a column.
    pub(crate) fn press(self, side: Side, event: &PointerEvent) {
        let Some(field) = self.stage.column(side).field_at(f64::from(event.client_y())) else {
            return;
        };
        let by_hand = event.pointer_type() == "touch";
        // A finger scrolls the list, unless it grips the port.
        if event.button() != 0 || !event.is_primary() || (by_hand && !is_on_port(event)) {
            return;
        }
        self.press.set_value(Some(Press { side, field, at: place(event) }));
        let list = event.current_target().and_then(|list| list.dyn_into::<Element>().ok());
        if let Some(list) = list {
            // A pointer that is gone already cannot be held, and will not move either.
            _ = list.set_pointer_capture(event.pointer_id());
        }
    }

    /// A pointer was moved.
    pub(crate) fn moved(self, event: &PointerEvent) {
        let at = place(event);
        self.last.set_value(at);
        if is_carrying(self.stage) {
            self.follow();
            return;
        }
        let Some(press) = self.press.get_value() else { return };
        if (at.0 - press.at.0).hypot(at.1 - press.at.1) < START {
            return;
        }
        self.press.set_value(None);
        self.stage.pick_up(press.side, press.field, Hand::Pointer);
        self.follow();
        self.scroll_near_edges();
    }

    /// A pointer was let go: a drop, or a click.
    pub(crate) fn released(self, event: &PointerEvent) {
        self.last.set_value(place(event));
        let press = self.press.try_update_value(Option::take).flatten();
        if is_carrying(self.stage) {
            self.follow();
            self.stage.drop_here();
        } else if let Some(press) = press {
            self.stage.select(press.side, press.field);
        }
    }

    /// The pointer was taken away: by the system, or because the list lost it.
    pub(crate) fn lost(self) {
        self.press.set_value(None);
        if is_carrying(self.stage) {
            self.stage.put_back();
        }
    }

    /// The line follows the pointer, and what is below it is the target.
    fn follow(self) {
        let (stage, (x, y)) = (self.stage, self.last.get_value());
        let Some(Carry { from, .. }) = stage.carry.get_untracked() else { return };
        if let Some(between) = stage.between.get_untracked() {
            let frame = between.get_bounding_client_rect();
            stage.pointer.set((x - frame.left(), y - frame.top()));
        }
        let other = stage.column(from.other());
        let is_inside = other.node.get_untracked().is_some_and(|node| {
            let frame = node.get_bounding_client_rect();
            (frame.left()..frame.right()).contains(&x)
        });
        stage.over(is_inside.then(|| other.field_at(y)).flatten());
    }

    /// Frame by frame, as long as it carries.
    fn scroll_near_edges(self) {
        request_animation_frame(move || {
            let carry = self.stage.carry.try_get_untracked().flatten();
            let Some(carry) = carry.filter(|carry| carry.hand == Hand::Pointer) else { return };
            if self.scroll_once(self.stage.column(carry.from.other())) {
                self.follow();
            }
            self.scroll_near_edges();
        });
    }

    /// True where the column was scrolled.
    fn scroll_once(self, column: Column) -> bool {
        let Some(node) = column.node.get_untracked() else { return false };
        let frame = node.get_bounding_client_rect();
        let step = edge_step(self.last.get_value().1, frame.top(), frame.bottom());
        if step == 0.0 {
            return false;
        }
        column.scroll_to(column.scrolled.get_untracked() + step);
        true
    }
}

/// How far to scroll for a pointer near an edge: the nearer, the faster.
fn edge_step(y: f64, top: f64, bottom: f64) -> f64 {
    let into_top = (top + EDGE - y).clamp(0.0, EDGE);
    let into_bottom = (y - bottom + EDGE).clamp(0.0, EDGE);
    (into_bottom - into_top) / EDGE * FASTEST
}

fn is_carrying(stage: Stage) -> bool {
    stage.carry.get_untracked().is_some_and(|carry| carry.hand == Hand::Pointer)
}

fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

fn is_on_port(event: &PointerEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(".port").ok().flatten().is_some())
}

#[cfg(test)]
mod tests {
    use super::edge_step;

    #[test]
    fn a_column_scrolls_faster_the_nearer_the_pointer_is_to_its_edge() {
        assert_eq!(edge_step(300.0, 100.0, 600.0), 0.0);
        assert!(edge_step(590.0, 100.0, 600.0) > edge_step(570.0, 100.0, 600.0));
        assert!(edge_step(110.0, 100.0, 600.0) < 0.0);
        assert_eq!(edge_step(0.0, 100.0, 600.0), -14.0);
        assert_eq!(edge_step(900.0, 100.0, 600.0), 14.0);
    }
}
