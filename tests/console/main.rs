//! The use cases as the window calls them: in this process, on one thread, against served orgs.

mod connect;
mod drafts;
mod orgs;
mod rig;
mod together;
