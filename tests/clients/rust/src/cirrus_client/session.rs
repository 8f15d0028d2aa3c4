//! Logins of cirrus-auth, and metadata.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cirrus::auth::{
    ClientCredentialsAuth, RefreshTokenAuth, SharedAuth, StaticTokenAuth, WebServerFlow,
};
use cirrus::{Cirrus, RetryPolicy};
use serde_json::json;

use crate::checks::{Failure, check, holds, refused};
use crate::control::Org;

const VERSION: &str = "v68.0";
const APP: &str = "CirrusApp";

/// A client with the session that the org announced.
pub async fn connect(org: &Org) -> Result<Cirrus, Failure> {
    let auth = Arc::new(StaticTokenAuth::new(&org.access_token, &org.instance_url));
    let client = with(auth)?;
    check("session.token", one_user(&client)).await;
    Ok(client)
}

fn with(auth: SharedAuth) -> Result<Cirrus, Failure> {
    let patient = RetryPolicy { base_delay: Duration::from_millis(10), ..RetryPolicy::default() };
    Ok(Cirrus::builder().auth(auth).api_version(VERSION).retry_policy(patient).build()?)
}

async fn one_user(client: &Cirrus) -> Result<(), Failure> {
    let found = client.query("SELECT Id FROM User LIMIT 1").await?;
    holds(found.records.len() == 1, found.records)
}

/// Versions, describes and limits.
pub async fn metadata(client: &Cirrus) {
    check("metadata.versions", async {
        let versions = client.versions().await?;
        holds(versions.iter().any(|one| one.version == "68.0"), &versions)?;
        holds(!client.latest_api_version().await?.is_empty(), "no version")
    })
    .await;
    check("metadata.global", async {
        let global = client.sobjects().describe_global().await?;
        holds(global.sobjects.iter().any(|one| one.name == "Account"), global.sobjects.len())
    })
    .await;
    check("metadata.describe", async {
        let account = client.sobject("Account").describe().await?;
        let fields = account["fields"].as_array().ok_or("no fields")?;
        let key = fields.iter().find(|field| field["name"] == "ERP_Key__c").ok_or("no key")?;
        holds(key["externalId"] == true, key)
    })
    .await;
    check("metadata.conditional", async {
        let account = client.sobject("Account");
        let later = SystemTime::now() + Duration::from_secs(60);
        holds(account.describe_if_modified_since(later).await?.is_none(), "not a 304")?;
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 365);
        holds(account.describe_if_modified_since(long_ago).await?.is_some(), "a 304")
    })
    .await;
    check("metadata.limits", async {
        let limits = client.limits().await?;
        let calls = limits.get("DailyApiRequests").ok_or("no DailyApiRequests")?;
        holds(calls.max == 15_000 && calls.remaining < calls.max, calls)
    })
    .await;
    check("metadata.usage", async {
        let usage = client.last_limit_info().ok_or("no Sforce-Limit-Info")?;
        holds(usage.allowed == 15_000 && usage.used > 0, usage)
    })
    .await;
}

/// The code flow with its refresh and revoke, and client credentials. They come last: they end sessions.
pub async fn logins(org: &Org) -> Result<(), Failure> {
    let flow = WebServerFlow::builder()
        .consumer_key(&org.client_id)
        .redirect_uri(org.redirect_uris.first().ok_or("no callback")?)
        .login_url(&org.instance_url)
        .scopes(["api", "refresh_token"])
        .build()?;
    let session = check("session.code", async {
        let (url, pending) = flow.start()?;
        let sent_back = at_the_browser(org, &url).await?;
        Ok(flow.complete(pending, &sent_back["code"], &sent_back["state"]).await?)
    })
    .await;
    if let Some(session) = session {
        let auth = Arc::new(flow.refresh_auth(&session)?.build()?);
        refresh_and_revoke(org, auth).await?;
    }
    client_credentials(org).await;
    Ok(())
}

async fn refresh_and_revoke(org: &Org, auth: Arc<RefreshTokenAuth>) -> Result<(), Failure> {
    let client = with(Arc::clone(&auth) as SharedAuth)?;
    for operation in ["session.refresh", "session.refresh-rotated"] {
        check(operation, async {
            org.end_sessions().await?;
            one_user(&client).await
        })
        .await;
    }
    check("session.revoke", async {
        auth.revoke().await?;
        refused(one_user(&client).await).map(drop)
    })
    .await;
    Ok(())
}

async fn client_credentials(org: &Org) {
    let login = |secret: &'static str| async move {
        let auth = ClientCredentialsAuth::builder()
            .consumer_key(APP)
            .consumer_secret(secret)
            .login_url(&org.instance_url)
            .instance_url(&org.instance_url)
            .build()?;
        one_user(&with(Arc::new(auth))?).await
    };
    check("session.client-credentials", async {
        let app =
            json!({ "client_id": APP, "client_secret": "its secret", "run_as": org.username });
        org.control("apps", Some(app)).await?;
        login("its secret").await
    })
    .await;
    check("session.refused", async {
        let error = refused(login("not its secret").await)?;
        let text = format!("{error:?}");
        holds(text.contains("invalid_client"), text)
    })
    .await;
}

/// The person at the browser: logs in, allows the app, and is sent back with these parameters.
async fn at_the_browser(org: &Org, url: &str) -> Result<BTreeMap<String, String>, Failure> {
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let page = browser.get(url).send().await?.text().await?;
    let mut fields = hidden(&page);
    fields.push(("username".to_owned(), org.username.clone()));
    fields.push(("password".to_owned(), org.password.clone()));
    let step = |name: &str| format!("{}/services/oauth2/authorize/{name}", org.instance_url);
    let page = browser.post(step("login")).form(&fields).send().await?.text().await?;
    let mut fields = hidden(&page);
    fields.push(("decision".to_owned(), "allow".to_owned()));
    let answer = browser.post(step("consent")).form(&fields).send().await?;
    let location = answer.headers().get("location").ok_or("no redirect")?.to_str()?;
    let location = reqwest::Url::parse(location)?;
    Ok(location.query_pairs().into_owned().collect())
}

/// The hidden inputs of a page.
fn hidden(page: &str) -> Vec<(String, String)> {
    let inputs = page.split("<input type=\"hidden\" name=\"").skip(1);
    let input = |text: &str| {
        let (name, rest) = text.split_once("\" value=\"")?;
        let (value, _) = rest.split_once('"')?;
        Some((name.to_owned(), value.replace("&amp;", "&")))
    };
    inputs.filter_map(input).collect()
}
