//! About how many records objects have: `GET /limits/recordCount` (REST API Developer Guide, "Record Count").
//!
//! The org counts now and then, leaves out what is empty or unknown, and can be wrong in both directions: good for an
//! estimate, never for finding an org empty (wire reference 4).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::client::{Call, Client};
use crate::error::Error;
use crate::soql::Name;

/// Counts by object, as the org remembers them. What is missing is unknown, not empty.
pub type RecordCounts = BTreeMap<String, u64>;

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "sObjects")]
    objects: Vec<Counted>,
}

#[derive(Deserialize)]
struct Counted {
    name: String,
    count: u64,
}

impl Client {
    /// The counts of some objects; of all that have any where none is named. The user needs View Setup and Configuration.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn record_counts(&self, objects: &[&str]) -> Result<RecordCounts, Error> {
        let names =
            objects.iter().map(|object| Name::parse(object)).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        let query =
            if names.is_empty() { String::new() } else { format!("?sObjects={}", names.join(",")) };
        let path = self.data_path(&format!("limits/recordCount{query}"));
        let answer: Answer = self.fetch(Call::get(path, "limits/recordCount")).await?;
        Ok(answer.objects.into_iter().map(|counted| (counted.name, counted.count)).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{FakeTransport, client, reply};

    #[tokio::test]
    async fn counts_come_by_object_and_what_is_left_out_is_unknown() {
        let transport =
            FakeTransport::new(|_| reply(200, r#"{"sObjects":[{"count":3,"name":"Account"}]}"#));
        let counts =
            client(transport.clone()).record_counts(&["Account", "Contact"]).await.unwrap();
        assert_eq!(counts.get("Account"), Some(&3));
        assert_eq!(counts.get("Contact"), None);
        let query = transport.sent()[0].url.query().map(str::to_owned);
        assert_eq!(query.as_deref(), Some("sObjects=Account,Contact"));
        assert!(client(transport).record_counts(&["Account&x=1"]).await.is_err());
    }
}
