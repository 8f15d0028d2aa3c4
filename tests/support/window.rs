//! The real window on a person's machine: own home, own secret service, own browser on the search path.

use std::ops::Deref;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::binary;
use crate::display::Display;
use crate::isthmus::Desk;
use crate::keychain;
use crate::orgs::Orgs;
use crate::page::Page;
use crate::showcase;
#[cfg(target_os = "linux")]
use crate::title_bar;
use crate::webdriver::{Opens, WebDriver};
use serde_json::{Value, json};

/// What the title bar says, as `tauri.conf.json` has it.
#[cfg(target_os = "linux")]
const TITLE: &str = "Isthmus";

/// A window. `close` it at the end of a test; what is left goes with its owner.
pub struct Window {
    page: Page,
    display: Display,
}

impl Window {
    /// Opens the console that the workspace's build made, on this machine.
    ///
    /// # Panics
    /// When it is not built, or shows no page in time.
    pub async fn open(desk: &Desk) -> Self {
        let window = Self::open_program(desk, &console(desk)).await;
        window.wait_for_element("h1").await;
        window
    }

    /// Opens any Tauri application on this machine.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open_program(desk: &Desk, application: &Path) -> Self {
        let display = Display::find_or_start();
        let driver = WebDriver::start(&Opens::Application(application), |command| {
            environment(command, desk, &display);
        })
        .await;
        Self { page: Page::new(driver), display }
    }

    /// Presses the close button of the window's title bar.
    ///
    /// # Panics
    /// When the window cannot be seen.
    #[cfg(target_os = "linux")]
    pub fn press_title_bar_close(&self) {
        assert!(title_bar::press_close(&self.display.name, TITLE), "no window named {TITLE}");
    }

    /// Whether the window can be seen.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn is_shown(&self) -> bool {
        title_bar::is_shown(&self.display.name, TITLE)
    }

    /// Starts the console once more beside this window, as a person would who forgot that it is open.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self, desk: &Desk) -> Child {
        let mut command = Command::new(binary::path("isthmus-desktop"));
        environment(&mut command, desk, &self.display);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the console starts")
    }

    /// Asks a command of the shell as the page does; a refusal comes back under `problem`.
    pub async fn ask(&self, command: &str, request: Value) -> Value {
        let body = "try { return { answer: await window.__TAURI_INTERNALS__.invoke(given.command, given) } }\
                    catch (problem) { return { problem } }";
        let given = json!({ "command": command, "request": request });
        self.run_with(body, &given).await
    }

    /// Closes the window, and fails the test if the page noted a fault meanwhile.
    ///
    /// # Panics
    /// When it did.
    pub async fn close(self) {
        self.page.close().await;
    }
}

impl Deref for Window {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

/// The console, started through what the desk's commands are started through: the driver takes one program without arguments.
fn console(desk: &Desk) -> PathBuf {
    let console = binary::path("isthmus-desktop");
    if desk.through.is_empty() {
        return console;
    }
    let script = desk.home().join("programs/isthmus-desktop");
    let words: Vec<String> = desk.through.iter().map(|word| format!("'{word}'")).collect();
    let lines = format!("#!/bin/sh\nexec {} '{}' \"$@\"\n", words.join(" "), console.display());
    std::fs::write(&script, lines).expect("the home is writable");
    let may_run = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&script, may_run).expect("the script is ours");
    script
}

/// What every start of the console on this machine finds.
fn environment(command: &mut Command, desk: &Desk, display: &Display) {
    keychain::environment(command, desk.home(), &desk.keychain.address);
    showcase::environment(command, &display.name, desk.home());
    let path = std::env::var("PATH").unwrap_or_default();
    command
        .env("PATH", format!("{}:{path}", desk.home().join("programs").display()))
        .env("ISTHMUS_HOME", desk.home().join("isthmus"))
        // Without a graphics card the window stays blank otherwise, on some machines.
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env("TEST_BROWSER_PEOPLE", people_file(desk))
        .envs(desk.variables.iter().map(|(name, value)| (name, value)));
}

/// Tells the machine's browser who logs in at each of the orgs, and how: `allow`, `deny`, ...
///
/// # Panics
/// When the desk's home cannot be written.
pub fn let_in(desk: &Desk, orgs: &Orgs, names: &[&str], mode: &str) {
    let lines = names.iter().map(|name| {
        let org = orgs.announcement(name);
        format!("{}\t{}\t{}\t{mode}\n", org.login_url, org.username, org.password)
    });
    std::fs::write(people_file(desk), lines.collect::<String>()).expect("the home is writable");
}

fn people_file(desk: &Desk) -> PathBuf {
    desk.home().join("people")
}

/// Runs a story to its end. Orgs are served from a runtime of their own, which must not begin or end inside another.
///
/// # Panics
/// When there is no runtime to be had.
pub fn tell<Told>(story: impl Future<Output = Told>) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime for the story").block_on(story)
}
