//! Compiles the window's manifest into the shell: its commands, what they may be called from, its icon.

fn main() {
    #[cfg(feature = "desktop")]
    window::compile();
}

#[cfg(feature = "desktop")]
mod window {
    use std::path::Path;
    use std::process;

    use isthmus_contract::command::ALL;
    use tauri_build::{AppManifest, Attributes};

    const CAPABILITIES: &str = "src-tauri/capabilities";

    /// What `tauri.conf.json` names as `frontendDist`.
    const PAGES: &str = "ui/dist/index.html";

    pub(super) fn compile() {
        println!("cargo:rerun-if-changed={CAPABILITIES}");
        println!("cargo:rerun-if-changed={PAGES}");
        if !Path::new(PAGES).is_file() {
            refuse("the console's pages are not built yet; run `cargo xtask ui` first");
        }
        // A command that is not in the contract's list has no permission that a capability could name.
        let attributes = Attributes::new()
            .capabilities_path_pattern("src-tauri/capabilities/*.json")
            .app_manifest(AppManifest::new().commands(ALL));
        if let Err(error) = tauri_build::try_build(attributes) {
            refuse(&format!("the window's manifest was refused: {error:#}"));
        }
    }

    fn refuse(why: &str) -> ! {
        println!("cargo::error={why}");
        process::exit(1);
    }
}
