//! What a person types in the wizard, and what of it can be used. It stays as typed when a sign-in fails.

use isthmus_contract::org::{ConnectOrder, OrgView};
use isthmus_contract::request::LoginHost;
use leptos::prelude::*;

/// Longest org name; the engine allows no more.
const LONGEST_NAME: usize = 40;

/// The values of the radio cards.
pub(super) const PRODUCTION: &str = "production";
/// A sandbox.
pub(super) const SANDBOX: &str = "sandbox";
/// A My Domain or any other login address.
pub(super) const CUSTOM: &str = "custom";

/// What was typed so far.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// The org that is connected again; its name is fixed.
    pub(super) again: StoredValue<Option<String>>,
    /// The name of the org in Isthmus.
    pub(super) name: RwSignal<String>,
    /// Which login host.
    pub(super) host: RwSignal<String>,
    /// The address, for a My Domain.
    pub(super) url: RwSignal<String>,
    /// The consumer key.
    pub(super) client_id: RwSignal<String>,
    /// The consumer secret, where the app has one.
    pub(super) secret: RwSignal<String>,
}

impl Draft {
    /// Nothing typed yet.
    pub(super) fn new(again: Option<String>) -> Self {
        Self {
            name: RwSignal::new(again.clone().unwrap_or_default()),
            again: StoredValue::new(again),
            host: RwSignal::new(PRODUCTION.to_owned()),
            url: RwSignal::new(String::new()),
            client_id: RwSignal::new(String::new()),
            secret: RwSignal::new(String::new()),
        }
    }

    /// Takes where an org that is connected again was logged in to, and by which app.
    pub(super) fn take_login(self, org: &OrgView) {
        let (host, url) = match org.login_url.trim_end_matches('/') {
            url if url == LoginHost::Production.url() => (PRODUCTION, ""),
            url if url == LoginHost::Sandbox.url() => (SANDBOX, ""),
            url => (CUSTOM, url),
        };
        self.host.set(host.to_owned());
        self.url.set(url.to_owned());
        self.client_id.set(org.client_id.clone().unwrap_or_default());
    }

    /// What is wrong with the name.
    pub(super) fn name_error(self) -> Option<String> {
        if self.again.read_value().is_some() {
            return None;
        }
        self.name.with(|name| checked_name(name).err())
    }

    /// What is wrong with the address.
    pub(super) fn url_error(self) -> Option<String> {
        self.url.with(|url| (self.host.get() == CUSTOM).then(|| checked_url(url).err()).flatten())
    }

    /// What is wrong with the consumer key.
    pub(super) fn key_error(self) -> Option<String> {
        self.client_id.with(|key| checked_key(key).err())
    }

    /// Where the person logs in; `None` while the address cannot be used.
    pub(super) fn login_host(self) -> Option<LoginHost> {
        match self.host.get().as_str() {
            PRODUCTION => Some(LoginHost::Production),
            SANDBOX => Some(LoginHost::Sandbox),
            _ => self.url.with(|url| checked_url(url)).ok().map(LoginHost::Custom),
        }
    }

    /// The order, where everything typed can be used.
    pub(super) fn order(self) -> Option<ConnectOrder> {
        if self.name_error().is_some() || self.key_error().is_some() {
            return None;
        }
        let secret = self.secret.get();
        Some(ConnectOrder {
            name: self.name.get().trim().to_owned(),
            host: self.login_host()?,
            client_id: self.client_id.get().trim().to_owned(),
            client_secret: (!secret.is_empty()).then_some(secret),
        })
    }
}

/// The engine's own rule for names, said before it has to refuse one.
fn checked_name(name: &str) -> Result<(), String> {
    let name = name.trim();
    let plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    if name.is_empty() {
        return Err("give the org a name, for example sales".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("use at most {LONGEST_NAME} characters"));
    }
    if !name.starts_with(char::is_alphanumeric) || !name.chars().all(plain) {
        return Err("use letters, digits, `-`, `_` and `.` only, and start with a letter or digit"
            .to_owned());
    }
    Ok(())
}

/// A login address: https, or http towards this machine; without a scheme it is taken for https.
fn checked_url(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Err("give the address, for example https://acme.my.salesforce.com".to_owned());
    }
    let (scheme, host) = text.split_once("://").unwrap_or(("https", text));
    let scheme = scheme.to_ascii_lowercase();
    if host.is_empty()
        || host.contains(['/', '?', '#', '@', '\\'])
        || host.contains(char::is_whitespace)
    {
        return Err("give the address alone: no path, no user name, no spaces".to_owned());
    }
    match scheme.as_str() {
        "https" if host.ends_with(".lightning.force.com") => {
            Err("this is where the org's pages are; the login address ends with .my.salesforce.com"
                .to_owned())
        }
        "https" => Ok(format!("https://{host}")),
        "http" if is_this_machine(host) => Ok(format!("http://{host}")),
        "http" => Err("use https; http goes only to this machine".to_owned()),
        _ => Err("use an address that starts with https://".to_owned()),
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn checked_key(key: &str) -> Result<(), String> {
    let key = key.trim();
    if key.is_empty() {
        return Err("paste the consumer key from the app's settings".to_owned());
    }
    if key.contains(char::is_whitespace) {
        return Err("a consumer key has no spaces; copy it again".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{checked_key, checked_name, checked_url};

    #[test]
    fn names_are_those_that_the_engine_takes() {
        for name in ["sales", "Vertrieb-EU", "a.b_c", "שלום", &"x".repeat(40)] {
            assert_eq!(checked_name(name), Ok(()), "{name}");
        }
        for name in ["", " ", "-a", "Northwind Sales", "a/b", "<b>", &"x".repeat(41)] {
            assert!(checked_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_address_is_https_or_this_machine() {
        let acme = Ok("https://acme.my.salesforce.com".to_owned());
        assert_eq!(checked_url(" https://acme.my.salesforce.com/ "), acme);
        assert_eq!(checked_url("acme.my.salesforce.com"), acme);
        assert_eq!(checked_url("http://127.0.0.1:4711"), Ok("http://127.0.0.1:4711".to_owned()));
        assert_eq!(checked_url("http://localhost"), Ok("http://localhost".to_owned()));
        assert_eq!(checked_url("http://[::1]:80"), Ok("http://[::1]:80".to_owned()));
        for wrong in [
            "",
            "http://acme.my.salesforce.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com:80",
            "https://user@acme.my.salesforce.com",
            "https://acme.my.salesforce.com/setup",
            "https://acme.lightning.force.com",
            "javascript://alert",
            "https://a b",
        ] {
            assert!(checked_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_one_word() {
        assert_eq!(checked_key(" 3MVG9 "), Ok(()));
        assert!(checked_key("").is_err() && checked_key("3MVG9 q7Xw").is_err());
    }
}
