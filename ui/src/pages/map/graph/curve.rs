//! Lines as curves: where they start and end, where their words stand, and what happens to ends out of view.

use std::collections::BTreeMap;

use crate::pages::map::layout::{HEAD, Layout};
use crate::pages::map::marks::{Line, Look, Mark, Marks};
use crate::pages::map::state::Link;

/// Most lines in the document at once; a source can have hundreds of targets.
const MOST_DRAWN: usize = 150;
/// The height that the words on a line need, with air.
const CHIP_HEIGHT: f64 = 22.0;
/// What a letter on a line is wide, about, and what is around the letters.
const LETTER: f64 = 6.2;
const CHIP_AIR: f64 = 34.0;
/// Where on the line the words stand, the best place first.
const CHIP_PLACES: [f64; 5] = [0.5, 0.36, 0.64, 0.26, 0.74];

/// One column as the lines see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight<'a> {
    /// Where its rows stand.
    pub(crate) layout: &'a Layout,
    /// How far it is scrolled.
    pub(crate) scrolled: f64,
    /// How much of it shows.
    pub(crate) shown: f64,
}

/// An edge that lines end at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Rows above what shows.
    Above,
    /// Rows below it.
    Below,
}

/// Lines that end at an edge.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Beyond {
    /// How many.
    pub(crate) count: usize,
    /// The nearest field there.
    pub(crate) nearest: usize,
}

/// A line as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawn {
    /// The path, in a box 100 wide and as high as the columns.
    pub(crate) path: String,
    /// What it means.
    pub(crate) look: Look,
    /// It is looked at.
    pub(crate) selected: bool,
    /// Rows are recognised by it.
    pub(crate) is_key: bool,
    /// The words on it, and where: per cent of the width, and pixels.
    pub(crate) chip: Option<(String, f64, f64)>,
}

/// All lines that are drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scene {
    /// The lines.
    pub(crate) drawn: BTreeMap<Line, Drawn>,
    /// Lines that end at the edges: left above, left below, right above, right below.
    pub(crate) beyond: [Beyond; 4],
}

impl Scene {
    /// Draws every line with an end in view. `width` is that of the space between the columns, in pixels.
    pub(crate) fn of(
        marks: &Marks,
        left: Sight<'_>,
        right: Sight<'_>,
        selected: Option<Link>,
        width: f64,
    ) -> Self {
        let mut scene = Self::default();
        let mut chips = Vec::new();
        let is_selected = |mark: &Mark| selected.is_some_and(|link| mark.line == Line::Link(link));
        // What is looked at is drawn and labelled whatever else there is.
        let first = marks.list.iter().filter(|mark| is_selected(mark));
        let others = marks.list.iter().filter(|mark| !is_selected(mark));
        for mark in first.chain(others) {
            if scene.drawn.len() < MOST_DRAWN {
                scene.draw(mark, left, right, is_selected(mark), width, &mut chips);
            }
        }
        scene
    }

    fn draw(
        &mut self,
        mark: &Mark,
        left: Sight<'_>,
        right: Sight<'_>,
        selected: bool,
        width: f64,
        chips: &mut Vec<(f64, f64, f64)>,
    ) {
        let ends = (left.end(mark.left), right.end(mark.right));
        let (Some((from, from_edge)), Some((to, to_edge))) = ends else { return };
        // What is only suggested is drawn where both its fields can be seen.
        let (hidden, suggested) =
            (from_edge.is_some() || to_edge.is_some(), mark.look == Look::Suggested);
        if (from_edge.is_some() && to_edge.is_some()) || (hidden && suggested) {
            return;
        }
        self.count(0, from_edge, mark.left, left.layout);
        self.count(2, to_edge, mark.right, right.layout);
        let chip = mark.chip.clone().and_then(|words| {
            let (x, y) = place(&words, from, to, width, chips)?;
            Some((words, x, y))
        });
        let Mark { line, look, is_key, .. } = *mark;
        let drawn = Drawn { path: path(from, to), look, selected, is_key, chip };
        self.drawn.insert(line, drawn);
    }

    fn count(&mut self, side: usize, edge: Option<Edge>, field: usize, layout: &Layout) {
        let beyond = match edge {
            None => return,
            Some(Edge::Above) => &mut self.beyond[side],
            Some(Edge::Below) => &mut self.beyond[side + 1],
        };
        let (known, new) = (layout.centre(beyond.nearest), layout.centre(field));
        let nearer = match edge {
            Some(Edge::Above) => new > known,
            _ => new < known,
        };
        if beyond.count == 0 || nearer {
            beyond.nearest = field;
        }
        beyond.count += 1;
    }
}

