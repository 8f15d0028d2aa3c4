//! How an object mapping behaves: match rule and policies.

use leptos::prelude::*;

/// The settings of the object mapping that is looked at.
#[component]
pub(crate) fn ObjectSettings() -> impl IntoView {}
