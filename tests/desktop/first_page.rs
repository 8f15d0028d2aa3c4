//! What a newcomer sees first.

use serde_json::json;

use crate::window::Window;

#[tokio::test]
async fn the_window_opens_on_the_first_page() {
    let window = Window::open().await;

    assert_eq!(window.text("h1").await, "Overview");
    assert_eq!(window.text("h2").await, "Welcome to Isthmus");
    assert_eq!(window.run("return document.title").await, "Isthmus");
    window.close().await;
}

#[tokio::test]
async fn the_window_tells_the_version_that_the_shell_answers() {
    let window = Window::open().await;
    let version = concat!("Isthmus ", env!("CARGO_PKG_VERSION"));

    window
        .wait_for(&format!(
            "document.querySelector('#version')?.textContent.trim() === {version:?}"
        ))
        .await;
    window.close().await;
}

#[tokio::test]
async fn the_page_follows_the_chosen_appearance() {
    let window = Window::open().await;
    let background = "return getComputedStyle(document.body).backgroundColor";

    window.run("document.documentElement.dataset.theme = 'light'").await;
    let light = window.run(background).await;
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    let dark = window.run(background).await;

    assert_eq!((light, dark), (json!("rgb(245, 246, 248)"), json!("rgb(13, 15, 19)")));
    window.close().await;
}
