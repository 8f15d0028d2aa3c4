//! An org that knows Bulk jobs and nothing else: it carries out what is closed, and loses the answers it is told to lose.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use isthmus_model::ids::RecordId;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde_json::{Value as Json, json};
use tokio::time::Instant;
use url::Url;

use crate::bulk::{Bulk, BulkSettings, Cell, IngestJob, MemoryRows, Operation};
use crate::client::{Client, ClientSettings};
use crate::governor::{Budget, Governor, GovernorSettings};
use crate::host::OrgUrl;
use crate::session::FixedToken;
use crate::testing::{INSTANCE, StandingClock, noon};
use crate::transport::{
    NotSent, Request, Response, StreamedRequest, StreamedResponse, Transport, TransportError,
    Upload,
};

pub(super) const USER: &str = "005Hs00000xYz12IAC";
pub(super) type Outcome = Result<Response, TransportError>;

/// What goes wrong at a step.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// It is carried out, and nobody hears of it.
    ReplyLost,
    /// It never arrives, and that is certain.
    NotSent,
    /// The connection fails when so many bytes of the upload were taken.
    UploadCut(usize),
    /// The answer's body ends after so many bytes with an error.
    AnswerCut(usize),
    /// Another answer.
    Answer(u16, &'static str),
}

#[derive(Debug, Default, Clone)]
pub(super) struct StubJob {
    pub(super) fields: BTreeMap<String, Json>,
    pub(super) state: String,
    pub(super) csv: Vec<u8>,
    pub(super) polls: u32,
}

/// One page of a query's results.
pub(super) struct StubPage {
    pub(super) locator: &'static str,
    pub(super) body: Vec<u8>,
    pub(super) rows: u64,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) jobs: BTreeMap<String, StubJob>,
    pub(super) faults: Vec<(&'static str, Fault)>,
    /// Steps in order, with the moment.
    pub(super) steps: Vec<(String, Instant)>,
    /// The first cell of each row that was carried out, in order.
    pub(super) written: Vec<String>,
    /// Polls before a job ends.
    pub(super) polls: u32,
    /// How jobs end: state, rows that are done before, error message.
    pub(super) ending: Option<(&'static str, usize, &'static str)>,
    pub(super) pages: Vec<StubPage>,
    pub(super) urls: Vec<Url>,
}

#[derive(Default)]
pub(super) struct BulkStub(Mutex<State>);

impl BulkStub {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn failing(faults: Vec<(&'static str, Fault)>) -> Arc<Self> {
        let stub = Self::default();
        stub.state().faults = faults;
        Arc::new(stub)
    }

    pub(super) fn count(&self, step: &str) -> usize {
        self.state().steps.iter().filter(|(name, _)| name == step).count()
    }

    fn serve(&self, method: &Method, url: &Url, body: &[u8], fault: Option<&Fault>) -> Outcome {
        let mut state = self.state();
        let step = step(method, url, body);
        state.steps.push((step.to_owned(), Instant::now()));
        state.urls.push(url.clone());
        match fault {
            Some(Fault::NotSent) => Err(not_sent()),
            Some(Fault::UploadCut(_)) => Err(lost()),
            Some(Fault::Answer(status, text)) => Ok(answer(*status, text.as_bytes().to_vec())),
            Some(Fault::ReplyLost) => {
                let _ = state.act(step, url, body);
                Err(lost())
            }
            Some(Fault::AnswerCut(_)) | None => Ok(state.act(step, url, body)),
        }
    }

    fn take_fault(&self, step: &str) -> Option<Fault> {
        let mut state = self.state();
        let position = state.faults.iter().position(|(at, _)| *at == step)?;
        Some(state.faults.remove(position).1)
    }
}

fn step(method: &Method, url: &Url, body: &[u8]) -> &'static str {
    let path = url.path();
    let closes = body.windows(7).any(|window| window == b"Aborted");
    match method.as_str() {
        "POST" => "create",
        "PUT" => "upload",
        "PATCH" if closes => "abort",
        "PATCH" => "close",
        "DELETE" => "delete",
        _ if path.ends_with("/ingest") => "list",
        _ if path.ends_with("/resultPages") => "pages",
        _ if path.ends_with("/results") => "page",
        _ if path.ends_with("/successfulResults/") => "successful",
        _ if path.ends_with("/failedResults/") => "failed",
        _ if path.ends_with("/unprocessedrecords/") => "unprocessed",
        _ => "poll",
    }
}

impl State {
    fn act(&mut self, step: &str, url: &Url, body: &[u8]) -> Response {
        let id = url.path_segments().and_then(|mut parts| parts.nth(5)).unwrap_or("").to_owned();
        if !matches!(step, "create" | "list") && !self.jobs.contains_key(&id) {
            return answer(
                404,
                br#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#
                    .to_vec(),
            );
        }
        match step {
            "create" => self.create(body),
            "list" => self.list(),
            "upload" => self.upload(&id, body),
            "close" => self.set(&id, "UploadComplete"),
            "abort" => self.set(&id, "Aborted"),
            "poll" => self.poll(&id),
            "pages" => self.named_pages(&id),
            "page" => self.page(url),
            "delete" => {
                self.jobs.remove(&id);
                answer(204, Vec::new())
            }
            list => answer(200, self.results(&id, list)),
        }
    }

