//! What several pages share: the workspace, the job at work, when to read again, and what the frame shows on top.

pub(crate) mod asked;
pub(crate) mod console;
pub(crate) mod frame;
pub(crate) mod paging;
pub(crate) mod theme;
pub(crate) mod width;
pub(crate) mod work;
