//! Rules that an administrator writes: validation, duplicates, assignment, lookup filters, automations, numbers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::setup::Condition;

fn yes() -> bool {
    true
}

/// Refuses a row while its error condition holds (`FIELD_CUSTOM_VALIDATION_EXCEPTION`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidationRule {
    /// The object.
    pub object: String,
    /// The rule's developer name.
    pub name: String,
    /// The row is refused while this holds.
    pub condition: Condition,
    /// The administrator's words.
    pub message: String,
    /// The field the message stands beside; the whole row when left out.
    #[serde(default)]
    pub field: Option<String>,
    /// Enforced only while active.
    #[serde(default = "yes")]
    pub active: bool,
}

/// What a duplicate rule does with a row that it finds twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateAction {
    /// Refuses it unless the caller allows saving.
    Alert,
    /// Refuses it.
    Block,
}

/// Finds rows that agree in every one of some fields (`DUPLICATES_DETECTED`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateRule {
    /// The object.
    pub object: String,
    /// The rule's developer name.
    pub name: String,
    /// Fields that must agree without case; a row without a value in one of them has no duplicate.
    pub fields: Vec<String>,
    /// What happens.
    pub action: DuplicateAction,
    /// Looked at on update too.
    #[serde(default = "yes")]
    pub on_update: bool,
    /// Looked at only while active.
    #[serde(default = "yes")]
    pub active: bool,
}

/// Gives new rows an owner unless the caller says `Sforce-Auto-Assign: FALSE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentRule {
    /// Case, Lead or Account.
    pub object: String,
    /// 18-character id, prefix 01Q.
    pub id: String,
    /// The owner: a user, or a queue.
    pub owner_id: String,
    /// Which rows; all when left out.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// The rule that runs when the caller names none.
    #[serde(default = "yes")]
    pub active: bool,
}

/// Parents that a lookup accepts (`FIELD_FILTER_VALIDATION_EXCEPTION`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupFilter {
    /// The object with the lookup.
    pub object: String,
    /// The lookup.
    pub field: String,
    /// What the parent's row must fulfil.
    pub condition: Condition,
}

/// What an automation does before the row is saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Writes the field's text in capitals.
    UpperCase(String),
    /// Keeps the digits of a telephone number and a plus sign in front.
    NormalizePhone(String),
    /// Copies one field to another.
    Copy {
        /// Read.
        from: String,
        /// Written.
        to: String,
    },
    /// Writes a value.
    Set {
        /// Written.
        field: String,
        /// JSON value.
        value: Value,
    },
    /// Fails as an Apex trigger does (`CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY`).
    Fail {
        /// Which rows; all when left out.
        #[serde(default)]
        when: Option<Condition>,
        /// What is told behind `caused by:`.
        message: String,
    },
    /// Fails as a flow does (`CANNOT_EXECUTE_FLOW_TRIGGER`).
    FailFlow {
        /// Which rows; all when left out.
        #[serde(default)]
        when: Option<Condition>,
        /// What is told.
        message: String,
    },
}

/// A before-save automation of one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    /// The object.
    pub object: String,
    /// The trigger's name, as error texts show it.
    pub name: String,
    /// What it does.
    pub action: Action,
    /// Runs on insert.
    #[serde(default = "yes")]
    pub on_insert: bool,
    /// Runs on update.
    #[serde(default = "yes")]
    pub on_update: bool,
    /// Runs only while active.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A field numbered by the org. Numbers are used up also by inserts that fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoNumber {
    /// The object.
    pub object: String,
    /// The field.
    pub field: String,
    /// The display format, for example `INV-{0000}`.
    pub format: String,
    /// The next number.
    pub next: u64,
}

impl AutoNumber {
    /// The next number in its format; it is used up with that.
    pub(crate) fn take(&mut self) -> String {
        let number = self.next;
        self.next += 1;
        match (self.format.find('{'), self.format.find('}')) {
            (Some(open), Some(close)) if open < close => {
                let width = close - open - 1;
                let (before, after) = (&self.format[..open], &self.format[close + 1..]);
                format!("{before}{number:0width$}{after}")
            }
            _ => format!("{}{number}", self.format),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AutoNumber;

    #[test]
    fn numbers_are_padded_as_the_format_asks_and_used_once() {
        let mut number = AutoNumber {
            object: "Site__c".to_owned(),
            field: "Code__c".to_owned(),
            format: "S-{0000}/x".to_owned(),
            next: 99,
        };
        assert_eq!((number.take(), number.take()), ("S-0099/x".to_owned(), "S-0100/x".to_owned()));
    }
}