    fn create(&mut self, body: &[u8]) -> Response {
        let mut fields: BTreeMap<String, Json> = serde_json::from_slice(body).unwrap();
        let query = fields.contains_key("query");
        let id = format!("750Hs00000kLm{:02}", self.jobs.len());
        fields.insert("id".to_owned(), json!(id));
        fields.insert("createdById".to_owned(), json!(USER));
        fields.insert("createdDate".to_owned(), json!("2026-11-20T12:00:00.000+0000"));
        fields.insert("apiVersion".to_owned(), json!(65.0));
        let state = if query { "UploadComplete" } else { "Open" }.to_owned();
        let job = StubJob { fields, state, ..StubJob::default() };
        self.jobs.insert(id.clone(), job);
        self.told(&id)
    }

    fn told(&self, id: &str) -> Response {
        let job = &self.jobs[id];
        let mut fields = job.fields.clone();
        fields.insert("state".to_owned(), json!(job.state));
        answer(200, serde_json::to_vec(&fields).unwrap())
    }

    /// Two pages, and a job of the old API among them.
    fn list(&self) -> Response {
        let told = |(id, _): (&String, &StubJob)| -> Json {
            serde_json::from_slice(&self.told(id).body).unwrap()
        };
        let mut records: Vec<Json> = self.jobs.iter().map(told).collect();
        records.push(json!({"id":"750Hs00000kOldJ","state":"Closed","jobType":"Classic"}));
        answer(200, serde_json::to_vec(&json!({"done":true,"records":records})).unwrap())
    }

    fn upload(&mut self, id: &str, body: &[u8]) -> Response {
        let job = self.jobs.get_mut(id).unwrap();
        if job.state != "Open" || !job.csv.is_empty() {
            return refused("INVALIDJOBSTATE", "Found multiple contents for job");
        }
        job.csv = body.to_vec();
        answer(201, Vec::new())
    }

    fn set(&mut self, id: &str, state: &str) -> Response {
        let job = self.jobs.get_mut(id).unwrap();
        if job.state != "Open" {
            return refused("INVALIDJOBSTATE", "Aborting already Completed Job not allowed");
        }
        job.state = state.to_owned();
        if state == "UploadComplete" {
            let (_, rows) = parsed(&job.csv);
            let done = self.ending.map_or(rows.len(), |(_, done, _)| done);
            self.written.extend(rows.into_iter().take(done).map(|mut row| row.remove(0)));
        }
        self.told(id)
    }

    fn poll(&mut self, id: &str) -> Response {
        let (polls, ending) = (self.polls, self.ending);
        let job = self.jobs.get_mut(id).unwrap();
        job.polls += 1;
        let runs = !matches!(job.state.as_str(), "Open" | "Aborted");
        if runs {
            job.state = if job.polls > polls { "JobComplete" } else { "InProgress" }.to_owned();
        }
        if job.state == "JobComplete" {
            let (_, rows) = parsed(&job.csv);
            let failed = rows.iter().filter(|row| is_bad(row)).count();
            let mut processed = rows.len();
            if let Some((state, done, message)) = ending {
                (job.state, processed) = (state.to_owned(), done);
                job.fields.insert("errorMessage".to_owned(), json!(message));
            }
            job.fields.insert("numberRecordsProcessed".to_owned(), json!(processed));
            job.fields.insert("numberRecordsFailed".to_owned(), json!(failed.min(processed)));
        }
        self.told(id)
    }

    /// The lists come in another order than the rows, and echo header and rows.
    fn results(&self, id: &str, list: &str) -> Vec<u8> {
        let (header, rows) = parsed(&self.jobs[id].csv);
        let done = self.ending.map_or(rows.len(), |(_, done, _)| done);
        let mut out =
            csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        let extra: &[&str] = match list {
            "successful" => &["sf__Id", "sf__Created"],
            "failed" => &["sf__Id", "sf__Error"],
            _ => &[],
        };
        out.write_record(extra.iter().copied().chain(header.iter().map(String::as_str))).unwrap();
        for (index, row) in rows.iter().enumerate().rev() {
            let here = match list {
                "successful" => index < done && !is_bad(row),
                "failed" => index < done && is_bad(row),
                _ => index >= done,
            };
            let id = format!("001Hs0000000{index:03}");
            let told: Vec<&str> = match list {
                "successful" => vec![&id, "true"],
                "failed" => {
                    vec!["", "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"]
                }
                _ => Vec::new(),
            };
            if here {
                out.write_record(told.into_iter().chain(row.iter().map(String::as_str))).unwrap();
            }
        }
        out.into_inner().unwrap()
    }

    fn named_pages(&self, id: &str) -> Response {
        let urls: Vec<Json> = self
            .pages
            .iter()
            .map(|page| json!({"resultUrl": format!("/services/data/v65.0/jobs/query/{id}/results?locator={}", page.locator.replace('+', "%2B"))}))
            .collect();
        answer(200, serde_json::to_vec(&json!({"resultPages": urls, "done": true})).unwrap())
    }

