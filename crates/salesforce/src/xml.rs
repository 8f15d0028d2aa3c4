//! XML answers of the SOAP API as a small tree: local names, texts, children. No entity beyond the five of XML is expanded.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

/// SOAP answers are six elements deep; what is much deeper is broken or hostile.
const MAX_DEPTH: usize = 64;

/// One element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The name without its prefix.
    pub(crate) name: String,
    /// The text between its tags, children's left out, blanks at both ends kept.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// Reads a document. The error names the fault and no value.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text);
        // The elements that are still open, outermost first; the first one stands for the document.
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event();
            let event = event.map_err(|_| format!("broken at byte {}", reader.error_position()))?;
            match event {
                Event::Start(start) => open.push(Self::named(start.local_name().as_ref())),
                Event::Empty(start) => add(&mut open, Self::named(start.local_name().as_ref())),
                Event::End(_) if open.len() > 1 => {
                    let done = open.pop().unwrap_or_default();
                    add(&mut open, done);
                }
                Event::Text(text) => say(&mut open, &text.xml10_content()),
                Event::CData(text) => say(&mut open, &text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().ok().flatten();
                    match (character, resolve_predefined_entity(&reference)) {
                        (Some(character), _) => say(&mut open, character.encode_utf8(&mut [0; 4])),
                        (None, Some(text)) => say(&mut open, text),
                        (None, None) => return Err("an entity that XML does not have".to_owned()),
                    }
                }
                Event::DocType(_) => return Err("a document type, which SOAP forbids".to_owned()),
                Event::Eof => break,
                _ => {}
            }
            if open.len() > MAX_DEPTH {
                return Err("nested too deep".to_owned());
            }
        }
        match (open.len(), open.pop().and_then(|mut document| document.children.pop())) {
            (1, Some(root)) => Ok(root),
            _ => Err("it was cut".to_owned()),
        }
    }

    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name, if it has any.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

fn add(open: &mut [Element], done: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(done);
    }
}

fn say(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::Element;

    #[test]
    fn names_lose_their_prefix_and_texts_their_escapes() {
        let text = "<?xml version=\"1.0\"?><s:a xmlns:s=\"u\"><s:b>1 &lt; 2 &#65;&amp;<![CDATA[<c>]]></s:b><b/></s:a>";
        let root = Element::parse(text).unwrap();
        assert_eq!(root.name, "a");
        assert_eq!(root.text_of("b"), Some("1 < 2 A&<c>"));
        assert_eq!(root.all("b").count(), 2);
    }

    #[test]
    fn what_is_cut_deep_or_sly_is_refused_and_overflows_nothing() {
        let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        for text in ["", "<a>", "<a><b></a>", "</a>", "text", "<a>&lol;</a>", bomb, &deep] {
            assert!(Element::parse(text).is_err(), "{}", &text[..text.len().min(40)]);
        }
    }
}
