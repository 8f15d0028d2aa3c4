//! Time that passes between two steps of something that takes its time.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Waits as long as a person needs to see that something goes on.
pub(super) async fn pause(milliseconds: i32) {
    let mut start = |resolve: js_sys::Function, _| {
        // A window without a timer does not wait.
        let _timer =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    };
    let _passed = JsFuture::from(Promise::new(&mut start)).await;
}
