//! What a table knows: its rows, what is in view, the active row, and what is selected and open.

use std::collections::BTreeSet;
use std::ops::Range;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::announcer::Announcer;
use crate::components::observe::on_resize;
use crate::components::table::cache::{Cache, Known, PAGE};
use crate::components::table::column::Column;
use crate::components::table::rows::{Rows, Source};
use crate::components::table::window::Window;

/// How high the head is; `--table-head` in `table.css` is the same.
const HEAD: f64 = 28.0;

/// Draws the cell of a row under the column with this id.
type CellFn<T> = Box<dyn Fn(&T, &str) -> AnyView + Send + Sync>;

/// How the page wants its rows.
pub(super) struct Look<T: 'static> {
    pub(super) key: Box<dyn Fn(&T) -> String + Send + Sync>,
    pub(super) cell: CellFn<T>,
    pub(super) on_open: Option<Callback<T>>,
    pub(super) on_delete: Option<Callback<T>>,
    pub(super) detail: Option<Callback<T, AnyView>>,
}

/// The state of one table; a handle, so that event handlers carry it.
pub(super) struct State<T: Send + Sync + 'static> {
    /// The element that scrolls.
    pub(super) grid: NodeRef<Div>,
    /// The columns, in order.
    pub(super) columns: Signal<Vec<Column>>,
    /// The place of the active row.
    pub(super) active: RwSignal<Option<u64>>,
    /// Keys of the rows selected.
    pub(super) selected: Option<RwSignal<BTreeSet<String>>>,
    /// The key of the open row.
    pub(super) expanded: Option<RwSignal<Option<String>>>,
    /// How high the detail of the open row is.
    pub(super) detail_height: RwSignal<f64>,
    /// Says what was copied.
    pub(super) announcer: Announcer,
    /// How the page wants its rows.
    pub(super) look: StoredValue<Look<T>>,
    id: StoredValue<String>,
    source: StoredValue<Source<T>>,
    cache: RwSignal<Cache<T>>,
    /// Counts up when what was fetched is forgotten, so that late answers are known as such.
    generation: StoredValue<u64>,
    /// Counts up whenever a list at hand changes.
    changes: Signal<u64>,
    scroll: RwSignal<(f64, f64)>,
    total: Signal<u64>,
}

impl<T: Send + Sync + 'static> Clone for State<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for State<T> {}

