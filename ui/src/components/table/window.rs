//! Which rows are in view, and where they stand. Pure numbers, in CSS pixels.

use std::ops::Range;

/// The height of a row; `--row-height` in `tokens.css` is the same.
pub(super) const ROW: f64 = 32.0;

/// Rows drawn beyond the edges, so that a quick scroll shows rows and not gaps.
const OVERSCAN: u64 = 8;

/// The most rows in the document, however high the screen is.
pub(super) const MOST_DRAWN: u64 = 60;

/// Browsers cut elements at 17 to 33 million pixels; beyond this a scrolled pixel stands for more than one.
const TALLEST: f64 = 8_000_000.0;

/// What of the list is in view.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Window {
    /// How many rows there are.
    pub(super) total: u64,
    /// How far it is scrolled.
    pub(super) scrolled: f64,
    /// How much of it shows at once.
    pub(super) shown: f64,
    /// The row that is open, and how high what stands below it is.
    pub(super) open: Option<(u64, f64)>,
}

impl Window {
    /// The height of all rows, as if nothing limited it.
    fn real(&self) -> f64 {
        count(self.total) * ROW + self.open.map_or(0.0, |(_, height)| height)
    }

    /// The height of the element that scrolls.
    pub(super) fn height(&self) -> f64 {
        self.real().min(TALLEST)
    }

    /// How many pixels of the list one scrolled pixel stands for.
    fn scale(&self) -> f64 {
        let room = self.height() - self.shown;
        if self.real() <= TALLEST || room <= 0.0 { 1.0 } else { (self.real() - self.shown) / room }
    }

    /// Where the top edge is in the whole list.
    fn top(&self) -> f64 {
        (self.scrolled * self.scale()).clamp(0.0, (self.real() - self.shown).max(0.0))
    }

    /// Where a row starts in the whole list.
    fn start_of(&self, row: u64) -> f64 {
        let below = self.open.filter(|(open, _)| row > *open).map_or(0.0, |(_, height)| height);
        count(row) * ROW + below
    }

    /// The row at a height of the whole list.
    fn row_at(&self, height: f64) -> u64 {
        let Some((open, below)) = self.open else { return rows_in(height) };
        let end = count(open + 1) * ROW;
        if height < end {
            rows_in(height)
        } else if height < end + below {
            open
        } else {
            rows_in(height - below)
        }
    }

    /// Rows to draw.
    pub(super) fn drawn(&self) -> Range<u64> {
        let first = self.row_at(self.top()).saturating_sub(OVERSCAN).min(self.total);
        let last = self.row_at(self.top() + self.shown) + 1 + OVERSCAN;
        first..last.min(self.total).min(first + MOST_DRAWN)
    }

    /// Where the first row drawn stands within the element that scrolls.
    pub(super) fn offset(&self) -> f64 {
        self.scrolled + self.start_of(self.drawn().start) - self.top()
    }

    /// How far to scroll so that a row is in full view; `None` where it is already. `head` covers the top.
    pub(super) fn scroll_to(&self, row: u64) -> Option<f64> {
        let start = self.start_of(row);
        let wanted = if start < self.top() {
            start
        } else if start + ROW > self.top() + self.shown {
            start + ROW - self.shown
        } else {
            return None;
        };
        Some(wanted / self.scale())
    }

    /// How many whole rows a page up or down moves.
    pub(super) fn page(&self) -> u64 {
        rows_in(self.shown).saturating_sub(1).max(1)
    }
}

/// Lossless up to 2^53 rows, and no list has that many.
#[expect(clippy::cast_precision_loss, reason = "rows of every list fit 53 bits")]
fn count(rows: u64) -> f64 {
    rows as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cut is what is wanted, and the number is never below zero"
)]
fn rows_in(height: f64) -> u64 {
    (height.max(0.0) / ROW) as u64
}

#[cfg(test)]
mod tests {
    use super::{MOST_DRAWN, ROW, TALLEST, Window};

    fn window(total: u64, scrolled: f64) -> Window {
        Window { total, scrolled, shown: 640.0, open: None }
    }

    #[test]
    fn a_short_list_is_drawn_whole() {
        let window = window(5, 0.0);
        assert_eq!(window.drawn(), 0..5);
        assert!((window.height() - 5.0 * ROW).abs() < 0.1);
    }

    #[test]
    fn a_long_list_draws_what_is_in_view_and_a_little_more() {
        let window = window(100_000, 50_000.0 * ROW);
        assert_eq!(window.drawn(), 49_992..50_029);
        assert!((window.offset() - 49_992.0 * ROW).abs() < 0.1);
    }

    #[test]
    fn no_screen_draws_more_than_the_limit() {
        let tall = Window { shown: 100_000.0, ..window(100_000, 0.0) };
        assert_eq!(tall.drawn().count() as u64, MOST_DRAWN);
    }

    #[test]
    fn a_list_beyond_the_browsers_limit_still_reaches_its_end() {
        let end = window(10_000_000, TALLEST - 640.0);
        assert!((end.height() - TALLEST).abs() < 0.1);
        assert_eq!(end.drawn().end, 10_000_000);
        let last_ends = end.offset() + (end.drawn().count() as f64) * ROW;
        assert!((last_ends - TALLEST).abs() < 1.0);
    }

    #[test]
    fn rows_below_an_open_row_move_down() {
        let open = Window { open: Some((2, 320.0)), ..window(1_000, 0.0) };
        assert!((open.start_of(2) - 64.0).abs() < 0.1);
        assert!((open.start_of(3) - 416.0).abs() < 0.1);
        assert_eq!(open.row_at(200.0), 2);
        assert_eq!(open.row_at(417.0), 3);
    }

    #[test]
    fn a_row_out_of_view_is_scrolled_just_into_view() {
        let window = window(1_000, 320.0);
        assert_eq!(window.scroll_to(15), None);
        assert_eq!(window.scroll_to(5), Some(160.0));
        assert_eq!(window.scroll_to(40), Some(41.0 * ROW - 640.0));
        assert_eq!(window.page(), 19);
    }

    #[test]
    fn scrolling_to_a_row_of_a_scaled_list_draws_that_row() {
        let start = window(10_000_000, 0.0);
        let scrolled = start.scroll_to(7_654_321).unwrap();
        assert!(window(10_000_000, scrolled).drawn().contains(&7_654_321));
    }
}
