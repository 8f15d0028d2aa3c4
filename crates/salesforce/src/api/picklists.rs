//! Which picklist values a record type allows: the UI API, since describe does not tell (User Interface API Developer Guide,
//! "Get Values for All Picklist Fields of a Record Type").

use std::collections::BTreeMap;

use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldName;
use serde::Deserialize;

use crate::client::{Call, Client};
use crate::error::Error;
use crate::governor::CallCause;
use crate::soql::Name;

/// The id that stands for "no record type" (the master record type).
pub const MASTER_RECORD_TYPE: &str = "012000000000000AAA";

/// The values of all picklist fields for one record type.
pub type RecordTypePicklists = BTreeMap<FieldName, Picklist>;

/// The values of one field for one record type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picklist {
    /// The values, in the org's order.
    pub values: Vec<AllowedValue>,
    /// The value a new record gets.
    pub default_value: Option<String>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedValue {
    /// What the API writes and reads.
    pub value: String,
    /// What people see.
    pub label: String,
    /// The controlling field's values for which this one is allowed; empty where no field controls it.
    pub valid_for: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    picklist_field_values: BTreeMap<FieldName, FieldAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FieldAnswer {
    #[serde(default)]
    controller_values: BTreeMap<String, usize>,
    default_value: Option<ValueAnswer>,
    values: Vec<ValueAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ValueAnswer {
    value: String,
    #[serde(default)]
    label: Option<String>,
    /// Numbers of the controlling field's values.
    #[serde(default)]
    valid_for: Vec<usize>,
}

impl Client {
    /// The values that a record type allows; [`MASTER_RECORD_TYPE`] for objects without record types.
    ///
    /// # Errors
    /// `NOT_FOUND` for a record type that the user may not use; objects that the UI API does not know are refused with
    /// `INVALID_TYPE`.
    pub async fn picklists(
        &self,
        object: &str,
        record_type: RecordId,
    ) -> Result<RecordTypePicklists, Error> {
        let object = Name::parse(object)?;
        let path = format!("ui-api/object-info/{object}/picklist-values/{record_type}");
        let route = format!("ui-api/object-info/{object}/picklist-values/{{recordType}}");
        let call = Call::get(self.data_path(&path), route).caused_by(CallCause::Describe);
        let answer: Answer = self.fetch(call).await?;
        let fields = answer.picklist_field_values.into_iter();
        Ok(fields.map(|(field, answer)| (field, Picklist::from(answer))).collect())
    }
}

impl From<FieldAnswer> for Picklist {
    fn from(answer: FieldAnswer) -> Self {
        let controllers: BTreeMap<usize, String> = answer
            .controller_values
            .into_iter()
            .map(|(controller, number)| (number, controller))
            .collect();
        let value = |entry: ValueAnswer| {
            let controlling = entry.valid_for.iter().filter_map(|number| controllers.get(number));
            let valid_for = controlling.cloned().collect();
            let label = entry.label.unwrap_or_else(|| entry.value.clone());
            AllowedValue { value: entry.value, label, valid_for }
        };
        Self {
            default_value: answer.default_value.map(|entry| entry.value),
            values: answer.values.into_iter().map(value).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::ids::RecordId;

    use super::MASTER_RECORD_TYPE;
    use crate::testing::{FakeTransport, client, reply};

    #[tokio::test]
    async fn dependent_values_name_what_they_depend_on() {
        let transport = FakeTransport::new(|_| {
            reply(
                200,
                r#"{"eTag":"x","picklistFieldValues":{
                "Country__c":{"controllerValues":{},"defaultValue":null,"eTag":"y","url":"/z","values":[
                    {"attributes":null,"label":"Germany","validFor":[],"value":"DE"}]},
                "City__c":{"controllerValues":{"DE":0,"FR":1},"eTag":"y","url":"/z",
                    "defaultValue":{"attributes":null,"label":"Bonn","validFor":[0],"value":"Bonn"},
                    "values":[{"attributes":null,"label":"Bonn","validFor":[0],"value":"Bonn"},
                              {"attributes":null,"label":"Lyon","validFor":[1],"value":"Lyon"}]}}}"#,
            )
        });
        let master = RecordId::parse(MASTER_RECORD_TYPE).unwrap();
        let picklists = client(transport.clone()).picklists("Account", master).await.unwrap();
        let city = &picklists["City__c"];
        assert_eq!(city.default_value.as_deref(), Some("Bonn"));
        assert_eq!(city.values[1].valid_for, ["FR"]);
        assert!(picklists["Country__c"].values[0].valid_for.is_empty());
        assert_eq!(picklists["Country__c"].values[0].label, "Germany");
        let path = transport.sent()[0].url.path().to_owned();
        assert_eq!(
            path,
            "/services/data/v65.0/ui-api/object-info/Account/picklist-values/012000000000000AAA"
        );
    }
}
