//! Short news about something that is not in view.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::icon::{Icon, Shape};

/// How long news stays, unless somebody looks at it; errors stay until closed.
const SHOWN: Duration = Duration::from_secs(8);

/// How many show at once; older ones leave first.
const MOST: usize = 4;

/// What can be done about the news.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    /// The button's words.
    pub(crate) label: String,
    /// What it does.
    pub(crate) on_press: Callback<()>,
}

impl Action {
    /// An action by its words and what it does.
    pub(crate) fn new(
        label: impl Into<String>,
        on_press: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self { label: label.into(), on_press: Callback::from(on_press) }
    }
}

/// One piece of news.
#[derive(Debug, Clone)]
struct Toast {
    number: u64,
    tone: Tone,
    title: String,
    text: String,
    action: Option<Action>,
}

/// Shows news; ask for it with [`Toasts::of_app`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

impl Toasts {
    fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Makes it known to everything below the component that calls this; once, in the frame.
    pub(crate) fn provide() -> Self {
        let toasts = Self::new();
        provide_context(toasts);
        toasts
    }

    /// The one of the frame; one that nobody sees where there is no frame.
    pub(crate) fn of_app() -> Self {
        use_context().unwrap_or_else(Self::new)
    }

    /// Shows news: what happened, more about it (may be empty), and what can be done.
    pub(crate) fn push(
        &self,
        tone: Tone,
        title: impl Into<String>,
        text: impl Into<String>,
        action: Option<Action>,
    ) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let toast = Toast { number, tone, title: title.into(), text: text.into(), action };
        self.shown.update(|shown| {
            shown.push(toast);
            if shown.len() > MOST {
                shown.remove(0);
            }
        });
    }

    fn close(&self, number: u64) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.number != number));
    }
}

/// Where news shows; once, in the frame.
#[component]
pub(crate) fn ToastRegion() -> impl IntoView {
    let toasts = Toasts::of_app();
    view! {
        <section class="toasts" aria-label="News">
            <For each=move || toasts.shown.get() key=|toast| toast.number let:toast>
                <ToastView toasts toast/>
            </For>
        </section>
    }
}

/// One piece of news, which leaves by itself unless it is an error, or somebody points at it or has the focus in it.
#[component]
fn ToastView(toasts: Toasts, toast: Toast) -> impl IntoView {
    let Toast { number, tone, title, text, action } = toast;
    let timer: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let hold = move || {
        if let Some(Some(handle)) = timer.try_update_value(Option::take) {
            handle.clear();
        }
    };
    let let_go = move || {
        hold();
        if tone != Tone::Err {
            timer.set_value(set_timeout_with_handle(move || toasts.close(number), SHOWN).ok());
        }
    };
    let_go();
    on_cleanup(hold);
    let role = if tone == Tone::Err { "alert" } else { "status" };
    view! {
        <div
            class="toast"
            role=role
            on:mouseenter=move |_| hold()
            on:mouseleave=move |_| let_go()
            on:focusin=move |_| hold()
            on:focusout=move |_| let_go()
        >
            <span class=tone.word()><Icon shape=tone.shape()/></span>
            <div class="grow">
                <p class="medium">{title}</p>
                {(!text.is_empty()).then(|| view! { <p class="small muted">{text}</p> })}
            </div>
            {action.map(|Action { label, on_press }| view! {
                <Button size=Size::Small on_press=move || { toasts.close(number); on_press.run(()); }>{label}</Button>
            })}
            <Button kind=Kind::Ghost size=Size::Small icon=Shape::Close label="Close" on_press=move || toasts.close(number)/>
        </div>
    }
}
