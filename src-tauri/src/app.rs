//! The application: its commands, its engine and its window.

use std::error::Error;

use isthmus_app::diagnose;
use isthmus_app::workspace::{OwnerKind, Surroundings, WorkspacePath};
use tauri::{App, AppHandle, Builder, Context, Manager, Runtime, Wry};

use crate::engine::{Engine, Setting};
use crate::places::Places;
use crate::{commands, instance, window};

/// The workspace of whoever names none.
const DEFAULT_WORKSPACE: &str = "default";

/// Opens the window and returns once it is closed.
///
/// The environment says which workspace it shows, as for the command: `ISTHMUS_HOME` and `ISTHMUS_WORKSPACE`.
///
/// # Errors
/// Where no display, no web view, no thread or no randomness is to be had.
pub fn run() -> Result<(), Box<dyn Error>> {
    isthmus_app::logs::guard_panics();
    let workspace = std::env::var("ISTHMUS_WORKSPACE").ok().filter(|name| !name.is_empty());
    let workspace = workspace.unwrap_or_else(|| DEFAULT_WORKSPACE.to_owned());
    let context = context::<Wry>();
    // The first of all: a second start ends here, before it touches anything.
    let instance = instance::plugin(&context.config().identifier, &workspace);
    let kept = tauri_plugin_window_state::Builder::new().with_state_flags(window::KEPT);
    let app = commands::listed(Builder::default())
        .plugin(instance)
        .plugin(kept.build())
        .setup(|app| {
            window::open(app.handle())?;
            Ok(())
        })
        .build(context)?;
    let setting = Setting {
        path: WorkspacePath::find(&workspace).map_err(|error| diagnose(&error)),
        surroundings: Surroundings::of_this_machine(OwnerKind::Window)?,
        places: places(app.handle()),
    };
    begin(&app, setting)?;
    app.run(window::attend);
    Ok(())
}

/// Starts the engine; the application ends with it.
fn begin<R: Runtime>(app: &App<R>, setting: Setting) -> std::io::Result<()> {
    let ended = app.handle().clone();
    app.manage(setting.places.clone());
    app.manage(Engine::start(setting, move || ended.exit(0))?);
    Ok(())
}

/// The configuration, the pages and the capabilities that were compiled in.
pub(crate) fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The user's own folders, or the home folder where the system names none.
fn places<R: Runtime>(app: &AppHandle<R>) -> Places {
    let home = app.path().home_dir().unwrap_or_else(|_| std::env::temp_dir());
    Places {
        documents: app.path().document_dir().unwrap_or_else(|_| home.clone()),
        downloads: app.path().download_dir().unwrap_or(home),
    }
}