impl Sight<'_> {
    /// Where a field's line ends, in pixels below the columns' heads; at an edge where its row is out of view. `None`
    /// where search or filter hide the row.
    fn end(self, field: usize) -> Option<(f64, Option<Edge>)> {
        let y = self.layout.centre(field)? - self.scrolled;
        if y < HEAD {
            Some((HEAD, Some(Edge::Above)))
        } else if y > self.shown {
            Some((self.shown, Some(Edge::Below)))
        } else {
            Some((y, None))
        }
    }
}

/// A cubic curve that leaves and arrives level. A level line is one: WebKit draws a flat curve unevenly.
pub(crate) fn path(from: f64, to: f64) -> String {
    if (from - to).abs() < 0.5 {
        return format!("M0 {from:.1}H100");
    }
    format!("M0 {from:.1}C50 {from:.1} 50 {to:.1} 100 {to:.1}")
}

/// Where words fit on a curve without covering others; selected and early ones choose first.
fn place(
    words: &str,
    from: f64,
    to: f64,
    width: f64,
    taken: &mut Vec<(f64, f64, f64)>,
) -> Option<(f64, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "words on a line are few")]
    let half = (words.chars().count() as f64 * LETTER + CHIP_AIR) / 2.0;
    let free = |x: f64, y: f64| {
        taken.iter().all(|(other_x, other_y, other_half)| {
            (y - other_y).abs() >= CHIP_HEIGHT
                || (x - other_x).abs() / 100.0 * width >= half + other_half
        })
    };
    let points = CHIP_PLACES.map(|part| point(part, from, to));
    let (x, y) = points.into_iter().find(|(x, y)| free(*x, *y))?;
    taken.push((x, y, half));
    Some((x, y))
}

/// The point of the curve at a part of its way (Bernstein form of a cubic).
fn point(part: f64, from: f64, to: f64) -> (f64, f64) {
    let rest = 1.0 - part;
    let near = rest.powi(3) + 3.0 * rest.powi(2) * part;
    let far = 3.0 * rest * part.powi(2) + part.powi(3);
    let x = 150.0 * rest.powi(2) * part + 150.0 * rest * part.powi(2) + 100.0 * part.powi(3);
    (x, from * near + to * far)
}

#[cfg(test)]
mod tests {
    use super::{CHIP_PLACES, Edge, Sight, place, point};
    use crate::pages::map::layout::{Group, HEAD, Layout, ROW};

    #[test]
    fn a_line_ends_at_its_row_or_at_the_edge_that_hides_it() {
        let layout = Layout::of(&[(Group::Mapped, (0..50).collect())], 51);
        let sight = Sight { layout: &layout, scrolled: 10.0 * ROW, shown: 400.0 };
        assert_eq!(sight.end(12), Some((HEAD + 2.5 * ROW, None)));
        assert_eq!(sight.end(2), Some((HEAD, Some(Edge::Above))));
        assert_eq!(sight.end(40), Some((400.0, Some(Edge::Below))));
        assert_eq!(sight.end(50), None);
    }

    #[test]
    fn the_curve_starts_and_ends_where_it_says_and_is_half_way_in_the_middle() {
        assert_eq!(point(0.0, 10.0, 90.0), (0.0, 10.0));
        assert_eq!(point(1.0, 10.0, 90.0), (100.0, 90.0));
        assert_eq!(point(0.5, 10.0, 90.0), (50.0, 50.0));
    }

    #[test]
    fn words_give_way_to_each_other_and_vanish_where_there_is_no_room() {
        let mut taken = Vec::new();
        let first = place("0.91", 100.0, 100.0, 400.0, &mut taken).unwrap();
        let second = place("0.74", 110.0, 110.0, 400.0, &mut taken).unwrap();
        assert!((first.0 - 50.0).abs() < 0.01 && (second.0 - first.0).abs() > 14.0);
        for _ in CHIP_PLACES {
            place("a long reason", 105.0, 105.0, 120.0, &mut taken);
        }
        assert_eq!(place("a long reason", 105.0, 105.0, 120.0, &mut taken), None);
    }
}
