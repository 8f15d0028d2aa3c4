//! YAML as a tree whose every node knows its place; limits keep hostile files from costing memory or time.

use std::fmt;

use isthmus_contract::file::{FileCode, FileProblem, Place};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::whole_file;

/// Deepest nesting: a document has eight levels, the rest is room for flow style.
const DEEPEST_NESTING: usize = 24;
/// Most nodes after aliases are replayed: 10,000 field mappings of five words each, twice.
const MOST_NODES: usize = 200_000;
/// Most nodes that aliases may add: they repeat a lane or a policy, not the file.
const MOST_ALIAS_NODES: usize = 20_000;
/// Deepest alias inside alias.
const DEEPEST_ALIAS: usize = 4;

/// One node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Null,
    Boolean(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A map's key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    pub(super) place: Place,
    pub(super) name: String,
}

/// Parses one document.
pub(super) fn parse(text: &str) -> Result<Node, FileProblem> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST_NESTING,
            flow_nesting_limit: DEEPEST_NESTING,
            max_nodes: MOST_NODES,
            max_inclusion_depth: 0,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MOST_ALIAS_NODES,
            max_replay_stack_depth: DEEPEST_ALIAS,
        },
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| describe_error(&error))
}

fn describe_error(error: &serde_saphyr::Error) -> FileProblem {
    use serde_saphyr::Error;
    let mut inner = error.without_snippet();
    // An error inside an alias is wrapped once per level.
    while let Error::AliasError { error, .. } = inner {
        inner = error.without_snippet();
    }
    let remedy = match inner {
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::Budget { .. } => {
            "aliases may nest four deep and repeat little; write the parts out instead"
        }
        Error::DuplicateMappingKey { .. } => "keep one of the two",
        Error::MultipleDocuments { .. } => "one file holds one sync: split it at the `---` lines",
        Error::Eof { .. } => "the file is empty; start from docs/examples/sales-to-service.yaml",
        _ => "check indentation, colons and quotes at this place",
    };
    let place = error.location().map_or_else(Place::default, |location| Place {
        line: location.line(),
        column: location.column(),
    });
    FileProblem { place, ..whole_file(FileCode::Syntax, one_line(&inner.to_string()), remedy) }
}

/// The parser's text without line breaks, cut to what a terminal line can show.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

impl Node {
    /// The node as JSON, for decoding into the model.
    pub(super) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Boolean(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::Text(text) => Value::String(text.clone()),
            Kind::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            Kind::Map(entries) => Value::Object(
                entries.iter().map(|(key, node)| (key.name.clone(), node.to_json())).collect(),
            ),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Kind>::deserialize(deserializer)?;
        Ok(Self { place: place(&spanned), kind: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { place: place(&spanned), name: spanned.value })
    }
}

fn place<T>(spanned: &Spanned<T>) -> Place {
    Place { line: spanned.referenced.line(), column: spanned.referenced.column() }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text, a number, true, false, a list or a map")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Kind, E> {
        Ok(Kind::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Kind, E> {
        Ok(Kind::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Kind, E> {
        Ok(Kind::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Kind, E> {
        let number = serde_json::Number::from_f64(value);
        number.map(Kind::Number).ok_or_else(|| E::custom("a number without end has no place here"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Kind, E> {
        Ok(Kind::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Kind, E> {
        Ok(Kind::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_none<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind, D::Error> {
        Kind::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Kind, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Kind::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Kind, A::Error> {
        let mut map: Vec<(Key, Node)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        while let Some((key, node)) = entries.next_entry::<Key, Node>()? {
            if !names.insert(key.name.clone()) {
                return Err(A::Error::custom(format!("`{}` stands here twice", key.name)));
            }
            map.push((key, node));
        }
        Ok(Kind::Map(map))
    }
}
