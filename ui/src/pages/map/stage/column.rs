//! One column of the stage: what it shows, how far it is scrolled, and where the keyboard stands in it.

use std::sync::Arc;

use isthmus_model::ids::Side;
use leptos::html;
use leptos::prelude::*;

use crate::pages::map::layout::{Entry, Layout};
use crate::pages::map::order::Fields;

/// One column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    /// Which one.
    pub(crate) side: Side,
    /// Its fields; empty while the org has not answered.
    pub(crate) fields: Memo<Arc<Fields>>,
    /// Where its rows stand.
    pub(crate) layout: Memo<Arc<Layout>>,
    /// How far it is scrolled.
    pub(crate) scrolled: RwSignal<f64>,
    /// How much of it shows at once.
    pub(crate) shown: RwSignal<f64>,
    /// The field where the keyboard stands.
    pub(crate) active: RwSignal<Option<usize>>,
    /// The list itself.
    pub(crate) node: NodeRef<html::Ul>,
}

impl Column {
    pub(super) fn of(side: Side, fields: Memo<Arc<Fields>>, layout: Memo<Arc<Layout>>) -> Self {
        Self {
            side,
            fields,
            layout,
            scrolled: RwSignal::new(0.0),
            shown: RwSignal::new(0.0),
            active: RwSignal::new(None),
            node: NodeRef::new(),
        }
    }

    /// The word of the side.
    pub(crate) fn word(self) -> &'static str {
        self.side.as_str()
    }

    /// The label of a field.
    pub(crate) fn label(self, field: usize) -> String {
        let fields = self.fields.get_untracked();
        fields.list.get(field).map(|field| field.label.clone()).unwrap_or_default()
    }

    /// The API name of a field.
    pub(crate) fn name(self, field: usize) -> String {
        let fields = self.fields.get_untracked();
        fields.list.get(field).map(|field| field.name.clone()).unwrap_or_default()
    }

    /// The id of a field's row in the document.
    pub(crate) fn row_id(self, field: usize) -> String {
        format!("{}-{field}", self.word())
    }

    /// The keyboard stands at a field, and it is in view.
    pub(crate) fn stand_at(self, field: usize) {
        self.active.set(Some(field));
        self.reveal(field);
    }

    /// Scrolls just so far that a field is in view.
    pub(crate) fn reveal(self, field: usize) {
        let (scrolled, shown) = (self.scrolled.get_untracked(), self.shown.get_untracked());
        let layout = self.layout.get_untracked();
        if let Some(top) = layout.scroll_to(field, scrolled, shown) {
            self.scroll_to(top);
        }
    }

    /// Scrolls to a height.
    pub(crate) fn scroll_to(self, top: f64) {
        if let Some(node) = self.node.get_untracked() {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a list of 800 rows is 32,000 pixels high"
            )]
            node.set_scroll_top(top.round() as i32);
            self.scrolled.set(f64::from(node.scroll_top()));
        }
    }

    /// The field at a height of the window.
    pub(crate) fn field_at(self, client_y: f64) -> Option<usize> {
        let node = self.node.get_untracked()?;
        let y = client_y - node.get_bounding_client_rect().top();
        if !(0.0..f64::from(node.client_height())).contains(&y) {
            return None;
        }
        match self.layout.get_untracked().at(y + f64::from(node.scroll_top()))? {
            Entry::Field(field) => Some(field),
            Entry::Head(_) => None,
        }
    }
}
