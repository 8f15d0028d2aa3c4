//! The mapping as YAML.

use leptos::prelude::*;

/// The text.
#[component]
pub(crate) fn Text() -> impl IntoView {}