    fn page(&self, url: &Url) -> Response {
        let asked = url.query_pairs().find(|(name, _)| name == "locator");
        let asked =
            asked.map_or_else(|| self.pages[0].locator.to_owned(), |(_, value)| value.into_owned());
        let Some(index) = self.pages.iter().position(|page| page.locator == asked) else {
            return refused("INVALID_QUERY_LOCATOR", "invalid query locator");
        };
        let page = &self.pages[index];
        let next = self.pages.get(index + 1).map_or("null", |next| next.locator);
        let mut answer = answer(200, page.body.clone());
        answer.headers.insert("sforce-locator", HeaderValue::from_static(next));
        answer.headers.insert("sforce-numberofrecords", HeaderValue::from(page.rows));
        answer
    }
}

fn is_bad(row: &[String]) -> bool {
    row.iter().any(|cell| cell == "bad")
}

/// Read by another CSV reader than the one under test.
pub(super) fn parsed(csv: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    let mut rows =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<String>>());
    (rows.next().unwrap_or_default(), rows.collect())
}

pub(super) fn answer(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    Response { status, headers: HeaderMap::new(), body: Bytes::from(body) }
}

fn refused(code: &str, message: &str) -> Response {
    answer(400, serde_json::to_vec(&json!([{"errorCode": code, "message": message}])).unwrap())
}

pub(super) fn lost() -> TransportError {
    let host = "acme.my.salesforce.com".to_owned();
    TransportError::Unknown { host, detail: "connection reset".to_owned() }
}

fn not_sent() -> TransportError {
    let host = "acme.my.salesforce.com".to_owned();
    TransportError::NotSent { host, reason: NotSent::NameUnknown }
}

impl Transport for BulkStub {
    fn send(&self, request: Request) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let fault = self.take_fault(step(&request.method, &request.url, &request.body));
            self.serve(&request.method, &request.url, &request.body, fault.as_ref())
        })
    }

    fn stream(
        &self,
        request: StreamedRequest,
    ) -> BoxFuture<'_, Result<StreamedResponse, TransportError>> {
        Box::pin(async move {
            let fault = self.take_fault(step(&request.method, &request.url, b""));
            let enough = match fault {
                Some(Fault::UploadCut(bytes)) => bytes,
                _ => usize::MAX,
            };
            let mut body = Vec::new();
            match request.body {
                Upload::Whole(whole) => body.extend_from_slice(&whole),
                Upload::Pieces { mut pieces, .. } => {
                    while let Some(piece) = pieces.next().await {
                        body.extend_from_slice(&piece.map_err(|_| lost())?);
                        if body.len() >= enough {
                            break;
                        }
                    }
                }
            }
            let response = self.serve(&request.method, &request.url, &body, fault.as_ref())?;
            Ok(cut(response, fault.as_ref()))
        })
    }
}

/// Gives the body in small pieces, and an error where it is to be cut.
fn cut(response: Response, fault: Option<&Fault>) -> StreamedResponse {
    let whole = response.body.len();
    let (kept, breaks) = match fault {
        Some(Fault::AnswerCut(bytes)) => (whole.min(*bytes), true),
        _ => (whole, false),
    };
    let mut pieces: Vec<Result<Bytes, TransportError>> =
        response.body[..kept].chunks(7).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    if breaks {
        pieces.push(Err(lost()));
    }
    let body = stream::iter(pieces).boxed();
    StreamedResponse { status: response.status, headers: response.headers, body }
}

pub(super) fn client(transport: Arc<dyn Transport>) -> Client {
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    let token = Arc::new(FixedToken("token".to_owned().into()));
    let governor =
        GovernorSettings { budget: Some(Budget::default()), ..GovernorSettings::default() };
    let governor = Governor::new(governor, ChaCha20Rng::seed_from_u64(7));
    Client::new(settings, transport, token, Arc::new(StandingClock(noon())))
        .governed_by(Arc::new(governor))
}

pub(super) fn bulk(transport: Arc<dyn Transport>, part_bytes: u64) -> Bulk {
    let user = Some(RecordId::parse(USER).unwrap());
    client(transport).bulk(BulkSettings { part_bytes, user, ..BulkSettings::default() })
}

pub(super) fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

pub(super) fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(super) fn upsert() -> IngestJob {
    IngestJob::new(
        "Account",
        Operation::Upsert,
        columns(&["Ext__c", "Name"]),
        Some("Ext__c".to_owned()),
    )
}

pub(super) fn key(number: usize) -> String {
    format!("K-{number:04}")
}

/// Rows `K-0000` on; each seventh is refused by the org.
pub(super) fn rows(count: usize) -> Arc<MemoryRows> {
    let name = |number: usize| if number % 7 == 3 { "bad" } else { "Acme, \"Inc.\"\nBerlin" };
    Arc::new(MemoryRows::new(
        (0..count).map(|number| vec![text(&key(number)), text(name(number))]).collect(),
    ))
}
