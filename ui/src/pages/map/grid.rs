//! The mapping as a table, one link per row.

use leptos::prelude::*;

/// The table.
#[component]
pub(crate) fn Grid() -> impl IntoView {}
