//! `ui`: compiles the console to wasm and writes ui/dist.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wasm_bindgen_cli_support::Bindgen;

use crate::error::{Error, Result};
use crate::{console, places, process};

/// Package and wasm file name.
const PACKAGE: &str = "isthmus-ui";

/// The profile that makes a small module; see the root manifest.
const PROFILE: &str = "wasm";

/// The name that index.html loads.
const OUT_NAME: &str = "isthmus_ui";

/// What `dev` watches for the pages.
pub(crate) const SOURCES: &[&str] =
    &["ui", "crates/contract", "crates/formula", "crates/model", "Cargo.lock"];

/// Files that go to ui/dist as they are; the page itself is written last and by its own line.
const PLAIN: &[&str] = &["styles", "start.js"];

pub(crate) fn run() -> Result<()> {
    console::step("Compiling the console to WebAssembly");
    process::run_beside(process::cargo().args([
        "build",
        "--locked",
        "--package",
        PACKAGE,
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        PROFILE,
    ]))?;
    let dist = dist();
    if is_fresh(&dist)? {
        console::note("ui/dist is up to date");
        return Ok(());
    }
    write(&dist)
}

/// Where the desktop shell takes the pages from; `tauri.conf.json` names the same folder.
fn dist() -> PathBuf {
    places::checkout().join("ui/dist")
}

/// The page is written last, so its time is that of a complete folder.
fn is_fresh(dist: &Path) -> Result<bool> {
    let Some(written) = modified(&dist.join("index.html")) else { return Ok(false) };
    let ui = places::checkout().join("ui");
    let mut newest_source = newest(&module())?.max(newest(&ui.join("index.html"))?);
    for plain in PLAIN {
        newest_source = newest_source.max(newest(&ui.join(plain))?);
    }
    Ok(newest_source <= written)
}

fn write(dist: &Path) -> Result<()> {
    if dist.exists() {
        fs::remove_dir_all(dist).map_err(|source| Error::file("clearing", dist, source))?;
    }
    fs::create_dir_all(dist).map_err(|source| Error::file("making the folder", dist, source))?;
    bind(dist)?;
    let ui = places::checkout().join("ui");
    for plain in PLAIN {
        copy(&ui.join(plain), &dist.join(plain))?;
    }
    copy(&ui.join("index.html"), &dist.join("index.html"))?;
    let module = dist.join(format!("{OUT_NAME}_bg.wasm"));
    let size =
        fs::metadata(&module).map_err(|source| Error::file("reading", &module, source))?.len();
    console::note(&format!("ui/dist is written; the module has {} KiB", size / 1024));
    Ok(())
}

/// Makes the JavaScript beside the module.
fn bind(dist: &Path) -> Result<()> {
    let made =
        Bindgen::new().input_path(module()).out_name(OUT_NAME).web(true).and_then(|bindgen| {
            bindgen.typescript(false).remove_producers_section(true).generate(dist)
        });
    made.map_err(|error| {
        Error::check(format!("wasm-bindgen refused {}: {error:#}", module().display()))
    })
}

/// What cargo builds.
fn module() -> PathBuf {
    places::target().join("wasm32-unknown-unknown").join(PROFILE).join(format!("{PACKAGE}.wasm"))
}

/// Copies a file, or a folder with all in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).map_err(|source| Error::file("copying", from, source));
    }
    fs::create_dir_all(to).map_err(|source| Error::file("making the folder", to, source))?;
    for entry in entries(from)? {
        copy(&entry, &to.join(entry.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// The time of the newest file under `path`, leaving out what this command writes.
pub(crate) fn newest(path: &Path) -> Result<SystemTime> {
    if !path.is_dir() {
        return Ok(modified(path).unwrap_or(SystemTime::UNIX_EPOCH));
    }
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in entries(path)?.iter().filter(|entry| **entry != dist()) {
        newest = newest.max(self::newest(entry)?);
    }
    Ok(newest)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = fs::read_dir(folder).map_err(|source| Error::file("listing", folder, source))?;
    listing
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(|source| Error::file("listing", folder, source))
}
