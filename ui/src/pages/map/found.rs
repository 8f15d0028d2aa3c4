//! Problems of a check, each at the thing it is about: bound to names, so that they stay right while the draft moves on.

use isthmus_contract::file::{FileCode, FileProblem};
use isthmus_model::document::SyncDocument;

/// What a problem is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A link, by its left and right field.
    Field(String, String),
    /// The match rule.
    Match,
    /// A required field of the target that nothing fills, and all that the fields have in common.
    Fields,
    /// Anything else of an object mapping: its objects, policies, name.
    Object,
    /// The sync itself: name, lanes.
    Sync,
}

/// A problem at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The object mapping it belongs to, by left and right object; `None` for the sync itself.
    pub(crate) object: Option<(String, String)>,
    /// What it is about.
    pub(crate) spot: Spot,
    /// The problem.
    pub(crate) problem: FileProblem,
}

impl Found {
    /// The problems of a check, bound to the names in the document that was checked.
    pub(crate) fn all(problems: &[FileProblem], document: &SyncDocument) -> Vec<Self> {
        problems.iter().map(|problem| Self::one(problem, document)).collect()
    }

    /// True where the problem is about this link.
    pub(crate) fn is_about(&self, left: &str, right: &str) -> bool {
        matches!(&self.spot, Spot::Field(from, to)
            if from.eq_ignore_ascii_case(left) && to.eq_ignore_ascii_case(right))
    }

    /// True where the problem belongs to this pair of objects.
    pub(crate) fn is_of(&self, left: &str, right: &str) -> bool {
        self.object.as_ref().is_some_and(|(from, to)| from == left && to == right)
    }

    /// True for a required field that nothing fills: the map shows those on their own.
    pub(crate) fn is_required(&self) -> bool {
        self.problem.code == FileCode::RequiredUnmapped
    }

    fn one(problem: &FileProblem, document: &SyncDocument) -> Self {
        let place = place(&problem.path);
        let object = place.and_then(|(object, _)| document.objects.get(object));
        let spot = match (object, place) {
            (Some(object), Some((_, rest))) => match index(rest, "fields") {
                Some((field, _)) => object.fields.get(field).map_or(Spot::Fields, |field| {
                    Spot::Field(field.left.clone(), field.right.clone())
                }),
                None if rest == "fields" => Spot::Fields,
                // A problem of one pair is shown on the rule as a whole.
                None if rest.starts_with("match") => Spot::Match,
                None => Spot::Object,
            },
            _ => Spot::Sync,
        };
        let object = object.map(|object| (object.left.clone(), object.right.clone()));
        Self { object, spot, problem: problem.clone() }
    }
}

/// `objects[3].fields[1].left` as 3 and `fields[1].left`.
fn place(path: &str) -> Option<(usize, &str)> {
    index(path, "objects")
}

fn index<'a>(path: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let rest = path.strip_prefix(list)?.strip_prefix('[')?;
    let (number, rest) = rest.split_once(']')?;
    Some((number.parse().ok()?, rest.trim_start_matches('.')))
}

#[cfg(test)]
mod tests {
    use isthmus_contract::file::{FileCode, FileProblem, Place, Severity};
    use isthmus_model::document::SyncDocument;

    use super::{Found, Spot};

    fn document() -> SyncDocument {
        serde_json::from_value(serde_json::json!({
            "isthmus": 1, "sync": "s", "lanes": [{"left": "a", "right": "b"}],
            "objects": [{
                "left": "Account", "right": "Site__c",
                "match": {"key": {"left": "Key__c", "right": "Key__c"}},
                "fields": [{"left": "Name", "right": "Name"}, {"left": "Phone", "right": "Tel__c"}],
            }],
        }))
        .unwrap()
    }

    fn spot(path: &str) -> Spot {
        let problem = FileProblem {
            severity: Severity::Warning,
            place: Place::default(),
            path: path.to_owned(),
            code: FileCode::Lossy,
            text: String::new(),
            remedy: String::new(),
        };
        Found::all(&[problem], &document()).remove(0).spot
    }

    #[test]
    fn a_path_leads_to_the_names_it_is_about() {
        let link = Spot::Field("Phone".to_owned(), "Tel__c".to_owned());
        assert_eq!(spot("objects[0].fields[1].right"), link);
        assert_eq!(spot("objects[0].fields[1]"), link);
        assert_eq!(spot("objects[0].fields"), Spot::Fields);
        assert_eq!(spot("objects[0].match.fields[0].left"), Spot::Match);
        assert_eq!(spot("objects[0].policies"), Spot::Object);
        assert_eq!(spot("lanes[0].left"), Spot::Sync);
        assert_eq!(spot("objects[9].fields[1]"), Spot::Sync);
        assert_eq!(spot(""), Spot::Sync);
    }
}
