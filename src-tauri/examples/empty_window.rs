//! A window with nothing in it: what the console's start is measured beside.

fn main() -> tauri::Result<()> {
    let mut context = tauri::generate_context!();
    // The console's own window and pages stay out of it.
    context.config_mut().app.windows.clear();
    tauri::Builder::default()
        .setup(|app| {
            let nothing = tauri::WebviewUrl::External("about:blank".parse()?);
            tauri::WebviewWindowBuilder::new(app, "main", nothing).build()?;
            Ok(())
        })
        .run(context)
}
