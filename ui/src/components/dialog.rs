//! Questions that come before everything else: native dialogs, which keep the focus inside and give it back.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

use crate::components::button::{Button, Kind, Size};
use crate::components::icon::Shape;
use crate::components::ids::unique_id;

/// How wide a dialog is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Width {
    /// 440 pixels: a question.
    #[default]
    Narrow,
    /// 720 pixels: a form, a list.
    Wide,
}

/// A dialog that shows while `open` is true. Escape, the cross and a press beside it call `on_close`; the focus goes back to
/// where it was.
#[component]
pub(crate) fn Dialog(
    /// Whether it shows.
    #[prop(into)]
    open: Signal<bool>,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// What closing asks for: usually sets `open` to false.
    #[prop(into)]
    on_close: Callback<()>,
    /// How wide it is.
    #[prop(optional)]
    width: Width,
    /// A question that must be answered: read out at once, and a press beside it does nothing.
    #[prop(optional)]
    alert: bool,
    /// Buttons below a line; the primary one last.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    /// The body; made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    let footer = StoredValue::new(footer);
    move || {
        open.get().then(|| {
            view! {
                <Sheet title on_close width alert footer=footer.get_value()>
                    {children.with_value(|children| children())}
                </Sheet>
            }
        })
    }
}

/// The dialog element, shown as long as it is mounted.
#[component]
fn Sheet(
    title: Signal<String>,
    on_close: Callback<()>,
    width: Width,
    alert: bool,
    footer: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let id = unique_id("dialog");
    let node = NodeRef::<leptos::html::Dialog>::new();
    node.on_load(show);
    give_focus_back();
    let labelled_by = id.clone();
    let close = move || on_close.run(());
    view! {
        <dialog
            node_ref=node
            class="dialog"
            class:dialog--wide=width == Width::Wide
            role=alert.then_some("alertdialog")
            aria-labelledby=labelled_by
            on:cancel=move |event: Event| {
                event.prevent_default();
                close();
            }
            on:mousedown=move |event: MouseEvent| {
                let on_backdrop = event.target().is_some_and(|target| target.is_instance_of::<HtmlDialogElement>());
                if on_backdrop && !alert {
                    close();
                }
            }
        >
            <div class="dialog__inner">
                <div class="dialog__head">
                    <h2 class="dialog__title" id=id>{move || title.get()}</h2>
                    <Button kind=Kind::Ghost size=Size::Small icon=Shape::Close label="Close" on_press=close/>
                </div>
                <div class="dialog__body scroll">{children()}</div>
                {footer.map(|footer| view! { <div class="dialog__foot">{footer.run()}</div> })}
            </div>
        </dialog>
    }
}

/// Shows it on top of everything, and focuses what asks for the focus rather than the cross.
fn show(dialog: HtmlDialogElement) {
    // A frame later: `showModal` refuses an element that is not in the document yet.
    request_animation_frame(move || {
        if !dialog.is_connected() || dialog.open() {
            return;
        }
        drop(dialog.show_modal());
        let wanted = [
            "[data-autofocus]",
            ".dialog__body :is(input, select, textarea, button):not(:disabled)",
            ".dialog__foot button:not([aria-disabled])",
        ];
        let wanted =
            wanted.iter().find_map(|selector| dialog.query_selector(selector).ok().flatten());
        if let Some(wanted) = wanted.and_then(|wanted| wanted.dyn_into::<HtmlElement>().ok()) {
            drop(wanted.focus());
        }
    });
}

/// When the dialog goes, the element that had the focus before has it again.
fn give_focus_back() {
    let before =
        document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    on_cleanup(move || {
        if let Some(before) = before {
            request_animation_frame(move || drop(before.focus()));
        }
    });
}
