//! The bridge to the desktop shell: one call that takes a command's name and gives its answer.

use js_sys::{Function, JSON, Promise, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::backend::Unanswered;

/// Where the shell puts its side of the bridge before the page loads.
const INTERNALS: &str = "__TAURI_INTERNALS__";

/// The shell's side of the bridge.
#[derive(Debug, Clone)]
pub(crate) struct Bridge {
    internals: JsValue,
    invoke: Function,
}

impl Bridge {
    /// The bridge, where the page runs inside the shell.
    pub(super) fn find() -> Option<Self> {
        let internals = Reflect::get(&js_sys::global(), &INTERNALS.into()).ok()?;
        let invoke = Reflect::get(&internals, &"invoke".into()).ok()?.dyn_into().ok()?;
        Some(Self { internals, invoke })
    }

    /// Asks the shell for a command that takes nothing.
    pub(super) async fn ask<Answer: DeserializeOwned>(
        &self,
        command: &str,
    ) -> Result<Answer, Unanswered> {
        let promise: Promise = self
            .invoke
            .call1(&self.internals, &command.into())
            .and_then(JsCast::dyn_into)
            .map_err(|thrown| refused(&thrown))?;
        let answer = JsFuture::from(promise).await.map_err(|thrown| refused(&thrown))?;
        read(&answer)
    }
}

/// Answers cross as JSON, so that one definition in the contract says how they read on both sides.
fn read<Answer: DeserializeOwned>(answer: &JsValue) -> Result<Answer, Unanswered> {
    let text = JSON::stringify(answer).map(String::from).map_err(|thrown| refused(&thrown))?;
    serde_json::from_str(&text).map_err(|error| {
        Unanswered(format!("the shell answered something else than expected: {error}"))
    })
}

/// What the shell throws is text, or an object that tells more as JSON.
fn refused(thrown: &JsValue) -> Unanswered {
    let text = thrown.as_string().or_else(|| JSON::stringify(thrown).ok().map(String::from));
    Unanswered(text.unwrap_or_else(|| "the shell did not say why".to_owned()))
}
