//! The checkout, file by file.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that builds write; the same stand in .gitignore.
const WRITTEN_BY_BUILDS: &[&str] = &["target", "gen", "permissions", "ui/dist"];

/// One text file of the checkout.
pub(crate) struct SourceFile {
    /// Its path from the checkout's top, with `/` on every system.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The top of the checkout.
pub(crate) fn checkout() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package of the tests is a folder of the checkout").to_path_buf()
}

/// Every file of ours that is text, sorted by path.
pub(crate) fn files() -> Vec<SourceFile> {
    let mut found = Vec::new();
    collect(&checkout(), "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Every Rust file of ours.
pub(crate) fn rust_files() -> Vec<SourceFile> {
    files().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// The folders at the top of the checkout, without hidden ones and those that builds write.
pub(crate) fn top_folders() -> Vec<String> {
    let mut folders: Vec<String> = files()
        .into_iter()
        .filter_map(|file| file.path.split_once('/').map(|(folder, _)| folder.to_owned()))
        .filter(|folder| !folder.starts_with('.'))
        .collect();
    folders.dedup();
    folders
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).expect("the checkout can be listed") {
        let entry = entry.expect("the checkout can be listed");
        let name = entry.file_name().into_string().expect("our names are text");
        let path = format!("{prefix}{name}");
        let file = entry.path();
        if file.is_symlink() || name == ".git" || WRITTEN_BY_BUILDS.contains(&path.as_str()) {
            continue;
        }
        if file.is_dir() {
            collect(&file, &format!("{path}/"), found);
        } else if let Ok(text) = fs::read_to_string(&file) {
            found.push(SourceFile { path, text });
        }
    }
}
