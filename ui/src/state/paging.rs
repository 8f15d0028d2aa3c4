//! Rows that a filter lets through: counted first, then fetched page by page as they come into view.

use isthmus_contract::command::Command;
use isthmus_contract::console::Topic;
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::backend::Backend;
use crate::components::table::Rows;
use crate::state::asked::Asked;
use crate::state::console::Console;

/// Where a table's rows come from, and whether they have been counted.
pub(crate) struct Paging<T: Send + Sync + 'static> {
    /// For the table.
    pub(crate) rows: Rows<T>,
    /// How many there are; 0 before they are counted.
    pub(crate) total: Memo<u64>,
    /// They have been counted at least once.
    pub(crate) is_counted: Memo<bool>,
    /// Why they could not be counted.
    pub(crate) problem: Memo<Option<Problem>>,
    /// Counts again.
    pub(crate) again: Callback<()>,
}

impl<T: Clone + Send + Sync + 'static> Paging<T> {
    /// Rows of a command. `request(offset, limit)` is run again whenever what it reads changes; `rows` takes the rows and
    /// the count out of an answer.
    pub(crate) fn of<C>(
        request: impl Fn(u64, u32) -> C::Request + Copy + Send + Sync + 'static,
        rows: fn(C::Answer) -> (Vec<T>, u64),
        count: fn(&C::Answer) -> u64,
    ) -> Self
    where
        C: Command + 'static,
        C::Request: 'static,
        C::Answer: 'static,
    {
        let backend = Backend::of_this_app();
        // One row is asked for with the count, as no command counts alone.
        let counted = Asked::<C>::new(&[], move || Some(request(0, 1)));
        let total = Memo::new(move |before: Option<&u64>| match &*counted.answer.read() {
            Some(Ok(answer)) => count(answer),
            _ => before.copied().unwrap_or(0),
        });
        let version = RwSignal::new(0_u64);
        Effect::new(move |_| {
            counted.answer.track();
            version.update(|version| *version += 1);
        });
        let console = Console::of_this_app();
        // A plan or run that began or ended may have changed the rows that are looked at.
        let runs = Signal::derive(move || u64::from(console.version(Topic::Runs)));
        let fetch = move |offset, limit| {
            let backend = backend.clone();
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            let request = untrack(|| request(offset, limit));
            async move { Ok(rows(backend.ask::<C>(request).await?).0) }
        };
        Self {
            rows: Rows::paged(total, version, fetch).refreshed_by(runs),
            total,
            is_counted: Memo::new(move |before: Option<&bool>| {
                before.copied().unwrap_or(false) || matches!(&*counted.answer.read(), Some(Ok(_)))
            }),
            problem: Memo::new(move |_| match &*counted.answer.read() {
                Some(Err(problem)) => Some(problem.clone()),
                _ => None,
            }),
            again: Callback::new(move |()| counted.again()),
        }
    }
}

/// A text once its typing has paused: what is looked for, so that not every letter is asked for.
pub(crate) fn settled(text: RwSignal<String>) -> Signal<String> {
    /// Shorter than a look at the answer, longer than from one letter to the next.
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(180);
    let settled = RwSignal::new(text.get_untracked());
    Effect::watch(
        move || text.get(),
        move |typed, _, _| {
            let typed = typed.clone();
            set_timeout(
                move || {
                    // Only the last letter's timer finds the text as it was.
                    if text.try_get_untracked().is_some_and(|now| now == typed) {
                        settled.try_set(typed);
                    }
                },
                PAUSE,
            );
        },
        false,
    );
    settled.into()
}
