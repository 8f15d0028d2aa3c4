//! What the fake tells without being asked: how far the job at work is.

use std::cell::RefCell;

use isthmus_contract::console::ConsoleEvent;

use crate::backend::Events;
use crate::backend::fake::Question;

thread_local! {
    /// The pages that watch. The page has one thread, and events may not leave it.
    static WATCHING: RefCell<Vec<Events>> = const { RefCell::new(Vec::new()) };
}

/// Takes what a page wants to be told by, and tells it of the job at work.
pub(super) fn listen(question: &mut Question) {
    let Some(mut events) = question.events.take() else { return };
    let job = question.world.lock().ok().and_then(|world| world.job.clone());
    if let Some(job) = job.and_then(|job| serde_json::to_value(ConsoleEvent::Job(job)).ok()) {
        events(job);
    }
    WATCHING.with_borrow_mut(|watching| watching.push(events));
}

/// Tells all pages that watch.
pub(super) fn tell(event: &ConsoleEvent) {
    let Ok(event) = serde_json::to_value(event) else { return };
    // Taken out meanwhile: what hears of it may begin to watch.
    let mut told = WATCHING.take();
    told.iter_mut().for_each(|events| events(event.clone()));
    WATCHING.with_borrow_mut(|watching| {
        told.append(watching);
        *watching = told;
    });
}
