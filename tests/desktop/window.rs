//! The real window on a person's machine: own home, own secret service, own browser on the search path.

use std::ops::Deref;
use std::path::PathBuf;

use isthmus_tests::binary;
use isthmus_tests::display::Display;
use isthmus_tests::isthmus::Desk;
use isthmus_tests::keychain;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::page::Page;
use isthmus_tests::showcase;
use isthmus_tests::webdriver::{Opens, WebDriver};

/// A window. `close` it at the end of a test; what is left goes with its owner.
pub(crate) struct Window {
    page: Page,
    _display: Display,
}

impl Window {
    /// Opens the console that the workspace's build made, on this machine.
    pub(crate) async fn open(desk: &Desk) -> Self {
        let display = Display::find_or_start();
        let application = binary::path("isthmus-desktop");
        let driver = WebDriver::start(&Opens::Application(&application), |command| {
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
        })
        .await;
        let window = Self { page: Page::new(driver), _display: display };
        window.wait_for_element("h1").await;
        window
    }

    /// Closes the window, and fails the test if the page noted a fault meanwhile.
    pub(crate) async fn close(self) {
        self.page.close().await;
    }
}

impl Deref for Window {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

/// Tells the machine's browser who logs in at each of the orgs, and how: `allow`, `deny`, ...
pub(crate) fn let_in(desk: &Desk, orgs: &Orgs, names: &[&str], mode: &str) {
    let lines = names.iter().map(|name| {
        let org = orgs.announcement(name);
        format!("{}\t{}\t{}\t{mode}\n", org.login_url, org.username, org.password)
    });
    std::fs::write(people_file(desk), lines.collect::<String>()).expect("the home is writable");
}

fn people_file(desk: &Desk) -> PathBuf {
    desk.home().join("people")
}
