//! 800 fields on either side and reports of 100,000 rows: what is drawn stays small.

use isthmus_tests::page::keys;
use isthmus_tests::showcase::Showcase;
use serde_json::Value;

/// Most rows in the page at once.
const ROWS: u64 = 100;

/// Most links in the page at once.
const LINKS: u64 = 400;

#[tokio::test]
async fn a_map_of_800_fields_on_either_side_draws_few_rows_and_links() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    showcase.show("large", "#/syncs/Customers/map").await;
    showcase.page.wait_for_element("[data-test=field-row]").await;

    let rows = showcase.page.most_while_scrolling("[data-test=field-row]").await;
    let links = showcase.page.most_while_scrolling(".map-link").await;

    assert!((1..=ROWS).contains(&rows), "{rows} rows");
    assert!((1..=LINKS).contains(&links), "{links} links");
    showcase.page.close().await;
}

#[tokio::test]
async fn a_report_of_100_000_rows_draws_few_of_them_and_reaches_the_last() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    showcase.show("large", "#/runs/1842").await;
    showcase.page.press("[data-test=outcome-all]").await;
    showcase
        .page
        .wait_for("Number(document.querySelector('[role=grid]')?.ariaRowCount) > 99_999")
        .await;
    showcase.page.wait_for_element("[role=grid] [role=row][aria-rowindex='2']").await;

    let rows = showcase.page.most_while_scrolling("[role=row]").await;
    assert!((1..=ROWS).contains(&rows), "{rows} rows");

    let total =
        showcase.page.run("return document.querySelector('[role=grid]').ariaRowCount").await;
    let total: u64 =
        total.as_str().and_then(|text| text.parse().ok()).expect("the grid counts its rows");
    assert!(total >= 100_000, "{total} rows in all");
    showcase.page.run("document.querySelector('[role=grid]').focus(); document.querySelector('[role=grid] [tabindex=\"0\"]')?.focus()").await;
    showcase.page.chord(&[keys::CONTROL], keys::END).await;
    showcase
        .page
        .wait_for(&format!(
            "document.querySelector('[role=row][aria-rowindex=\"{total}\"]') !== null"
        ))
        .await;
    assert_ne!(
        showcase.page.run("return document.activeElement.tagName").await,
        Value::from("BODY")
    );
    showcase.page.close().await;
}

#[tokio::test]
async fn a_plan_of_100_000_rows_draws_few_of_them() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    showcase.show("large", "#/syncs/Customers/preview").await;
    showcase.page.press("[data-test=plan]").await;
    showcase.page.wait_for_element("[role=treegrid] [role=row][aria-rowindex='2']").await;

    let rows = showcase.page.most_while_scrolling("[role=row]").await;

    assert!((1..=ROWS).contains(&rows), "{rows} rows");
    showcase.page.close().await;
}
