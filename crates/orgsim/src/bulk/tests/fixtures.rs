//! Calls on an org in memory, and jobs from their creation to their end.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::api::tests::fixtures;
use crate::router::{SharedOrg, answer, lock};

pub(crate) const BASE: &str = "/services/data/v68.0/jobs";

/// An org with its user and a session.
pub(crate) struct Desk {
    pub(crate) org: SharedOrg,
    pub(crate) token: String,
}

/// An answer with its body as text.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Status, code and message of a refusal.
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let error = &self.json()[0];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("errorCode"), text("message"))
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        let mut org = fixtures::org();
        let now = org.clock.now();
        let id = org.id.clone();
        let token = org.oauth.open_session(&mut org.rng, &id, now);
        Self { org: Arc::new(Mutex::new(org)), token }
    }

    /// One call with a body of a media type.
    pub(crate) fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", kind)
            .body(Bytes::copy_from_slice(body))
            .expect("a request");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let response = runtime.block_on(answer(&self.org, request)).expect("an answer");
        let (head, body) = response.into_parts();
        let text = String::from_utf8(body.to_vec()).expect("text");
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }

    /// One call with a JSON body, or none for null.
    #[expect(clippy::needless_pass_by_value, reason = "tests write their bodies in place")]
    pub(crate) fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, "application/json", text.as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, Value::Null)
    }

    /// Moves the org's clock on.
    pub(crate) fn pass(&self, milliseconds: i64) {
        lock(&self.org).clock.shift += SignedDuration::from_millis(milliseconds);
    }

    /// Creates a job and gives its id.
    #[track_caller]
    pub(crate) fn create(&self, kind: &str, body: Value) -> String {
        let answer = self.call("POST", &format!("{BASE}/{kind}"), body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Uploads and closes.
    #[track_caller]
    pub(crate) fn submit(&self, id: &str, csv: &str) {
        let path = format!("{BASE}/ingest/{id}/batches");
        let upload = self.send("PUT", &path, "text/csv; charset=UTF-8", csv.as_bytes());
        assert_eq!((upload.status, upload.text.as_str()), (201, ""));
        let closed = self.set_state("ingest", id, "UploadComplete");
        assert_eq!(closed.json()["state"], "UploadComplete", "{}", closed.text);
    }

    pub(crate) fn set_state(&self, kind: &str, id: &str, state: &str) -> Answer {
        self.call("PATCH", &format!("{BASE}/{kind}/{id}"), json!({ "state": state }))
    }

    pub(crate) fn info(&self, kind: &str, id: &str) -> Value {
        self.get(&format!("{BASE}/{kind}/{id}")).json()
    }

    /// A whole ingest job; its information once it is over.
    #[track_caller]
    pub(crate) fn load(&self, body: Value, csv: &str) -> Value {
        let id = self.create("ingest", body);
        self.submit(&id, csv);
        self.pass(1_000);
        self.info("ingest", &id)
    }

    /// The lines of one of a job's lists, the header first and the others sorted.
    #[track_caller]
    pub(crate) fn lines(&self, job: &Value, list: &str) -> Vec<String> {
        let id = job["id"].as_str().expect("an id");
        let answer = self.get(&format!("{BASE}/ingest/{id}/{list}/"));
        assert_eq!(answer.status, 200, "{}", answer.text);
        let mut lines: Vec<String> = answer.text.lines().map(str::to_owned).collect();
        if let Some(rows) = lines.get_mut(1..) {
            rows.sort();
        }
        lines
    }

    /// A whole query job's first page.
    #[track_caller]
    pub(crate) fn extract(&self, soql: &str) -> Answer {
        let id = self.create("query", json!({ "operation": "query", "query": soql }));
        self.pass(1_000);
        self.get(&format!("{BASE}/query/{id}/results"))
    }

    /// The records of a REST query.
    #[track_caller]
    pub(crate) fn rows(&self, soql: &str) -> Vec<Value> {
        fixtures::query(&mut lock(&self.org), soql)
    }

    /// Creates a row by REST and gives its id.
    #[track_caller]
    pub(crate) fn row(&self, object: &str, row: Value) -> String {
        fixtures::create(&mut lock(&self.org), object, row)
    }

    /// Changes how jobs behave.
    #[track_caller]
    pub(crate) fn settings(&self, change: Value) {
        let answer = self.call("POST", "/__orgsim/bulk", change);
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}
