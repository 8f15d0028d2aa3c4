//! Answers about runs.

use isthmus_contract::problem::Problem;
use serde_json::Value;

use crate::backend::fake::Question;

/// The answer, where the question is of this domain.
pub(super) fn answer(_question: &mut Question) -> Option<Result<Value, Problem>> {
    None
}
