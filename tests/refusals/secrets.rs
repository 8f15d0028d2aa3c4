//! Tokens, keys and record values are found in no file, log, output, argument or environment of a whole job.

use std::fs::File;
use std::io::Write;

use isthmus_tests::isthmus::{Desk, Done, callback_ports};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::running::Running;
use orgsim::faults::{Fault, Kind};
use orgsim::rows::text;
use serde_json::json;

use crate::canaries::Canaries;
use crate::state::Login;

/// What a process that panicked ends with.
const PANICKED: i32 = 101;

const NAME: &str = "CANARY-ZEPHYR-HOLDING";
const LONG_CITY: &str = "CANARY-CITY-THAT-IS-LONGER-THAN-FORTY-CHARACTERS";
const BAD_EMAIL: &str = "CANARY.MAIL.WITHOUT.AT";
const LAST_NAME: &str = "CANARYSURNAME";
const CLIENT_SECRET: &str = "CANARY-CLIENT-SECRET-4711";

/// Records whose values would show: one arrives, one is held, one is refused by the org with its value quoted.
fn plant(orgs: &Orgs, canaries: &mut Canaries) {
    let accounts = orgs.rows("sales", "Account");
    let id = |row: &orgsim::rows::Row| text(row, "Id").expect("rows have ids").to_owned();
    orgs.edit("sales", "Account", &id(&accounts[0]), "Name", NAME);
    orgs.edit("sales", "Account", &id(&accounts[1]), "BillingCity", LONG_CITY);
    let contact = id(&orgs.rows("sales", "Contact")[0]);
    orgs.edit("sales", "Contact", &contact, "Email", BAD_EMAIL);
    orgs.edit("sales", "Contact", &contact, "LastName", LAST_NAME);
    for word in [NAME, LONG_CITY, BAD_EMAIL, LAST_NAME] {
        canaries.add_value(word);
    }
    canaries.add_secret(CLIENT_SECRET);
}

/// A desk whose commands log everything.
struct Job<'a> {
    orgs: &'a Orgs,
    desk: Desk,
    canaries: Canaries,
    printed: Vec<(String, Done)>,
}

impl Job<'_> {
    fn command(&mut self, arguments: &[&str]) {
        let mut all = arguments.to_vec();
        all.extend(["--log-level", "debug"]);
        let done = self.desk.run(&all);
        self.printed.push((arguments.join(" "), done));
    }

    /// A command whose purpose is to show rows: their values may stand in its output, a secret may not.
    fn shows_rows(&mut self, arguments: &[&str]) {
        self.command(arguments);
        if let Some((_, done)) = self.printed.last_mut() {
            assert!(done.code.is_some(), "{done:?}");
            self.canaries.assert_no_secret_in(done.stdout.as_bytes(), &arguments.join(" "));
            done.stdout.clear();
        }
    }

    fn connect(&mut self, name: &str, mode: &str) {
        let org = self.orgs.announcement(name);
        let mut command = self.desk.command(&[
            "org",
            "connect",
            name,
            "--login-url",
            &org.login_url,
            "--client-id",
            &org.client_id,
            "--client-secret-stdin",
            "--log-level",
            "debug",
            "--json",
        ]);
        let mut secret = tempfile::tempfile().expect("a file outside of the desk");
        secret.write_all(CLIENT_SECRET.as_bytes()).expect("it is writable");
        std::io::Seek::rewind(&mut secret).expect("it is a file");
        command
            .args(callback_ports(org))
            .env("TEST_BROWSER_USERNAME", &org.username)
            .env("TEST_BROWSER_PASSWORD", &org.password)
            .env("TEST_BROWSER_MODE", mode)
            .stdin(secret);
        let done = Running::start(command).finish();
        self.canaries.add_tokens(self.orgs);
        self.printed.push((format!("org connect {name} ({mode})"), done));
    }

    /// Looks everywhere.
    fn search(&self) {
        for (command, done) in &self.printed {
            self.canaries.assert_none_printed(done, command);
        }
        let files = self
            .canaries
            .assert_none_in_files(&self.desk, &["sync.yaml", "report.csv", "report.json"]);
        let export = std::fs::read(self.desk.home().join("report.csv")).expect("it was asked for");
        self.canaries.assert_no_secret_in(&export, "report.csv");
        let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        let log = names.iter().find(|name| name.contains("/logs/") && name.ends_with(".jsonl"));
        let log = log.unwrap_or_else(|| panic!("no log among {names:?}"));
        let log = std::fs::read_to_string(log).expect("it is text");
        assert!(log.contains("DEBUG"), "the job logged everything");
        let ledger = self.desk.home().join("isthmus/default/ledger.db");
        let ledger = std::fs::read(ledger).expect("the ledger is there");
        assert!(
            ledger.len() > 4096 && !ledger.starts_with(b"SQLite format 3"),
            "the ledger is encrypted"
        );
    }
}

