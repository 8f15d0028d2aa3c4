//! tauri-driver as a child process, and the few WebDriver calls that the tests make.
//!
//! The calls are those of the W3C recommendation "WebDriver", sections 8 (sessions) and 13 (scripts).

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// How long the driver may take to listen: it starts in milliseconds, a busy machine may need seconds.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// A running driver.
pub(crate) struct Driver {
    process: Child,
    address: String,
    http: reqwest::Client,
}

/// An opened window of the application.
pub(crate) struct Session {
    id: String,
}

impl Driver {
    /// Starts the driver with `environment`, which the application inherits.
    pub(crate) async fn start(environment: &[(&str, PathBuf)]) -> Self {
        let (port, native_port) = (free_port(), free_port());
        let process = Command::new(program())
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, because the driver has a child that must end with it.
            .process_group(0)
            .spawn()
            .expect("tauri-driver starts; `cargo xtask prepare` installs it");
        let driver = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
            http: reqwest::Client::new(),
        };
        driver.wait_until_it_listens().await;
        driver
    }

    /// Opens the application.
    pub(crate) async fn open(&self, application: &Path) -> Session {
        let wanted = json!({ "capabilities": { "alwaysMatch": { "tauri:options": { "application": application } } } });
        let opened = self.post("/session", &wanted).await;
        Session { id: opened["sessionId"].as_str().expect("a new session has an id").to_owned() }
    }

    /// Runs the body of an async function in the page and returns what it returns.
    pub(crate) async fn run(&self, session: &Session, body: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             (async () => {{ {body} }})().then(done, (fault) => done({{ fault: String(fault) }}));"
        );
        let path = format!("/session/{}/execute/async", session.id);
        self.post(&path, &json!({ "script": script, "args": [] })).await
    }

    /// Closes the window.
    pub(crate) async fn close(&self, session: &Session) {
        let address = format!("{}/session/{}", self.address, session.id);
        self.http.delete(address).send().await.expect("the driver closes the window");
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let reply = self.http.post(format!("{}{path}", self.address)).json(body).send().await;
        let answer: Value =
            reply.expect("the driver answers").json().await.expect("the driver answers in JSON");
        let value = &answer["value"];
        assert!(value.get("error").is_none(), "the driver refused {path}: {value}");
        value.clone()
    }

    async fn wait_until_it_listens(&self) {
        let status = format!("{}/status", self.address);
        let attempts = START_LIMIT.as_millis() / ASK_EVERY.as_millis();
        for _ in 0..attempts {
            if self.http.get(&status).send().await.is_ok_and(|reply| reply.status().is_success()) {
                return;
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        panic!("tauri-driver does not answer at {status}");
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let _already_gone = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _already_gone = self.process.wait();
    }
}

/// The driver on the search path, else where `cargo xtask prepare` installs it.
fn program() -> PathBuf {
    let name = "tauri-driver";
    let path = std::env::var_os("PATH").unwrap_or_default();
    let cache = std::env::var_os("ISTHMUS_CACHE")
        .map(PathBuf::from)
        .or_else(|| {
            std::env::var_os("XDG_CACHE_HOME").map(|folder| PathBuf::from(folder).join("isthmus"))
        })
        .or_else(|| {
            std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/isthmus"))
        });
    std::env::split_paths(&path)
        .chain(cache.map(|cache| cache.join("tools/bin")))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .expect("tauri-driver is installed; `cargo xtask prepare` does it")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a listener has an address").port()
}
