//! Same seed and same requests, same bytes.

use serde_json::json;

use crate::support::{Answer, ask, control, in_memory};

async fn story() -> Vec<Answer> {
    let (org, session) = in_memory();
    let token = session.access_token.as_str();
    let base = "/services/data/v68.0";
    let mut answers = Vec::new();
    answers.push(ask(&org, "GET", &format!("{base}/sobjects"), token, None).await);
    answers.push(
        ask(
            &org,
            "GET",
            &format!("{base}/query?q=SELECT+Id,Name,OwnerId+FROM+Contact"),
            token,
            None,
        )
        .await,
    );
    let new = json!({ "Name": "Same", "ERP_Key__c": "S-1" });
    answers.push(ask(&org, "POST", &format!("{base}/sobjects/Account"), token, Some(&new)).await);
    control(&org, "POST", "clock", Some(&json!({ "advance_seconds": 61 }))).await;
    let found = format!("{base}/sobjects/Account/ERP_Key__c/S-1");
    answers.push(ask(&org, "GET", &found, token, None).await);
    answers.push(ask(&org, "GET", &format!("{base}/limits"), token, None).await);
    answers
}

#[tokio::test(start_paused = true)]
async fn two_runs_of_one_story_give_the_same_bytes() {
    let first = story().await;
    assert_eq!(first, story().await);
    assert!(first.iter().all(|answer| answer.status < 300), "{first:?}");
}
