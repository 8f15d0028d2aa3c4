//! Drawing links: by pointer, by keyboard, from suggestions; taken back and forth; the same in every view.

use isthmus_tests::page::keys;
use isthmus_tests::showcase::Showcase;
use serde_json::{Value, json};

const MAP: &str = "#/syncs/Customers/map";

async fn open() -> Showcase {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    showcase.show("full", MAP).await;
    showcase.page.wait_for_element("[data-test=field-row]").await;
    showcase.page.wait_for_element("[data-test=suggestion]").await;
    showcase
}

fn row(side: &str, field: &str) -> String {
    format!("[data-test=field-row][data-side={side}][data-field={field}]")
}

/// How many changes the draft has, as the header tells.
async fn changes(showcase: &Showcase) -> String {
    let body = "return document.querySelector('[data-test=draft-changes]')?.innerText.trim() ?? ''";
    showcase.page.run(body).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_link_is_dragged_from_port_to_port_and_taken_back() {
    let showcase = open().await;
    let page = &showcase.page;
    let (from, to) = (row("left", "Customer_Tier__c"), row("right", "Service_Tier__c"));
    assert_eq!(changes(&showcase).await, "");

    page.drag(&format!("{from} .port"), &format!("{to} .port")).await;
    page.wait_for("document.querySelector('[data-test=draft-changes]')").await;
    assert!(changes(&showcase).await.contains('1'), "{}", changes(&showcase).await);

    page.chord(&[keys::CONTROL], "z").await;
    page.wait_for("!document.querySelector('[data-test=draft-changes]')").await;
    page.chord(&[keys::CONTROL, keys::SHIFT], "z").await;
    page.wait_for("document.querySelector('[data-test=draft-changes]')").await;
    showcase.page.close().await;
}

#[tokio::test]
async fn escape_lets_go_of_a_link_that_is_being_dragged() {
    let showcase = open().await;
    let page = &showcase.page;
    let (from, to) = (row("left", "Customer_Tier__c"), row("right", "Service_Tier__c"));

    page.drag_and_press(&format!("{from} .port"), &format!("{to} .port"), keys::ESCAPE).await;

    page.wait_for("document.querySelector('[data-drag=source]') === null").await;
    assert_eq!(changes(&showcase).await, "", "nothing is linked");
    showcase.page.close().await;
}

#[tokio::test]
async fn selecting_fields_links_nothing() {
    let showcase = open().await;
    let page = &showcase.page;
    page.press(&row("left", "Customer_Tier__c")).await;
    page.press(&row("right", "Service_Tier__c")).await;
    assert_eq!(changes(&showcase).await, "", "selecting never links");
    showcase.page.close().await;
}

#[tokio::test]
async fn a_link_is_drawn_by_keyboard_and_each_step_is_said() {
    let showcase = open().await;
    let page = &showcase.page;
    page.run("document.querySelector('#map-left').focus()").await;
    page.keys(&[keys::HOME, keys::SPACE]).await;
    page.wait_for("document.querySelector('[data-drag=source]') !== null").await;
    let said = page.run("return document.querySelector('#said').textContent").await;
    assert!(said.as_str().is_some_and(|said| !said.trim().is_empty()), "picking up is said");

    page.keys(&[keys::DOWN, keys::SPACE]).await;
    page.wait_for("document.querySelector('[data-test=draft-changes]')").await;
    showcase.page.close().await;
}

#[tokio::test]
async fn suggestions_are_accepted_above_a_score_in_one_step() {
    let showcase = open().await;
    let page = &showcase.page;
    let before = page.count("[data-test=suggestion]").await;
    assert!(before > 0);

    page.press("[data-test=accept-many]").await;
    page.wait_for("document.querySelector('[data-test=draft-changes]')").await;
    page.press("[data-test=undo]").await;

    page.wait_for("!document.querySelector('[data-test=draft-changes]')").await;
    showcase.page.close().await;
}

#[tokio::test]
async fn graph_grid_and_text_show_one_mapping() {
    let showcase = open().await;
    let page = &showcase.page;
    page.drag(
        &format!("{} .port", row("left", "Customer_Tier__c")),
        &format!("{} .port", row("right", "Service_Tier__c")),
    )
    .await;
    page.wait_for("document.querySelector('[data-test=draft-changes]')").await;

    let view = "[...document.querySelectorAll('[data-test=map-view] input')][given].click()";
    page.run_with(view, &json!(1)).await;
    page.wait_for(
        "document.querySelector('[data-test=grid]')?.innerText.includes('Service_Tier__c')",
    )
    .await;
    page.run_with(view, &json!(2)).await;
    page.wait_for("document.querySelector('#yaml')?.value.includes('Service_Tier__c')").await;
    assert_ne!(
        page.run("return document.querySelector('#yaml').value.length").await,
        Value::from(0)
    );
    showcase.page.close().await;
}
