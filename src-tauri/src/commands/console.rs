//! The window itself: its news, its end, its links.

use isthmus_contract::command::{ConsoleClose, ConsoleWatch, LinkOpen};
use isthmus_contract::console::{CloseChoice, ConsoleEvent, LinkRequest};
use isthmus_contract::problem::{Code, Problem};
use tauri::ipc::Channel;
use tauri::{Runtime, State, WebviewWindow};

use crate::engine::{Answer, Engine};
use crate::link::openable;

/// Everything that happens without being asked for, the job at work first.
#[tauri::command]
pub(crate) async fn console_watch(
    engine: State<'_, Engine>,
    events: Channel<ConsoleEvent>,
) -> Answer<ConsoleWatch> {
    engine.watch(Box::new(move |event| events.send(event).is_ok()));
    Ok(())
}

/// What becomes of the job when the window closes.
#[tauri::command]
pub(crate) async fn console_close<R: Runtime>(
    window: WebviewWindow<R>,
    engine: State<'_, Engine>,
    request: CloseChoice,
) -> Answer<ConsoleClose> {
    if request == CloseChoice::FinishFirst
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "window not hidden");
    }
    let choose = async move |desk: &crate::engine::Desk| {
        desk.close_as_chosen(request);
        Ok(())
    };
    engine.ask::<ConsoleClose>(choose).await
}

/// Opens an address in the system browser.
#[tauri::command]
pub(crate) async fn link_open(request: LinkRequest) -> Answer<LinkOpen> {
    let url = openable(&request.url)?;
    tauri_plugin_opener::open_url(url.as_str(), None::<&str>).map_err(|error| {
        tracing::warn!(%error, "no browser opened");
        let hint = "copy the address and open it in a browser";
        Problem::new(Code::Internal, "the system opened no browser", hint)
    })
}
