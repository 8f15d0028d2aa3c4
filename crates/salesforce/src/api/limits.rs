//! The org's limits: `GET /limits` (REST API Developer Guide, "Limits"). Accurate to about five minutes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::client::{Call, Client};
use crate::error::Error;

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How much there is.
    pub max: i64,
    /// How much is left.
    pub remaining: i64,
}

/// Limits by name; a nested one is named with a dot (`PermissionSets.CreateCustom`).
pub type Limits = BTreeMap<String, Limit>;

impl Client {
    /// All limits. The user needs View Setup and Configuration.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn limits(&self) -> Result<Limits, Error> {
        let body: Map<String, Json> =
            self.fetch(Call::get(self.data_path("limits"), "limits")).await?;
        Ok(limits_of(&body))
    }
}

fn limits_of(body: &Map<String, Json>) -> Limits {
    let mut limits = Limits::new();
    collect("", body, &mut limits);
    limits
}

fn collect(prefix: &str, map: &Map<String, Json>, limits: &mut Limits) {
    for (name, entry) in map {
        let Some(inner) = entry.as_object() else { continue };
        let full = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let number = |key: &str| inner.get(key).and_then(Json::as_i64);
        if let (Some(max), Some(remaining)) = (number("Max"), number("Remaining")) {
            limits.insert(full.clone(), Limit { max, remaining });
        }
        collect(&full, inner, limits);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Limit, limits_of};

    #[test]
    fn nested_limits_get_dotted_names() {
        let body = json!({"DailyApiRequests":{"Max":15000,"Remaining":14982},
            "PermissionSets":{"Max":1500,"Remaining":1499,"CreateCustom":{"Max":1000,"Remaining":999}}});
        let limits = limits_of(body.as_object().unwrap());
        assert_eq!(limits["DailyApiRequests"], Limit { max: 15000, remaining: 14982 });
        assert_eq!(limits["PermissionSets.CreateCustom"].remaining, 999);
        assert_eq!(limits.len(), 3);
    }
}
