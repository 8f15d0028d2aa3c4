//! The console over fixed answers, in the bare web view: every page in every state without an engine.

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tempfile::TempDir;

use crate::display::Display;
use crate::page::Page;
use crate::webdriver::{Opens, WebDriver};

/// The showcase, open in a web view.
pub struct Showcase {
    /// The page.
    pub page: Page,
    address: String,
    _display: Display,
    _home: TempDir,
    _server: tokio::task::JoinHandle<()>,
}

impl Showcase {
    /// Opens the showcase on its first page.
    ///
    /// # Panics
    /// When it is not built, or the machine lacks a web view.
    pub async fn open() -> Self {
        Self::open_at(tempfile::tempdir().expect("a folder for the web view's data")).await
    }

    /// Opens it for a person whose desktop is set to move nothing.
    ///
    /// # Panics
    /// As [`Showcase::open`].
    pub async fn open_without_motion() -> Self {
        let home = tempfile::tempdir().expect("a folder for the web view's data");
        let settings = home.path().join("config/gtk-3.0");
        std::fs::create_dir_all(&settings).expect("the folder is fresh");
        let still = "[Settings]\ngtk-enable-animations=0\n";
        std::fs::write(settings.join("settings.ini"), still).expect("the folder is fresh");
        Self::open_at(home).await
    }

    async fn open_at(home: TempDir) -> Self {
        let display = Display::find_or_start();
        let (address, server) = serve(dist()).await;
        let driver = WebDriver::start(&Opens::Browser, |command| {
            environment(command, &display.name, home.path());
        })
        .await;
        let page = Page::new(driver);
        Self { page, address, _display: display, _home: home, _server: server }
    }

    /// Shows a place in a scenario, loaded anew.
    pub async fn show(&self, scenario: &str, place: &str) {
        // Only another address is loaded anew; another place of the same one is not.
        self.page.go("about:blank").await;
        self.page.go(&format!("{}/?scenario={scenario}{place}", self.address)).await;
        self.page.wait_for_element("h1").await;
    }

    /// Waits until answers have come and nothing moves.
    pub async fn settle(&self) {
        self.page.settle().await;
    }
}

/// A web view on a display of its own, with its data in a folder that goes with the test.
///
/// The switches that turn its accelerated drawing off are not set: with them WebKitGTK 2.50 never answers for a picture
/// of a page that does not scroll.
pub fn environment(command: &mut Command, display: &str, home: &Path) {
    command
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_CONFIG_HOME", home.join("config"));
}

fn dist() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist-showcase");
    assert!(folder.join("index.html").is_file(), "run `cargo xtask ui`: the showcase is not built");
    folder
}

async fn serve(folder: PathBuf) -> (String, tokio::task::JoinHandle<()>) {
    let listener =
        tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    let router = Router::new().fallback(file).with_state(folder);
    let server = tokio::spawn(async move {
        axum::serve(listener, router).await.expect("the showcase is served");
    });
    (format!("http://{address}"), server)
}

async fn file(State(folder): State<PathBuf>, request: Request) -> Response {
    let name = request.uri().path().trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let inside = !name.split('/').any(|part| part == "..");
    match std::fs::read(folder.join(name)) {
        // The policy of the real window, so that the showcase cannot draw what the console may not.
        Ok(bytes) if inside => {
            let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                          img-src 'self'; font-src 'self'; connect-src 'self'";
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)], bytes)
                .into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
