//! Checks a tree against the document's JSON schema and names every problem with its place.
//!
//! The schema is the one that is published, so that editor, import and types can never disagree. Only the parts of
//! JSON Schema that the document's types produce are understood; a test feeds every part through.

use isthmus_contract::file::FileCode;
use serde_json::{Map, Value};

use super::names::{did_you_mean, quoted};
use super::places::member;
use super::problems::Problems;
use super::schema::json_schema;
use super::tree::{Kind, Node};

/// The shape of a document.
pub(super) struct Shape {
    schema: Value,
}

impl Shape {
    pub(super) fn of_documents() -> Self {
        Self { schema: json_schema() }
    }

    /// Names every difference between the tree and the shape.
    pub(super) fn check(&self, tree: &Node, problems: &mut Problems<'_>) {
        if tree.kind == Kind::Null {
            let remedy =
                "start from docs/examples/sales-to-service.yaml, or from `isthmus sync suggest`";
            return problems.refuse("", FileCode::Empty, "the file is empty", remedy);
        }
        self.node(tree, &self.schema, "", problems);
    }

    fn node(&self, node: &Node, schema: &Value, path: &str, problems: &mut Problems<'_>) {
        let schema = self.resolved(schema);
        if let Some(branches) = schema["anyOf"].as_array() {
            return self.optional(node, branches, path, problems);
        }
        if let Some(branches) = schema["oneOf"].as_array() {
            return self.choice(node, branches, path, problems);
        }
        match type_name(schema) {
            "object" => self.map(node, schema, path, problems),
            "array" => self.list(node, schema, path, problems),
            wanted => scalar(node, wanted, schema, path, problems),
        }
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|link| link.strip_prefix("#/$defs/"));
        name.map_or(schema, |name| &self.schema["$defs"][name])
    }

    /// `anyOf` stands for "this or nothing".
    fn optional(&self, node: &Node, branches: &[Value], path: &str, problems: &mut Problems<'_>) {
        if node.kind == Kind::Null {
            return;
        }
        if let Some(branch) = branches.iter().find(|branch| branch["type"] != "null") {
            self.node(node, branch, path, problems);
        }
    }

    /// `oneOf` stands for one word of a list, or for a map with exactly one of several keys.
    fn choice(&self, node: &Node, branches: &[Value], path: &str, problems: &mut Problems<'_>) {
        let words: Vec<&str> =
            branches.iter().filter_map(|branch| branch["const"].as_str()).collect();
        if words.is_empty() {
            self.one_key(node, branches, path, problems)
        } else {
            word(node, &words, path, problems)
        }
    }

    fn one_key(&self, node: &Node, branches: &[Value], path: &str, problems: &mut Problems<'_>) {
        let keys: Vec<&str> = branches.iter().filter_map(only_property).collect();
        let wanted = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or ");
        let Kind::Map(entries) = &node.kind else {
            let text = format!("{} needs {wanted}", place_name(path));
            return problems.refuse(
                path,
                FileCode::WrongShape,
                text,
                format!("write {wanted} below it"),
            );
        };
        let [(key, value)] = entries.as_slice() else {
            let text = format!("{} needs exactly one of {wanted}", place_name(path));
            return problems.refuse(path, FileCode::WrongShape, text, "keep one of them");
        };
        let branch = branches.iter().find(|branch| only_property(branch) == Some(&key.name));
        match branch {
            Some(branch) => {
                let inner = &branch["properties"][&key.name];
                self.node(value, inner, &member(path, &key.name), problems);
            }
            None => unknown_key(&key.name, key.place, path, &keys, problems),
        }
    }

    fn map(&self, node: &Node, schema: &Value, path: &str, problems: &mut Problems<'_>) {
        let Kind::Map(entries) = &node.kind else {
            return wrong_shape(node, "a map of `key: value` lines", path, problems);
        };
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let known: Vec<&str> = properties.keys().map(String::as_str).collect();
        for (key, value) in entries {
            let path_of_value = member(path, &key.name);
            match (properties.get(&key.name), &schema["additionalProperties"]) {
                (Some(inner), _) => self.node(value, inner, &path_of_value, problems),
                (None, Value::Object(_)) => {
                    self.node(value, &schema["additionalProperties"], &path_of_value, problems);
                }
                (None, _) => unknown_key(&key.name, key.place, path, &known, problems),
            }
        }
        for required in
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
        {
            if !entries.iter().any(|(key, _)| key.name == required) {
                missing_key(required, &properties[required], path, problems);
            }
        }
    }

    fn list(&self, node: &Node, schema: &Value, path: &str, problems: &mut Problems<'_>) {
        let Kind::List(items) = &node.kind else {
            return wrong_shape(node, "a list of `- ` lines", path, problems);
        };
        if items.is_empty() {
            let text = format!("{} is empty", place_name(path));
            return problems.refuse(path, FileCode::Empty, text, "add at least one entry");
        }
        for (position, item) in items.iter().enumerate() {
            self.node(item, &schema["items"], &format!("{path}[{position}]"), problems);
        }
    }
}

