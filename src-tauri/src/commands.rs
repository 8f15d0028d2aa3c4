//! What the window may ask, one file per domain. The contract lists the same names, and a capability allows them.

mod about;
mod console;
mod map;
mod org;
mod overview;
mod plan;
mod record;
mod run;
mod sync;
mod workspace;

use tauri::{Builder, Runtime};

/// The application with every command of the contract.
pub(crate) fn listed<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        about::about,
        console::console_watch,
        console::console_close,
        console::link_open,
        workspace::workspace_open,
        workspace::workspace_create,
        workspace::workspace_recover,
        overview::overview,
        org::org_list,
        org::org_guide,
        org::org_connect,
        org::org_connect_cancel,
        org::org_test,
        org::org_health,
        org::org_disconnect,
        org::org_last_login,
        org::org_objects,
        org::org_fields,
        sync::sync_list,
        sync::sync_get,
        sync::sync_propose,
        sync::sync_check,
        sync::sync_save,
        sync::sync_switch,
        sync::sync_delete,
        map::map_suggest,
        plan::plan_make,
        plan::plan_get,
        plan::plan_rows,
        run::run_start,
        run::run_cancel,
        run::run_list,
        run::run_report,
        run::run_rows,
        run::run_row,
        run::run_export,
        record::record_search,
    ])
}

#[cfg(test)]
mod tests;
