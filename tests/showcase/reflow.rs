//! Small windows and large letters: nothing is cut off that a person needs.

use isthmus_tests::showcase::Showcase;
use serde_json::json;

use crate::places::PLACES;

/// What a window of 1440 pixels has left at 300%.
const AT_300_PERCENT: (u64, u64) = (480, 300);

/// Buttons and links that lie outside of what can be scrolled to.
const UNREACHABLE: &str = "return [...document.querySelectorAll('main button, main a, header button, header a')]\
    .filter((one) => one.checkVisibility())\
    .filter((one) => { one.scrollIntoView({ block: 'nearest', inline: 'nearest' });\
        const box = one.getBoundingClientRect();\
        return box.right < 4 || box.left > innerWidth - 4 || box.bottom < 4 || box.top > innerHeight - 4 })\
    .map((one) => one.innerText || one.getAttribute('aria-label') || one.outerHTML.slice(0, 80))";

#[tokio::test]
async fn at_300_percent_every_control_can_be_reached() {
    let showcase = Showcase::open().await;
    showcase.page.resize(AT_300_PERCENT.0, AT_300_PERCENT.1).await;
    let mut unreachable = Vec::new();
    for (name, place) in PLACES {
        showcase.show("full", place).await;
        showcase.settle().await;
        let found = showcase.page.run(UNREACHABLE).await;
        if found != json!([]) {
            unreachable.push(format!("{name}: {found}"));
        }
    }
    assert!(unreachable.is_empty(), "{}", unreachable.join("\n"));
    showcase.page.close().await;
}

#[tokio::test]
async fn nothing_moves_for_those_who_ask_for_that() {
    let showcase = Showcase::open_without_motion().await;
    for (name, place) in PLACES {
        showcase.show("loading", place).await;
        let moving = showcase
            .page
            .run("return document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 1).length")
            .await;
        assert_eq!(moving, json!(0), "{name} moves");
    }
    let asked = "return matchMedia('(prefers-reduced-motion: reduce)').matches";
    assert_eq!(showcase.page.run(asked).await, json!(true));
    showcase.page.close().await;
}
