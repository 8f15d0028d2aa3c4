//! The clients: what each is, the version that is locked, and how its checks are run.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::installed;
use crate::outcome::{self, Outcome};
use crate::served::Served;

/// One client of another author.
pub(crate) struct Client {
    /// Its own name.
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// What it is, and whose protocol code it has: clients of one family count as one witness.
    pub(crate) family: &'static str,
    /// How it reaches an org on loopback.
    pub(crate) reached: &'static str,
    /// Where its version is locked: a file of this folder and what must stand in it.
    pub(crate) pins: &'static [(&'static str, &'static str)],
    /// The orgs that its script is given.
    pub(crate) orgs: &'static [&'static str],
    interpreter: Interpreter,
}

/// What runs a client's checks.
enum Interpreter {
    /// Node, with the packages of this installed folder.
    Node { packages: &'static str, script: &'static str },
    /// Python, in the installed environment.
    Python { script: &'static str },
    /// The program of the clients in Rust, which takes the client's name.
    Rust,
}

pub(crate) const JSFORCE: &Client = &Client {
    name: "jsforce",
    version: "3.10.16",
    family: "JavaScript; jsforce",
    reached: "as it is, over plain http",
    pins: &[("package.json", "\"jsforce\": \"3.10.16\"")],
    orgs: &["sales"],
    interpreter: Interpreter::Node { packages: ".", script: "jsforce/main.cjs" },
};

pub(crate) const SIMPLE_SALESFORCE: &Client = &Client {
    name: "simple-salesforce",
    version: "1.12.10",
    family: "Python; its own",
    reached: "its `requests` session turns https and the real login hosts into the org's address",
    pins: &[("requirements.txt", "simple-salesforce==1.12.10\n")],
    orgs: &["sales"],
    interpreter: Interpreter::Python { script: "python/simple_salesforce_checks.py" },
};

pub(crate) const AIOSALESFORCE: &Client = &Client {
    name: "aiosalesforce",
    version: "0.6.2",
    family: "Python; its own",
    reached: "its `httpx` transport turns a My Domain address into the org's",
    pins: &[("requirements.txt", "aiosalesforce==0.6.2\n")],
    orgs: &["sales"],
    interpreter: Interpreter::Python { script: "python/aiosalesforce_checks.py" },
};

pub(crate) const SF: &Client = &Client {
    name: "sf",
    version: "2.146.3",
    family: "the Salesforce CLI; jsforce",
    reached: "as it is, over plain http",
    pins: &[("sf/package.json", "\"@salesforce/cli\": \"2.146.3\"")],
    orgs: &["sales"],
    interpreter: Interpreter::Node { packages: "sf", script: "sf/main.cjs" },
};

pub(crate) const SFDMU: &Client = &Client {
    name: "sfdmu",
    version: "3.7.19",
    family: "plug-in of the Salesforce CLI; an old jsforce of its own",
    reached: "as it is, over plain http; both orgs stand in its `export.json`",
    pins: &[("sf/package.json", "\"sfdmu\": \"3.7.19\"")],
    orgs: &["sales", "service"],
    interpreter: Interpreter::Node { packages: "sf", script: "sfdmu/main.cjs" },
};

pub(crate) const CIRRUS: &Client = &Client {
    name: "cirrus",
    version: "0.8.0, with cirrus-auth 0.5.0",
    family: "Rust; its own",
    reached: "as it is: it allows plain http to loopback",
    pins: &[
        ("rust/Cargo.toml", "cirrus = { version = \"=0.8.0\""),
        ("rust/Cargo.toml", "cirrus-auth = { version = \"=0.5.0\""),
    ],
    orgs: &["sales"],
    interpreter: Interpreter::Rust,
};

pub(crate) const SALESFORCE_CORE: &Client = &Client {
    name: "salesforce_core",
    version: "0.24.0",
    family: "Rust; its own, generated from its description of the API",
    reached: "as it is, over plain http",
    pins: &[("rust/Cargo.toml", "salesforce_core = { version = \"=0.24.0\"")],
    orgs: &["sales"],
    interpreter: Interpreter::Rust,
};

/// The columns of the page.
pub(crate) const CLIENTS: &[&Client] =
    &[JSFORCE, SF, SFDMU, SIMPLE_SALESFORCE, AIOSALESFORCE, CIRRUS, SALESFORCE_CORE];

impl Client {
    /// Runs the client's checks to their end.
    ///
    /// # Panics
    /// When the script itself breaks: what it told until then is no outcome.
    pub(crate) fn run(&self, served: &Served) -> Vec<Outcome> {
        let home = tempfile::tempdir().expect("a folder of its own");
        let output: Output = self
            .command()
            .env("ORGS", served.announced.to_string())
            .env("CLIENTS", installed::folder())
            // The client's own settings and caches stay away from the user's.
            .env("HOME", home.path())
            // A proxy of the machine must not stand between client and loopback.
            .env("NO_PROXY", "*")
            .current_dir(home.path())
            .output()
            .expect("the interpreter starts");
        let told = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}{told}", self.name);
        let outcomes = outcome::read(&told);
        assert!(!outcomes.is_empty(), "{} told no outcome: {errors}{told}", self.name);
        outcomes
    }

    fn command(&self) -> Command {
        let installed = installed::folder();
        match self.interpreter {
            Interpreter::Node { packages, script } => {
                let mut node = Command::new(installed.join("python/bin/node"));
                node.arg(script_path(script));
                node.env("NODE_PATH", installed.join(packages).join("node_modules"));
                node
            }
            Interpreter::Python { script } => {
                let mut python = Command::new(installed.join("python/bin/python"));
                // Byte code beside the scripts would be a file left behind.
                python.arg("-B").arg(script_path(script));
                python
            }
            Interpreter::Rust => {
                let mut program = Command::new(installed.join("rust/debug/isthmus-test-clients"));
                program.arg(self.name);
                program
            }
        }
    }
}

fn script_path(script: &str) -> PathBuf {
    installed::checkout().join("tests/clients").join(script)
}
