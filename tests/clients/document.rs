//! `docs/fidelity.md`: read back into its cells, given one client's column, and written from cells and catalogue.
//!
//! The page is the only store of results: a client's test compares or replaces its own column and leaves the others.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use crate::catalogue::{BUGS, OPERATIONS};
use crate::client::{CLIENTS, Client};
use crate::installed;
use crate::outcome::{Outcome, Verdict};

/// When it is set, a run writes its column instead of comparing it.
const WRITE: &str = "ISTHMUS_FIDELITY_WRITE";

const INTRODUCTION: &str = include_str!("introduction.md");
const NOT_COVERED: &str = "\u{2013}";
const PASSES: &str = "passes";
const FAILS: &str = "**fails**";
const BUG: &str = "client bug: ";

/// The page's cells: operation and client to what was found; what is not covered has no entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Document(BTreeMap<(String, String), Verdict>);

/// The page as it is committed; empty before the first run.
pub(crate) fn committed() -> String {
    std::fs::read_to_string(path()).unwrap_or_default()
}

/// Holds a run against its column, or writes the column when the run was asked to.
///
/// # Panics
/// When the column is not what the run found.
pub(crate) fn record_or_compare(client: &Client, outcomes: &[Outcome]) {
    if std::env::var_os(WRITE).is_some_and(|value| !value.is_empty()) {
        return record(client, outcomes);
    }
    let document = Document::parse(&committed());
    let found = Document::of_run(client, outcomes);
    let differences = document.differences(client, &found);
    assert!(
        differences.is_empty(),
        "docs/fidelity.md is out of date for {}: `cargo xtask fidelity` writes it anew\n{}{}",
        client.name,
        differences.join("\n"),
        crate::outcome::tell(
            &outcomes.iter().filter(|one| one.verdict.is_failure()).collect::<Vec<_>>()
        ),
    );
}

/// The tests of several clients write one after the other.
fn record(client: &Client, outcomes: &[Outcome]) {
    let beside = std::env::current_exe().expect("a test knows its own path");
    let lock =
        File::create(beside.with_extension("fidelity-lock")).expect("a file beside the test");
    lock.lock().expect("the lock is had in the end");
    let mut document = Document::parse(&committed());
    document.0.retain(|(_, name), _| name != client.name);
    document.0.extend(Document::of_run(client, outcomes).0);
    std::fs::write(path(), document.render()).expect("the page is written");
}

impl Document {
    /// Reads the cells of a page that [`Document::render`] wrote.
    pub(crate) fn parse(text: &str) -> Self {
        let mut document = Self::default();
        let mut columns: Vec<String> = Vec::new();
        for line in text.lines().filter(|line| line.starts_with("| ")) {
            let cells: Vec<String> =
                line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
            if cells[0] == "operation" {
                columns = cells;
            } else if let Some(operation) =
                OPERATIONS.iter().find(|own| cells[0] == label(own.id, own.title))
            {
                for (client, cell) in columns.iter().zip(&cells).skip(1) {
                    if let Some(verdict) = read_cell(cell) {
                        document.0.insert((operation.id.to_owned(), client.clone()), verdict);
                    }
                }
            }
        }
        document
    }

    /// What was found for one cell.
    pub(crate) fn verdict(&self, operation: &str, client: &str) -> Option<Verdict> {
        self.0.get(&(operation.to_owned(), client.to_owned())).cloned()
    }

    /// # Panics
    /// When a script tells an operation that the catalogue does not have, or one twice.
    fn of_run(client: &Client, outcomes: &[Outcome]) -> Self {
        let mut document = Self::default();
        for outcome in outcomes {
            let operation = &outcome.operation;
            assert!(
                OPERATIONS.iter().any(|own| own.id == operation),
                "{}: {operation} is not in the catalogue",
                client.name
            );
            if let Verdict::ClientBug(id) = &outcome.verdict {
                let known = BUGS.iter().any(|bug| bug.id == id && bug.client == client.name);
                assert!(known, "{}: the bug {id} is not in the catalogue", client.name);
            }
            let key = (operation.clone(), client.name.to_owned());
            let before = document.0.insert(key, outcome.verdict.clone());
            assert!(before.is_none(), "{}: {operation} is told twice", client.name);
        }
        document
    }

