//! What a duplicate rule found (wire reference 3.2; REST API Developer Guide, "Duplicate Rule Header").

use isthmus_model::ids::RecordId;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::error::ApiError;

/// The code that a duplicate rule answers with.
pub(super) const DUPLICATES_DETECTED: &str = "DUPLICATES_DETECTED";

pub(super) const BLOCKED: &str = "a duplicate rule of the org blocks the row: link it to the record that was found, or change the rule; saving again cannot help";
pub(super) const ALERTED: &str = "a duplicate rule of the org warns of similar records: link the row to one of them, or let the sync save duplicates";

/// Which records a duplicate rule takes for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateResult {
    /// The rule only warns: the same row is taken with `allowSave=true`. A rule that blocks takes it in no case.
    pub allow_save: bool,
    /// The duplicate rule.
    pub rule: String,
    /// The object it is about.
    pub object: String,
    /// What the rule tells people.
    pub message: String,
    /// What each matching rule found.
    pub matches: Vec<DuplicateMatch>,
}

/// What one matching rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateMatch {
    /// The matching rule.
    pub rule: String,
    /// The object of the records.
    pub object: String,
    /// The records.
    pub records: Vec<DuplicateRecord>,
}

/// One record that is taken for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRecord {
    /// The record; `None` where the answer names none.
    pub id: Option<RecordId>,
    /// How sure the rule is, in percent.
    pub confidence: Option<Decimal>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    allow_save: bool,
    duplicate_rule: String,
    duplicate_rule_entity_type: String,
    error_message: String,
    match_results: Vec<MatchBody>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct MatchBody {
    rule: String,
    entity_type: String,
    match_records: Vec<RecordBody>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct RecordBody {
    match_confidence: Json,
    record: Json,
}

impl ApiError {
    /// What a duplicate rule found; `None` for other errors, and for collections, which do not tell.
    #[must_use]
    pub fn duplicates(&self) -> Option<DuplicateResult> {
        if self.code != DUPLICATES_DETECTED {
            return None;
        }
        let body: Body = serde_json::from_value(self.raw.get("duplicateResult")?.clone()).ok()?;
        Some(DuplicateResult {
            allow_save: body.allow_save,
            rule: body.duplicate_rule,
            object: body.duplicate_rule_entity_type,
            message: body.error_message,
            matches: body.match_results.into_iter().map(DuplicateMatch::from).collect(),
        })
    }
}

impl From<MatchBody> for DuplicateMatch {
    fn from(body: MatchBody) -> Self {
        let records = body.match_records.iter().map(|found| DuplicateRecord {
            id: found
                .record
                .get("Id")
                .and_then(Json::as_str)
                .and_then(|id| RecordId::parse(id).ok()),
            confidence: found
                .match_confidence
                .as_number()
                .and_then(|number| number.to_string().parse().ok()),
        });
        Self { rule: body.rule, object: body.entity_type, records: records.collect() }
    }
}
