//! One page under a WebDriver, driven as a person would: pressed, typed into, dragged, looked at.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::webdriver::WebDriver;

/// How long the page may take to come to a state: under a second, several on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// How long a run in the window may take: seconds, a minute on a busy machine.
const LONG_LIMIT: Duration = Duration::from_secs(120);

const ASK_EVERY: Duration = Duration::from_millis(100);

/// How often a page is looked at until it stands still, at most.
const LOOKS: u32 = 20;

const LOOK_AGAIN: Duration = Duration::from_millis(150);

/// Keys by their code points in WebDriver (section 17.4.2 "Keyboard actions", table of normalised keys).
pub mod keys {
    /// Enter.
    pub const ENTER: &str = "\u{e007}";
    /// Tab.
    pub const TAB: &str = "\u{e004}";
    /// Escape.
    pub const ESCAPE: &str = "\u{e00c}";
    /// Space.
    pub const SPACE: &str = " ";
    /// Shift, held.
    pub const SHIFT: &str = "\u{e008}";
    /// Control, held.
    pub const CONTROL: &str = "\u{e009}";
    /// Arrow left.
    pub const LEFT: &str = "\u{e012}";
    /// Arrow up.
    pub const UP: &str = "\u{e013}";
    /// Arrow right.
    pub const RIGHT: &str = "\u{e014}";
    /// Arrow down.
    pub const DOWN: &str = "\u{e015}";
    /// Page down.
    pub const PAGE_DOWN: &str = "\u{e00f}";
    /// Home.
    pub const HOME: &str = "\u{e011}";
    /// End.
    pub const END: &str = "\u{e010}";
    /// Delete.
    pub const DELETE: &str = "\u{e017}";
}

/// The page.
pub struct Page {
    driver: WebDriver,
}

/// The middle of an element on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    x: i64,
    y: i64,
}

impl Page {
    /// The page that the driver has open.
    #[must_use]
    pub fn new(driver: WebDriver) -> Self {
        Self { driver }
    }

    /// Opens an address.
    pub async fn go(&self, address: &str) {
        self.driver.post("/url", &json!({ "url": address })).await;
    }

    /// Runs the body of an async function in the page and returns what it returns.
    pub async fn run(&self, body: &str) -> Value {
        self.run_with(body, &Value::Null).await
    }

    /// The same, with a value that the body knows as `given`.
    pub async fn run_with(&self, body: &str, given: &Value) -> Value {
        self.driver.run(body, given).await
    }

    /// The text of the first element that the selector finds.
    ///
    /// # Panics
    /// When there is none.
    pub async fn text(&self, selector: &str) -> String {
        let body = "return document.querySelector(given)?.textContent";
        let found = self.run_with(body, &json!(selector)).await;
        found.as_str().unwrap_or_else(|| panic!("{selector} is not in the page")).trim().to_owned()
    }

    /// How many elements the selector finds.
    pub async fn count(&self, selector: &str) -> u64 {
        let body = "return document.querySelectorAll(given).length";
        self.run_with(body, &json!(selector)).await.as_u64().unwrap_or_default()
    }

    /// Waits until an expression holds in the page.
    pub async fn wait_for(&self, expression: &str) {
        self.wait(expression, LIMIT).await;
    }

    /// Waits longer: a login, a plan, a run.
    pub async fn wait_long_for(&self, expression: &str) {
        self.wait(expression, LONG_LIMIT).await;
    }

    /// Waits until the selector finds something.
    pub async fn wait_for_element(&self, selector: &str) {
        self.wait_for(&format!("document.querySelector({selector:?}) !== null")).await;
    }

    /// Waits until the page shows a text.
    pub async fn wait_for_text(&self, text: &str) {
        self.wait_long_for(&format!("document.body.innerText.includes({text:?})")).await;
    }

    /// Waits up to a time of the caller's own.
    pub async fn wait_within(&self, expression: &str, limit: Duration) {
        self.wait(expression, limit).await;
    }

