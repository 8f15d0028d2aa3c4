//! axe-core finds nothing serious on any page in any state, light and dark.

use isthmus_tests::axe;
use isthmus_tests::showcase::Showcase;

use crate::places::{GROWING, PLACES};

async fn check(scenario: &str, places: &[(&str, &str)]) {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    let mut findings = Vec::new();
    for (name, place) in places {
        showcase.show(scenario, place).await;
        showcase.settle().await;
        for appearance in ["light", "dark"] {
            showcase.page.appear(appearance).await;
            for finding in axe::grave_findings(&showcase.page).await {
                findings.push(format!("{name}, {scenario}, {appearance}: {finding}"));
            }
        }
        if let Some(fault) = showcase.page.fault().await {
            findings.push(format!("{name}, {scenario}: the page noted a fault: {fault}"));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    showcase.page.close().await;
}

#[tokio::test]
async fn full_pages_are_accessible() {
    check("full", &PLACES).await;
}

#[tokio::test]
async fn empty_pages_are_accessible() {
    check("empty", &PLACES).await;
}

#[tokio::test]
async fn loading_pages_are_accessible() {
    check("loading", &PLACES).await;
}

#[tokio::test]
async fn failing_pages_are_accessible() {
    check("failing", &PLACES).await;
}

#[tokio::test]
async fn large_pages_are_accessible() {
    check("large", &GROWING).await;
}

#[tokio::test]
async fn pages_with_hostile_data_are_accessible() {
    check("hostile", &PLACES).await;
}

#[tokio::test]
async fn the_first_page_and_every_component_are_accessible() {
    check("new", &[("welcome", "#/")]).await;
    check("full", &[("gallery", "#/gallery")]).await;
}
