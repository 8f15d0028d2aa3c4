//! `explain=`: how a query would be run, in the documented shape; costs are those of this simulator.

use serde_json::{Value, json};

use crate::soql::candidates::{Candidates, candidates};
use crate::soql::checked::CheckedQuery;
use crate::soql::world::World;

impl CheckedQuery {
    /// The one plan that this simulator has for a query.
    pub(crate) fn explain(&self, source: &str, world: &World<'_>) -> Value {
        let Some(table) = world.tables.get(&self.object) else {
            return json!({ "plans": [], "sourceQuery": source });
        };
        let (operation, looked_at) = match candidates(self.filter.as_ref(), table) {
            Candidates::These(rows) => ("Index", rows.len()),
            Candidates::From(_) => ("Index", table.len()),
            Candidates::All => ("TableScan", table.len()),
        };
        // Row counts are far below the 2^52 that a double holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
        let cost = looked_at as f64 / table.len().max(1) as f64;
        json!({
            "plans": [{
                "cardinality": looked_at,
                "fields": [],
                "leadingOperationType": operation,
                "notes": [],
                "relativeCost": cost,
                "sobjectCardinality": table.len(),
                "sobjectType": self.object,
            }],
            "sourceQuery": source,
        })
    }
}