impl<T: Clone + Send + Sync + 'static> State<T> {
    pub(super) fn new(
        id: String,
        rows: Rows<T>,
        columns: Signal<Vec<Column>>,
        look: Look<T>,
        selected: Option<RwSignal<BTreeSet<String>>>,
        expanded: Option<RwSignal<Option<String>>>,
    ) -> Self {
        let Rows(source) = rows;
        let total = match &source {
            Source::Local(rows) => {
                let rows = *rows;
                Signal::derive(move || u64::try_from(rows.read().len()).unwrap_or(u64::MAX))
            }
            Source::Paged { total, .. } => *total,
        };
        let changes = changes(&source);
        let state = Self {
            grid: NodeRef::new(),
            columns,
            active: RwSignal::new(None),
            selected,
            expanded,
            detail_height: RwSignal::new(0.0),
            announcer: Announcer::of_app(),
            look: StoredValue::new(look),
            id: StoredValue::new(id),
            source: StoredValue::new(source),
            cache: RwSignal::new(Cache::default()),
            generation: StoredValue::new(0),
            changes,
            scroll: RwSignal::new((0.0, 0.0)),
            total,
        };
        state.start();
        state
    }

    /// Measures when it appears and when the window changes, and fetches what comes into view.
    fn start(self) {
        self.grid.on_load(move |grid| on_resize(&grid, move || self.measure()));
        if let Source::Paged { version, refreshed_by, .. } = self.source.get_value() {
            Effect::watch(move || refreshed_by.get(), move |_, _, _| self.refresh(), false);
            Effect::new(move |before: Option<u64>| {
                let version = version.get();
                if before.is_some_and(|before| before != version) {
                    self.forget();
                }
                self.fetch(&self.window().drawn());
                version
            });
        }
        Effect::watch(
            move || self.total.get(),
            move |total, _, _| {
                self.active.update(|active| *active = active.filter(|row| row < total));
                request_animation_frame(move || self.measure());
            },
            false,
        );
    }

    fn forget(self) {
        self.generation.update_value(|generation| *generation += 1);
        self.cache.set(Cache::default());
        self.active.set(None);
        if let Some(grid) = self.grid.get_untracked() {
            grid.set_scroll_top(0);
        }
    }

    /// Reads again what is in view, and forgets the rest.
    fn refresh(self) {
        let rows = self.window_untracked().drawn();
        let kept = self.cache.try_update_untracked(|cache| cache.keep(&rows)).unwrap_or_default();
        self.generation.update_value(|generation| *generation += 1);
        self.ask(kept);
    }

    fn fetch(self, rows: &Range<u64>) {
        let wanted = self.cache.try_update_untracked(|cache| cache.want(rows)).unwrap_or_default();
        if !wanted.is_empty() {
            self.cache.notify();
        }
        self.ask(wanted);
    }

    fn ask(self, pages: Vec<u64>) {
        let Source::Paged { fetch, .. } = self.source.get_value() else { return };
        let generation = self.generation.get_value();
        for page in pages {
            let answer = fetch(page * PAGE, PAGE);
            spawn_local(async move {
                let answer = answer.await;
                if self.generation.try_get_value() == Some(generation) {
                    self.cache.try_update(|cache| cache.arrived(page, answer));
                }
            });
        }
    }

    /// Asks again for what did not come.
    pub(super) fn retry(self) {
        self.cache.update(Cache::forget_failed);
        self.fetch(&self.window_untracked().drawn());
    }

    /// Reads how far the element is scrolled and how high it is. A window that is gone has nothing to measure.
    pub(super) fn measure(self) {
        let Some(Some(grid)) = self.grid.try_get_untracked() else { return };
        let now = (f64::from(grid.scroll_top()), (f64::from(grid.client_height()) - HEAD).max(0.0));
        if self.scroll.try_get_untracked().is_some_and(|before| before != now) {
            self.scroll.set(now);
        }
    }

    pub(super) fn total(&self) -> Signal<u64> {
        self.total
    }

    pub(super) fn is_loading(&self) -> bool {
        self.cache.read().is_loading()
    }

    /// What is in view.
    pub(super) fn window(&self) -> Window {
        let (scrolled, shown) = self.scroll.get();
        let open = self.open_row().map(|row| (row, self.detail_height.get()));
        Window { total: self.total.get(), scrolled, shown, open }
    }

    pub(super) fn window_untracked(&self) -> Window {
        untrack(|| self.window())
    }

    /// The place of the open row, if it is in memory.
    fn open_row(&self) -> Option<u64> {
        let key = self.expanded?.get()?;
        let is_it = |row: &T| self.look.with_value(|look| (look.key)(row)) == key;
        match self.source.get_value() {
            Source::Local(rows) => {
                rows.read().iter().position(is_it).and_then(|place| u64::try_from(place).ok())
            }
            Source::Paged { .. } => self.cache.read().find(is_it),
        }
    }

    /// What is known about a row.
    pub(super) fn row(&self, row: u64) -> Known<T> {
        match self.source.get_value() {
            Source::Paged { .. } => self.cache.read().row(row),
            Source::Local(rows) => {
                let place = usize::try_from(row).unwrap_or(usize::MAX);
                rows.read().get(place).cloned().map_or(Known::Loading, Known::Ready)
            }
        }
    }

    pub(super) fn key(&self, row: &T) -> String {
        self.look.with_value(|look| (look.key)(row))
    }

    /// The row at a place, for event handlers.
    pub(super) fn ready(&self, row: u64) -> Option<T> {
        match untrack(|| self.row(row)) {
            Known::Ready(row) => Some(row),
            Known::Loading | Known::Failed(_) => None,
        }
    }

    /// The widths of all columns as CSS grid tracks.
    pub(super) fn tracks(&self) -> String {
        let boxes = self.selected.map(|_| "36px".to_owned());
        let columns = self.columns.read();
        let widths = columns.iter().map(|column| column.width.clone());
        boxes.into_iter().chain(widths).collect::<Vec<_>>().join(" ")
    }

    /// The width that the columns have at least, as CSS; beyond it the table scrolls sideways.
    pub(super) fn least_width(&self) -> String {
        let columns: u32 = self.columns.read().iter().map(Column::least_width).sum();
        format!("{}px", columns + if self.selected.is_some() { 36 } else { 0 } + 8)
    }

    /// Differs whenever a row is to be drawn anew.
    pub(super) fn stamp(&self, row: u64) -> u64 {
        match self.source.get_value() {
            Source::Paged { .. } => self.cache.read().stamp(row),
            Source::Local(_) => self.changes.get(),
        }
    }

    /// The id of a row's element.
    pub(super) fn row_id(&self, row: u64) -> String {
        self.id.with_value(|id| format!("{id}-row-{row}"))
    }

    /// The id of the active row's element while it is in the document.
    pub(super) fn active_id(&self) -> Option<String> {
        let active = self.active.get()?;
        self.window().drawn().contains(&active).then(|| self.row_id(active))
    }

    /// Makes a row the active one and scrolls it into view.
    pub(super) fn go(self, row: u64) {
        let last = self.total.get_untracked().saturating_sub(1);
        let row = row.min(last);
        self.active.set(Some(row));
        if let (Some(top), Some(grid)) =
            (self.window_untracked().scroll_to(row), self.grid.get_untracked())
        {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "no element is taller than 8 million pixels"
            )]
            grid.set_scroll_top(top.ceil() as i32);
            self.measure();
        }
    }

    /// Selects a row, or takes it out of the selection.
    pub(super) fn toggle(self, row: u64) {
        if let (Some(selected), Some(row)) = (self.selected, self.ready(row)) {
            let key = self.key(&row);
            selected.update(|keys| {
                if !keys.remove(&key) {
                    keys.insert(key);
                }
            });
        }
    }

    /// Opens a row: below it, or wherever the page leads.
    pub(super) fn open(self, row: u64) {
        let Some(row) = self.ready(row) else { return };
        let key = self.key(&row);
        if let Some(expanded) = self.expanded {
            expanded.update(|open| *open = (open.as_ref() != Some(&key)).then_some(key));
        }
        if let Some(on_open) = self.look.with_value(|look| look.on_open) {
            on_open.run(row);
        }
    }

    /// Opens or closes a row in place.
    pub(super) fn expand(self, row: u64, open: bool) {
        let (Some(expanded), Some(row)) = (self.expanded, self.ready(row)) else { return };
        let key = self.key(&row);
        let is_open = expanded.read_untracked().as_ref() == Some(&key);
        if is_open != open {
            expanded.set(open.then_some(key));
        }
    }

    /// Does with a row what the page does on Delete.
    pub(super) fn delete(self, row: u64) {
        let on_delete = self.look.with_value(|look| look.on_delete);
        if let (Some(on_delete), Some(row)) = (on_delete, self.ready(row)) {
            on_delete.run(row);
        }
    }

    /// Whether a row can be opened.
    pub(super) fn opens(&self) -> bool {
        self.expanded.is_some() || self.look.with_value(|look| look.on_open.is_some())
    }
}

/// A number that differs after each change of a list at hand; rows themselves cannot be compared.
fn changes<T: Send + Sync + 'static>(source: &Source<T>) -> Signal<u64> {
    let Source::Local(rows) = source else { return Signal::stored(0) };
    let rows = *rows;
    Memo::new(move |before: Option<&u64>| {
        // Read and not only tracked: a memo that nobody reads does not tell of its next change.
        drop(rows.read());
        before.map_or(0, |before| before + 1)
    })
    .into()
}