#[test]
fn a_whole_job_with_its_failures_leaves_no_secret_and_no_value_anywhere() {
    let orgs = Orgs::pair(40, 40);
    for name in ["sales", "service"] {
        let client_id = orgs.announcement(name).client_id.clone();
        orgs.control(
            name,
            "apps",
            &json!({ "client_id": client_id, "client_secret": CLIENT_SECRET }),
        );
    }
    let desk = Desk::new();
    let mut canaries = Canaries::default();
    let created = desk.run(&["workspace", "create", "--json", "--log-level", "debug"]).passed();
    canaries.add_recovery_key(created.json()["recovery_key"].as_str().expect("it is shown once"));
    plant(&orgs, &mut canaries);
    let mut job = Job { orgs: &orgs, desk, canaries, printed: Vec::new() };

    for mode in ["deny", "wrong_state", "twice"] {
        job.connect("sales", mode);
    }
    job.connect("service", "allow");
    let file = job.desk.file("sync.yaml", mapping::FAMILY).display().to_string();
    job.command(&["sync", "import", &file, "--json"]);
    job.shows_rows(&["plan", "family", "--json"]);

    orgs.fault(
        "service",
        Fault::new(Kind::RevokeToken).path_contains("composite/sobjects").after(1),
    );
    orgs.fault(
        "service",
        Fault::new(Kind::ReplyLost).method("PATCH").path_contains("composite/sobjects/Account"),
    );
    orgs.hold("service", "composite/sobjects");
    let running = job.desk.start(&["run", "family", "--yes", "--json", "--log-level", "debug"]);
    orgs.wait_until_held("service");
    job.canaries.add_tokens(&orgs);
    job.canaries.assert_none_in_process(running.id());
    orgs.release("service");
    let run = running.finish();
    assert!(run.json()["created"].as_u64().is_some_and(|created| created > 0), "{run:?}");
    job.printed.push(("run family".to_owned(), run));
    job.canaries.add_tokens(&orgs);

    job.shows_rows(&["report", "1", "--json"]);
    let csv = job.desk.home().join("report.csv").display().to_string();
    job.shows_rows(&["report", "1", "--csv", &csv]);
    for arguments in [
        &["runs", "--json"][..],
        &["retry", "1", "--yes", "--json"],
        &["health", "--json"],
        &["org", "list", "--json"],
        &["org", "test", "service", "--json"],
        &["audit", "verify", "--json"],
        &["query", "sales", "SELECT Nonsense FROM Account", "--json"],
    ] {
        job.command(arguments);
    }
    assert!(job.canaries.secrets() > 10);
    job.search();
    let arrived = orgs.rows("service", "Account");
    assert!(
        arrived.iter().any(|row| text(row, "Name") == Some(NAME)),
        "the canary went through the job"
    );

    job.command(&["org", "disconnect", "service", "--yes", "--json"]);
    job.search();
}

#[test]
fn a_token_from_standard_input_is_in_no_argument_and_no_environment() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let org = orgs.announcement("sales");
    let mut canaries = Canaries::default();
    canaries.add_secret(&org.access_token);
    let folder = tempfile::tempdir().expect("a folder outside of the desk");
    let token = folder.path().join("token");
    std::fs::write(&token, &org.access_token).expect("it is writable");
    orgs.hold("sales", "userinfo");
    let mut command = desk.command(&[
        "org",
        "connect",
        "sales",
        "--access-token-stdin",
        "--instance-url",
        &org.instance_url,
        "--log-level",
        "debug",
        "--json",
    ]);
    command.stdin(File::open(&token).expect("it was written"));
    let running = Running::start(command);
    orgs.wait_until_held("sales");
    canaries.assert_none_in_process(running.id());
    orgs.release("sales");
    let done = running.finish().passed();
    canaries.assert_none_printed(&done, "org connect");
    let _ = canaries.assert_none_in_files(&desk, &[]);
}

#[test]
fn the_state_of_a_login_is_kept_in_no_file() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let login = Login::begin(&desk, &orgs, &[]);
    let mut canaries = Canaries::default();
    canaries.add_secret(&login.state);
    login.deny();
    let _ = canaries.assert_none_in_files(&desk, &[]);
}

#[test]
fn a_panic_leaves_its_place_in_the_log_and_its_message_nowhere() {
    let mut desk = Desk::with_workspace();
    let mut canaries = Canaries::default();
    canaries.add_value(NAME);
    desk.variables.push(("ISTHMUS_PANIC".to_owned(), format!("could not read {NAME}")));
    let done = desk.run(&["runs", "--json"]);
    assert_eq!(done.code, Some(PANICKED), "{done:?}");
    assert!(done.stderr.contains("internal fault at"), "{done:?}");
    canaries.assert_none_printed(&done, "runs");
    let files = canaries.assert_none_in_files(&desk, &[]);
    let logged = files.iter().filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    let logs: String = logged.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    assert!(logs.contains("panicked") && logs.contains("commands.rs"), "{logs}");
    desk.variables.clear();
    let _ = desk.run(&["runs", "--json"]).passed();
}
