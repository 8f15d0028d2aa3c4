//! Which hosts may ever be given a token: the org's own, over https, or plain http to this very machine.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The production login host.
pub const PRODUCTION_LOGIN: &str = "https://login.salesforce.com";
/// The sandbox login host.
pub const SANDBOX_LOGIN: &str = "https://test.salesforce.com";

/// Domains that Salesforce owns (wire reference 1). A host belongs to one when it ends with a dot and this.
const SALESFORCE_DOMAINS: [&str; 6] = [
    "salesforce.com",
    "force.com",
    "salesforce.mil",
    "cloudforce.com",
    "sfcrmproducts.cn",
    "sfcrmapps.cn",
];

/// Why an address is refused. Nothing was sent there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// No address at all.
    #[error("{0:?} is no web address; give one such as https://acme.my.salesforce.com")]
    NotAnAddress(String),
    /// Plain http to another machine.
    #[error(
        "{0} is plain http; a token goes over https only (plain http is for this machine alone)"
    )]
    NotEncrypted(String),
    /// `https://user@host`, a port, a path or a query where a bare host belongs.
    #[error(
        "{0} carries more than a host; give the bare address such as https://acme.my.salesforce.com"
    )]
    NotBare(String),
    /// An IP address, an internationalised name (whose letters can imitate others) or a trailing dot.
    #[error("{0} is no plain host name; give the org's My Domain address")]
    NotAName(String),
    /// Not a Salesforce host, nor the one the admin logs in at.
    #[error("{host} is neither a Salesforce host nor {expected}; no token is sent there")]
    Foreign {
        /// The host that was offered.
        host: String,
        /// The host that would have been accepted.
        expected: String,
    },
}

/// Where people log in: production, sandbox, My Domain, or a custom address that the admin typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoginUrl(Url);

impl LoginUrl {
    /// Reads a login address; a missing scheme means https.
    ///
    /// # Errors
    /// [`HostError`] when it is no bare https address (or plain http to this machine).
    pub fn parse(text: &str) -> Result<Self, HostError> {
        bare_address(text).map(Self)
    }

    /// `https://login.salesforce.com`.
    #[must_use]
    pub fn production() -> Self {
        Self::constant(PRODUCTION_LOGIN)
    }

    /// `https://test.salesforce.com`.
    #[must_use]
    pub fn sandbox() -> Self {
        Self::constant(SANDBOX_LOGIN)
    }

    #[expect(
        clippy::expect_used,
        reason = "the two constants above are addresses; a test reads both"
    )]
    fn constant(text: &str) -> Self {
        Self(Url::parse(text).expect("a constant login host is a well-formed address"))
    }

    /// An OAuth endpoint of this host; `path` starts with a slash.
    #[must_use]
    pub fn endpoint(&self, path: &str) -> Url {
        with_path(&self.0, path)
    }

    /// The address as a base.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

/// An org's instance address: the only base for calls that carry its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgUrl(Url);

impl OrgUrl {
    /// Reads an instance address that a person gave: a Salesforce host, or this machine.
    ///
    /// # Errors
    /// [`HostError`] for every other host.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let url = bare_address(text)?;
        if is_salesforce(&url) || is_loopback(&url) {
            Ok(Self(url))
        } else {
            Err(foreign(&url, "one"))
        }
    }

    /// Reads the `instance_url` of a token answer: a Salesforce host, or the host of the login itself.
    ///
    /// # Errors
    /// [`HostError`] for every other host: the answer is not believed and the token is never sent.
    pub fn from_login(text: &str, login: &LoginUrl) -> Result<Self, HostError> {
        let url = bare_address(text)?;
        let at_login = url.origin() == login.0.origin();
        let on_this_machine = is_loopback(&url) && is_loopback(&login.0);
        if is_salesforce(&url) || at_login || on_this_machine {
            Ok(Self(url))
        } else {
            Err(foreign(&url, login.0.host_str().unwrap_or_default()))
        }
    }

    /// Resolves a path, or an address the org sent (`nextRecordsUrl`), against this org.
    ///
    /// # Errors
    /// [`HostError::Foreign`] when it leads to another host, port or scheme.
    pub fn resolve(&self, path: &str) -> Result<Url, HostError> {
        let joined = self
            .0
            .join(path)
            .map_err(|_| HostError::NotAnAddress(without_query(path).to_owned()))?;
        let same = joined.origin() == self.0.origin();
        if same && joined.username().is_empty() && joined.password().is_none() {
            Ok(joined)
        } else {
            Err(foreign(&joined, self.host()))
        }
    }

    /// The host, without scheme and port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The address as a base.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

/// True when an `Origin` or identity address belongs to Salesforce or to this machine.
pub(crate) fn is_trusted(url: &Url, login: &LoginUrl) -> bool {
    let encrypted_or_local = url.scheme() == "https" || is_loopback(url);
    let known = is_salesforce(url) || url.origin() == login.0.origin();
    encrypted_or_local && (known || (is_loopback(url) && is_loopback(&login.0)))
}

fn bare_address(text: &str) -> Result<Url, HostError> {
    let text = text.trim();
    let with_scheme =
        if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let refused = || HostError::NotAnAddress(without_query(text).to_owned());
    let url = Url::parse(&with_scheme).map_err(|_| refused())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(refused)?.to_owned();
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(HostError::NotEncrypted(host)),
        _ => return Err(refused()),
    }
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    // The parser drops what is empty; `https://@host` and `https://host?` are odd enough to refuse.
    if !bare || text.contains(['@', '?', '#', '\\']) {
        return Err(HostError::NotBare(host));
    }
    if !is_loopback(&url) && !is_plain_name(&url) {
        return Err(HostError::NotAName(host));
    }
    Ok(url)
}

