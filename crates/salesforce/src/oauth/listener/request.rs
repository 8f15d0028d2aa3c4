//! Reading the one request a browser sends: head only, strictly, everything odd refused.

use tokio::io::{AsyncRead, AsyncReadExt};
use url::{Url, form_urlencoded};

use crate::host::{LoginUrl, is_trusted};
use crate::oauth::listener::{CALLBACK_PATH, MAX_HEAD_BYTES};

/// Why a request is no callback. Answered with a status and no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Malformed,
    ForeignHost,
    OtherPath,
    OtherMethod,
    TooLarge,
    Timeout,
    /// The one valid hit has come already.
    Gone,
}

impl Refusal {
    pub(super) fn status_line(self) -> &'static str {
        match self {
            Self::Malformed => "400 Bad Request",
            Self::ForeignHost => "403 Forbidden",
            Self::OtherPath => "404 Not Found",
            Self::OtherMethod => "405 Method Not Allowed\r\nAllow: GET",
            Self::TooLarge => "431 Request Header Fields Too Large",
            Self::Timeout => "408 Request Timeout",
            Self::Gone => "410 Gone",
        }
    }
}

/// The parameters of a callback, each as often as it came.
#[derive(Default)]
pub(super) struct Hit {
    pub(super) state: Vec<String>,
    pub(super) code: Vec<String>,
    pub(super) error: Vec<String>,
    pub(super) description: Vec<String>,
}

/// Reads up to the empty line.
pub(super) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Result<String, Refusal> {
    let mut head = Vec::with_capacity(2048);
    let mut piece = [0_u8; 2048];
    loop {
        let count = stream.read(&mut piece).await.map_err(|_| Refusal::Malformed)?;
        if count == 0 {
            return Err(Refusal::Malformed);
        }
        // Looks back three bytes: the empty line can lie across two pieces.
        let from = head.len().saturating_sub(3);
        head.extend_from_slice(&piece[..count]);
        let end = head[from..].windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end.map(|end| from + end).filter(|end| *end <= MAX_HEAD_BYTES) {
            head.truncate(end);
            return String::from_utf8(head).map_err(|_| Refusal::Malformed);
        }
        if head.len() > MAX_HEAD_BYTES {
            return Err(Refusal::TooLarge);
        }
    }
}

/// The callback in a request head; refuses everything that is none, before anything in it is believed.
pub(super) fn hit(head: &str, port: u16, login: &LoginUrl) -> Result<Hit, Refusal> {
    let mut lines = head.split("\r\n");
    let request_line = lines.next().unwrap_or_default();
    let headers = lines.map(header).collect::<Result<Vec<_>, Refusal>>()?;
    let parts: Vec<&str> = request_line.split(' ').collect();
    let [method, target, "HTTP/1.1" | "HTTP/1.0"] = parts.as_slice() else {
        return Err(Refusal::Malformed);
    };
    check_host(&headers, port)?;
    check_origin(&headers, login)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != CALLBACK_PATH {
        return Err(Refusal::OtherPath);
    }
    if *method != "GET" {
        return Err(Refusal::OtherMethod);
    }
    if headers
        .iter()
        .any(|(name, _)| matches!(name.as_str(), "content-length" | "transfer-encoding"))
    {
        return Err(Refusal::Malformed);
    }
    Ok(parameters(query))
}

fn header(line: &str) -> Result<(String, &str), Refusal> {
    let (name, value) = line.split_once(':').ok_or(Refusal::Malformed)?;
    let token = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let clean = !value.contains(|character: char| character.is_control() && character != '\t');
    if token && clean {
        Ok((name.to_ascii_lowercase(), value.trim()))
    } else {
        Err(Refusal::Malformed)
    }
}

/// Exactly one Host, and it is the one we registered: a page of another name that resolves to this machine is refused.
fn check_host(headers: &[(String, &str)], port: u16) -> Result<(), Refusal> {
    let mut hosts = headers.iter().filter(|(name, _)| name == "host").map(|(_, value)| value);
    let expected = format!("localhost:{port}");
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if host.eq_ignore_ascii_case(&expected) => Ok(()),
        (None, _) | (_, Some(_)) => Err(Refusal::Malformed),
        _ => Err(Refusal::ForeignHost),
    }
}

/// A browser that follows the org's redirect sends no Origin, "null", or the org's own.
fn check_origin(headers: &[(String, &str)], login: &LoginUrl) -> Result<(), Refusal> {
    for (_, origin) in headers.iter().filter(|(name, _)| name == "origin") {
        let trusted = Url::parse(origin).is_ok_and(|origin| is_trusted(&origin, login));
        if *origin != "null" && !trusted {
            return Err(Refusal::ForeignHost);
        }
    }
    Ok(())
}

fn parameters(query: &str) -> Hit {
    let mut hit = Hit::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let values = match name.as_ref() {
            "state" => &mut hit.state,
            "code" => &mut hit.code,
            "error" => &mut hit.error,
            "error_description" => &mut hit.description,
            _ => continue,
        };
        values.push(value.into_owned());
    }
    hit
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, proptest};

    use crate::host::LoginUrl;
    use crate::oauth::listener::request::{hit, read_head};

    proptest! {
        #[test]
        fn no_head_whatever_is_taken_for_a_callback_without_the_registered_host(
            request_line in ".{0,60}",
            headers in "([A-Za-z-]{0,8}:?[^\r\n]{0,20}\r\n){0,6}",
        ) {
            let head = format!("{request_line}\r\n{headers}Host: elsewhere:17817");
            prop_assert!(hit(&head, 17817, &LoginUrl::production()).is_err());
        }
    }

    #[tokio::test]
    async fn a_head_may_come_in_any_pieces_and_must_end() {
        let whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        for cut in 1..whole.len() {
            let mut pieces = in_pieces(&[&whole[..cut], &whole[cut..]]);
            assert_eq!(read_head(&mut pieces).await.unwrap(), "GET / HTTP/1.1\r\nHost: x");
            assert!(read_head(&mut &whole[..cut]).await.is_err());
        }
    }

    /// A reader that gives one piece per read.
    fn in_pieces<'a>(pieces: &[&'a [u8]]) -> impl tokio::io::AsyncRead + Unpin + use<'a> {
        let [first, second] = pieces else { panic!("two pieces") };
        tokio::io::AsyncReadExt::chain(*first, *second)
    }
}
