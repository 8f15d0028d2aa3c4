//! What the page hears without asking.

use std::sync::{Mutex, PoisonError};

use isthmus_contract::console::ConsoleEvent;

/// Hears news; false when nobody is there any more.
pub(crate) type Watcher = Box<dyn Fn(ConsoleEvent) -> bool + Send>;

/// The one watcher, if there is one: the console has one page.
#[derive(Default)]
pub(super) struct News {
    watcher: Mutex<Option<Watcher>>,
}

impl News {
    /// Lets `watcher` hear everything from now on, in place of an earlier one.
    pub(super) fn watch(&self, watcher: Watcher) {
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(watcher);
    }

    /// Tells the page; false when there is none.
    pub(super) fn tell(&self, event: ConsoleEvent) -> bool {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = watcher.as_ref().is_some_and(|hear| hear(event));
        if !heard {
            *watcher = None;
        }
        heard
    }
}
