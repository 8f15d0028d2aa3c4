//! Recorded files, and the comparison of two answers by keys and types.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of the recordings; without one it says so.
#[expect(clippy::print_stderr, reason = "a skipped test says so where its reader looks")]
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("ISTHMUS_FIXTURES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no recordings at {}; set ISTHMUS_FIXTURES", folder.display());
    None
}

/// Every file below the folder, with its path from there, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let path = path.strip_prefix(folder).expect("it lies below");
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// A recorded body that is JSON by itself.
pub(crate) fn json(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(folder()?.join(name)).expect("the recording is there");
    Some(serde_json::from_str(&text).expect("the recording is JSON"))
}

/// A recorded exchange, or a list of them.
pub(crate) fn yaml(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(folder()?.join(name)).expect("the recording is there");
    // One recording's quoted texts go on too far to the left, which its own reader forgives; folding them is the same.
    let folded = || text.replace("\n      \"", " \"").replace("\n      {", " {");
    let value = serde_saphyr::from_str(&text).or_else(|_| serde_saphyr::from_str(&folded()));
    Some(value.expect("the recording is YAML"))
}

/// Which of the two may have keys that the other lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Both have the same.
    Same,
    /// Ours may have more: the recording is of a version before them.
    OursMayHaveMore,
}

/// Paths and JSON types of a value; entries of a list count as one, and `null` is of any type.
fn shape(value: &Value) -> BTreeMap<String, BTreeSet<&'static str>> {
    fn walk(value: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<&'static str>>) {
        let types = found.entry(path.to_owned()).or_default();
        match value {
            Value::Null => {}
            Value::Bool(_) => drop(types.insert("bool")),
            Value::Number(_) => drop(types.insert("number")),
            Value::String(_) => drop(types.insert("text")),
            Value::Array(list) => {
                types.insert("list");
                list.iter().for_each(|entry| walk(entry, &format!("{path}[]"), found));
            }
            Value::Object(entries) => {
                types.insert("object");
                for (key, entry) in entries {
                    walk(entry, &format!("{path}.{key}"), found);
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(value, "", &mut found);
    found
}

/// Holds our answer to the recorded one.
#[track_caller]
pub(crate) fn alike(name: &str, ours: &Value, recorded: &Value, keys: Keys) {
    let (own, twin) = (shape(ours), shape(recorded));
    let mut differences = Vec::new();
    for (path, types) in &twin {
        match own.get(path) {
            None => differences.push(format!("{path} is missing")),
            Some(own) if !own.is_empty() && !types.is_empty() && own.is_disjoint(types) => {
                differences.push(format!("{path} is {own:?}, not {types:?}"));
            }
            Some(_) => {}
        }
    }
    if keys == Keys::Same {
        let more = own.keys().filter(|path| !twin.contains_key(*path));
        differences.extend(more.map(|path| format!("{path} is not recorded")));
    }
    assert!(differences.is_empty(), "{name}: {differences:#?}\nours: {ours}\nrecorded: {recorded}");
}
