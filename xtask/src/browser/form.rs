//! The first form of a page: where it goes and what stands in it.

/// A form as the page gives it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) action: String,
    fields: Vec<Field>,
}

/// One `input` or `button` with a name.
#[derive(Debug, PartialEq, Eq)]
struct Field {
    name: String,
    value: String,
    kind: String,
}

impl Form {
    /// The first form of a page.
    pub(super) fn first_in(page: &str) -> Option<Self> {
        let start = page.find("<form")?;
        let rest = &page[start..];
        let inside = &rest[..rest.find("</form").unwrap_or(rest.len())];
        let head = &inside[..inside.find('>')?];
        let fields =
            tags(inside, "<input").chain(tags(inside, "<button")).filter_map(Field::read).collect();
        Some(Self { action: attribute(head, "action").unwrap_or_default(), fields })
    }

    /// The form as a person sends it who agrees: the name where text is asked, the password where one is asked, and
    /// one button pressed.
    pub(super) fn filled_in(&self, name: &str, password: &str) -> String {
        let pressed = self.agreeing_button();
        let mut pairs = Vec::new();
        for field in &self.fields {
            let value = match field.kind.as_str() {
                "password" => password,
                "text" | "email" if field.value.is_empty() => name,
                "submit" if !pressed.is_some_and(|button| std::ptr::eq(button, field)) => continue,
                _ => &field.value,
            };
            pairs.push(format!("{}={}", encode(&field.name), encode(value)));
        }
        pairs.join("&")
    }

    /// The button that allows, for a consent page has one that denies, and it may stand first.
    fn agreeing_button(&self) -> Option<&Field> {
        let mut buttons = self.fields.iter().filter(|field| field.kind == "submit");
        let first = buttons.clone().next();
        buttons.find(|button| button.value.eq_ignore_ascii_case("allow")).or(first)
    }
}

impl Field {
    fn read(tag: &str) -> Option<Self> {
        let usual = if tag.starts_with("<button") { "submit" } else { "text" };
        Some(Self {
            name: attribute(tag, "name")?,
            value: attribute(tag, "value").unwrap_or_default(),
            kind: attribute(tag, "type").unwrap_or_else(|| usual.to_owned()),
        })
    }
}

/// Every tag that opens so, up to its end.
fn tags<'a>(page: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    page.match_indices(opening).map(move |(start, _)| {
        let rest = &page[start..];
        &rest[..rest.find('>').unwrap_or(rest.len())]
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[start..];
    Some(decode_entities(&value[..value.find('"')?]))
}

fn decode_entities(text: &str) -> String {
    // The ampersand comes last: decoded first, it could make entities that were not there.
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Percent-encodes all but the characters that every reader takes as they are.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::Form;

    const LOGIN: &str = r#"<h1>Log in</h1><form method="post" action="/login?a=1&amp;b=2">
        <input type="hidden" name="state" value="x&amp;y"><input name="username"><input type="password" name="pw">
        <button>Log in</button></form>"#;

    #[test]
    fn a_login_form_is_filled_in() {
        let form = Form::first_in(LOGIN).unwrap();

        assert_eq!(form.action, "/login?a=1&b=2");
        assert_eq!(
            form.filled_in("ada@example.com", "p w"),
            "state=x%26y&username=ada%40example.com&pw=p%20w"
        );
    }

    #[test]
    fn of_two_buttons_the_one_that_allows_is_pressed() {
        let page = r#"<form action="/consent"><button name="answer" value="deny">Deny</button>
            <button name="answer" value="allow">Allow</button></form>"#;

        assert_eq!(Form::first_in(page).unwrap().filled_in("", ""), "answer=allow");
    }

    #[test]
    fn a_page_without_a_form_has_none() {
        assert_eq!(Form::first_in("<p>You can close this page.</p>"), None);
    }
}
