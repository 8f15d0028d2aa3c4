//! Who may import whom: a closed list, held from the manifests. What is not listed is forbidden.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use crate::hold;
use crate::tree::{checkout, rust_files};

/// Our packages and what each may depend on. The same list stands in docs/architecture.md; change both, in a commit
/// of its own.
const ALLOWED: &[(&str, &[&str])] = &[
    ("isthmus-model", &[]),
    ("isthmus-contract", &["isthmus-model"]),
    ("isthmus-formula", &["isthmus-model"]),
    ("isthmus-salesforce", &["isthmus-model"]),
    ("isthmus-store", &["isthmus-model"]),
    ("isthmus-vault", &["isthmus-model"]),
    ("isthmus-sync", &["isthmus-model", "isthmus-formula", "isthmus-salesforce", "isthmus-store"]),
    (
        "isthmus-app",
        &[
            "isthmus-model",
            "isthmus-contract",
            "isthmus-formula",
            "isthmus-salesforce",
            "isthmus-store",
            "isthmus-vault",
            "isthmus-sync",
        ],
    ),
    ("isthmus-cli", &["isthmus-app", "isthmus-contract", "isthmus-model"]),
    ("isthmus-desktop", &["isthmus-app", "isthmus-contract", "isthmus-model"]),
    ("isthmus-ui", &["isthmus-contract", "isthmus-model", "isthmus-formula"]),
    ("orgsim", &[]),
    ("xtask", &[]),
    (
        "isthmus-tests",
        &[
            "isthmus-app",
            "isthmus-contract",
            "isthmus-formula",
            "isthmus-model",
            "isthmus-salesforce",
            "isthmus-store",
            "isthmus-sync",
            "isthmus-vault",
            "orgsim",
        ],
    ),
];

/// Libraries that one package alone may name in what it ships, because it is the one place that does such work.
const ONE_OWNER: &[(&str, &str, &str)] = &[
    ("rusqlite", "isthmus-store", "the only package that writes SQL"),
    ("rusqlite_migration", "isthmus-store", "the only package that writes SQL"),
    ("reqwest", "isthmus-salesforce", "the only package that speaks HTTP to an org"),
    ("oauth2", "isthmus-salesforce", "the only package that speaks HTTP to an org"),
    ("keyring-core", "isthmus-vault", "the only package that opens the keychain"),
    ("tauri", "isthmus-desktop", "the only package that knows the window"),
    ("leptos", "isthmus-ui", "the only package that draws"),
];

/// What a bare machine can compile before anything has been installed.
const XTASK_LIBRARIES: &[&str] = &["serde_json", "wasm-bindgen-cli-support"];

/// Crates that `plan` may name outside its tests: it is pure, so no client, no connection, no clock. Dates and decimals
/// are values there; what reads the clock is forbidden everywhere, by clippy.toml.
const PLAN_IMPORTS: &[&str] = &[
    "isthmus_model",
    "isthmus_formula",
    "std",
    "core",
    "jiff",
    "rust_decimal",
    "crate",
    "super",
    "self",
];

#[test]
fn packages_import_only_what_the_closed_list_allows() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let packages = packages();
    let mut violations = Vec::new();
    for package in &packages {
        let name = package.name.as_str();
        let Some(allowed) = allowed.get(name) else {
            violations.push(format!("{name} is not in the list"));
            continue;
        };
        for (dependency, kind) in dependencies(package) {
            let ours = packages.iter().any(|package| package.name.as_str() == dependency);
            if ours && !allowed.contains(&dependency) {
                violations.push(format!("{name} may not depend on {dependency} ({kind})"));
            }
        }
    }
    hold(
        "Imports are a closed list; find another place for the code, or argue for a new line.",
        &violations,
    );
}

#[test]
fn every_line_of_the_closed_list_is_a_package() {
    let packages = packages();
    let gone: Vec<String> = ALLOWED
        .iter()
        .filter(|(name, _)| !packages.iter().any(|package| package.name.as_str() == *name))
        .map(|(name, _)| (*name).to_owned())
        .collect();
    hold("The list names packages that are gone; take them out.", &gone);
}

#[test]
fn libraries_with_one_owner_are_named_by_their_owner_alone() {
    let mut violations = Vec::new();
    for package in packages() {
        for (dependency, kind) in dependencies(&package) {
            for (library, owner, why) in ONE_OWNER {
                let shipped =
                    kind != DependencyKind::Development && package.name.as_str() != "isthmus-tests";
                if shipped && dependency == *library && package.name.as_str() != *owner {
                    violations.push(format!(
                        "{} depends on {library}, but {owner} is {why}",
                        package.name
                    ));
                }
            }
        }
    }
    hold("Ask the owner for what you need instead.", &violations);
}

