//! The title bar's close button, pressed as a window manager does it: with a message to the window (ICCCM, section 4.2.8.1
//! "Window Deletion"). WebDriver has no such call: its own "Close Window" takes the page away without asking.

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, MapState, Window,
};
use x11rb::{CURRENT_TIME, connect};

/// Most characters of a title that are read, in the protocol's units of four bytes.
const TITLE_UNITS: u32 = 64;

/// Asks every window of this display with this title that can be seen to close. False when there is none.
///
/// # Panics
/// When there is no such display.
#[must_use]
pub fn press_close(display: &str, title: &str) -> bool {
    let (server, screen) = connect(Some(display)).expect("the display is there");
    let root = server.setup().roots.get(screen).expect("it has a screen").root;
    let asked = ask_to_close(&server, root, title).expect("the display answers");
    server.flush().expect("the display takes messages");
    asked
}

fn ask_to_close(server: &impl Connection, root: Window, title: &str) -> Result<bool, ReplyError> {
    let protocols = atom(server, b"WM_PROTOCOLS")?;
    let deletion = atom(server, b"WM_DELETE_WINDOW")?;
    let mut asked = false;
    // Without a window manager the windows stand right below the root.
    for window in server.query_tree(root)?.reply()?.children {
        if is_seen(server, window)? && title_of(server, window)? == title {
            let words = [deletion, CURRENT_TIME, 0, 0, 0];
            let message = ClientMessageEvent::new(32, window, protocols, words);
            server.send_event(false, window, EventMask::NO_EVENT, message)?;
            asked = true;
        }
    }
    Ok(asked)
}

/// Whether a window with this title can be seen on the display.
///
/// # Panics
/// When there is no such display.
#[must_use]
pub fn is_shown(display: &str, title: &str) -> bool {
    let (server, screen) = connect(Some(display)).expect("the display is there");
    let root = server.setup().roots.get(screen).expect("it has a screen").root;
    let windows = server.query_tree(root).ok().and_then(|tree| tree.reply().ok());
    // A window that goes while it is asked is not shown.
    windows.is_some_and(|tree| {
        tree.children.into_iter().any(|window| {
            is_seen(&server, window).unwrap_or(false)
                && title_of(&server, window).is_ok_and(|own| own == title)
        })
    })
}

fn is_seen(server: &impl Connection, window: Window) -> Result<bool, ReplyError> {
    let state = server.get_window_attributes(window)?.reply()?.map_state;
    Ok(state == MapState::VIEWABLE)
}

fn title_of(server: &impl Connection, window: Window) -> Result<String, ReplyError> {
    let (name, text) = (atom(server, b"_NET_WM_NAME")?, atom(server, b"UTF8_STRING")?);
    let title = server.get_property(false, window, name, text, 0, TITLE_UNITS)?.reply()?;
    if !title.value.is_empty() {
        return Ok(String::from_utf8_lossy(&title.value).into_owned());
    }
    let (name, text) = (AtomEnum::WM_NAME, AtomEnum::STRING);
    let title = server.get_property(false, window, name, text, 0, TITLE_UNITS)?.reply()?;
    Ok(String::from_utf8_lossy(&title.value).into_owned())
}

fn atom(server: &impl Connection, name: &[u8]) -> Result<Atom, ReplyError> {
    Ok(server.intern_atom(false, name)?.reply()?.atom)
}
