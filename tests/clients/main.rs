//! The simulated org against clients that others wrote for the real service: what they do must work unchanged.
//!
//! Each script drives one served org and asserts what it is told; afterwards the org itself is asked. A failure here is
//! a strong hint that the org is wrong. `tests/clients/prepare` installs the clients outside the checkout.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use orgsim::org::Org;
use orgsim::router::lock;
use orgsim::rows::text;
use orgsim::serve::{ServeOptions, Served, start};

/// More than one page of 2,000, so that clients must follow the locator.
const ACCOUNTS: u64 = 2_500;

#[test]
fn jsforce_does_its_whole_rest_work() {
    let served = run("rest.cjs", |installed| {
        let mut node = Command::new(installed.join("node"));
        node.env("NODE_PATH", installed.join("node_modules"));
        node
    });
    let org = lock(&served.orgs[0]);
    assert_eq!(names_with_key(&org, "JS-"), ["Many A", "Many B", "Upserted again"]);
    assert_eq!(org.oauth.refresh_token_count(), 0, "the script revokes its grant");
}

#[test]
fn simple_salesforce_does_its_whole_rest_work() {
    let served = run("rest.py", |installed| Command::new(installed.join("python/bin/python")));
    let org = lock(&served.orgs[0]);
    assert_eq!(names_with_key(&org, "PY-"), ["Collected", "Upserted again"]);
}

/// Serves an org, runs one script against it and fails with what the script told.
fn run(script: &str, interpreter: impl Fn(&Path) -> Command) -> Served {
    let installed = installed();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = ServeOptions::new(&["sales"]).records("Account", ACCOUNTS).seed(7);
    let served = runtime.block_on(start(&options)).expect("a served org");
    let org = serde_json::to_string(&served.announcements[0]).expect("JSON");
    let output: Output = interpreter(&installed)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(script))
        .env("ORG", org)
        // A proxy of the machine must not stand between client and loopback.
        .env("NO_PROXY", "*")
        .output()
        .expect("the interpreter starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {told}{}", String::from_utf8_lossy(&output.stdout));
    served
}

/// The folder that `prepare` filled.
fn installed() -> PathBuf {
    let folder = |variable: &str| {
        std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
    };
    let cache = folder("ISTHMUS_CACHE")
        .or_else(|| folder("XDG_CACHE_HOME").map(|cache| cache.join("isthmus")))
        .or_else(|| folder("HOME").map(|home| home.join(".cache/isthmus")))
        .expect("a home folder");
    let installed = cache.join("clients");
    assert!(
        installed.join("prepared").is_file(),
        "the third-party clients are not installed: run tests/clients/prepare, or cargo xtask prepare"
    );
    installed
}

/// Names of the live accounts whose ERP key starts so, sorted.
fn names_with_key(org: &Org, prefix: &str) -> Vec<String> {
    let rows = org.tables["Account"].live_rows();
    let own = rows.filter(|row| text(row, "ERP_Key__c").is_some_and(|key| key.starts_with(prefix)));
    let mut names: Vec<String> =
        own.filter_map(|row| text(row, "Name").map(str::to_owned)).collect();
    names.sort();
    names
}
