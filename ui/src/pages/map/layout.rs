//! Where the rows of a column stand: groups with a head each, rows of one height, and which of them are in view.
//!
//! Pure numbers, in CSS pixels from the top of the list.

use std::ops::Range;

/// The height of a field's row; `.map-field` in `map.css` is the same.
pub(crate) const ROW: f64 = 40.0;
/// The height of a group's head; `.fields__group` in `map.css` is the same.
pub(crate) const HEAD: f64 = 28.0;
/// Rows drawn beyond each edge, so that a quick scroll shows rows and not gaps.
const OVERSCAN: usize = 4;
/// Most entries of one column in the document, however high the screen is: two columns stay below 100.
const MOST_DRAWN: usize = 48;

/// A group of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Group {
    /// The target needs a value that nothing gives yet.
    Required,
    /// Sources that look like what the target needs.
    Candidates,
    /// At least one link.
    Mapped,
    /// No link.
    Unmapped,
}

impl Group {
    /// The words of its head.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Required => "Required, not mapped",
            Self::Candidates => "Suggested for required",
            Self::Mapped => "Mapped",
            Self::Unmapped => "Not mapped",
        }
    }
}

/// One line of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Entry {
    /// The head of a group.
    Head(Group),
    /// A field, by its place among the column's fields.
    Field(usize),
}

/// A column's lines from top to bottom.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layout {
    entries: Vec<Entry>,
    tops: Vec<f64>,
    counts: Vec<(Group, usize)>,
    /// The place of each field among the entries, by its place among the column's fields.
    places: Vec<Option<usize>>,
    height: f64,
}

impl Layout {
    /// Lays out groups of fields; groups without a field are left out. `all` is the number of the column's fields.
    pub(crate) fn of(groups: &[(Group, Vec<usize>)], all: usize) -> Self {
        let mut layout = Self { places: vec![None; all], ..Self::default() };
        for (group, fields) in groups.iter().filter(|(_, fields)| !fields.is_empty()) {
            layout.counts.push((*group, fields.len()));
            layout.push(Entry::Head(*group), HEAD);
            for field in fields {
                if let Some(place) = layout.places.get_mut(*field) {
                    *place = Some(layout.entries.len());
                }
                layout.push(Entry::Field(*field), ROW);
            }
        }
        layout
    }

    fn push(&mut self, entry: Entry, height: f64) {
        self.entries.push(entry);
        self.tops.push(self.height);
        self.height += height;
    }

    /// The height of the whole list.
    pub(crate) fn height(&self) -> f64 {
        self.height
    }

