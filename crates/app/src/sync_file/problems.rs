//! Collects problems with their places, so that one import names all of them.

use isthmus_contract::file::{FileCode, FileProblem, Place, Severity};

use super::places::Places;

/// Most problems listed: a person mends the first ones and imports again.
const MOST_LISTED: usize = 200;

pub(super) struct Problems<'a> {
    places: &'a Places,
    list: Vec<FileProblem>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(places: &'a Places) -> Self {
        Self { places, list: Vec::new() }
    }

    /// Something that stops the import.
    pub(super) fn refuse(
        &mut self,
        path: &str,
        code: FileCode,
        text: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let place = self.places.find(path);
        self.push(Severity::Refused, place, path, code, text.into(), remedy.into());
    }

    /// The same at a place of its own (a key that stands where none belongs).
    pub(super) fn refuse_at(
        &mut self,
        place: Place,
        path: &str,
        code: FileCode,
        text: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(Severity::Refused, place, path, code, text.into(), remedy.into());
    }

    /// Something worth knowing.
    pub(super) fn warn(
        &mut self,
        path: &str,
        code: FileCode,
        text: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let place = self.places.find(path);
        self.push(Severity::Warning, place, path, code, text.into(), remedy.into());
    }

    /// True when the file says something at this path itself.
    pub(super) fn says(&self, path: &str) -> bool {
        self.places.holds(path)
    }

    /// True when nothing stops the import.
    pub(super) fn accepts(&self) -> bool {
        self.list.iter().all(|problem| problem.severity == Severity::Warning)
    }

    /// The problems in the order of the file; refusals stay when there are too many to list.
    pub(super) fn into_sorted(mut self) -> Vec<FileProblem> {
        self.list.sort_by_key(|problem| problem.severity);
        self.list.truncate(MOST_LISTED);
        self.list.sort_by(|one, other| (one.place, &one.path).cmp(&(other.place, &other.path)));
        self.list
    }

    fn push(
        &mut self,
        severity: Severity,
        place: Place,
        path: &str,
        code: FileCode,
        text: String,
        remedy: String,
    ) {
        self.list.push(FileProblem { severity, place, path: path.to_owned(), code, text, remedy });
    }
}
