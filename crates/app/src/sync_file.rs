//! Mapping files: one YAML document per sync, read with places, checked against both describes, bound for the planner.
//!
//! Reading and checking are pure: the use cases around them fetch the describes and store the result.

mod check;
mod comments;
mod names;
mod places;
mod problems;
mod render;
mod scalar;
mod schema;
mod shape;
mod sides;
mod tree;
mod unsupported;

#[cfg(test)]
pub(crate) mod tests;

use isthmus_contract::file::{FileCode, FileProblem, Place, Severity};
use isthmus_model::document::{DOCUMENT_VERSION, ObjectDocument, SyncDocument};

#[cfg(test)]
pub(crate) use check::Bound;
pub(crate) use check::{Binding, bind};
pub(crate) use comments::has_comments;
pub(crate) use names::nearest;
pub(crate) use render::render;
pub(crate) use scalar::scalar;
pub use schema::json_schema;
pub(crate) use sides::{SideDescribe, Sides};

use places::Places;
use problems::Problems;
use shape::Shape;

/// Largest mapping file: 10,000 field mappings with comments fit four times over, and a mistaken data file does not.
pub const LARGEST_FILE_BYTES: usize = 4 * 1024 * 1024;

/// A mapping file whose shape is right: every word known, every part where it belongs.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    pub(crate) document: SyncDocument,
    pub(crate) places: Places,
    /// Problems that need no describe: what this build cannot run.
    pub(crate) problems: Vec<FileProblem>,
}

/// A mapping file that is still being written: as much of it as can be read, and what is wrong with its shape.
pub(crate) struct Reading {
    /// `None` where the text is no document at all.
    pub(crate) parsed: Option<Parsed>,
    /// Problems of the shape; with any of them the file cannot be imported.
    pub(crate) shape: Vec<FileProblem>,
}

/// Reads a mapping file. All problems of its shape are given back at once, each with its place.
pub(crate) fn read(text: &str) -> Result<Parsed, Vec<FileProblem>> {
    match read_draft(text) {
        Reading { parsed: Some(parsed), shape } if shape.is_empty() => Ok(parsed),
        Reading { shape, .. } => Err(shape),
    }
}

/// Reads as much as there is.
pub(crate) fn read_draft(text: &str) -> Reading {
    let nothing = |problem| Reading { parsed: None, shape: vec![problem] };
    if text.len() > LARGEST_FILE_BYTES {
        return nothing(too_large(text.len()));
    }
    let tree = match tree::parse(text) {
        Ok(tree) => tree,
        Err(problem) => return nothing(problem),
    };
    let places = Places::of(&tree);
    let mut shape = Problems::new(&places);
    Shape::of_documents().check(&tree, &mut shape);
    let mut shape = shape.into_sorted();
    let document = match decode(&tree) {
        Ok(document) => document,
        Err(problem) => {
            // Where the shape has named what is wrong, the decoder's words for it add nothing.
            if shape.is_empty() {
                shape.push(problem);
            }
            return Reading { parsed: None, shape };
        }
    };
    let mut unsupported = Problems::new(&places);
    unsupported::check(&document, &mut unsupported);
    let problems = unsupported.into_sorted();
    Reading { parsed: Some(Parsed { document, places, problems }), shape }
}

/// The name of the sync that a mapping file is for; `None` where the file's shape is not right.
#[must_use]
pub fn name_in(text: &str) -> Option<String> {
    read(text).ok().map(|parsed| parsed.document.sync)
}

/// The document as the model has it. The shape was checked before, so that a failure here is a gap of that check.
fn decode(tree: &tree::Node) -> Result<SyncDocument, FileProblem> {
    let document: SyncDocument = serde_json::from_value(tree.to_json())
        .map_err(|error| whole_file(FileCode::WrongShape, error.to_string(), SEE_EXAMPLE))?;
    if document.isthmus != DOCUMENT_VERSION {
        let text = format!("this file has format {}, this build reads 1", document.isthmus);
        let remedy = "write `isthmus: 1`, or import the file with the build that wrote it";
        return Err(whole_file(FileCode::UnknownFormat, text, remedy));
    }
    Ok(document)
}

/// Every object the document names, per side, each once.
pub(crate) fn referenced_objects(document: &SyncDocument) -> (Vec<String>, Vec<String>) {
    let names = |of: fn(&ObjectDocument) -> &String| -> Vec<String> {
        let mut names: Vec<String> = document.objects.iter().map(of).cloned().collect();
        names.sort_by_key(|name| name.to_ascii_lowercase());
        names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        names
    };
    (names(|object| &object.left), names(|object| &object.right))
}

/// A refusal at a path of a parsed file, for checks that need the ledger.
pub(crate) fn lane_problem(
    parsed: &Parsed,
    path: &str,
    code: FileCode,
    text: String,
    remedy: String,
) -> FileProblem {
    FileProblem {
        severity: Severity::Refused,
        place: parsed.places.find(path),
        path: path.to_owned(),
        code,
        text,
        remedy,
    }
}

const SEE_EXAMPLE: &str = "compare with docs/examples/sales-to-service.yaml";

fn too_large(bytes: usize) -> FileProblem {
    let text = format!("the file has {bytes} bytes, a mapping file at most {LARGEST_FILE_BYTES}");
    whole_file(FileCode::Syntax, text, "choose the mapping file, or split it into several syncs")
}

fn whole_file(code: FileCode, text: String, remedy: &str) -> FileProblem {
    FileProblem {
        severity: Severity::Refused,
        place: Place::default(),
        path: String::new(),
        code,
        text,
        remedy: remedy.to_owned(),
    }
}
