//! The served org, and its control endpoint, which no client has a part in.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::checks::Failure;

/// Jobs of a few rows are done long before.
const JOB_TRIES: u32 = 600;
const JOB_PAUSE: Duration = Duration::from_millis(100);

/// What the server announced of an org.
#[derive(Debug, Deserialize)]
pub struct Org {
    pub instance_url: String,
    pub org_id: String,
    pub username: String,
    pub password: String,
    pub client_id: String,
    pub redirect_uris: Vec<String>,
    pub access_token: String,
}

impl Org {
    /// The first of the orgs that are served for this program.
    pub fn first() -> Result<Self, Failure> {
        let orgs: Vec<Self> = serde_json::from_str(&std::env::var("ORGS")?)?;
        orgs.into_iter().next().ok_or_else(|| "no org is served".into())
    }

    /// One call to the control endpoint.
    pub async fn control(&self, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        let url = format!("{}/__orgsim/{path}", self.instance_url);
        let client = reqwest::Client::builder().no_proxy().build()?;
        let request = match body {
            Some(body) => client.post(url).json(&body),
            None => client.get(url),
        };
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Ends every session; grants stay.
    pub async fn end_sessions(&self) -> Result<(), Failure> {
        self.control("sessions/end", Some(json!({}))).await.map(drop)
    }

    /// Lets the daily limit be used up while `act` runs.
    pub async fn at_the_limit<T>(&self, act: impl Future<Output = T>) -> Result<T, Failure> {
        let before = self.control("limits", None).await?;
        self.control("limits", Some(json!({ "used": 15_000 }))).await?;
        let outcome = act.await;
        self.control("limits", Some(json!({ "used": before["used"] }))).await?;
        Ok(outcome)
    }

    /// Live rows as the org stores them.
    pub async fn stored(&self, object: &str) -> Result<Vec<Value>, Failure> {
        let rows = self.control(&format!("rows?object={object}"), None).await?;
        Ok(rows.as_array().cloned().unwrap_or_default())
    }

    /// The live row with this id.
    pub async fn row(&self, object: &str, id: &str) -> Result<Option<Value>, Failure> {
        Ok(self.stored(object).await?.into_iter().find(|row| row["Id"] == id))
    }
}

/// Asks again until the job is done.
pub async fn until_done<T, E>(
    mut ask: impl AsyncFnMut() -> Result<(T, bool), E>,
) -> Result<T, Failure>
where
    E: Into<Failure>,
{
    for _ in 0..JOB_TRIES {
        let (answer, done) = ask().await.map_err(Into::into)?;
        if done {
            return Ok(answer);
        }
        tokio::time::sleep(JOB_PAUSE).await;
    }
    Err("the job is not done after a minute".into())
}
