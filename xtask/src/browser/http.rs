//! Just enough HTTP for a login on this machine: one request per connection, plain, to loopback.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::error::{Error, Result};

/// How long one page may take: the simulated orgs answer within milliseconds, a loaded machine within a second.
const TIME_OUT: Duration = Duration::from_secs(20);

/// A plain http address.
#[derive(Debug, Clone)]
pub(super) struct Address {
    host: String,
    path: String,
}

/// What a page answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let rest = text.strip_prefix("http://").ok_or_else(|| {
            Error::check(format!(
                "the demo's browser opens http addresses on this machine, not {text}"
            ))
        })?;
        let (host, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, "/"),
        };
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        Ok(Self { host, path: path.to_owned() })
    }

    /// Host and port, for comparing.
    pub(super) fn origin(&self) -> &str {
        &self.host
    }

    /// An address as it stands in a page of this one.
    pub(super) fn resolve(&self, target: &str) -> Result<Self> {
        if target.contains("://") {
            return Self::parse(target);
        }
        let page = self.path.split('?').next().unwrap_or("/");
        let path = match target {
            "" => self.path.clone(),
            rooted if rooted.starts_with('/') => rooted.to_owned(),
            query if query.starts_with('?') => format!("{page}{query}"),
            sibling => {
                format!("{}/{sibling}", page.rsplit_once('/').map_or("", |(folder, _)| folder))
            }
        };
        Ok(Self { host: self.host.clone(), path })
    }
}

pub(super) fn get(address: &Address) -> Result<Reply> {
    ask(address, &format!("GET {} HTTP/1.1\r\n", address.path), "")
}

/// Sends a form.
pub(super) fn post(address: &Address, form: &str) -> Result<Reply> {
    let head = format!(
        "POST {} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        address.path,
        form.len()
    );
    ask(address, &head, form)
}

fn ask(address: &Address, head: &str, body: &str) -> Result<Reply> {
    let failed = |source| Error::system(format!("opening http://{}", address.host), source);
    let mut stream = TcpStream::connect(&address.host).map_err(failed)?;
    stream.set_read_timeout(Some(TIME_OUT)).map_err(failed)?;
    let request = format!("{head}Host: {}\r\nConnection: close\r\n\r\n{body}", address.host);
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(failed)?;
    parse(&String::from_utf8_lossy(&answer))
        .ok_or_else(|| Error::check(format!("http://{} did not answer in HTTP", address.host)))
}

fn parse(answer: &str) -> Option<Reply> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let location = lines.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    });
    let location = location.filter(|_| (300..400).contains(&status));
    Some(Reply { status, location, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{Address, parse};

    #[test]
    fn an_answer_is_read_with_its_redirect() {
        let reply = parse("HTTP/1.1 302 Found\r\nLocation: /next?a=1\r\n\r\n").unwrap();

        assert_eq!((reply.status, reply.location.as_deref()), (302, Some("/next?a=1")));
    }

    #[test]
    fn addresses_in_a_page_are_resolved_as_a_browser_does() {
        let page = Address::parse("http://localhost:8701/services/login?x=1").unwrap();
        let paths =
            ["/other", "other", "?y=2", ""].map(|target| page.resolve(target).unwrap().path);

        assert_eq!(
            paths,
            ["/other", "/services/other", "/services/login?y=2", "/services/login?x=1"]
        );
    }

    #[test]
    fn only_plain_http_is_opened() {
        assert!(Address::parse("https://login.example.com/").is_err());
    }
}
