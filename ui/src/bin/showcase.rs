//! The console over fixed answers, for component tests, for screens, and for work on its looks in a plain browser.
//!
//! `?scenario=` in the address chooses what the answers tell; see `backend/fake/scenario.rs`.

use isthmus_ui::backend::Backend;
use isthmus_ui::backend::fake::Fake;

fn main() {
    isthmus_ui::mount(Backend::over(Fake::of_this_address()));
}