    async fn wait(&self, expression: &str, limit: Duration) {
        for _ in 0..limit.as_millis() / ASK_EVERY.as_millis() {
            if self.run(&format!("return Boolean({expression})")).await == Value::Bool(true) {
                return;
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        let page = self.run("return document.body.innerText").await;
        panic!("the page does not come to `{expression}`; it shows {page}");
    }

    /// Waits until two looks a moment apart find the same page: answers have come, and nothing moves.
    pub async fn settle(&self) {
        let mut before = Value::Null;
        for _ in 0..LOOKS {
            tokio::time::sleep(LOOK_AGAIN).await;
            let now = self.run("return document.body.innerHTML.length").await;
            if now == before {
                return;
            }
            before = now;
        }
    }

    /// Presses an element with the pointer, once it can be seen and pressed: a dialog is in the page a frame before it shows.
    pub async fn press(&self, selector: &str) {
        self.wait_for(&format!(
            "document.querySelector({selector:?})?.getClientRects().length && !document.querySelector({selector:?}).disabled"
        ))
        .await;
        let spot = self.spot(selector).await;
        self.pointer(&json!([
            { "type": "pointerMove", "duration": 0, "x": spot.x, "y": spot.y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ]))
        .await;
    }

    /// Presses the button or link that shows this text.
    pub async fn press_words(&self, words: &str) {
        let find = format!(
            "[...document.querySelectorAll('button, a, [role=tab], [role=menuitem], [role=option]')]\
             .find((one) => one.checkVisibility() && !one.disabled && \
             (one.innerText.trim() === {words:?} || one.getAttribute('aria-label') === {words:?}))"
        );
        self.wait_for(&find).await;
        self.run(&format!("({find}).dataset.pressNow = ''")).await;
        self.press("[data-press-now]").await;
        self.run("document.querySelector('[data-press-now]')?.removeAttribute('data-press-now')")
            .await;
    }

    /// Drags from one element to another, in small steps as a hand does.
    pub async fn drag(&self, from: &str, to: &str) {
        let (start, end) = (self.spot(from).await, self.spot(to).await);
        let halfway = Spot { x: i64::midpoint(start.x, end.x), y: i64::midpoint(start.y, end.y) };
        self.pointer(&json!([
            { "type": "pointerMove", "duration": 0, "x": start.x, "y": start.y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerMove", "duration": 50, "x": start.x + 6, "y": start.y },
            { "type": "pointerMove", "duration": 150, "x": halfway.x, "y": halfway.y },
            { "type": "pointerMove", "duration": 150, "x": end.x, "y": end.y },
            { "type": "pause", "duration": 100 },
            { "type": "pointerUp", "button": 0 },
        ]))
        .await;
    }

    /// Begins a drag as [`Page::drag`] does, presses a key over the target, and lets go there.
    pub async fn drag_and_press(&self, from: &str, to: &str, key: &str) {
        let (start, end) = (self.spot(from).await, self.spot(to).await);
        self.pointer(&json!([
            { "type": "pointerMove", "duration": 0, "x": start.x, "y": start.y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerMove", "duration": 50, "x": start.x + 6, "y": start.y },
            { "type": "pointerMove", "duration": 150, "x": end.x, "y": end.y },
            { "type": "pause", "duration": 100 },
        ]))
        .await;
        self.keys(&[key]).await;
        self.pointer(&json!([{ "type": "pointerUp", "button": 0 }])).await;
    }

    /// Puts a text in place of what a field holds, key by key.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.press(selector).await;
        self.run_with("document.querySelector(given).select?.()", &json!(selector)).await;
        self.keys(&[text]).await;
    }

    /// Presses keys one after the other where the focus is; each text is typed letter by letter.
    pub async fn keys(&self, texts: &[&str]) {
        let presses: Vec<Value> = texts
            .iter()
            .flat_map(|text| text.chars())
            .flat_map(|key| {
                let key = key.to_string();
                [
                    json!({ "type": "keyDown", "value": key }),
                    json!({ "type": "keyUp", "value": key }),
                ]
            })
            .collect();
        self.keyboard(&presses).await;
    }

    /// Presses a key while others are held.
    pub async fn chord(&self, held: &[&str], key: &str) {
        let down = held.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let press =
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let up = held.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let presses: Vec<Value> = down.chain(press).chain(up).collect();
        self.keyboard(&presses).await;
    }

    /// Scrolls every scrollable part of the page to the end and back in steps, and tells the most elements that the
    /// selector found on the way.
    ///
    /// # Panics
    /// When the page counts nothing.
    pub async fn most_while_scrolling(&self, selector: &str) -> u64 {
        let body = "let most = 0;\
            const moving = [...document.querySelectorAll('*')].filter((one) => one.scrollHeight > one.clientHeight + 200 &&\
                getComputedStyle(one).overflowY !== 'visible');\
            const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next, 30)));\
            for (const part of [0, 0.01, 0.2, 0.5, 0.77, 1, 0.3, 0]) {\
                for (const one of moving) one.scrollTop = part * one.scrollHeight;\
                await frame(); await frame();\
                most = Math.max(most, document.querySelectorAll(given).length);\
            }\
            return most;";
        self.run_with(body, &json!(selector)).await.as_u64().expect("a count")
    }

    /// Makes the page this large, whatever the window around it takes.
    pub async fn resize(&self, width: u64, height: u64) {
        let mut outer = (width, height);
        for _ in 0..2 {
            self.driver.post("/window/rect", &json!({ "width": outer.0, "height": outer.1 })).await;
            tokio::time::sleep(ASK_EVERY).await;
            let inner = self.run("return [innerWidth, innerHeight]").await;
            let measured = |index: usize| inner[index].as_u64().unwrap_or_default();
            outer = (
                outer.0 + width - measured(0).min(width),
                outer.1 + height - measured(1).min(height),
            );
        }
    }

    /// Chooses an appearance: `light` or `dark`.
    pub async fn appear(&self, theme: &str) {
        self.run_with("document.documentElement.dataset.theme = given", &json!(theme)).await;
    }

    /// Saves a picture of the page.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub async fn save_picture(&self, path: &Path) {
        std::fs::write(path, self.driver.picture().await).expect("a picture is written");
    }

    /// The first fault that the page noted about itself.
    pub async fn fault(&self) -> Option<String> {
        let fault = self.run("return document.documentElement.dataset.fault ?? null").await;
        fault.as_str().map(str::to_owned)
    }

    /// Closes the page, and fails the test if it noted a fault meanwhile.
    ///
    /// # Panics
    /// When it did.
    pub async fn close(self) {
        let fault = self.fault().await;
        self.driver.close().await;
        assert_eq!(fault, None, "the page noted a fault");
    }

    /// The middle of an element, scrolled to where it can be seen.
    async fn spot(&self, selector: &str) -> Spot {
        let body = "const element = document.querySelector(given); if (!element) return null;\
                    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });\
                    const box = element.getBoundingClientRect();\
                    return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]";
        let found = self.run_with(body, &json!(selector)).await;
        let part = |index: usize| found[index].as_i64();
        let (Some(x), Some(y)) = (part(0), part(1)) else {
            panic!("{selector} is not in the page")
        };
        Spot { x, y }
    }

    async fn pointer(&self, actions: &Value) {
        let pointer = json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions,
        });
        self.driver.post("/actions", &json!({ "actions": [pointer] })).await;
    }

    async fn keyboard(&self, presses: &[Value]) {
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": presses });
        self.driver.post("/actions", &json!({ "actions": [keyboard] })).await;
    }
}