#[test]
fn xtask_compiles_before_anything_is_installed() {
    let package = packages().into_iter().find(|package| package.name.as_str() == "xtask");
    let violations: Vec<String> = dependencies(&package.expect("xtask is a package"))
        .filter(|(dependency, _)| !XTASK_LIBRARIES.contains(dependency))
        .map(|(dependency, _)| dependency.to_owned())
        .collect();
    hold(
        "xtask depends on more than pure Rust libraries that a bare machine compiles.",
        &violations,
    );
}

#[test]
fn planning_names_model_and_formula_alone() {
    let mut violations = Vec::new();
    for file in rust_files() {
        let is_plan = file.path == "crates/sync/src/plan.rs"
            || file.path.starts_with("crates/sync/src/plan/");
        if !is_plan || file.path.ends_with("/tests.rs") || file.path.contains("/tests/") {
            continue;
        }
        for (number, line) in production_lines(&file.text) {
            for root in roots_named(line) {
                if !PLAN_IMPORTS.contains(&root) {
                    violations.push(format!("{}:{number} names {root}", file.path));
                }
            }
            for module in crate_modules_named(line) {
                if module != "plan" && module != "merge" {
                    violations.push(format!("{}:{number} names crate::{module}", file.path));
                }
            }
        }
    }
    hold("`plan` is pure: it imports model and formula alone. Pass in what it needs.", &violations);
}

#[test]
fn every_dependency_is_named_by_the_code() {
    let files = rust_files();
    let mut violations = Vec::new();
    for package in packages() {
        let folders = source_folders(&package);
        let own = files.iter().filter(|file| folders.iter().any(|at| file.path.starts_with(at)));
        let text: String = own.map(|file| file.text.as_str()).collect::<Vec<_>>().join("\n");
        for dependency in &package.dependencies {
            let name = dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_");
            if !names_word(&text, &name) {
                violations.push(format!("{} does not use {}", package.name, dependency.name));
            }
        }
    }
    hold("Take it out of the manifest: what is not used is only built.", &violations);
}

#[test]
fn every_shared_version_is_used_by_a_package() {
    let manifest = std::fs::read_to_string(checkout().join("Cargo.toml")).expect("a manifest");
    let used: BTreeSet<String> = packages()
        .iter()
        .flat_map(|package| package.dependencies.iter().map(|one| one.name.clone()))
        .collect();
    let violations: Vec<String> = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.to_owned()))
        .filter(|name| !used.contains(name))
        .collect();
    hold("No package uses these; take them out of Cargo.toml.", &violations);
}

/// Where a package's code lies, from the checkout's top.
fn source_folders(package: &Package) -> Vec<String> {
    let top = checkout();
    let own = package.manifest_path.parent().expect("a manifest lies in a folder");
    let own = own.as_std_path().strip_prefix(&top).expect("our packages lie in the checkout");
    match own.to_str() {
        Some("") => vec!["src-tauri/".to_owned()],
        Some(folder) => vec![format!("{folder}/")],
        None => Vec::new(),
    }
}

/// True when the text has the name as a word of its own.
fn names_word(text: &str, name: &str) -> bool {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

fn packages() -> Vec<Package> {
    let manifest = checkout().join("Cargo.toml");
    MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .expect("cargo reads its manifests")
        .packages
}

fn dependencies(package: &Package) -> impl Iterator<Item = (&str, DependencyKind)> {
    package.dependencies.iter().map(|dependency| (dependency.name.as_str(), dependency.kind))
}

/// The lines before a file's unit tests, numbered from 1, without comments.
fn production_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .take_while(|(_, line)| *line != "#[cfg(test)]")
        .filter(|(_, line)| !line.starts_with("//"))
}

/// The first word of an import.
fn roots_named(line: &str) -> impl Iterator<Item = &str> {
    let import = line.strip_prefix("pub(crate) use ").or_else(|| line.strip_prefix("use "));
    import.into_iter().filter_map(|path| path.split([':', ';', ' ']).next())
}

/// The module in each `crate::module`.
fn crate_modules_named(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::").filter_map(|(start, word)| {
        line[start + word.len()..]
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .next()
    })
}
