//! From the start of the program to the first page that can be used, beside a window without anything in it.

use std::time::Instant;

use isthmus_tests::binary;
use isthmus_tests::isthmus::Desk;
use isthmus_tests::window::Window;
use serde_json::{Value, json};

/// Medians in milliseconds. Both include the driver's own start, which is the same for both.
pub(crate) async fn measure(rounds: u64) -> Value {
    let desk = Desk::with_workspace();
    let empty = binary::example("empty_window");
    let (mut console_ms, mut empty_ms) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let begun = Instant::now();
        let window = Window::open_program(&desk, &empty).await;
        window.wait_for("document.readyState === 'complete'").await;
        empty_ms.push(begun.elapsed().as_millis());
        window.close().await;

        let begun = Instant::now();
        let window = Window::open(&desk).await;
        window.wait_for_element("[data-test=overview-first-run], [data-test=overview]").await;
        console_ms.push(begun.elapsed().as_millis());
        window.close().await;
    }
    json!({ "console_ms": median(console_ms), "empty_window_ms": median(empty_ms) })
}

fn median(mut figures: Vec<u128>) -> u128 {
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