fn is_plain_name(url: &Url) -> bool {
    let Some(Host::Domain(name)) = url.host() else { return false };
    let plain =
        |label: &str| !label.is_empty() && !label.starts_with("xn--") && !label.starts_with('-');
    name.contains('.') && name.split('.').all(plain)
}

fn is_salesforce(url: &Url) -> bool {
    let Some(Host::Domain(name)) = url.host() else { return false };
    let owned = |domain: &str| {
        name.strip_suffix(domain).is_some_and(|front| front.len() > 1 && front.ends_with('.'))
    };
    url.scheme() == "https"
        && url.port().is_none()
        && is_plain_name(url)
        && SALESFORCE_DOMAINS.iter().any(|domain| owned(domain))
}

/// `localhost`, 127.0.0.0/8 and ::1.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn with_path(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url
}

fn foreign(url: &Url, expected: &str) -> HostError {
    let host = url.host_str().unwrap_or_default().to_owned();
    HostError::Foreign { host, expected: expected.to_owned() }
}

fn without_query(text: &str) -> &str {
    text.split(['?', '#']).next().unwrap_or_default()
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.0.as_str().trim_end_matches('/'))
            }
        }

        impl FromStr for $name {
            type Err = HostError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(url: $name) -> Self {
                url.to_string()
            }
        }
    )*};
}

as_text!(LoginUrl, OrgUrl);

impl TryFrom<String> for LoginUrl {
    type Error = HostError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

/// For addresses this program stored itself: an instance at a custom login host was checked when it was connected.
impl TryFrom<String> for OrgUrl {
    type Error = HostError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        bare_address(&text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{HostError, LoginUrl, OrgUrl};

    #[test]
    fn salesforce_hosts_and_this_machine_are_accepted() {
        for text in [
            "https://acme.my.salesforce.com",
            "https://Acme--Dev.sandbox.my.salesforce.com/",
            "https://acme.my.salesforce.mil",
            "https://acme.my.sfcrmproducts.cn",
            "http://localhost:8701",
            "http://127.0.0.1:8701",
            "http://[::1]:8701",
        ] {
            assert!(OrgUrl::parse(text).is_ok(), "{text}");
        }
        assert_eq!(LoginUrl::production().to_string(), "https://login.salesforce.com");
        assert_eq!(LoginUrl::sandbox().to_string(), "https://test.salesforce.com");
    }

    #[test]
    fn look_alikes_ip_addresses_user_info_and_plain_http_are_refused() {
        for text in [
            "https://acme.my.salesforce.com.evil.example",
            "https://evilsalesforce.com",
            "https://salesforce.com",
            "https://salesforce.com@evil.example",
            "https://acme.my.salesforce.com@evil.example/",
            "https://acme.my.salesforce.com:8443",
            "https://acme.my.salesforce.com/path",
            "https://acme.my.salesforce.com\\@evil.example",
            "https://acme.my.salesforce.com.",
            "http://acme.my.salesforce.com",
            "https://13.110.54.1",
            "https://2130706433x.example",
            "https://xn--salesforc-8ya.com",
            "https://a.xn--slesforce-l1a.salesforce.com",
            "https://аcme.my.salesforce.com",
            "http://localhost.evil.example",
            "http://127.0.0.1.nip.io",
            "ftp://acme.my.salesforce.com",
            "file:///etc/passwd",
            "",
        ] {
            assert!(OrgUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_instance_at_the_custom_login_host_is_accepted_and_no_other() {
        let login = LoginUrl::parse("https://login.acme.example").unwrap();
        assert!(OrgUrl::from_login("https://login.acme.example", &login).is_ok());
        assert!(OrgUrl::from_login("https://acme.my.salesforce.com/", &login).is_ok());
        let other = OrgUrl::from_login("https://data.acme.example", &login);
        assert!(matches!(other, Err(HostError::Foreign { .. })));
        let local = OrgUrl::from_login("http://localhost:8701", &LoginUrl::production());
        assert!(local.is_err());
    }

    #[test]
    fn what_the_org_sends_resolves_within_the_org_only() {
        let org = OrgUrl::parse("https://acme.my.salesforce.com").unwrap();
        let next = org.resolve("/services/data/v68.0/query/0r8-2000").unwrap();
        assert_eq!(
            next.as_str(),
            "https://acme.my.salesforce.com/services/data/v68.0/query/0r8-2000"
        );
        assert!(org.resolve("https://ACME.my.salesforce.com/services/data").is_ok());
        for foreign in [
            "https://evil.my.salesforce.com/services/data/v68.0/query/0r8-2000",
            "//evil.example/x",
            "\\\\evil.example/x",
            "http://acme.my.salesforce.com/x",
            "https://acme.my.salesforce.com:444/x",
            "https://u:p@acme.my.salesforce.com/x",
        ] {
            assert!(org.resolve(foreign).is_err(), "{foreign}");
        }
    }

    #[test]
    fn a_missing_scheme_means_https() {
        assert_eq!(
            LoginUrl::parse("acme.my.salesforce.com").unwrap().to_string(),
            "https://acme.my.salesforce.com"
        );
    }
}
