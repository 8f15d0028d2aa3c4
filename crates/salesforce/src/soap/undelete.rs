//! Records back from the recycle bin (`undelete()`).

use isthmus_model::ids::RecordId;

use crate::api::collections::RowResult;
use crate::client::Client;
use crate::error::Error;
use crate::soap::errors_of;
use crate::xml::Element;

const ROUTE: &str = "Soap/u (undelete)";

/// The most records in one call.
pub const MAX_UNDELETES: usize = 200;

impl Client {
    /// Brings up to [`MAX_UNDELETES`] records back, each on its own, with the children that went with them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many; [`Error::Mismatch`] when the results do not fit. A record that is no longer in the
    /// bin is refused with `UNDELETE_FAILED`.
    pub async fn undelete(&self, ids: &[RecordId]) -> Result<Vec<RowResult>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        if ids.len() > MAX_UNDELETES {
            let reason = format!("{} records, at most {MAX_UNDELETES}", ids.len());
            return Err(Error::invalid(ROUTE, reason));
        }
        let inner: String = ids.iter().map(|id| format!("<p:ids>{id}</p:ids>")).collect();
        let results = self.soap("undelete", &inner).await?;
        if results.len() != ids.len() {
            let reason = format!("{} records were sent, {} results came", ids.len(), results.len());
            return Err(Error::mismatch(ROUTE, reason));
        }
        ids.iter().zip(&results).map(|(id, result)| row_result(*id, result)).collect()
    }
}

fn row_result(id: RecordId, result: &Element) -> Result<RowResult, Error> {
    let answered = result.text_of("id").map(RecordId::parse).transpose();
    let answered = answered.map_err(|cause| Error::mismatch(ROUTE, cause))?;
    if let Some(other) = answered.filter(|answered| *answered != id) {
        return Err(Error::mismatch(ROUTE, format!("{other} answers in the place of {id}")));
    }
    match result.text_of("success") {
        Some("true") => Ok(RowResult::Written { id, created: false }),
        _ => Ok(RowResult::Refused(errors_of(ROUTE, result)?)),
    }
}
