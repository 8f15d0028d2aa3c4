//! Addresses that decide where a token goes: whatever is accepted is the org's own host.

use isthmus_salesforce::{LoginUrl, OrgUrl};
use url::{Host, Url};

use crate::TEST_TIME;

/// Salesforce's domains (wire reference 1), written out once more so that a change of the list is seen here.
const DOMAINS: [&str; 6] = [
    ".salesforce.com",
    ".force.com",
    ".salesforce.mil",
    ".cloudforce.com",
    ".sfcrmproducts.cn",
    ".sfcrmapps.cn",
];

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// What every accepted address is, whoever named it. A login host may have a port: the admin typed it.
fn assert_bare(url: &Url) {
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    assert!(url.query().is_none() && url.fragment().is_none() && url.path() == "/", "{url}");
    assert!(url.scheme() == "https" || url.scheme() == "http" && is_loopback(url), "{url}");
}

fn assert_salesforce(url: &Url) {
    assert_bare(url);
    assert!(url.port().is_none() || is_loopback(url), "{url}");
    let host = url.host_str().unwrap_or_default();
    assert!(is_loopback(url) || DOMAINS.iter().any(|domain| host.ends_with(domain)), "{url}");
}

fn tried(text: &str) {
    if let Ok(login) = LoginUrl::parse(text) {
        assert_bare(login.as_url());
    }
    let production = LoginUrl::production();
    for org in [OrgUrl::parse(text), OrgUrl::from_login(text, &production)].into_iter().flatten() {
        let url = Url::parse(&org.to_string()).expect("an accepted address is an address");
        assert_salesforce(&url);
        assert_eq!(OrgUrl::parse(&org.to_string()), Ok(org));
    }
    let org = OrgUrl::parse("https://acme.my.salesforce.com").expect("a My Domain address");
    if let Ok(url) = org.resolve(text) {
        assert_eq!(url.host_str(), Some("acme.my.salesforce.com"), "{url}");
        assert_eq!((url.scheme(), url.port_or_known_default()), ("https", Some(443)), "{url}");
        assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    }
}

#[test]
fn fuzz_instance_url() {
    bolero::check!().with_test_time(TEST_TIME).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        tried(&text);
        tried(&format!("https://{text}"));
        tried(&format!("https://acme.my.salesforce.com{text}"));
        tried(&format!("https://{text}.my.salesforce.com"));
        tried(&format!("//{text}"));
    });
}
