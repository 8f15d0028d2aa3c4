//! Somebody before the window: the steps that stories share, with the pointer or by keyboard alone.

use isthmus_tests::orgs::Orgs;
use isthmus_tests::page::keys;
use serde_json::{Value, json};

use isthmus_tests::window::Window;

/// Most presses of Tab until a control must have been reached.
const MOST_TABS: u32 = 120;

/// What the person uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hand {
    /// The pointer, and keys for typing.
    Pointer,
    /// Keys alone.
    Keyboard,
}

/// Somebody before a window.
pub(crate) struct Person<'a> {
    window: &'a Window,
    hand: Hand,
}

impl<'a> Person<'a> {
    pub(crate) fn before(window: &'a Window, hand: Hand) -> Self {
        Self { window, hand }
    }

    /// Uses a button or link.
    pub(crate) async fn use_control(&self, selector: &str) {
        self.window
            .wait_for(&format!(
                "document.querySelector({selector:?}) && !document.querySelector({selector:?}).matches(':disabled, [aria-disabled=true]')"
            ))
            .await;
        match self.hand {
            Hand::Pointer => self.window.press(selector).await,
            Hand::Keyboard => {
                self.reach(selector).await;
                self.window.keys(&[keys::ENTER]).await;
            }
        }
    }

    /// Types a text into a field, in place of what it held.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        self.window.wait_for_element(selector).await;
        match self.hand {
            Hand::Pointer => self.window.fill(selector, text).await,
            Hand::Keyboard => {
                self.reach(selector).await;
                self.window.chord(&[keys::CONTROL], "a").await;
                self.window.keys(&[text]).await;
            }
        }
    }

    /// Chooses the radio of a group by its value.
    pub(crate) async fn choose(&self, group: &str, value: &str) {
        let radio = format!("{group} input[value={value}]");
        self.window.wait_for_element(&radio).await;
        match self.hand {
            // The card around the radio is what a person presses.
            Hand::Pointer => {
                self.window.press(&format!("{group} label:has(input[value={value}])")).await
            }
            Hand::Keyboard => {
                self.reach(&format!("{group} input")).await;
                for _ in 0..self.window.count(&format!("{group} input")).await {
                    if self.holds(&format!("document.querySelector({radio:?}).checked")).await {
                        return;
                    }
                    self.window.keys(&[keys::DOWN]).await;
                }
            }
        }
        self.window.wait_for(&format!("document.querySelector({radio:?}).checked")).await;
    }

    /// Creates the workspace; its recovery key goes where the page offers.
    pub(crate) async fn create_workspace(&self) {
        self.use_control("[data-test=create-workspace]").await;
        self.window.wait_for_element("[data-test=workspace-created]").await;
        self.use_control("[data-test=welcome-continue]").await;
    }

    /// Connects a served org through the wizard and the system browser.
    pub(crate) async fn connect(&self, orgs: &Orgs, name: &str) {
        self.describe_login(orgs, name, None).await;
        self.use_control("[data-test=connect-next]").await;
        self.window.wait_for_element("[data-test=connect-done]").await;
    }

    /// Fills in the wizard up to the sign-in.
    pub(crate) async fn describe_login(&self, orgs: &Orgs, name: &str, client_id: Option<&str>) {
        let org = orgs.announcement(name);
        if self.holds("document.querySelector('[data-test=connect-another]')").await {
            self.use_control("[data-test=connect-another]").await;
        } else {
            self.go("#/connect").await;
        }
        self.type_into("[data-test=connect-name] input", name).await;
        self.choose("[data-test=connect-host]", "custom").await;
        self.type_into("[data-test=connect-url] input", &org.login_url).await;
        self.use_control("[data-test=connect-next]").await;
        self.type_into("[data-test=connect-key] input", client_id.unwrap_or(&org.client_id)).await;
        self.use_control("[data-test=connect-next]").await;
    }

    /// Makes a sync of everything that is proposed between the first two orgs.
    pub(crate) async fn make_sync(&self, name: &str) {
        self.go("#/new-sync").await;
        self.type_into("[data-test=sync-name] input", name).await;
        self.use_control("[data-test=go-on]").await;
        self.window.wait_for_element("[data-test=proposals] input").await;
        self.use_control("[data-test=go-on]").await;
        self.choose("[data-test=first-contact]", "left").await;
        self.use_control("[data-test=go-on]").await;
        self.window.wait_for_element("[data-test=map-graph]").await;
    }

    /// Plans a sync and runs the plan; answers the word of the end.
    pub(crate) async fn preview_and_run(&self, sync: &str) -> String {
        self.plan(sync).await;
        self.run_plan().await
    }

    /// Runs the plan that is shown; answers the word of the end.
    pub(crate) async fn run_plan(&self) -> String {
        self.use_control("[data-test=run-plan]").await;
        self.use_control("[data-test=confirm-run]").await;
        self.end().await
    }

    /// Plans once more where planning was refused.
    pub(crate) async fn plan_again(&self) {
        self.window.press_words("Plan again").await;
        self.window.wait_long_for("document.querySelector('[data-test=plan-view]') !== null").await;
    }

    /// Plans a sync.
    pub(crate) async fn plan(&self, sync: &str) {
        self.go(&format!("#/syncs/{sync}/preview")).await;
        self.use_control("[data-test=plan], [data-test=plan-again]").await;
        self.window.wait_long_for("document.querySelector('[data-test=plan-view]') !== null").await;
    }

    /// Waits for the end of a run and answers its word.
    pub(crate) async fn end(&self) -> String {
        self.window
            .wait_long_for("document.querySelector('[data-test=run-end] .badge') !== null")
            .await;
        self.window.text("[data-test=run-end] .badge").await
    }

    /// Goes to a place; its own links are tried by the stories that are about them.
    pub(crate) async fn go(&self, place: &str) {
        self.window.run_with("location.hash = given", &json!(place)).await;
    }

    /// Presses Tab until the focus is on a control.
    async fn reach(&self, selector: &str) {
        let found = format!("document.activeElement.matches({selector:?})");
        for _ in 0..MOST_TABS {
            if self.holds(&found).await {
                return;
            }
            self.window.keys(&[keys::TAB]).await;
        }
        let focus = self.window.run("return document.activeElement.outerHTML.slice(0, 200)").await;
        panic!("Tab does not reach {selector}; the focus is on {focus}");
    }

    async fn holds(&self, expression: &str) -> bool {
        self.window.run(&format!("return Boolean({expression})")).await == Value::Bool(true)
    }
}
