//! A WebDriver as a child process, and one session with it: the calls of the W3C recommendation "WebDriver" that the
//! tests make (sections 8 sessions, 11 windows, 12 elements, 13 scripts, 15 actions, 17 screenshots).

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

/// How long a driver may take to listen: it starts in milliseconds, a busy machine may need seconds.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// How long a page may take to load, and a script to run in it.
const PAGE_LIMIT: Duration = Duration::from_secs(45);

/// How long the driver may take to answer one call: longer than it waits for the page itself, shorter than the test may run, so
/// that a call that is never answered is named.
const CALL_LIMIT: Duration = Duration::from_secs(60);

/// How much of a call's body is told when it is not answered.
const TOLD_CHARS: usize = 300;

/// What the driver opens.
pub enum Opens<'a> {
    /// A Tauri application, through tauri-driver.
    Application(&'a Path),
    /// The bare web view of the same engine, through its own driver.
    Browser,
}

/// A driver with its one open session; both end with this value.
pub struct WebDriver {
    process: Child,
    address: String,
    session: String,
    http: reqwest::Client,
}

impl WebDriver {
    /// Starts the driver in the environment that `prepare` gives its command, and opens what is asked for.
    ///
    /// # Panics
    /// When the driver is not installed or does not come up.
    pub async fn start(opens: &Opens<'_>, prepare: impl FnOnce(&mut Command)) -> Self {
        let port = free_port();
        let mut command = match opens {
            Opens::Application(_) => tauri_driver(port),
            Opens::Browser => webkit_driver(port),
        };
        prepare(&mut command);
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, because the driver has children that must end with it.
            .process_group(0)
            .spawn()
            .expect("the driver starts; `cargo xtask prepare` installs it");
        let mut driver = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
            session: String::new(),
            http: patient_client(),
        };
        driver.wait_until_it_listens().await;
        let wanted = json!({ "capabilities": { "alwaysMatch": opens.capabilities() } });
        let opened = driver.call(Method::POST, "/session", Some(&wanted)).await;
        let id = opened["sessionId"].as_str().expect("a new session has an id");
        driver.session = format!("/session/{id}");
        driver
    }

    /// One call about the session.
    ///
    /// # Panics
    /// When the driver refuses it.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.call(Method::POST, &format!("{}{path}", self.session), Some(body)).await
    }

    /// Runs the body of an async function in the page and returns what it returns.
    pub async fn run(&self, body: &str, arguments: &Value) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             (async (given) => {{ {body} }})(arguments[0]).then(done, (fault) => done({{ fault: String(fault) }}));"
        );
        self.post("/execute/async", &json!({ "script": script, "args": [arguments] })).await
    }

    /// A picture of the page as PNG.
    ///
    /// # Panics
    /// When the driver gives none.
    pub async fn picture(&self) -> Vec<u8> {
        let path = format!("{}/screenshot", self.session);
        let picture = self.call(Method::GET, &path, None).await;
        let text = picture.as_str().expect("a picture is text in base64");
        BASE64_STANDARD.decode(text).expect("a picture is base64")
    }

    /// Closes the session.
    pub async fn close(&self) {
        self.call(Method::DELETE, &self.session, None).await;
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if let Some(body) = body {
            request = request.json(body);
        }
        let told = || body.map(told).unwrap_or_default();
        let reply = request.send().await;
        let reply =
            reply.unwrap_or_else(|fault| panic!("no answer to {path} {}: {fault:?}", told()));
        let answer = reply.json().await;
        let answer: Value =
            answer.unwrap_or_else(|fault| panic!("no JSON for {path} {}: {fault:?}", told()));
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
        panic!("no WebDriver answers at {status}");
    }
}

impl Opens<'_> {
    fn capabilities(&self) -> Value {
        match self {
            Self::Application(application) => {
                json!({ "tauri:options": { "application": application }, "timeouts": timeouts() })
            }
            Self::Browser => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": mini_browser(), "args": ["--automation"] },
                "timeouts": timeouts(),
            }),
        }
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let _already_gone = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _already_gone = self.process.wait();
    }
}

/// The driver's own limits (WebDriver, section 9).
fn timeouts() -> Value {
    let limit = u64::try_from(PAGE_LIMIT.as_millis()).expect("under a minute");
    json!({ "script": limit, "pageLoad": limit, "implicit": 0 })
}

fn patient_client() -> reqwest::Client {
    reqwest::Client::builder().timeout(CALL_LIMIT).build().expect("a client with a time limit")
}

/// The beginning of a call's body: enough to tell which script it was.
fn told(body: &Value) -> String {
    body.to_string().chars().take(TOLD_CHARS).collect()
}

fn tauri_driver(port: u16) -> Command {
    let mut command = Command::new(installed_tool("tauri-driver"));
    command.args(["--port", &port.to_string(), "--native-port", &free_port().to_string()]);
    command
}

fn webkit_driver(port: u16) -> Command {
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}"));
    command
}

/// The web view's own small browser; Debian's WebKitGTK library brings it.
fn mini_browser() -> PathBuf {
    const FOLDERS: [&str; 3] = [
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1",
        "/usr/libexec/webkit2gtk-4.1",
    ];
    let paths = FOLDERS.iter().map(|folder| Path::new(folder).join("MiniBrowser"));
    paths.into_iter().find(|path| path.is_file()).expect("WebKitGTK brings its MiniBrowser")
}

/// The tool on the search path, else where `cargo xtask prepare` installs it.
fn installed_tool(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(crate::cache::folder().map(|cache| cache.join("tools/bin")))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .expect("the tool is installed; `cargo xtask prepare` does it")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a listener has an address").port()
}
