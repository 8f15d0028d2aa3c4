//! Records merged into one (`merge()`): leads, contacts, accounts and cases.

use isthmus_model::ids::RecordId;
use isthmus_model::schema::{FieldName, ObjectName};
use isthmus_model::value::Value;

use crate::client::Client;
use crate::error::{ApiError, Error};
use crate::soap::errors_of;
use crate::soap::value::fields;
use crate::soql::Name;
use crate::xml::Element;

const ROUTE: &str = "Soap/u (merge)";

/// The most merges in one call.
pub const MAX_MERGES: usize = 200;
/// The most records that one merge takes in.
pub const MAX_LOSERS: usize = 2;

/// Up to three records that become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRequest {
    /// The object.
    pub object: ObjectName,
    /// The record that stays.
    pub winner: RecordId,
    /// Values that it gets.
    pub values: Vec<(FieldName, Value)>,
    /// The records that go: one or two. Their children go over to the winner.
    pub losers: Vec<RecordId>,
}

/// What became of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeResult {
    /// It was carried out.
    Merged {
        /// The record that stayed.
        winner: RecordId,
        /// The records that went; they carry `MasterRecordId` now.
        merged: Vec<RecordId>,
        /// Children that went over.
        moved: Vec<RecordId>,
    },
    /// It was refused; never empty.
    Refused(Vec<ApiError>),
}

impl Client {
    /// Carries out up to [`MAX_MERGES`] merges, each on its own; results in the order of the merges.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many, no or too many losers, a record that is named twice in one merge, or a value that SOAP
    /// cannot carry; [`Error::Mismatch`] when the results do not fit.
    pub async fn merge(&self, merges: &[MergeRequest]) -> Result<Vec<MergeResult>, Error> {
        if merges.is_empty() {
            return Ok(Vec::new());
        }
        if merges.len() > MAX_MERGES {
            let reason = format!("{} merges, at most {MAX_MERGES}", merges.len());
            return Err(Error::invalid(ROUTE, reason));
        }
        let inner = merges.iter().map(encoded).collect::<Result<String, Error>>()?;
        let results = self.soap("merge", &inner).await?;
        if results.len() != merges.len() {
            let reason =
                format!("{} merges were sent, {} results came", merges.len(), results.len());
            return Err(Error::mismatch(ROUTE, reason));
        }
        merges.iter().zip(&results).map(|(merge, result)| merge_result(merge, result)).collect()
    }
}

/// The order of the elements is the WSDL's.
fn encoded(merge: &MergeRequest) -> Result<String, Error> {
    let object = Name::parse(&merge.object)?;
    let (winner, losers) = (merge.winner, &merge.losers);
    let twice = losers.contains(&winner) || losers.iter().skip(1).any(|loser| *loser == losers[0]);
    if losers.is_empty() || losers.len() > MAX_LOSERS || twice {
        let reason = format!("one winner takes in one or two other records, not {}", losers.len());
        return Err(Error::invalid(ROUTE, reason));
    }
    let (cleared, set) = fields(ROUTE, &merge.values)?;
    let going: String =
        losers.iter().map(|id| format!("<p:recordToMergeIds>{id}</p:recordToMergeIds>")).collect();
    Ok(format!(
        "<p:request><p:masterRecord><r:type>{object}</r:type>{cleared}<r:Id>{winner}</r:Id>{set}</p:masterRecord>{going}</p:request>"
    ))
}

fn merge_result(merge: &MergeRequest, result: &Element) -> Result<MergeResult, Error> {
    if result.text_of("success") != Some("true") {
        return Ok(MergeResult::Refused(errors_of(ROUTE, result)?));
    }
    let answered = ids(result, "id")?;
    if answered != [merge.winner] {
        let reason = format!("another record answers in the place of {}", merge.winner);
        return Err(Error::mismatch(ROUTE, reason));
    }
    let (merged, moved) = (ids(result, "mergedRecordIds")?, ids(result, "updatedRelatedIds")?);
    Ok(MergeResult::Merged { winner: merge.winner, merged, moved })
}

fn ids(result: &Element, name: &str) -> Result<Vec<RecordId>, Error> {
    let parse = |id: &Element| {
        RecordId::parse(id.text.trim()).map_err(|cause| Error::mismatch(ROUTE, cause))
    };
    result.all(name).map(parse).collect()
}