    /// The fields from top to bottom.
    pub(crate) fn fields(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Field(field) => Some(*field),
            Entry::Head(_) => None,
        })
    }

    /// How many fields a group has.
    pub(crate) fn count(&self, group: Group) -> usize {
        self.counts.iter().find(|(one, _)| *one == group).map_or(0, |(_, count)| *count)
    }

    /// Where an entry starts.
    pub(crate) fn top(&self, entry: Entry) -> Option<f64> {
        let place = match entry {
            Entry::Field(field) => self.places.get(field).copied().flatten(),
            head @ Entry::Head(_) => self.entries.iter().position(|one| *one == head),
        };
        self.tops.get(place?).copied()
    }

    /// The middle of a field's row.
    pub(crate) fn centre(&self, field: usize) -> Option<f64> {
        self.top(Entry::Field(field)).map(|top| top + ROW / 2.0)
    }

    /// What stands at a height.
    pub(crate) fn at(&self, height: f64) -> Option<Entry> {
        let inside = (0.0..self.height).contains(&height);
        inside.then(|| self.entries.get(self.place_at(height)).copied()).flatten()
    }

    /// The group whose rows the top edge cuts, for the head that stays there.
    pub(crate) fn group_at(&self, top: f64) -> Option<Group> {
        self.entries.get(..=self.place_at(top))?.iter().rev().find_map(|entry| match entry {
            Entry::Head(group) => Some(*group),
            Entry::Field(_) => None,
        })
    }

    /// The entries to draw while this much is shown from there.
    pub(crate) fn drawn(&self, top: f64, shown: f64) -> Range<usize> {
        if self.entries.is_empty() {
            return 0..0;
        }
        let first = self.place_at(top).saturating_sub(OVERSCAN);
        let last = (self.place_at(top + shown) + 1 + OVERSCAN).min(self.entries.len());
        first..last.min(first + MOST_DRAWN)
    }

    /// The entries of a range.
    pub(crate) fn slice(&self, range: Range<usize>) -> &[Entry] {
        self.entries.get(range).unwrap_or_default()
    }

    /// How far to scroll so that a field stands clear of both edges; `None` where it does already.
    pub(crate) fn scroll_to(&self, field: usize, top: f64, shown: f64) -> Option<f64> {
        let start = self.top(Entry::Field(field))?;
        let end = start + ROW;
        if start < top + HEAD {
            Some((start - HEAD).max(0.0))
        } else if end > top + shown {
            Some(end - shown)
        } else {
            None
        }
    }

    /// The last entry that starts at or above a height.
    fn place_at(&self, height: f64) -> usize {
        self.tops.partition_point(|top| *top <= height).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Group, HEAD, Layout, MOST_DRAWN, ROW};

    fn layout() -> Layout {
        let groups = [
            (Group::Required, vec![5]),
            (Group::Mapped, Vec::new()),
            (Group::Unmapped, vec![2, 0]),
        ];
        Layout::of(&groups, 6)
    }

    #[test]
    fn groups_stand_below_each_other_and_empty_ones_are_left_out() {
        let layout = layout();
        assert_eq!(layout.height(), 2.0 * HEAD + 3.0 * ROW);
        assert_eq!(layout.fields().collect::<Vec<_>>(), [5, 2, 0]);
        assert_eq!(layout.centre(2), Some(HEAD + ROW + HEAD + 20.0));
        assert_eq!((layout.centre(1), layout.centre(9)), (None, None));
        assert_eq!((layout.count(Group::Mapped), layout.count(Group::Unmapped)), (0, 2));
    }

    #[test]
    fn a_height_leads_to_what_stands_there() {
        let layout = layout();
        assert_eq!(layout.at(0.0), Some(Entry::Head(Group::Required)));
        assert_eq!(layout.at(HEAD), Some(Entry::Field(5)));
        assert_eq!(layout.at(layout.height() - 1.0), Some(Entry::Field(0)));
        assert_eq!((layout.at(layout.height()), layout.at(-1.0)), (None, None));
        assert_eq!(layout.group_at(HEAD + 10.0), Some(Group::Required));
        assert_eq!(layout.group_at(HEAD + ROW + HEAD + 1.0), Some(Group::Unmapped));
        assert_eq!(Layout::default().group_at(0.0), None);
    }

    #[test]
    fn few_entries_are_drawn_however_long_the_list_or_high_the_screen() {
        let long = Layout::of(&[(Group::Unmapped, (0..800).collect())], 800);
        assert_eq!(long.drawn(0.0, 560.0).start, 0);
        let middle = long.drawn(16_000.0, 560.0);
        assert!(middle.len() <= 25 && middle.contains(&400), "{middle:?}");
        assert_eq!(long.drawn(0.0, 9_000.0).len(), MOST_DRAWN);
        assert_eq!(long.drawn(long.height(), 560.0).end, 801);
        assert_eq!(Layout::default().drawn(0.0, 560.0), 0..0);
    }

    #[test]
    fn a_field_is_scrolled_to_only_where_it_is_hidden() {
        let long = Layout::of(&[(Group::Unmapped, (0..100).collect())], 100);
        assert_eq!(long.scroll_to(0, 0.0, 400.0), None);
        assert_eq!(long.scroll_to(50, 0.0, 400.0), Some(HEAD + 51.0 * ROW - 400.0));
        // The head that stays at the top would cover it.
        assert_eq!(long.scroll_to(10, HEAD + 10.0 * ROW, 400.0), Some(10.0 * ROW));
    }
}
