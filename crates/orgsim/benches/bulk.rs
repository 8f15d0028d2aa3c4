//! How many rows a second a served org takes and gives through Bulk API 2.0, on one thread, so on one core at most.
//!
//! A client on another thread sends and reads bytes and does nothing else with them. Three figures: rows loaded (from
//! the upload's first byte to JobComplete), rows extracted (from the job's creation to the last byte of its result), and
//! rows read again (the finished result alone). `-- --bulk-rows N` changes the size; the last line on standard output
//! is the result as JSON.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use orgsim::serve::{Announcement, ServeOptions, start};
use serde_json::{Value, json};

/// Rows of the bench.
const ROWS: usize = 1_000_000;

/// Rows of one ingest job, so that no upload comes near the service's limit of 150 MB in base64.
const JOB_ROWS: usize = 250_000;

/// How long the client waits between two looks at a job.
const POLL: Duration = Duration::from_millis(5);

const JOBS: &str = "/services/data/v68.0/jobs";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let position = arguments.iter().position(|argument| argument == "--bulk-rows");
    let rows = position.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(ROWS);
    let client = Client { org: serve() };
    client.post("/__orgsim/bulk", &json!({ "queued_ms": 0, "in_progress_ms": 0 }))?;
    client.post("/__orgsim/limits", &json!({ "daily_max": 10_000_000 }))?;
    let loaded = client.load(rows)?;
    let (extracted, job, bytes) = client.extract()?;
    let again = Instant::now();
    let (_, read) = client.results(&job)?;
    assert_eq!(read, rows, "the result has every row");
    report(rows, bytes, loaded, extracted, again.elapsed());
    Ok(())
}

/// An org on a thread of its own, which is its whole runtime.
fn serve() -> Announcement {
    let (ready, waiting) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let options = ServeOptions::new(&["bench"]).records("Account", 1).records("Contact", 1);
            let served = start(&options).await.expect("a served org");
            let _ = ready.send(served.announcements[0].clone());
            std::future::pending::<()>().await;
        });
    });
    waiting.recv().expect("the org is served")
}

struct Client {
    org: Announcement,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

impl Client {
    fn load(&self, rows: usize) -> Outcome<Duration> {
        let files: Vec<String> = (0..rows).step_by(JOB_ROWS).map(|from| file(from, rows)).collect();
        let started = Instant::now();
        for file in files {
            let body = json!({ "object": "Account", "operation": "insert" });
            let job = self.post(&format!("{JOBS}/ingest"), &body)?;
            let path = format!("{JOBS}/ingest/{}", job["id"].as_str().unwrap_or_default());
            self.send("PUT", &format!("{path}/batches"), "text/csv", file.as_bytes())?;
            self.send("PATCH", &path, "application/json", br#"{"state":"UploadComplete"}"#)?;
            let done = self.wait(&path)?;
            assert_eq!(done["numberRecordsFailed"], 0, "{done}");
        }
        Ok(started.elapsed())
    }

    fn extract(&self) -> Outcome<(Duration, String, usize)> {
        let soql = "SELECT Id, Name, ERP_Key__c, Phone, Website, BillingStreet, BillingCity, Industry, AnnualRevenue, \
                    NumberOfEmployees, SystemModstamp, Owner.Name FROM Account WHERE ERP_Key__c LIKE 'BENCH-%'";
        let started = Instant::now();
        let job =
            self.post(&format!("{JOBS}/query"), &json!({ "operation": "query", "query": soql }))?;
        let path = format!("{JOBS}/query/{}", job["id"].as_str().unwrap_or_default());
        self.wait(&path)?;
        let (bytes, _) = self.results(&path)?;
        Ok((started.elapsed(), path, bytes))
    }

    /// Reads all pages; how many bytes and rows there are.
    fn results(&self, job: &str) -> Outcome<(usize, usize)> {
        let (mut bytes, mut rows, mut locator) = (0, 0, String::new());
        loop {
            let answer =
                self.send("GET", &format!("{job}/results?locator={locator}"), "text/csv", b"")?;
            bytes += answer.body.len();
            rows += answer.header("sforce-numberofrecords").parse::<usize>()?;
            locator = answer.header("sforce-locator").to_owned();
            if locator == "null" {
                return Ok((bytes, rows));
            }
        }
    }

    fn wait(&self, path: &str) -> Outcome<Value> {
        loop {
            let answer = self.send("GET", path, "application/json", b"")?;
            let job: Value = serde_json::from_slice(&answer.body)?;
            match job["state"].as_str() {
                Some("JobComplete") => return Ok(job),
                Some("UploadComplete" | "InProgress") => std::thread::sleep(POLL),
                _ => return Err(job.to_string().into()),
            }
        }
    }

    fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        let answer = self.send("POST", path, "application/json", body.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// One request on a connection of its own, read to its end.
    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Outcome<Answer> {
        let address = self.org.instance_url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\n\r\n",
            self.org.access_token,
            body.len()
        )?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let head = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no head")?;
        let body = answer.split_off(head + 4);
        let head = String::from_utf8(answer)?;
        let status = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
        if !status.starts_with('2') {
            return Err(format!("{method} {path}: {head}{}", String::from_utf8_lossy(&body)).into());
        }
        Ok(Answer { head, body })
    }
}

struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map_or("", |(_, v)| v)
    }
}

/// The rows of one job: text of usual lengths, numbers, a key.
fn file(from: usize, rows: usize) -> String {
    let lines = (from..rows.min(from + JOB_ROWS)).map(|number| {
        format!(
            "BENCH-{number:08},Bench Company {number},+353 1 555 {number:07},https://bench{number}.example,{} Harbour \
             Street,Dublin,Agriculture,{}.5,{}\n",
            number % 200,
            number * 10,
            number % 5_000
        )
    });
    let header = "ERP_Key__c,Name,Phone,Website,BillingStreet,BillingCity,Industry,AnnualRevenue,NumberOfEmployees\n";
    std::iter::once(header.to_owned()).chain(lines).collect()
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn report(rows: usize, bytes: usize, loaded: Duration, extracted: Duration, again: Duration) {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "figures of a bench are small and positive"
    )]
    let per_second = |time: Duration| (rows as f64 / time.as_secs_f64()).round() as u64;
    let result = json!({
        "rows": rows,
        "result_bytes": bytes,
        "ingest_rows_per_second": per_second(loaded),
        "query_rows_per_second": per_second(extracted),
        "serve_rows_per_second": per_second(again),
    });
    println!(
        "orgsim on one core: {} rows/s loaded, {} rows/s extracted and read, {} rows/s read again ({} bytes)",
        result["ingest_rows_per_second"],
        result["query_rows_per_second"],
        result["serve_rows_per_second"],
        bytes
    );
    println!("{result}");
}
