//! Parts that more than one page has, one file each.

pub(crate) mod icon;
pub(crate) mod mark;
pub(crate) mod page;
pub(crate) mod status_bar;
