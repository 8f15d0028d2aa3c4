//! Bodies about jobs and batches, in XML or JSON.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::api::moments::stamp;
use crate::router::reply::Reply;
use crate::router::request::Request;
use crate::xml::{Element, element};

/// The namespace of every element.
const NAMESPACE: &str = "http://www.force.com/2009/06/asyncapi/dataload";

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Json,
}

impl Format {
    /// The format that a request speaks: JSON when its content type or, without a body, what it accepts says so.
    pub(crate) fn of(request: &Request) -> Self {
        let says = |header| request.header(header).is_some_and(|kind| kind.contains("json"));
        if says("content-type") || (request.body.is_empty() && says("accept")) {
            Self::Json
        } else {
            Self::Xml
        }
    }
}

/// One value of a message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Text(String),
    Number(u64),
    Moment(Timestamp),
    /// A version such as `68.0`, a number in JSON.
    Version(String),
}

impl From<&str> for Item {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Item {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Item {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Item {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<Timestamp> for Item {
    fn from(moment: Timestamp) -> Self {
        Self::Moment(moment)
    }
}

/// A named list of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    name: &'static str,
    items: Vec<(&'static str, Item)>,
}

impl Message {
    /// An empty message.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, items: Vec::new() }
    }

    /// Adds a value.
    pub(crate) fn with(mut self, name: &'static str, item: impl Into<Item>) -> Self {
        self.items.push((name, item.into()));
        self
    }

    /// Adds a value where there is one.
    pub(crate) fn with_some(self, name: &'static str, item: Option<impl Into<Item>>) -> Self {
        match item {
            Some(item) => self.with(name, item),
            None => self,
        }
    }

    /// As JSON.
    pub(crate) fn to_json(&self) -> Value {
        let values = self.items.iter().map(|(name, item)| {
            let value = match item {
                Item::Text(text) => json!(text),
                Item::Number(number) => json!(number),
                Item::Moment(moment) => json!(stamp(*moment)),
                Item::Version(version) => json!(version.parse::<f64>().unwrap_or_default()),
            };
            ((*name).to_owned(), value)
        });
        Value::Object(values.collect::<Map<_, _>>())
    }

    /// The whole answer.
    pub(crate) fn into_reply(self, status: u16, format: Format) -> Reply {
        match format {
            Format::Json => Reply::json(status, self.to_json()),
            Format::Xml => document(status, self.name, &self.lines(" ")),
        }
    }

    fn lines(&self, indent: &str) -> String {
        let lines = self.items.iter().map(|(name, item)| {
            let text = match item {
                Item::Text(text) | Item::Version(text) => text.clone(),
                Item::Number(number) => number.to_string(),
                Item::Moment(moment) => stamp(*moment).replace("+0000", "Z"),
            };
            format!("{indent}{}\n", element(name, text))
        });
        lines.collect()
    }
}

/// A list of messages under a name; `inner` is what JSON calls the list.
pub(crate) fn list(
    name: &'static str,
    inner: &'static str,
    messages: &[Message],
    format: Format,
) -> Reply {
    match format {
        Format::Json => {
            let all: Vec<Value> = messages.iter().map(Message::to_json).collect();
            Reply::json(200, json!({ inner: all }))
        }
        Format::Xml => {
            let all = messages
                .iter()
                .map(|message| format!(" <{0}>\n{1} </{0}>\n", message.name, message.lines("  ")));
            document(200, name, &all.collect::<String>())
        }
    }
}

/// An XML document with its root in the namespace.
pub(crate) fn document(status: u16, root: &str, inside: &str) -> Reply {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let text = if inside.is_empty() {
        format!("{head}<{root}\n   xmlns=\"{NAMESPACE}\" />")
    } else {
        format!("{head}<{root}\n   xmlns=\"{NAMESPACE}\">\n{inside}</{root}>")
    };
    Reply::xml(status, "application/xml", text)
}

/// The values that a `jobInfo` body names.
pub(crate) fn read(request: &Request, format: Format) -> Option<Map<String, Value>> {
    match format {
        Format::Json => match serde_json::from_slice(&request.body) {
            Ok(Value::Object(body)) => Some(body),
            _ => None,
        },
        Format::Xml => {
            let info = Element::parse(std::str::from_utf8(&request.body).ok()?).ok()?;
            let values = info.children.into_iter().map(|own| (own.name, Value::String(own.text)));
            (info.name == "jobInfo").then(|| values.collect())
        }
    }
}
