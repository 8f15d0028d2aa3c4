//! Which addresses the page may have opened in the system browser.

use isthmus_contract::problem::{Code, Problem};
use url::{Host, Url};

/// The longest address that is opened; browsers cut longer ones.
const LONGEST: usize = 8 * 1024;

/// The address as it is opened: https to any host, or http towards this machine.
///
/// # Errors
/// [`Code::LinkRefused`] for everything else: other schemes, foreign hosts over plain http, addresses that carry a user
/// or a password, and text that an address parser and a person would read differently.
pub(crate) fn openable(text: &str) -> Result<Url, Problem> {
    let is_plain = |letter: char| !letter.is_control() && !letter.is_whitespace() && letter != '\\';
    if text.len() > LONGEST || !text.chars().all(is_plain) {
        return Err(refused());
    }
    let url = Url::parse(text).map_err(|_| refused())?;
    let names_nobody = url.username().is_empty() && url.password().is_none();
    let may_open = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_this_machine(&url),
        _ => false,
    };
    if may_open && names_nobody { Ok(url) } else { Err(refused()) }
}

/// The parser has brought every spelling of an address to one form.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    }
}

fn refused() -> Problem {
    Problem::new(
        Code::LinkRefused,
        "this address is not opened from here",
        "addresses begin with https, or with http on this machine; copy it into the browser if you trust it",
    )
}

#[cfg(test)]
mod tests {
    use isthmus_contract::problem::Code;

    use super::openable;

    #[test]
    fn https_opens_and_http_opens_towards_this_machine_only() {
        let opened = [
            ("https://login.salesforce.com/", "https://login.salesforce.com/"),
            ("HTTPS://Example.COM/Path?q=1#f", "https://example.com/Path?q=1#f"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("http://localhost:8080/", "http://localhost:8080/"),
            ("http://LOCALHOST/", "http://localhost/"),
            ("http://127.0.0.1:1717/page", "http://127.0.0.1:1717/page"),
            ("http://127.1/", "http://127.0.0.1/"),
            ("http://[::1]:8443/", "http://[::1]:8443/"),
        ];
        for (text, url) in opened {
            assert_eq!(openable(text).unwrap().as_str(), url);
        }
    }

    #[test]
    fn nothing_else_opens() {
        let refused = [
            "",
            "example.com",
            "//example.com",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://localhost./",
            "http://127.0.0.2/",
            "http://127.0.0.1.example.com/",
            "http://0.0.0.0/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://localhost@example.com/",
            "http://example.com@localhost/",
            "https://login.salesforce.com@example.com/",
            "https://user:password@example.com/",
            "https://",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            " https://example.com/",
            "https://example.com/ -n",
            "https:\\\\example.com",
            "https://exam\u{2028}ple.com/",
            "data:text/html,hello",
            "file:///etc/passwd",
            "FILE:///etc/passwd",
            "ftp://example.com/",
            "mailto:someone@example.com",
            "tauri://localhost/",
            "ipc://localhost/",
            "smb://host/share",
            "ms-settings:",
            "--help",
        ];
        for text in refused {
            assert_eq!(openable(text).unwrap_err().code, Code::LinkRefused, "{text:?}");
        }
        assert!(openable(&format!("https://example.com/{}", "x".repeat(9000))).is_err());
    }
}
