//! The wizard that connects an org: a refusal says why, marks the setting at fault, and keeps what was typed.

use isthmus_tests::axe;
use isthmus_tests::page::Page;
use isthmus_tests::showcase::Showcase;
use serde_json::Value;

/// Walks to the sign-in with a consumer key that the fake answers in its own way.
async fn sign_in(page: &Page, key: &str) {
    page.fill("[data-test=connect-name] input", "acme").await;
    page.press("[data-test=connect-next]").await;
    page.fill("[data-test=connect-key] input", key).await;
    page.press("[data-test=connect-next]").await;
    page.press("[data-test=connect-next]").await;
}

#[tokio::test]
async fn each_refusal_is_diagnosed_and_what_was_typed_stays() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    let refusals = [
        ("wrong", "client_id_unknown"),
        ("callback", "callback_not_registered"),
        ("secret", "client_secret_wrong"),
        ("blocked", "app_not_approved"),
        ("denied", "consent_denied"),
    ];
    for (key, code) in refusals {
        showcase.show("full", "#/connect").await;
        let page = &showcase.page;
        sign_in(page, key).await;
        page.wait_long_for(&format!(
            "document.querySelector('[data-test=diagnosis]')?.dataset.code === {code:?}"
        ))
        .await;
        let kept = page.run("return document.body.innerHTML.includes('acme')").await;
        assert_eq!(kept, Value::Bool(true), "{code}: the name is gone");
        assert_eq!(axe::grave_findings(page).await, Vec::<String>::new(), "{code}");
    }
    showcase.page.close().await;
}

#[tokio::test]
async fn a_sign_in_tells_its_steps_and_ends_with_what_may_be_seen() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    showcase.show("full", "#/connect").await;
    sign_in(&showcase.page, "3MVG9good").await;
    showcase.page.wait_for_element("[data-test=connect-steps] li").await;
    showcase
        .page
        .wait_long_for("document.querySelector('[data-test=connect-done]') !== null")
        .await;
    showcase.page.close().await;
}

#[tokio::test]
async fn connecting_again_asks_for_nothing_that_is_known() {
    let showcase = Showcase::open().await;
    showcase.page.resize(1440, 900).await;
    showcase.show("full", "#/connect/Northwind%20Sales").await;
    let page = &showcase.page;
    page.press("[data-test=connect-next]").await;
    page.wait_for("document.querySelector('[data-test=connect-key] input')?.value !== ''").await;
    showcase.page.close().await;
}