/// The type's name; of `[string, null]` the first.
fn type_name(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        name => name.as_str(),
    }
    .unwrap_or_default()
}

fn allows_null(schema: &Value) -> bool {
    schema["type"].as_array().is_some_and(|names| names.iter().any(|name| name == "null"))
}

fn only_property(branch: &Value) -> Option<&str> {
    branch["properties"].as_object()?.keys().next().map(String::as_str)
}

fn scalar(node: &Node, wanted: &str, schema: &Value, path: &str, problems: &mut Problems<'_>) {
    match (wanted, &node.kind) {
        (_, Kind::Null) if allows_null(schema) => {}
        ("string", Kind::Text(text)) if text.trim().is_empty() && !allows_null(schema) => {
            let text = format!("{} is empty", place_name(path));
            problems.refuse(path, FileCode::Empty, text, "give it a value");
        }
        ("string", Kind::Text(_)) | ("boolean", Kind::Boolean(_)) => {}
        ("integer", Kind::Number(number)) if number.is_u64() => {}
        ("string", Kind::Number(_) | Kind::Boolean(_)) => {
            let text =
                format!("{} is read as a number or a boolean, text belongs here", place_name(path));
            problems.refuse(path, FileCode::WrongShape, text, "put it in quotes");
        }
        ("string", _) => wrong_shape(node, "text", path, problems),
        ("boolean", _) => wrong_shape(node, "`true` or `false`", path, problems),
        _ => wrong_shape(node, "a whole number", path, problems),
    }
}

fn word(node: &Node, words: &[&str], path: &str, problems: &mut Problems<'_>) {
    let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match &node.kind {
        Kind::Text(text) if words.contains(&text.as_str()) => {}
        Kind::Text(text) => {
            let said = format!("{} has no choice {}", place_name(path), quoted(text));
            let remedy =
                did_you_mean(text, words.iter().copied(), &format!("choose one of {list}"));
            problems.refuse(path, FileCode::UnknownChoice, said, remedy);
        }
        _ => wrong_shape(node, &format!("one of {list}"), path, problems),
    }
}

fn wrong_shape(node: &Node, wanted: &str, path: &str, problems: &mut Problems<'_>) {
    let found = match &node.kind {
        Kind::Null => "nothing",
        Kind::Boolean(_) => "true or false",
        Kind::Number(_) => "a number",
        Kind::Text(_) => "text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a map",
    };
    let text = format!("{} holds {found} where {wanted} belongs", place_name(path));
    problems.refuse(path, FileCode::WrongShape, text, format!("write {wanted}"));
}

fn unknown_key(
    name: &str,
    place: isthmus_contract::file::Place,
    path: &str,
    known: &[&str],
    problems: &mut Problems<'_>,
) {
    let text = format!("{} has no part called {}", place_name(path), quoted(name));
    let list = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let remedy = did_you_mean(name, known.iter().copied(), &format!("the parts are {list}"));
    problems.refuse_at(place, &member(path, name), FileCode::UnknownKey, text, remedy);
}

fn missing_key(name: &str, schema: &Value, path: &str, problems: &mut Problems<'_>) {
    let text = format!("{} has no `{name}`", place_name(path));
    let meaning = schema["description"].as_str().unwrap_or_default().trim_end_matches('.');
    let meaning = meaning.lines().collect::<Vec<_>>().join(" ");
    problems.refuse(path, FileCode::MissingKey, text, format!("add `{name}:` ({meaning})"));
}

fn place_name(path: &str) -> String {
    if path.is_empty() { "the document".to_owned() } else { format!("`{path}`") }
}
