//! The console over the desktop shell.

use isthmus_ui::backend::Backend;

fn main() {
    isthmus_ui::mount(Backend::shell());
}
