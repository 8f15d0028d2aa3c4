//! What a column is, and how rows are sorted.

/// The width that a column whose track names none has at least, in pixels.
const LEAST_WIDTH: u32 = 64;

/// At which side of its column a text stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Align {
    /// Where reading starts.
    #[default]
    Start,
    /// At the other side: numbers.
    End,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// What `cell` is asked for.
    pub(crate) id: String,
    /// The words of its head.
    pub(crate) title: String,
    /// Its width as a CSS grid track: `120px`, `minmax(80px, 2fr)`.
    pub(crate) width: String,
    /// At which side its texts stand.
    pub(crate) align: Align,
    /// Whether its texts are in a font of equal widths.
    pub(crate) mono: bool,
    /// Whether a person can sort by it.
    pub(crate) sortable: bool,
}

impl Column {
    /// A column that takes its share of the width.
    pub(crate) fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            width: "minmax(96px, 1fr)".to_owned(),
            align: Align::Start,
            mono: false,
            sortable: false,
        }
    }

    /// With a width as a CSS grid track.
    #[must_use]
    pub(crate) fn width(mut self, track: impl Into<String>) -> Self {
        self.width = track.into();
        self
    }

    /// With its texts at the end: numbers.
    #[must_use]
    pub(crate) fn end(mut self) -> Self {
        self.align = Align::End;
        self
    }

    /// In a font of equal widths: ids, names of fields.
    #[must_use]
    pub(crate) fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// A person can sort by it.
    #[must_use]
    pub(crate) fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// The least width that its track leaves it, in pixels.
    pub(super) fn least_width(&self) -> u32 {
        let digits: String = match self.width.split_once("px") {
            Some((before, _)) => {
                before.chars().rev().take_while(char::is_ascii_digit).collect::<String>()
            }
            None => String::new(),
        };
        digits.chars().rev().collect::<String>().parse().unwrap_or(LEAST_WIDTH)
    }

    /// The classes of its head: names of columns are words, whatever stands below them.
    pub(super) fn head_class(&self) -> &'static str {
        if self.align == Align::End { "grid-table__cell num" } else { "grid-table__cell" }
    }

    /// The classes of its cells.
    pub(super) fn class(&self, base: &str) -> String {
        let align = if self.align == Align::End { " num" } else { "" };
        let face = if self.mono { " mono" } else { "" };
        format!("{base}{align}{face}")
    }
}

/// Which way rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The smallest first.
    Up,
    /// The largest first.
    Down,
}

/// By what rows are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The column's id.
    pub(crate) column: String,
    /// Which way.
    pub(crate) order: Order,
}

impl Sort {
    /// What a press on a column's head leads to: up, then down, then as it came.
    pub(super) fn after_press(now: Option<&Self>, column: &str) -> Option<Self> {
        let order = match now.filter(|sort| sort.column == column) {
            None => Order::Up,
            Some(Self { order: Order::Up, .. }) => Order::Down,
            Some(Self { order: Order::Down, .. }) => return None,
        };
        Some(Self { column: column.to_owned(), order })
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, LEAST_WIDTH, Order, Sort};

    #[test]
    fn a_track_names_its_least_width() {
        assert_eq!(Column::new("a", "A").width("120px").least_width(), 120);
        assert_eq!(Column::new("a", "A").width("minmax(80px, 2fr)").least_width(), 80);
        assert_eq!(Column::new("a", "A").width("2fr").least_width(), LEAST_WIDTH);
    }

    #[test]
    fn presses_go_up_then_down_then_back() {
        let up = Sort::after_press(None, "name");
        assert_eq!(up, Some(Sort { column: "name".to_owned(), order: Order::Up }));
        let down = Sort::after_press(up.as_ref(), "name");
        assert_eq!(down.as_ref().map(|sort| sort.order), Some(Order::Down));
        assert_eq!(Sort::after_press(down.as_ref(), "name"), None);
        let other = Sort::after_press(down.as_ref(), "age");
        assert_eq!(other.map(|sort| sort.order), Some(Order::Up));
    }
}
