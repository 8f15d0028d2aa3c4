//! Names, labels and texts of orgs are text, whatever they hold.

use isthmus_tests::showcase::Showcase;
use serde_json::{Value, json};

use crate::places::PLACES;

#[tokio::test]
async fn markup_in_names_and_texts_is_shown_as_text() {
    let showcase = Showcase::open().await;
    for (name, place) in PLACES {
        showcase.show("hostile", place).await;
        showcase.settle().await;

        // The console draws no pictures and no frames of its own, so any of these came out of data.
        let foreign = showcase
            .page
            .run("return document.querySelectorAll('img, iframe, object, embed, body script').length")
            .await;
        assert_eq!(foreign, json!(0), "{name} made elements out of data");
        let ran = showcase.page.run("return window.ran ?? null").await;
        assert_eq!(ran, Value::Null, "{name} ran what data told it to");
    }
    showcase.page.close().await;
}

#[tokio::test]
async fn endless_names_widen_no_page() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    for (name, place) in PLACES {
        showcase.show("hostile", place).await;
        showcase.settle().await;
        let body = "return document.documentElement.scrollWidth - innerWidth";
        assert_eq!(showcase.page.run(body).await, json!(0), "{name} is wider than its window");
    }
    showcase.page.close().await;
}
