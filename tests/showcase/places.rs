//! Every page by its place.

/// The pages that grow with what they show.
pub(crate) const GROWING: [(&str, &str); 6] = [
    ("map", "#/syncs/Customers/map"),
    ("preview", "#/syncs/Customers/preview"),
    ("runs of a sync", "#/syncs/Customers/runs"),
    ("runs", "#/runs"),
    ("run", "#/runs/1842"),
    ("records", "#/records"),
];

/// Name and place of every page that is open once a workspace is.
pub(crate) const PLACES: [(&str, &str); 13] = [
    ("overview", "#/"),
    ("orgs", "#/orgs"),
    ("org", "#/orgs/Northwind%20Sales"),
    ("connect", "#/connect"),
    ("syncs", "#/syncs"),
    ("new sync", "#/new-sync"),
    ("map", "#/syncs/Customers/map"),
    ("preview", "#/syncs/Customers/preview"),
    ("runs of a sync", "#/syncs/Customers/runs"),
    ("runs", "#/runs"),
    ("run", "#/runs/1842"),
    ("records", "#/records"),
    ("settings", "#/settings"),
];
