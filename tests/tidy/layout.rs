//! Files: their headers, sizes and names, and the seams that lie inside one package.

use crate::hold;
use crate::tree::{SourceFile, files, rust_files};

/// Split a file before it comes here; aim for 200.
const MOST_LINES: usize = 600;

/// The folder of the console that may name the bridge to the shell.
const BACKEND: &str = "ui/src/backend";

/// What naming the bridge looks like.
const BRIDGE_WORDS: &[&str] = &["__TAURI", "wasm_bindgen(", "tauri"];

/// What SQL looks like in a Rust file.
const SQL_WORDS: &[&str] = &["INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];

#[test]
fn every_rust_file_opens_with_what_it_is_for() {
    let violations = paths_where(|file| !file.text.starts_with("//! "));
    hold("The first line of a Rust file is `//! ` and one sentence.", &violations);
}

#[test]
fn no_rust_file_is_too_long_to_read() {
    let violations = paths_where(|file| file.text.lines().count() > MOST_LINES);
    hold(&format!("Split these: a file has {MOST_LINES} lines at most, better 200."), &violations);
}

#[test]
fn modules_are_a_file_and_a_folder_of_one_name() {
    let violations = paths_where(|file| file.path.ends_with("/mod.rs"));
    hold("Use `name.rs` beside `name/`, not `mod.rs`.", &violations);
}

#[test]
fn imports_name_what_they_take() {
    let violations = lines_where(|_, line| line.trim_start().starts_with("use super::*"));
    hold("Name what is imported, in tests too.", &violations);
}

#[test]
fn only_the_backend_of_the_console_names_the_bridge() {
    let violations = lines_where(|file, line| {
        file.path.starts_with("ui/src/")
            && !file.path.starts_with(BACKEND)
            && !line.trim_start().starts_with("//")
            && BRIDGE_WORDS.iter().any(|word| line.contains(word))
    });
    hold("Pages ask `backend`, which has a fake beside the bridge.", &violations);
}

#[test]
fn only_the_store_writes_sql() {
    let mut violations = Vec::new();
    for file in rust_files() {
        let elsewhere = file.path.starts_with("crates/") && !file.path.starts_with("crates/store/");
        // Tests may quote SQL, to show that it is refused.
        let shipped = numbered(&file).take_while(|(_, line)| line.trim() != "#[cfg(test)]");
        let is_test = file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
        for (number, line) in shipped.filter(|_| elsewhere && !is_test) {
            if SQL_WORDS.iter().any(|word| line.contains(word)) {
                violations.push(format!("{}:{number}", file.path));
            }
        }
    }
    hold("SQL stands in crates/store, one file per table.", &violations);
}

#[test]
fn data_files_end_with_a_line_end() {
    let violations: Vec<String> = files()
        .into_iter()
        .filter(|file| {
            !file.text.is_empty() && !file.text.ends_with('\n') && !is_recorded(&file.path)
        })
        .map(|file| file.path)
        .collect();
    hold("End the last line of a text file.", &violations);
}

/// Recorded or generated data stays as it came; so does what fuzz targets begin with.
fn is_recorded(path: &str) -> bool {
    let is_input = path.contains("/__fuzz__/");
    is_input || path.contains("/recorded/") || path.ends_with(".snap") || path.ends_with(".svg")
}

fn paths_where(wrong: impl Fn(&SourceFile) -> bool) -> Vec<String> {
    rust_files().into_iter().filter(|file| wrong(file)).map(|file| file.path).collect()
}

fn lines_where(wrong: impl Fn(&SourceFile, &str) -> bool) -> Vec<String> {
    let files = rust_files();
    let wrong = &wrong;
    files
        .iter()
        .flat_map(|file| {
            numbered(file)
                .filter(move |(_, line)| wrong(file, line))
                .map(|(number, _)| format!("{}:{number}", file.path))
        })
        .collect()
}

fn numbered(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    file.text.lines().enumerate().map(|(index, line)| (index + 1, line))
}