    fn differences(&self, client: &Client, found: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        for operation in OPERATIONS {
            let [page, run] = [self, found]
                .map(|one| write_cell(one.verdict(operation.id, client.name).as_ref()));
            if page != run {
                differences.push(format!("  {}: page {page}, run {run}", operation.id));
            }
        }
        differences
    }

    /// The whole page.
    pub(crate) fn render(&self) -> String {
        let mut page = INTRODUCTION.to_owned();
        page.push_str(&clients_table());
        let mut group = "";
        for operation in OPERATIONS {
            if operation.group != group {
                group = operation.group;
                page.push_str(&heading(group));
            }
            let cells: Vec<String> = CLIENTS
                .iter()
                .map(|client| write_cell(self.verdict(operation.id, client.name).as_ref()))
                .collect();
            let label = label(operation.id, operation.title);
            page.push_str(&format!("| {label} | {} |\n", cells.join(" | ")));
        }
        page.push_str(&bugs_table());
        page.push_str(&self.uncovered());
        page
    }

    /// The operations that no client does, so that only our own tests watch them.
    fn uncovered(&self) -> String {
        let mut text = "\n## What no client covers\n\nOnly our own tests watch these; nobody else's code agrees or disagrees.\n\n".to_owned();
        for operation in OPERATIONS {
            let covered = CLIENTS.iter().any(|client| {
                matches!(self.verdict(operation.id, client.name), Some(Verdict::Passes))
            });
            if !covered {
                text.push_str(&format!(
                    "- {}: {} (`{}`)\n",
                    operation.group, operation.title, operation.id
                ));
            }
        }
        text.push_str(BEYOND);
        text
    }
}

/// What has no row, because it is no operation of a client's.
const BEYOND: &str = include_str!("beyond.md");

fn path() -> PathBuf {
    installed::checkout().join("docs/fidelity.md")
}

fn label(id: &str, title: &str) -> String {
    format!("{title} `{id}`")
}

fn read_cell(cell: &str) -> Option<Verdict> {
    match cell {
        PASSES => Some(Verdict::Passes),
        FAILS => Some(Verdict::Fails),
        _ => {
            let bug = cell.strip_prefix(BUG)?;
            Some(Verdict::ClientBug(bug.trim_matches('`').to_owned()))
        }
    }
}

fn write_cell(verdict: Option<&Verdict>) -> String {
    match verdict {
        None => NOT_COVERED.to_owned(),
        Some(Verdict::Passes) => PASSES.to_owned(),
        Some(Verdict::Fails) => FAILS.to_owned(),
        Some(Verdict::ClientBug(id)) => format!("{BUG}`{id}`"),
    }
}

fn clients_table() -> String {
    let mut text = "\n## The clients\n\n| client | version | family | how it reaches the org |\n|---|---|---|---|\n".to_owned();
    for client in CLIENTS {
        let Client { name, version, family, reached, .. } = client;
        text.push_str(&format!("| {name} | {version} | {family} | {reached} |\n"));
    }
    text
}

fn heading(group: &str) -> String {
    let names: Vec<&str> = CLIENTS.iter().map(|client| client.name).collect();
    let rule = "---|".repeat(names.len() + 1);
    format!("\n## {group}\n\n| operation | {} |\n|{rule}\n", names.join(" | "))
}

fn bugs_table() -> String {
    let mut text = "\n## Bugs of the clients\n\nThe run shows each of them: the day a client no longer does so, its check fails.\n\n| bug | client | what happens |\n|---|---|---|\n".to_owned();
    for bug in BUGS {
        text.push_str(&format!("| `{}` | {} | {} |\n", bug.id, bug.client, bug.text));
    }
    text
}
