//! A browser small enough for a test: opens the login page it is given, fills its forms, follows the redirect.
//!
//! It stands on a test's PATH as `xdg-open`. `TEST_BROWSER_MODE` says how the person behaves: `allow`, `deny`,
//! `wrong_state` (the callback arrives with another state), `no_state`, `twice` (the callback is opened again),
//! `never` (the page is left open). Username and password come by `TEST_BROWSER_USERNAME` and `TEST_BROWSER_PASSWORD`,
//! or, for several orgs, by a file named in `TEST_BROWSER_PEOPLE`: login address, username, password and mode per
//! line, separated by tabs.

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use url::Url;

type Problem = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Problem> {
    let address = std::env::args().nth(1).ok_or("a browser is given an address")?;
    let person = Person::for_page(&Url::parse(&address)?)?;
    let mode = person.mode.clone();
    if mode == "never" {
        return Ok(());
    }
    let client = reqwest::Client::builder().redirect(Policy::none()).build()?;
    let login_page = client.get(&address).send().await?;
    let base = login_page.url().clone();
    let Some(callback) = log_in(&client, &base, login_page, &person).await? else {
        return Ok(());
    };
    visit_callback(&client, callback, &mode).await
}

/// Who sits before the browser.
struct Person {
    username: String,
    password: String,
    mode: String,
}

impl Person {
    /// The one who logs in at this page.
    fn for_page(page: &Url) -> Result<Self, Problem> {
        let Ok(file) = std::env::var("TEST_BROWSER_PEOPLE") else {
            return Ok(Self {
                username: std::env::var("TEST_BROWSER_USERNAME")?,
                password: std::env::var("TEST_BROWSER_PASSWORD")?,
                mode: std::env::var("TEST_BROWSER_MODE").unwrap_or_else(|_| "allow".to_owned()),
            });
        };
        for line in std::fs::read_to_string(file)?.lines() {
            let [login, username, password, mode] = line.split('\t').collect::<Vec<_>>()[..] else {
                continue;
            };
            if Url::parse(login)?.origin() == page.origin() {
                let owned = str::to_owned;
                return Ok(Self {
                    username: owned(username),
                    password: owned(password),
                    mode: owned(mode),
                });
            }
        }
        Err("nobody is known to log in there".into())
    }
}

/// Fills the login and consent forms; gives the address that the org redirects to.
async fn log_in(
    client: &reqwest::Client,
    base: &Url,
    page: reqwest::Response,
    person: &Person,
) -> Result<Option<Url>, Problem> {
    if let Some(callback) = location(&page)? {
        return Ok(Some(callback));
    }
    let mut fields = hidden_fields(&page.text().await?);
    fields.insert("username".to_owned(), person.username.clone());
    fields.insert("password".to_owned(), person.password.clone());
    let login = base.join("/services/oauth2/authorize/login")?;
    let page = client.post(login).form(&fields).send().await?;
    if let Some(callback) = location(&page)? {
        return Ok(Some(callback));
    }
    let mut fields = hidden_fields(&page.text().await?);
    let decision = if person.mode == "deny" { "deny" } else { "allow" };
    fields.insert("decision".to_owned(), decision.to_owned());
    let consent = base.join("/services/oauth2/authorize/consent")?;
    location(&client.post(consent).form(&fields).send().await?)
}

/// Opens the callback as told.
async fn visit_callback(
    client: &reqwest::Client,
    mut callback: Url,
    mode: &str,
) -> Result<(), Problem> {
    let pairs: Vec<(String, String)> = callback.query_pairs().into_owned().collect();
    if mode == "wrong_state" || mode == "no_state" {
        let mut query = callback.query_pairs_mut();
        query.clear();
        for (name, value) in pairs {
            match (name.as_str(), mode) {
                ("state", "wrong_state") => {
                    query.append_pair("state", "a-state-that-nobody-gave-out")
                }
                ("state", _) => &mut query,
                _ => query.append_pair(&name, &value),
            };
        }
        drop(query);
    }
    // The listener may be gone after it refused; a browser would show an error page.
    let _ = client.get(callback.clone()).send().await;
    if mode == "twice" {
        let _ = client.get(callback).send().await;
    }
    Ok(())
}

fn location(response: &reqwest::Response) -> Result<Option<Url>, Problem> {
    match response.headers().get("location") {
        Some(location) => Ok(Some(response.url().join(location.to_str()?)?)),
        None => Ok(None),
    }
}

/// Name and value of every hidden input of a page.
fn hidden_fields(page: &str) -> BTreeMap<String, String> {
    let inputs = page.split("<input type=\"hidden\"").skip(1);
    inputs
        .filter_map(|input| {
            let tag = &input[..input.find('>')?];
            Some((attribute(tag, "name")?, attribute(tag, "value")?))
        })
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
    let raw = &tag[start..start + tag[start..].find('"')?];
    let unescaped =
        raw.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    Some(unescaped.replace("&amp;", "&"))
}
