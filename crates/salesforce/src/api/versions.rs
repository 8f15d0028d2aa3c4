//! API versions: `GET /services/data` (REST API Developer Guide, "Versions"). No token, no cost.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::client::{Call, Client};
use crate::error::{ApiError, Error};

/// An API version such as 68.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiVersion(u16);

impl ApiVersion {
    /// The lowest version used.
    pub const MIN: Self = Self(65);
    /// The highest version tested.
    pub const MAX: Self = Self(68);
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.0", self.0)
    }
}

impl FromStr for ApiVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim_start_matches('v').strip_suffix(".0").unwrap_or(text);
        number.parse().map(Self).map_err(|_| format!("{text:?} is no API version such as 68.0"))
    }
}

impl TryFrom<String> for ApiVersion {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ApiVersion> for String {
    fn from(version: ApiVersion) -> Self {
        version.to_string()
    }
}

#[derive(Deserialize)]
struct Offered {
    version: String,
}

impl Client {
    /// The versions the org offers, oldest first.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn versions(&self) -> Result<Vec<ApiVersion>, Error> {
        let offered: Vec<Offered> =
            self.fetch(Call::get("/services/data", "versions").anonymous()).await?;
        Ok(offered.iter().filter_map(|offer| offer.version.parse().ok()).collect())
    }

    /// The highest version that the org offers and this build is tested with.
    ///
    /// # Errors
    /// `UNSUPPORTED_API_VERSION` when there is none between [`ApiVersion::MIN`] and [`ApiVersion::MAX`].
    pub async fn best_version(&self) -> Result<ApiVersion, Error> {
        let tested = |version: &ApiVersion| (ApiVersion::MIN..=ApiVersion::MAX).contains(version);
        self.versions().await?.into_iter().filter(tested).max().ok_or_else(no_common_version)
    }
}

fn no_common_version() -> Error {
    let message =
        format!("the org offers no version from {} to {}", ApiVersion::MIN, ApiVersion::MAX);
    let error = ApiError {
        code: "UNSUPPORTED_API_VERSION".to_owned(),
        message,
        fields: Vec::new(),
        raw: serde_json::Value::Null,
    };
    Error::Api { status: 410, errors: vec![error] }
}
