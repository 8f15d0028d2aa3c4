//! An answer of the shell as a resource: asked when its request or a topic changes, shown with its three states.

use isthmus_contract::command::Command;
use isthmus_contract::console::Topic;
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::backend::Backend;
use crate::state::console::Console;

/// What came of asking.
pub(crate) type Answered<C> = Result<<C as Command>::Answer, Problem>;

/// An answer that is asked for again when its request, one of its topics or `again` changes.
pub(crate) struct Asked<C: Command> {
    /// The answer; `None` before the first one. An old answer stays while a new one is on its way.
    pub(crate) answer: RwSignal<Option<Answered<C>>, LocalStorage>,
    again: RwSignal<u32>,
}

impl<C: Command> Clone for Asked<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Command> Copy for Asked<C> {}

impl<C> Asked<C>
where
    C: Command + 'static,
    C::Request: 'static,
    C::Answer: 'static,
{
    /// Asks now, and again whenever what `request` reads or one of the topics changes. `None` asks nothing.
    pub(crate) fn new(
        topics: &'static [Topic],
        request: impl Fn() -> Option<C::Request> + 'static,
    ) -> Self {
        let backend = Backend::of_this_app();
        let console = Console::of_this_app();
        let asked = Self { answer: RwSignal::new_local(None), again: RwSignal::new(0) };
        let newest = StoredValue::new_local(0_u32);
        Effect::new(move |_| {
            asked.again.track();
            topics.iter().for_each(|topic| _ = console.version(*topic));
            let Some(request) = request() else { return };
            newest.update_value(|number| *number += 1);
            let number = newest.get_value();
            let backend = backend.clone();
            leptos::task::spawn_local(async move {
                let answer = backend.ask::<C>(request).await;
                // The page may be gone, or may have asked for something else meanwhile.
                if newest.try_get_value() == Some(number) {
                    _ = asked.answer.try_set(Some(answer));
                }
            });
        });
        asked
    }

    /// Asks once more.
    pub(crate) fn again(self) {
        self.again.update(|times| *times += 1);
    }
}
