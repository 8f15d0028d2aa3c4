//! `ui`: compiles the console to wasm and writes its pages: ui/dist over the shell, ui/dist-showcase over fixed answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wasm_bindgen_cli_support::Bindgen;

use crate::error::{Error, Result};
use crate::{console, places, process};

/// The package.
const PACKAGE: &str = "isthmus-ui";

/// The profile that makes a small module; see the root manifest.
const PROFILE: &str = "wasm";

/// The name that index.html loads.
const OUT_NAME: &str = "isthmus_ui";

/// What `dev` watches for the pages.
pub(crate) const SOURCES: &[&str] =
    &["ui", "crates/contract", "crates/formula", "crates/model", "Cargo.lock"];

/// Files that go into a folder of pages as they are; the page itself is written last and by its own line.
const PLAIN: &[&str] = &["start.js"];

/// The sheets that come before all others, in this order: names for colours and sizes, then the frame.
const FIRST_SHEETS: &[&str] = &["styles/tokens.css", "styles/base.css"];

/// One style sheet, of all that stand beside pages and components.
const SHEET: &str = "console.css";

/// A program made of the console, and the folder its pages go to.
#[derive(Debug, Clone, Copy)]
struct Program {
    binary: &'static str,
    folder: &'static str,
}

/// The console over the shell, whose folder `tauri.conf.json` names, and the one over fixed answers.
const PROGRAMS: [Program; 2] = [
    Program { binary: "isthmus-ui", folder: "ui/dist" },
    Program { binary: "isthmus-showcase", folder: "ui/dist-showcase" },
];

pub(crate) fn run() -> Result<()> {
    console::step("Compiling the console to WebAssembly");
    process::run_beside(process::cargo().args([
        "build",
        "--locked",
        "--package",
        PACKAGE,
        "--bins",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        PROFILE,
    ]))?;
    PROGRAMS.iter().try_for_each(Program::write_where_stale)
}

impl Program {
    fn write_where_stale(&self) -> Result<()> {
        if self.is_fresh()? {
            console::note(&format!("{} is up to date", self.folder));
            return Ok(());
        }
        self.write()
    }

    fn dist(&self) -> PathBuf {
        places::checkout().join(self.folder)
    }

    /// The page is written last, so its time is that of a complete folder.
    fn is_fresh(&self) -> Result<bool> {
        let Some(written) = modified(&self.dist().join("index.html")) else { return Ok(false) };
        let mut newest_source = newest(&self.module())?;
        for source in ui_files(&["html", "js", "css"])? {
            newest_source = newest_source.max(newest(&source)?);
        }
        Ok(newest_source <= written)
    }

    fn write(&self) -> Result<()> {
        let dist = self.dist();
        if dist.exists() {
            fs::remove_dir_all(&dist).map_err(|source| Error::file("clearing", &dist, source))?;
        }
        fs::create_dir_all(&dist)
            .map_err(|source| Error::file("making the folder", &dist, source))?;
        self.bind(&dist)?;
        let ui = places::checkout().join("ui");
        for plain in PLAIN {
            copy(&ui.join(plain), &dist.join(plain))?;
        }
        write_sheet(&ui, &dist.join(SHEET))?;
        copy(&ui.join("index.html"), &dist.join("index.html"))?;
        let module = dist.join(format!("{OUT_NAME}_bg.wasm"));
        let size =
            fs::metadata(&module).map_err(|source| Error::file("reading", &module, source))?.len();
        console::note(&format!("{} is written; the module has {} KiB", self.folder, size / 1024));
        Ok(())
    }

    /// Makes the JavaScript beside the module.
    fn bind(&self, dist: &Path) -> Result<()> {
        let module = self.module();
        let made =
            Bindgen::new().input_path(&module).out_name(OUT_NAME).web(true).and_then(|bindgen| {
                bindgen
                    .typescript(false)
                    .remove_producers_section(true)
                    // The names of functions are half of the module, and a fault tells its place without them.
                    .remove_name_section(true)
                    .generate(dist)
            });
        made.map_err(|error| {
            Error::check(format!("wasm-bindgen refused {}: {error:#}", module.display()))
        })
    }

    /// What cargo builds.
    fn module(&self) -> PathBuf {
        let name = format!("{}.wasm", self.binary);
        places::target().join("wasm32-unknown-unknown").join(PROFILE).join(name)
    }
}

/// Joins the sheets: those that come first, then each that stands beside a page or component, by path.
fn write_sheet(ui: &Path, sheet: &Path) -> Result<()> {
    let first: Vec<PathBuf> = FIRST_SHEETS.iter().map(|name| ui.join(name)).collect();
    let beside = ui_files(&["css"])?.into_iter().filter(|path| !first.contains(path));
    let mut text = String::new();
    for path in first.iter().cloned().chain(beside) {
        let own =
            fs::read_to_string(&path).map_err(|source| Error::file("reading", &path, source))?;
        text.push_str(&own);
    }
    fs::write(sheet, text).map_err(|source| Error::file("writing", sheet, source))
}

/// The console's files with one of these endings, by path; what this command writes is left out.
fn ui_files(endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut waiting = vec![places::checkout().join("ui")];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in entries(&folder)?.into_iter().filter(|entry| !is_written_here(entry)) {
            let ending = entry.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if entry.is_dir() {
                waiting.push(entry);
            } else if endings.contains(&ending) {
                found.push(entry);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_written_here(path: &Path) -> bool {
    PROGRAMS.iter().any(|program| program.dist() == path)
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
    for entry in entries(path)?.iter().filter(|entry| !is_written_here(entry)) {
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
