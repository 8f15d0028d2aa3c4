//! The opened window of the application under test.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::display::Display;
use crate::driver::{Driver, Session};

/// How long the page may take to draw: under a second, several on a busy machine.
const DRAW_LIMIT: Duration = Duration::from_secs(30);

const ASK_EVERY: Duration = Duration::from_millis(100);

/// A window. `close` it at the end of a test; what is left goes with its owner.
pub(crate) struct Window {
    session: Session,
    driver: Driver,
    _display: Display,
    _home: TempDir,
}

impl Window {
    /// Opens the console that the workspace's build made, with a home of its own.
    pub(crate) async fn open() -> Self {
        let display = Display::find_or_start();
        let home = tempfile::tempdir().expect("a folder for the window's data");
        let driver = Driver::start(&environment(&display, &home)).await;
        let session = driver.open(&application()).await;
        let window = Self { session, driver, _display: display, _home: home };
        window.wait_for("document.querySelector('h1') !== null").await;
        window
    }

    /// Runs the body of an async function in the page and returns what it returns.
    pub(crate) async fn run(&self, body: &str) -> Value {
        self.driver.run(&self.session, body).await
    }

    /// The text of the first element that the selector finds.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let found =
            self.run(&format!("return document.querySelector({selector:?})?.textContent")).await;
        found.as_str().unwrap_or_else(|| panic!("{selector} is not in the page")).trim().to_owned()
    }

    /// Waits until an expression holds in the page.
    pub(crate) async fn wait_for(&self, expression: &str) {
        for _ in 0..DRAW_LIMIT.as_millis() / ASK_EVERY.as_millis() {
            if self.run(&format!("return {expression}")).await == Value::Bool(true) {
                return;
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        let page = self.run("return document.documentElement.outerHTML").await;
        panic!("the page does not come to `{expression}`; it is {page}");
    }

    /// Closes the window, and fails the test if the page noted a fault meanwhile.
    pub(crate) async fn close(self) {
        let fault = self.run("return document.documentElement.dataset.fault ?? null").await;
        self.driver.close(&self.session).await;
        assert_eq!(fault, Value::Null, "the page noted a fault");
    }
}

/// The web view draws in software here, and keeps its data in a folder that goes with the test.
fn environment(display: &Display, home: &TempDir) -> Vec<(&'static str, PathBuf)> {
    let folder = |name: &str| {
        let path = home.path().join(name);
        std::fs::create_dir(&path).expect("a folder in the window's home");
        path
    };
    vec![
        ("DISPLAY", PathBuf::from(&display.name)),
        ("GDK_BACKEND", "x11".into()),
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".into()),
        ("WEBKIT_DISABLE_COMPOSITING_MODE", "1".into()),
        ("HOME", home.path().to_path_buf()),
        ("XDG_DATA_HOME", folder("data")),
        ("XDG_CACHE_HOME", folder("cache")),
        ("XDG_CONFIG_HOME", folder("config")),
    ]
}

/// The binary beside the test binaries' folder, where cargo puts both.
fn application() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test.ancestors().nth(2).expect("tests lie in target/<profile>/deps");
    let application = folder.join("isthmus-desktop");
    assert!(
        application.is_file(),
        "{} is missing; run `cargo xtask ui` and `cargo build --package isthmus-desktop`",
        application.display()
    );
    application
}
