//! Plans and outcomes: pages, filters, counts.
