//! The bridge to the desktop shell: one call that takes a command's name, its request, and a channel for events.

use isthmus_contract::problem::{Code, Problem};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::backend::{Answering, Events, Shell};

/// Where the shell puts its side of the bridge before the page loads.
const INTERNALS: &str = "__TAURI_INTERNALS__";

/// How a channel is named in a request (Tauri 2, `core.js`, class `Channel`).
const CHANNEL_PREFIX: &str = "__CHANNEL__:";

/// The shell's side of the bridge; `None` where the page runs in a plain browser.
pub(super) struct Bridge(Option<Internals>);

#[derive(Clone)]
struct Internals {
    object: JsValue,
    invoke: Function,
    transform_callback: Function,
}

impl Bridge {
    /// The bridge of this page.
    pub(super) fn find() -> Self {
        Self(Internals::find().ok())
    }
}

impl Shell for Bridge {
    fn ask(&self, command: &'static str, request: Value, events: Option<Events>) -> Answering {
        let internals = self.0.clone();
        Box::pin(async move {
            let internals = internals.ok_or_else(|| {
                let hint = "start Isthmus itself; this page does nothing in a browser";
                Problem::new(Code::EngineGone, "the page runs without its shell", hint)
            })?;
            let answer = internals.invoke(command, &request, events).await;
            answer.map_err(|thrown| refused(&thrown)).and_then(|answer| parsed(&answer))
        })
    }
}

impl Internals {
    fn find() -> Result<Self, JsValue> {
        let object = Reflect::get(&js_sys::global(), &INTERNALS.into())?;
        let invoke = Reflect::get(&object, &"invoke".into())?.dyn_into()?;
        let transform_callback = Reflect::get(&object, &"transformCallback".into())?.dyn_into()?;
        Ok(Self { object, invoke, transform_callback })
    }

    async fn invoke(
        &self,
        command: &str,
        request: &Value,
        events: Option<Events>,
    ) -> Result<JsValue, JsValue> {
        let arguments = Object::new();
        Reflect::set(&arguments, &"request".into(), &JSON::parse(&request.to_string())?)?;
        if let Some(events) = events {
            Reflect::set(&arguments, &"events".into(), &self.channel(events)?)?;
        }
        let promise: Promise =
            self.invoke.call2(&self.object, &command.into(), &arguments)?.dyn_into()?;
        JsFuture::from(promise).await
    }

    /// A channel: the shell sends numbered messages to a registered callback.
    fn channel(&self, mut events: Events) -> Result<JsValue, JsValue> {
        let mut order = Order::default();
        let callback = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| {
            for message in order.take(&message) {
                if let Ok(event) = parsed(&message) {
                    events(event);
                }
            }
        });
        let id = self.transform_callback.call1(&self.object, callback.as_ref())?;
        // The shell may send as long as the page lives.
        callback.forget();
        let id = id.as_f64().map(|id| id.to_string()).ok_or("a callback without a number")?;
        Ok(format!("{CHANNEL_PREFIX}{id}").into())
    }
}

/// Puts a channel's messages into the order they were sent in: large ones arrive by another way, and later.
#[derive(Default)]
struct Order {
    next: u32,
    early: std::collections::BTreeMap<u32, JsValue>,
}

impl Order {
    fn take(&mut self, message: &JsValue) -> Vec<JsValue> {
        let part = |name: &str| Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the shell counts messages from 0 in 32 bits"
        )]
        let Some(index) = part("index").as_f64().map(|index| index as u32) else {
            return Vec::new();
        };
        if part("end").is_undefined() {
            self.early.insert(index, part("message"));
        }
        let mut ready = Vec::new();
        while let Some(message) = self.early.remove(&self.next) {
            ready.push(message);
            self.next += 1;
        }
        ready
    }
}

/// Answers cross as JSON, so that one definition in the contract says how they read on both sides.
fn parsed(answer: &JsValue) -> Result<Value, Problem> {
    if answer.is_undefined() {
        return Ok(Value::Null);
    }
    let text = JSON::stringify(answer).map(String::from).map_err(|thrown| refused(&thrown))?;
    serde_json::from_str(&text).map_err(|error| super::unreadable(&error))
}

/// What the shell throws is a problem, or text where the command itself was refused.
fn refused(thrown: &JsValue) -> Problem {
    let json = JSON::stringify(thrown).ok().map(String::from).unwrap_or_default();
    serde_json::from_str(&json).unwrap_or_else(|_| {
        let text = thrown.as_string().unwrap_or(json);
        let hint = "report this with the details below; nothing was done";
        Problem::new(Code::Internal, format!("the shell refused: {text}"), hint)
    })
}
