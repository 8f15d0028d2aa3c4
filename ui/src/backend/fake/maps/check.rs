//! A check as the engine makes it, with the problems that a person meets most.

use isthmus_contract::file::{FileCode, FileProblem, Place, Severity};
use isthmus_contract::map::FieldsRequest;
use isthmus_formula::convert::{Conversion, rule};
use isthmus_model::document::{CreatePolicy, MatchDocument, ObjectDocument, SyncDocument};
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

use crate::backend::fake::{Scenario, fields};

/// True where a problem keeps the mapping from being stored.
pub(super) fn is_refused(problem: &FileProblem) -> bool {
    problem.severity == Severity::Refused
}

/// The problem of a text that is no document.
pub(super) fn unreadable() -> FileProblem {
    FileProblem {
        severity: Severity::Refused,
        place: Place { line: 1, column: 1 },
        path: String::new(),
        code: FileCode::Syntax,
        text: "this is no mapping document".to_owned(),
        remedy: "check the indentation and the colons".to_owned(),
    }
}

/// Every problem of a document.
pub(super) fn problems(document: &SyncDocument, scenario: Scenario) -> Vec<FileProblem> {
    let Some(lane) = document.lanes.first() else { return Vec::new() };
    let described = |org: &str, object: &str| {
        let request =
            FieldsRequest { org: org.to_owned(), object: object.to_owned(), refresh: false };
        fields::object(&request, scenario).ok()
    };
    let mut problems = Vec::new();
    for (place, object) in document.objects.iter().enumerate() {
        let path = format!("objects[{place}]");
        match (described(&lane.left, &object.left), described(&lane.right, &object.right)) {
            (Some(left), Some(right)) => {
                let pair = Pair { document, object, left: &left, right: &right };
                pair.check(&path, &mut problems);
            }
            (left, _) => {
                let side = if left.is_none() { "left" } else { "right" };
                let text = format!("the {side} org has no such object for the connected user");
                let remedy = "check the object's API name in Setup";
                let path = format!("{path}.{side}");
                problems.push(refuse(path, FileCode::UnknownObject, text, remedy));
            }
        }
    }
    problems
}

/// One object mapping with both describes.
struct Pair<'a> {
    document: &'a SyncDocument,
    object: &'a ObjectDocument,
    left: &'a ObjectSchema,
    right: &'a ObjectSchema,
}

impl Pair<'_> {
    fn check(&self, path: &str, problems: &mut Vec<FileProblem>) {
        for (place, field) in self.object.fields.iter().enumerate() {
            let path = format!("{path}.fields[{place}]");
            let (left, right) = (self.left.field(&field.left), self.right.field(&field.right));
            match (left, right) {
                (Some(left), Some(right)) => self.check_link(left, right, path, problems),
                (None, _) => problems.push(unknown(self.left, &field.left, &path, "left")),
                (_, None) => problems.push(unknown(self.right, &field.right, &path, "right")),
            }
        }
        if self.object.policies.create == CreatePolicy::Create {
            self.check_required(path, problems);
        }
    }

    fn check_link(
        &self,
        left: &FieldSchema,
        right: &FieldSchema,
        path: String,
        problems: &mut Vec<FileProblem>,
    ) {
        if !right.createable && !right.updateable {
            let text = format!("{}.{} is read only: the org sets it", self.right.name, right.name);
            let remedy = "map the fields it is calculated from, or remove the field mapping";
            problems.push(refuse(format!("{path}.right"), FileCode::NotWritable, text, remedy));
        } else if let Conversion::Impossible(why) = rule(&left.kind, &right.kind) {
            let text = format!("{} cannot be written to {}: {why}", left.name, right.name);
            let remedy = format!("map {} to a field of type {}", left.name, left.kind);
            problems.push(refuse(path, FileCode::TypeMismatch, text, &remedy));
        } else if left.kind == FieldType::Reference && !self.has_parent(left) {
            let parents = left.reference_to.join(" or ");
            let text = format!(
                "{}.{} points to {parents}, and no object mapping of this sync covers that",
                self.left.name, left.name
            );
            let remedy =
                format!("add an object mapping for {parents}, or remove the field mapping");
            problems.push(refuse(path, FileCode::ParentUnmapped, text, &remedy));
        } else if let Some((text, remedy)) = loss(left, right) {
            problems.push(FileProblem {
                severity: Severity::Warning,
                ..refuse(path, FileCode::Lossy, text, remedy)
            });
        }
    }

    fn has_parent(&self, left: &FieldSchema) -> bool {
        let among = |name: &String| left.reference_to.contains(name);
        let lane = self.document.lanes.first();
        self.document.objects.iter().any(|object| among(&object.left))
            || lane.is_some_and(|lane| lane.values.keys().any(among))
    }

    fn check_required(&self, path: &str, problems: &mut Vec<FileProblem>) {
        let key = match &self.object.match_rule {
            MatchDocument::Key(key) => std::slice::from_ref(key),
            MatchDocument::Fields(list) => list,
        };
        for field in self.right.fields.iter().filter(|field| field.required_on_create()) {
            let mapped = self.object.fields.iter().any(|one| one.right == field.name)
                || key.iter().any(|one| one.right == field.name);
            if !mapped {
                let text =
                    format!("{}.{} is required and nothing fills it", self.right.name, field.name);
                let remedy = format!("map a field to {}, or skip creating rows", field.name);
                let path = format!("{path}.fields");
                problems.push(refuse(path, FileCode::RequiredUnmapped, text, &remedy));
            }
        }
    }
}

fn loss(left: &FieldSchema, right: &FieldSchema) -> Option<(String, &'static str)> {
    let (whole_left, whole_right) = (whole_digits(left), whole_digits(right));
    if left.picklist_values.is_empty() && right.length > 0 && left.length > right.length {
        let text = format!(
            "{} holds up to {} characters, its target {} up to {}",
            left.name, left.length, right.name, right.length
        );
        return Some((text, "rows with longer text are held; lengthen the target field in Setup"));
    }
    if whole_right > 0 && whole_left > whole_right {
        let text = format!(
            "{} holds up to {whole_left} digits before the point, its target {} up to {whole_right}",
            left.name, right.name
        );
        return Some((text, "rows with larger numbers are held; widen the target field in Setup"));
    }
    let lacks = |value: &&str| !right.picklist_values.iter().any(|one| one.value == **value);
    let values = left.picklist_values.iter().map(|one| one.value.as_str());
    let missing: Vec<&str> = values.filter(lacks).take(6).collect();
    (right.restricted_picklist && !missing.is_empty()).then(|| {
        let text =
            format!("{} takes only listed values and lacks {}", right.name, missing.join(", "));
        (text, "rows with these values are held; add them to the target's picklist in Setup")
    })
}

fn whole_digits(field: &FieldSchema) -> u32 {
    if field.digits > 0 { field.digits } else { field.precision.saturating_sub(field.scale) }
}

fn unknown(object: &ObjectSchema, name: &str, path: &str, side: &str) -> FileProblem {
    let text = format!("{} has no field {name} for the connected user", object.name);
    let remedy = "check the field's API name in Setup, and its field-level security";
    refuse(format!("{path}.{side}"), FileCode::UnknownField, text, remedy)
}

fn refuse(path: String, code: FileCode, text: String, remedy: &str) -> FileProblem {
    FileProblem {
        severity: Severity::Refused,
        place: Place::default(),
        path,
        code,
        text,
        remedy: remedy.to_owned(),
    }
}
