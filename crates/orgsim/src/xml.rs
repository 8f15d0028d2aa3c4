//! XML as SOAP and Bulk v1 use it: small documents read into a tree, and text put together element by element.

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_xml_entity};
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements inside one another; the documents of these APIs need fewer than ten.
const DEPTH_MAX: usize = 32;

/// One element without its namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
    /// The value of `xsi:type` without its prefix.
    pub(crate) kind: Option<String>,
}

impl Element {
    /// Reads a document.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            if open.len() > DEPTH_MAX {
                return Err(format!("The document has more than {DEPTH_MAX} levels"));
            }
            match event {
                Event::Start(start) => open.push(Self::begin(&start)),
                Event::Empty(start) => close(&mut open, Self::begin(&start)),
                Event::End(_) => {
                    if let Some(element) = open.pop() {
                        close(&mut open, element);
                    }
                }
                Event::Text(text) => append(&mut open, &text.xml10_content()),
                Event::CData(text) => append(&mut open, &text.xml10_content()),
                Event::GeneralRef(reference) => append(&mut open, &resolve(&reference)?),
                Event::DocType(_) => return Err("A document type is not allowed".to_owned()),
                Event::Eof => break,
                _ => {}
            }
        }
        match open.pop().map(|root| root.children) {
            Some(mut roots) if roots.len() == 1 && open.is_empty() => Ok(roots.remove(0)),
            _ => Err("The document is not well-formed".to_owned()),
        }
    }

    /// The first child with a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children with a name.
    pub(crate) fn all<'element>(
        &'element self,
        name: &'element str,
    ) -> impl Iterator<Item = &'element Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child with a name; `None` when it is not there or empty.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    fn begin(start: &BytesStart<'_>) -> Self {
        let kind = start.attributes().flatten().find(|own| own.key.local_name().as_ref() == "type");
        let kind = kind.map(|own| own.value.rsplit(':').next().unwrap_or_default().to_owned());
        Self { name: start.local_name().as_ref().to_owned(), kind, ..Self::default() }
    }
}

fn close(open: &mut [Element], element: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, String> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(character.to_string());
    }
    let name: &str = reference;
    let known = resolve_xml_entity(name);
    known
        .map(str::to_owned)
        .ok_or_else(|| format!("The entity {name} was referenced, but not declared."))
}

/// `<name>text</name>`, escaped.
#[expect(clippy::needless_pass_by_value, reason = "callers write numbers and texts in place")]
pub(crate) fn element(name: &str, text: impl ToString) -> String {
    let text = text.to_string();
    format!("<{name}>{}</{name}>", escape(text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Element, element};

    #[test]
    fn namespaces_references_and_cdata_are_read_away() {
        let text = "<?xml version=\"1.0\"?><a:one xmlns:a=\"urn:x\"><b>1 &lt; 2 &#65;&amp;</b><c/><b><![CDATA[<x>]]></b></a:one>";
        let one = Element::parse(text).expect("a document");
        let texts: Vec<&str> = one.all("b").map(|b| b.text.as_str()).collect();
        assert_eq!((one.name.as_str(), texts), ("one", vec!["1 < 2 A&", "<x>"]));
        assert_eq!((one.text_of("c"), one.text_of("d")), (None, None));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in ["", "<a>", "<a></b>", "text", "<a/><b/>", "<a>&Cl;</a>", "<!DOCTYPE a><a/>"] {
            assert!(Element::parse(text).is_err(), "{text}");
        }
        assert!(Element::parse(&"<a>".repeat(1_000)).is_err());
    }

    #[test]
    fn written_text_is_read_back() {
        let text = "a <b> & \"c\" 'd'";
        assert_eq!(Element::parse(&element("x", text)).expect("a document").text, text);
    }
}
