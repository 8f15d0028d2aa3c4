//! The byte pump: sends recorded requests one after the other and reads every answer, understanding none of it.

use serde::{Deserialize, Serialize};

/// One request of the script.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) body: String,
}

/// Sends the script's requests.
pub(crate) fn run(script: &str) -> Result<(), Box<dyn std::error::Error>> {
    let steps: Vec<Step> = serde_json::from_slice(&std::fs::read(script)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(send_all(steps))
}

async fn send_all(steps: Vec<Step>) -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::Client::builder().gzip(true).build()?;
    for step in steps {
        let request = client
            .request(step.method.parse()?, &step.url)
            .bearer_auth(step.token)
            .header("content-type", "application/json")
            .body(step.body);
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        if !status.is_success() {
            return Err(format!(
                "{} {}: {status} {}",
                step.method,
                step.url,
                String::from_utf8_lossy(&body)
            )
            .into());
        }
    }
    Ok(())
}
