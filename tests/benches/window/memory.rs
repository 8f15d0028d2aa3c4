//! Memory of the window's processes before and after a run of many rows, started and watched in the window.

use std::collections::BTreeSet;
use std::fs;

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::window::{Window, tell};
use serde_json::{Value, json};

/// How long a run of 100,000 rows may take on a slow machine.
const LONGEST_RUN: std::time::Duration = std::time::Duration::from_mins(15);

/// Megabytes of the application and its web processes, shared pages counted by share.
pub(crate) fn measure(rows: u64) -> Value {
    let orgs = Orgs::pair(rows, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    tell(run(&desk, rows))
}

async fn run(desk: &Desk, rows: u64) -> Value {
    let window = Window::open(desk).await;
    window.resize(1440, 900).await;
    window.run("location.hash = '#/syncs/accounts/preview'").await;
    window.wait_for_element("[data-test=plan]").await;
    let before = window_megabytes();
    window.press("[data-test=plan]").await;
    window.wait_within("document.querySelector('[data-test=plan-view]')", LONGEST_RUN).await;
    window.press("[data-test=run-plan]").await;
    window.press("[data-test=confirm-run]").await;
    window.wait_within("document.querySelector('[data-test=open-run]')", LONGEST_RUN).await;
    window.press("[data-test=open-run]").await;
    window.wait_for_element("[role=row][aria-rowindex='2']").await;
    let after = window_megabytes();
    window.close().await;
    json!({ "rows": rows, "before_mb": before, "after_mb": after, "growth_mb": after.saturating_sub(before) })
}

/// The proportional set size of the console and of every process below it.
fn window_megabytes() -> u64 {
    let processes = processes();
    let mut ours: BTreeSet<u32> = processes
        .iter()
        .filter(|process| process.name.starts_with("isthmus-desktop"))
        .map(|process| process.id)
        .collect();
    loop {
        let before = ours.len();
        ours.extend(
            processes
                .iter()
                .filter(|one| ours.contains(&one.parent))
                .map(|one| one.id)
                .collect::<Vec<_>>(),
        );
        if ours.len() == before {
            break;
        }
    }
    ours.into_iter().map(proportional_kilobytes).sum::<u64>() / 1024
}

struct Process {
    id: u32,
    parent: u32,
    name: String,
}

fn processes() -> Vec<Process> {
    let entries = fs::read_dir("/proc").expect("Linux has /proc").flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(process).collect()
}

/// proc(5): `pid (comm) state ppid ...`; the name may hold spaces and brackets.
fn process(id: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (head, tail) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let parent = tail.split_whitespace().nth(1)?.parse().ok()?;
    Some(Process { id, parent, name })
}

fn proportional_kilobytes(id: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
