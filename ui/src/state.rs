//! What several pages share: the workspace, the job at work, and when to read again.

pub(crate) mod asked;
pub(crate) mod console;
pub(crate) mod paging;
pub(crate) mod width;
pub(crate) mod work;
