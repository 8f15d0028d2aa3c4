//! The one window: its page and no other, no second window, and a close that asks while a job is at work.

use tauri::webview::NewWindowResponse;
use tauri::{
    AppHandle, Manager, RunEvent, Runtime, Url, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tauri_plugin_window_state::StateFlags;

use crate::engine::{CLOSE_LIMIT, Engine};

/// The window's label, as `tauri.conf.json` and the capability name it.
pub(crate) const LABEL: &str = "main";

/// What of the window is kept from start to start. Not whether it is seen: a window that went while its job finished
/// comes back.
pub(crate) const KEPT: StateFlags = StateFlags::SIZE
    .union(StateFlags::POSITION)
    .union(StateFlags::MAXIMIZED)
    .union(StateFlags::FULLSCREEN);

/// Opens the window as `tauri.conf.json` describes it.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let described = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let described = described.ok_or(tauri::Error::WindowNotFound)?;
    WebviewWindowBuilder::from_config(app, described)?
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .devtools(cfg!(debug_assertions))
        .build()
}

/// Shows the window that is there, whatever became of it, and keeps it.
pub(crate) fn show_again<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Some(engine) = app.try_state::<Engine>() {
        engine.stay();
    }
    for shown in [window.show(), window.unminimize(), window.set_focus()] {
        if let Err(error) = shown {
            tracing::warn!(%error, "window not shown");
        }
    }
}

/// Turns the wish to close into a question to the engine, and lets the process end only with the ledger closed.
pub(crate) fn attend<R: Runtime>(app: &AppHandle<R>, event: RunEvent) {
    let Some(engine) = app.try_state::<Engine>() else { return };
    match event {
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. }
            if engine.wish_to_close() =>
        {
            api.prevent_close();
        }
        RunEvent::Exit => engine.end(CLOSE_LIMIT),
        _ => {}
    }
}

/// The console's own pages: `tauri://localhost`, and `http://tauri.localhost` where the web view knows no such scheme.
fn is_own_page(url: &Url) -> bool {
    let scheme = if cfg!(windows) { "http" } else { "tauri" };
    let host = if cfg!(windows) { "tauri.localhost" } else { "localhost" };
    url.scheme() == scheme && url.host_str() == Some(host) && url.port().is_none()
}

#[cfg(test)]
mod tests {
    use super::is_own_page;

    #[test]
    fn the_window_goes_to_its_own_pages_alone() {
        let own = if cfg!(windows) { "http://tauri.localhost/" } else { "tauri://localhost/" };
        for path in ["", "index.html", "?page=runs", "#runs"] {
            assert!(is_own_page(&format!("{own}{path}").parse().unwrap()), "{path}");
        }
        for url in [
            "https://example.com/",
            "https://tauri.localhost/",
            "http://localhost/",
            "tauri://example.com/",
            "tauri://localhost:8080/",
            "http://tauri.localhost.example.com/",
            "file:///etc/passwd",
            "about:blank",
            "data:text/html,hello",
            "javascript:alert(1)",
        ] {
            assert!(!is_own_page(&url.parse().unwrap()), "{url}");
        }
    }
}
