//! What the map asks of orgs: objects, fields, pairs.

use serde::{Deserialize, Serialize};

/// One object of an org, as its list of all objects names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectListing {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Added by the org's admins or a package.
    pub custom: bool,
    /// Rows can be read.
    pub queryable: bool,
    /// Rows can be inserted.
    pub createable: bool,
    /// Rows can be updated.
    pub updateable: bool,
}

/// An object of an org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldsRequest {
    /// The org's name.
    pub org: String,
    /// The object's API name.
    pub object: String,
    /// Asks the org again even where an earlier answer is at hand.
    pub refresh: bool,
}

/// Two objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRequest {
    /// The left org's name.
    pub left_org: String,
    /// The left object's API name.
    pub left: String,
    /// The right org's name.
    pub right_org: String,
    /// The right object's API name.
    pub right: String,
}
