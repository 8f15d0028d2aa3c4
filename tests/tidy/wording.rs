//! Words that do not belong into the tree: names that explain nothing, dead code, places on somebody's machine.

use crate::hold;
use crate::tree::{files, rust_files};

/// Endings of a type's name that hide what it does.
const EMPTY_ENDINGS: &[&str] =
    &["Manager", "Service", "Helper", "Helpers", "Util", "Utils", "Processor"];

/// Files that cargo writes, in which it names its registry.
const WRITTEN_BY_CARGO: &[&str] = &["Cargo.lock"];

#[test]
fn types_are_named_after_the_domain() {
    let violations: Vec<String> = rust_files()
        .iter()
        .flat_map(|file| {
            declared_types(&file.text)
                .map(|name| format!("{}: {name}", file.path))
                .collect::<Vec<_>>()
        })
        .filter(|place| EMPTY_ENDINGS.iter().any(|ending| place.ends_with(ending)))
        .collect();
    hold("Name the type after what it is in the admin's world.", &violations);
}

#[test]
fn comments_are_sentences_and_not_dividers() {
    let dividers = ["----", "====", "****", "////"];
    let violations: Vec<String> = rust_files()
        .iter()
        .flat_map(|file| {
            let lines = file.text.lines().enumerate();
            let wrong = lines.filter(|(_, line)| {
                let line = line.trim_start();
                line.starts_with("//")
                    && dividers.iter().any(|mark| line[2..].trim_start().starts_with(mark))
            });
            wrong.map(|(index, _)| format!("{}:{}", file.path, index + 1)).collect::<Vec<_>>()
        })
        .collect();
    hold("Split the file instead of drawing a line through it.", &violations);
}

#[test]
fn nothing_names_a_registry_host_or_a_place_on_a_machine() {
    // Put together here, so that this file does not name them either.
    let places = [
        ["crates", ".io"].concat(),
        ["registry.", "npmjs"].concat(),
        ["files.", "pythonhosted"].concat(),
        ["/ro", "ot/"].concat(),
        ["/wo", "rk/"].concat(),
        ["/Us", "ers/"].concat(),
    ];
    let mut violations = Vec::new();
    for file in files() {
        if WRITTEN_BY_CARGO.contains(&file.path.rsplit('/').next().unwrap_or_default()) {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if let Some(place) = places.iter().find(|place| line.contains(place.as_str())) {
                violations.push(format!("{}:{} names {place}", file.path, index + 1));
            }
        }
    }
    hold("Say it without the host or path: it is true on one machine only.", &violations);
}

/// The names behind `struct`, `enum`, `trait` and `type`.
fn declared_types(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
        let keyword = words.next()?;
        if !["struct", "enum", "trait", "type"].contains(&keyword) {
            return None;
        }
        words.next()?.split(|letter: char| !letter.is_alphanumeric()).next()
    })
}
