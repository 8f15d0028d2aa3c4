//! Pages of rows in memory: a few around what is in view, whatever the length of the list.

use std::collections::BTreeMap;
use std::ops::Range;

use isthmus_contract::problem::Problem;

/// Rows asked for at once.
pub(super) const PAGE: u64 = 100;

/// Pages kept; those farthest from what is in view leave first.
const MOST_PAGES: usize = 20;

/// One page of rows.
#[derive(Debug, Clone)]
enum Page<T> {
    Loading,
    Ready(u64, Vec<T>),
    Failed(u64, Problem),
}

/// What is known about one row.
#[derive(Debug, Clone)]
pub(super) enum Known<T> {
    /// On its way.
    Loading,
    /// The row.
    Ready(T),
    /// Its page did not come.
    Failed(Problem),
}

/// The pages in memory, by their number.
#[derive(Debug, Clone)]
pub(super) struct Cache<T> {
    pages: BTreeMap<u64, Page<T>>,
    /// Counts arrivals, so that a row is drawn anew only when its own page is.
    arrivals: u64,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { pages: BTreeMap::new(), arrivals: 0 }
    }
}

impl<T: Clone> Cache<T> {
    /// What is known about a row.
    pub(super) fn row(&self, row: u64) -> Known<T> {
        match self.pages.get(&(row / PAGE)) {
            None | Some(Page::Loading) => Known::Loading,
            Some(Page::Failed(_, problem)) => Known::Failed(problem.clone()),
            Some(Page::Ready(_, rows)) => {
                let place = usize::try_from(row % PAGE).unwrap_or(usize::MAX);
                // A list that became shorter meanwhile: the row is drawn as on its way until the total says so too.
                rows.get(place).cloned().map_or(Known::Loading, Known::Ready)
            }
        }
    }

    /// Differs whenever what is known about a row does: the arrival of its page, 0 while that is on its way.
    pub(super) fn stamp(&self, row: u64) -> u64 {
        match self.pages.get(&(row / PAGE)) {
            None | Some(Page::Loading) => 0,
            Some(Page::Ready(arrival, _) | Page::Failed(arrival, _)) => *arrival,
        }
    }

    /// Drops pages beyond these rows and gives the numbers of the others: they stay until they were read again.
    pub(super) fn keep(&mut self, rows: &Range<u64>) -> Vec<u64> {
        self.pages.retain(|page, _| page * PAGE < rows.end && rows.start < (page + 1) * PAGE);
        self.pages.keys().copied().collect()
    }

    /// Marks the missing pages of these rows as on their way, drops pages far from them, and gives the numbers to fetch.
    pub(super) fn want(&mut self, rows: &Range<u64>) -> Vec<u64> {
        if rows.is_empty() {
            return Vec::new();
        }
        let (first, last) = (rows.start / PAGE, (rows.end - 1) / PAGE);
        let missing: Vec<u64> =
            (first..=last).filter(|page| !self.pages.contains_key(page)).collect();
        for page in &missing {
            self.pages.insert(*page, Page::Loading);
        }
        let middle = u64::midpoint(first, last);
        while self.pages.len() > MOST_PAGES {
            let farthest = self.pages.keys().copied().max_by_key(|page| page.abs_diff(middle));
            farthest.and_then(|page| self.pages.remove(&page));
        }
        missing
    }

    /// Takes what was fetched; a page that left meanwhile stays away.
    pub(super) fn arrived(&mut self, page: u64, answer: Result<Vec<T>, Problem>) {
        self.arrivals += 1;
        if let Some(kept) = self.pages.get_mut(&page) {
            *kept = match answer {
                Ok(rows) => Page::Ready(self.arrivals, rows),
                Err(problem) => Page::Failed(self.arrivals, problem),
            };
        }
    }

    /// Forgets pages that did not come, so that they are asked for again.
    pub(super) fn forget_failed(&mut self) {
        self.pages.retain(|_, page| !matches!(page, Page::Failed(..)));
    }

    /// Whether anything is on its way.
    pub(super) fn is_loading(&self) -> bool {
        self.pages.values().any(|page| matches!(page, Page::Loading))
    }

    /// The row with this property among those in memory, and its place.
    pub(super) fn find(&self, is_it: impl Fn(&T) -> bool) -> Option<u64> {
        self.pages.iter().find_map(|(page, rows)| {
            let Page::Ready(_, rows) = rows else { return None };
            let place = rows.iter().position(&is_it)?;
            Some(page * PAGE + u64::try_from(place).unwrap_or(0))
        })
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::problem::{Code, Problem};

    use super::{Cache, Known, MOST_PAGES, PAGE};

    #[test]
    fn a_page_is_asked_for_once() {
        let mut cache = Cache::<u64>::default();
        assert_eq!(cache.want(&(90..130)), [0, 1]);
        assert!(cache.want(&(90..130)).is_empty());
        assert!(cache.is_loading());
        cache.arrived(0, Ok((0..PAGE).collect()));
        cache.arrived(1, Ok((PAGE..130).collect()));
        assert!(!cache.is_loading());
        assert!(matches!(cache.row(99), Known::Ready(99)));
        assert_eq!(cache.find(|row| *row == 129), Some(129));
    }

    #[test]
    fn pages_far_from_the_view_leave() {
        let mut cache = Cache::<u64>::default();
        for page in 0..100 {
            cache.want(&(page * PAGE..page * PAGE + 1));
        }
        assert_eq!(cache.pages.len(), MOST_PAGES);
        assert_eq!(cache.want(&(0..1)), [0]);
        cache.arrived(50, Ok(vec![1]));
        assert!(!cache.pages.contains_key(&50));
    }

    #[test]
    fn a_page_that_failed_is_asked_for_again_after_it_was_forgotten() {
        let mut cache = Cache::<u64>::default();
        cache.want(&(0..10));
        cache.arrived(0, Err(Problem::new(Code::Internal, "no", "again")));
        assert!(matches!(cache.row(3), Known::Failed(_)));
        assert!(cache.want(&(0..10)).is_empty());
        cache.forget_failed();
        assert_eq!(cache.stamp(3), 0);
        assert_eq!(cache.want(&(0..10)), [0]);
    }
}
