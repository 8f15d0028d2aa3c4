//! The published JSON schema of mapping files, made from the document's own types.

use isthmus_model::document::SyncDocument;
use serde_json::{Value, json};

/// The schema as published in `docs/sync.schema.json`; editors use it for completion and checks while typing.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(SyncDocument).to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), json!("Isthmus sync"));
    }
    schema
}
