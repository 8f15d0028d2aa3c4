//! What became of each row of a batch, in the form of the job: CSV lines or JSON records.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::bulk::csv::push_line;
use crate::bulk::dialect::Dialect;
use crate::bulk::load::{ContentType, Load, Outcome};
use crate::router::reply::{Content, Pieces, Reply};

/// The results of a load, in the order of its batch.
pub(crate) fn of_load(load: &Arc<Load>) -> Reply {
    match load.cargo.content {
        ContentType::Csv => csv(OutcomeLines { load: Arc::clone(load), at: None }),
        ContentType::Json => {
            Reply::json(200, Value::Array(load.outcomes.iter().map(record).collect()))
        }
    }
}

/// A body of CSV.
pub(crate) fn csv(pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Reply {
    Reply { status: 200, headers: Vec::new(), body: Content::Csv(Pieces::new(pieces)) }
}

/// A body of JSON that is text already.
pub(crate) fn json_text(text: Vec<u8>) -> Reply {
    let reply = Reply { status: 200, headers: Vec::new(), body: Content::Bytes(text) };
    reply.with_header("content-type", "application/json;charset=UTF-8")
}

/// What became of each row, a piece of some thousand at a time.
struct OutcomeLines {
    load: Arc<Load>,
    /// The next row; `None` before the header.
    at: Option<usize>,
}

impl Iterator for OutcomeLines {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        const PIECE_ROWS: usize = 2_000;
        let mut lines = Vec::new();
        let Some(at) = self.at else {
            self.at = Some(0);
            push_line(&mut lines, Dialect::default(), ["Id", "Success", "Created", "Error"]);
            return Some(Bytes::from(lines));
        };
        let to = self.load.outcomes.len().min(at + PIECE_ROWS);
        self.load.outcomes[at..to].iter().for_each(|outcome| push_outcome(&mut lines, outcome));
        self.at = Some(to);
        (!lines.is_empty()).then(|| Bytes::from(lines))
    }
}

fn push_outcome(lines: &mut Vec<u8>, outcome: &Outcome) {
    let mut push = |cells: [&str; 4]| push_line(lines, Dialect::default(), cells);
    match &outcome.result {
        Ok(written) => {
            push([&*written.id, "true", if written.created { "true" } else { "false" }, ""]);
        }
        Err(refused) => {
            let id = refused.id.as_deref().unwrap_or_default();
            push([id, "false", "false", &refused.text()]);
        }
    }
}

fn record(outcome: &Outcome) -> Value {
    match &outcome.result {
        Ok(written) => json!({
            "success": true, "created": written.created, "id": &*written.id, "errors": [],
        }),
        Err(refused) => json!({
            "success": false, "created": false, "id": refused.id,
            "errors": [{
                "statusCode": refused.code, "message": refused.message, "fields": refused.fields,
                "extendedErrorDetails": null,
            }],
        }),
    }
}
