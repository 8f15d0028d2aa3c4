//! The maps that a newcomer reads: the root manifest and the README.

use std::fs;

use cargo_metadata::MetadataCommand;

use crate::hold;
use crate::tree::{checkout, top_folders};

#[test]
fn every_workspace_member_has_a_purpose_line() {
    let manifest = read("Cargo.toml");
    let members = manifest
        .lines()
        .skip_while(|line| !line.starts_with("members = ["))
        .skip(1)
        .take_while(|line| !line.starts_with(']'));
    let violations: Vec<String> = members
        .filter(|line| line.split_once('#').is_none_or(|(_, purpose)| purpose.trim().len() <= 3))
        .map(|line| line.trim().to_owned())
        .collect();
    hold("Say behind each member in Cargo.toml what it is for.", &violations);
}

#[test]
fn every_package_is_described_and_licensed_alike() {
    let metadata = MetadataCommand::new()
        .manifest_path(checkout().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .expect("cargo reads its manifests");
    let mut violations = Vec::new();
    for package in metadata.packages {
        if package.description.is_none() {
            violations.push(format!("{} has no description", package.name));
        }
        if package.license.as_deref() != Some("Apache-2.0 OR MIT") {
            violations
                .push(format!("{} does not take its licence from the workspace", package.name));
        }
        if package.publish != Some(Vec::new()) {
            violations.push(format!("{} could be published by mistake", package.name));
        }
    }
    hold("Manifests repeat the workspace's facts.", &violations);
}

#[test]
fn the_readme_lists_every_top_level_folder() {
    let readme = read("README.md");
    let violations: Vec<String> = top_folders()
        .into_iter()
        .filter(|folder| !readme.contains(&format!("{folder}/")))
        .collect();
    hold("The folder map of README.md leaves these out.", &violations);
}

fn read(name: &str) -> String {
    fs::read_to_string(checkout().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
