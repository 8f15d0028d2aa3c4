//! Calls on one org in memory.

use orgsim::router::SharedOrg;
use serde_json::Value;

use crate::support::{Answer, ask, control, in_memory};

const BASE: &str = "/services/data/v68.0";

/// One small org in memory with a live session, and calls on it.
pub(crate) struct Rig {
    pub(crate) org: SharedOrg,
    pub(crate) token: String,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let (org, session) = in_memory();
        Self { org, token: session.access_token }
    }

    pub(crate) async fn set_up(&self, change: Value) -> Value {
        control(&self.org, "POST", "setup", Some(&change)).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(&body);
        ask(&self.org, method, &format!("{BASE}/{path}"), &self.token, body).await
    }

    pub(crate) async fn create(&self, object: &str, row: Value) -> String {
        let answer = self.send("POST", &format!("sobjects/{object}"), row).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn refused(&self, object: &str, row: Value) -> Value {
        let answer = self.send("POST", &format!("sobjects/{object}"), row).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        answer.body[0].clone()
    }

    pub(crate) async fn read(&self, object: &str, id: &str) -> Value {
        self.send("GET", &format!("sobjects/{object}/{id}"), Value::Null).await.body
    }
}
