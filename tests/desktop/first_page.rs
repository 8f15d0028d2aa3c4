//! What a newcomer sees first.

use isthmus_tests::isthmus::Desk;
use serde_json::json;

use isthmus_tests::window::Window;

#[tokio::test]
async fn the_window_opens_on_the_first_page_and_tells_its_version() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let version = concat!("Isthmus ", env!("CARGO_PKG_VERSION"));

    window.wait_for_text("Keep your Salesforce orgs in agreement").await;
    window.wait_for_text(version).await;
    assert_eq!(window.run("return document.title").await, "Welcome · Isthmus");
    window.close().await;
}

#[tokio::test]
async fn the_page_follows_the_chosen_appearance() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let background = "return getComputedStyle(document.body).backgroundColor";

    window.appear("light").await;
    let light = window.run(background).await;
    window.appear("dark").await;
    let dark = window.run(background).await;

    assert_eq!((light, dark), (json!("rgb(245, 246, 248)"), json!("rgb(13, 15, 19)")));
    window.close().await;
}
