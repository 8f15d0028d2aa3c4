//! Picklist values that several objects share; the standard set of a new org.

pub(crate) const INDUSTRIES: [&str; 32] = [
    "Agriculture",
    "Apparel",
    "Banking",
    "Biotechnology",
    "Chemicals",
    "Communications",
    "Construction",
    "Consulting",
    "Education",
    "Electronics",
    "Energy",
    "Engineering",
    "Entertainment",
    "Environmental",
    "Finance",
    "Food & Beverage",
    "Government",
    "Healthcare",
    "Hospitality",
    "Insurance",
    "Machinery",
    "Manufacturing",
    "Media",
    "Not For Profit",
    "Recreation",
    "Retail",
    "Shipping",
    "Technology",
    "Telecommunications",
    "Transportation",
    "Utilities",
    "Other",
];

pub(crate) const LEAD_SOURCES: [&str; 5] =
    ["Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"];

pub(crate) const RATINGS: [&str; 3] = ["Hot", "Warm", "Cold"];

/// Values and labels.
pub(crate) const CLEAN_STATUSES: [(&str, &str); 8] = [
    ("Matched", "In Sync"),
    ("Different", "Different"),
    ("Acknowledged", "Reviewed"),
    ("NotFound", "Not Found"),
    ("Inactive", "Inactive"),
    ("Pending", "Not Compared"),
    ("SelectMatch", "Select Match"),
    ("Skipped", "Skipped"),
];

/// The tier that seeding takes away from every org but the first.
pub(crate) const LEGACY_TIER: &str = "Legacy";

pub(crate) const CUSTOMER_TIERS: [&str; 4] = ["Strategic", "Standard", "Small", LEGACY_TIER];
