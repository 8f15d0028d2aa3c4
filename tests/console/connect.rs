//! Connecting an org: told step by step, and given up without a trace.

use std::cell::RefCell;
use std::rc::Rc;

use isthmus_app::org::{Secrets, connect, last_login, list};
use isthmus_contract::org::LoginStep;
use isthmus_contract::request::{Browser, ConnectRequest, LoginHost};
use isthmus_tests::binary;
use isthmus_tests::orgs::Orgs;
use orgsim::oauth::DEFAULT_REDIRECT_URIS;

use crate::rig::{Console, on_one_thread};

fn request(console: &Console) -> ConnectRequest {
    let announced = console.orgs.announcement("sales");
    let port = |url: &String| url::Url::parse(url).ok().and_then(|url| url.port());
    let own = |url: &&String| !DEFAULT_REDIRECT_URIS.contains(&url.as_str());
    ConnectRequest {
        name: "sales".to_owned(),
        host: LoginHost::Custom(announced.login_url.clone()),
        client_id: announced.client_id.clone(),
        browser: Browser::Show,
        callback_ports: announced.redirect_uris.iter().filter(own).filter_map(port).collect(),
    }
}

fn is_free(port: u16) -> bool {
    std::net::TcpListener::bind(("127.0.0.1", port)).is_ok()
}

#[test]
fn each_step_of_a_login_is_told_and_the_waiting_one_brings_the_address() {
    on_one_thread(Orgs::pair(1, 0), async |console| {
        let announced = console.orgs.announcement("sales").clone();
        let mut told: Vec<LoginStep> = Vec::new();
        let mut browsers = Vec::new();
        let on_step = |step: LoginStep| {
            if let Some(address) = &step.address {
                let mut browser = std::process::Command::new(binary::path("test-browser"));
                browser
                    .arg(address)
                    .env("TEST_BROWSER_USERNAME", &announced.username)
                    .env("TEST_BROWSER_PASSWORD", &announced.password);
                browsers.push(browser.spawn().expect("the test browser starts"));
            }
            told.push(step);
        };
        let view = connect(&console.workspace, &request(console), Secrets::default(), on_step)
            .await
            .expect("the login succeeds");
        for mut browser in browsers {
            let _ = browser.wait();
        }
        assert_eq!(view.name, "sales");
        let addresses: Vec<&LoginStep> =
            told.iter().filter(|step| step.address.is_some()).collect();
        assert_eq!(addresses.len(), 1, "{told:?}");
        let words: Vec<&str> = told.iter().map(|step| step.text.as_str()).collect();
        for (earlier, later) in [
            ("knows the app", "waiting for the browser"),
            ("waiting for the browser", "came back with a code"),
            ("came back with a code", "code was exchanged"),
            ("code was exchanged", "logged in as"),
            ("logged in as", "in the keychain"),
        ] {
            let at = |part: &str| words.iter().position(|text| text.contains(part));
            assert!(at(earlier).is_some() && at(earlier) < at(later), "{earlier}: {words:?}");
        }
        let kept = last_login(&console.workspace).expect("the trace is kept").expect("a login");
        let address = addresses[0].address.as_deref().unwrap_or_default();
        assert!(!kept.steps.iter().any(|step| step.contains(address)), "{kept:?}");
    });
}

#[test]
fn a_login_that_is_given_up_frees_the_port_and_keeps_nothing() {
    on_one_thread(Orgs::pair(1, 0), async |console| {
        let request = request(console);
        let waits = Rc::new(RefCell::new(false));
        let (workspace, seen) = (Rc::clone(&console.workspace), Rc::clone(&waits));
        let asked = request.clone();
        let login = tokio::task::spawn_local(async move {
            let on_step = |step: LoginStep| *seen.borrow_mut() |= step.address.is_some();
            connect(&workspace, &asked, Secrets::default(), on_step).await
        });
        while !*waits.borrow() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert!(!is_free(request.callback_ports[0]), "the callback is listened for");
        login.abort();
        assert!(login.await.is_err_and(|ended| ended.is_cancelled()));
        assert!(is_free(request.callback_ports[0]), "the port is still taken");
        assert_eq!(list(&console.workspace).expect("the list"), Vec::new());
    });
}
