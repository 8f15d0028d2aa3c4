//! The HTML of the login server: login, consent and error pages, in plain forms without script.

use std::fmt::Write as _;

/// The login page; `message` tells why the last try failed.
pub(super) fn login(hidden: &[(String, String)], username: &str, message: Option<&str>) -> String {
    let message =
        message.map(|text| format!("<p role=\"alert\">{}</p>", escape(text))).unwrap_or_default();
    let body = format!(
        "<h1>Log In</h1>{message}<form method=\"post\" action=\"/services/oauth2/authorize/login\">{}\
         <label>Username <input name=\"username\" value=\"{}\"></label>\
         <label>Password <input type=\"password\" name=\"password\"></label>\
         <button type=\"submit\">Log In</button></form>",
        hidden_fields(hidden),
        escape(username)
    );
    document("Login", &body)
}

/// The consent page.
pub(super) fn consent(ticket: &str, client_id: &str, username: &str, scopes: &[String]) -> String {
    let scopes: String = scopes.iter().fold(String::new(), |mut list, scope| {
        let _ = write!(list, "<li>{}</li>", escape(scope));
        list
    });
    let body = format!(
        "<h1>Allow Access?</h1><p>{} asks, as {}, for:</p><ul>{scopes}</ul>\
         <form method=\"post\" action=\"/services/oauth2/authorize/consent\">{}\
         <button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\
         <button type=\"submit\" name=\"decision\" value=\"allow\">Allow</button></form>",
        escape(client_id),
        escape(username),
        hidden_fields(&[("ticket".to_owned(), ticket.to_owned())])
    );
    document("Allow Access?", &body)
}

/// A page that ends the flow, for errors that must not be redirected.
pub(super) fn error(code: &str, description: &str) -> String {
    let body = format!(
        "<h1>OAuth Error</h1><p>error={}&amp;error_description={}</p>",
        escape(code),
        escape(description)
    );
    document("OAuth Error", &body)
}

fn hidden_fields(fields: &[(String, String)]) -> String {
    fields.iter().fold(String::new(), |mut html, (name, value)| {
        let _ = write!(
            html,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        );
        html
    })
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{body}</body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::error;

    #[test]
    fn text_from_a_request_cannot_become_markup() {
        let page = error("x", "<script>\"'&");
        assert!(page.contains("&lt;script&gt;&quot;&#39;&amp;"));
        assert!(!page.contains("<script>"));
    }
}
