//! What every page shares: the palette, the keyboard map, closing while a job is at work, an engine that is gone.

use isthmus_tests::axe;
use isthmus_tests::page::keys;
use isthmus_tests::showcase::Showcase;
use serde_json::Value;

#[tokio::test]
async fn the_palette_leads_anywhere_and_gives_the_focus_back() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    showcase.show("full", "#/").await;
    let page = &showcase.page;
    page.chord(&[keys::CONTROL], "k").await;
    page.wait_for("document.activeElement?.id === 'palette-search'").await;
    assert_eq!(axe::grave_findings(page).await, Vec::<String>::new());

    page.keys(&["recor", keys::ENTER]).await;
    page.wait_for("location.hash === '#/records'").await;

    page.chord(&[keys::CONTROL], "k").await;
    page.wait_for("document.activeElement?.id === 'palette-search'").await;
    page.keys(&[keys::ESCAPE]).await;
    page.wait_for("document.querySelector('dialog[open]') === null").await;
    showcase.page.close().await;
}

#[tokio::test]
async fn two_keys_lead_to_a_page_but_never_while_one_types() {
    let showcase = Showcase::open().await;
    showcase.show("full", "#/").await;
    let page = &showcase.page;
    page.keys(&["g", "r"]).await;
    page.wait_for("location.hash === '#/orgs'").await;

    page.run("location.hash = '#/records'").await;
    page.fill("[data-test=records-text] input", "go").await;
    assert_eq!(page.run("return location.hash").await, Value::from("#/records"));
    showcase.page.close().await;
}

#[tokio::test]
async fn closing_while_a_run_is_at_work_asks_what_becomes_of_it() {
    let showcase = Showcase::open().await;
    showcase.show("full", "&job=run&event=close#/").await;
    let page = &showcase.page;
    page.wait_for_element("[data-test=close-dialog]").await;
    for choice in ["close-finish", "close-stop", "close-stay"] {
        assert_eq!(page.count(&format!("[data-test={choice}]")).await, 1, "{choice}");
    }
    assert_eq!(axe::grave_findings(page).await, Vec::<String>::new());

    page.press("[data-test=close-stay]").await;
    page.wait_for("document.querySelector('dialog[open]') === null").await;
    showcase.page.close().await;
}

#[tokio::test]
async fn an_engine_that_is_gone_leaves_a_page_with_code_and_remedy() {
    let showcase = Showcase::open().await;
    showcase.show("full", "&event=gone#/orgs").await;
    let page = &showcase.page;
    page.wait_for_element("[data-test=engine-gone]").await;
    page.wait_for_text("engine_gone").await;
    page.wait_for_text("Copy details").await;
    assert_eq!(axe::grave_findings(page).await, Vec::<String>::new());
    showcase.page.close().await;
}
