//! Where rows come from: a list at hand, or the shell, page by page.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use isthmus_contract::problem::Problem;
use leptos::prelude::*;

/// What a fetch of one page leads to.
pub(super) type Fetched<T> = Pin<Box<dyn Future<Output = Result<Vec<T>, Problem>>>>;

/// Fetches rows by offset and limit.
type Fetch<T> = Arc<dyn Fn(u64, u64) -> Fetched<T> + Send + Sync>;

/// Where rows come from.
#[derive(Clone)]
pub(crate) struct Rows<T: Send + Sync + 'static>(pub(super) Source<T>);

#[derive(Clone)]
pub(super) enum Source<T: Send + Sync + 'static> {
    Local(Signal<Vec<T>>),
    Paged { total: Signal<u64>, version: Signal<u64>, refreshed_by: Signal<u64>, fetch: Fetch<T> },
}

impl<T: Clone + Send + Sync + 'static> Rows<T> {
    /// All rows at hand.
    pub(crate) fn local(rows: impl Into<Signal<Vec<T>>>) -> Self {
        Self(Source::Local(rows.into()))
    }

    /// Rows fetched as they come into view: `fetch(offset, limit)` answers at most `limit` rows from `offset` on. `total` counts
    /// them all. Whenever `version` changes, what was fetched is forgotten and the first row shows: count it up when a filter or the order
    /// changes.
    pub(crate) fn paged<Answer>(
        total: impl Into<Signal<u64>>,
        version: impl Into<Signal<u64>>,
        fetch: impl Fn(u64, u64) -> Answer + Send + Sync + 'static,
    ) -> Self
    where
        Answer: Future<Output = Result<Vec<T>, Problem>> + 'static,
    {
        Self(Source::Paged {
            total: total.into(),
            version: version.into(),
            refreshed_by: Signal::stored(0),
            fetch: Arc::new(move |offset, limit| Box::pin(fetch(offset, limit))),
        })
    }

    /// Whenever `signal` changes, rows in view are read again in place, without a gap and without moving: for a list that grows
    /// while one looks at it.
    #[must_use]
    pub(crate) fn refreshed_by(mut self, signal: impl Into<Signal<u64>>) -> Self {
        if let Source::Paged { refreshed_by, .. } = &mut self.0 {
            *refreshed_by = signal.into();
        }
        self
    }
}
