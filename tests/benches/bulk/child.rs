//! What a measured process does: its share of the work, and its figures into a file beside the share's.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use isthmus_salesforce::bulk::{
    BulkSettings, Cell, IngestJob, Operation, QueryJob, RowSource, SourceError,
};
use isthmus_tests::client::client;
use serde::{Deserialize, Serialize};

use crate::copy;

type Figures = Result<Told, Box<dyn std::error::Error>>;
type Rows =
    std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<Vec<Cell>, SourceError>> + Send>>;

/// The fields that are read and written.
pub(crate) const COLUMNS: [&str; 6] =
    ["Name", "Phone", "Website", "BillingStreet", "BillingCity", "Description"];

/// What a process is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) what: String,
    pub(crate) instance_url: String,
    pub(crate) token: String,
    /// Rows for the client, bytes for the copy.
    pub(crate) amount: u64,
    /// The query whose results are copied.
    pub(crate) job: Option<String>,
}

/// What a process tells.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) seconds: f64,
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    pub(crate) job: Option<String>,
}

pub(crate) fn run(file: &str) -> Result<(), Box<dyn std::error::Error>> {
    let share: Share = serde_json::from_slice(&std::fs::read(file)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let told = match share.what.as_str() {
        "query" => runtime.block_on(query(&share)),
        "ingest" => runtime.block_on(ingest(&share)),
        "copy-query" => runtime.block_on(copy::down(&share)),
        _ => runtime.block_on(copy::up(&share)),
    }?;
    std::fs::write(Path::new(file).with_extension("told"), serde_json::to_vec(&told)?)?;
    Ok(())
}

async fn query(share: &Share) -> Figures {
    let bulk = client(&share.instance_url, &share.token).bulk(BulkSettings::default());
    let soql = format!("SELECT Id, {} FROM Account", COLUMNS.join(", "));
    let run = bulk.query(&QueryJob::new(soql)).await?;
    let started = Instant::now();
    let (mut rows, mut told) = (run.rows(), Told::default());
    while let Some(row) = rows.next().await? {
        told.rows += 1;
        told.bytes += row.cells().map(str::len).sum::<usize>() as u64;
    }
    told.seconds = started.elapsed().as_secs_f64();
    told.job = Some(run.job().id.to_string());
    Ok(told)
}

async fn ingest(share: &Share) -> Figures {
    let bulk = client(&share.instance_url, &share.token).bulk(BulkSettings::default());
    let columns = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
    let job = IngestJob::new("Account", Operation::Insert, columns, None);
    let source: Arc<dyn RowSource> = Arc::new(Made { rows: share.amount });
    let mut ingest = bulk.ingest(job, source)?;
    let mut told = Told::default();
    while let Some(open) = ingest.open().await? {
        let started = Instant::now();
        let part = ingest.upload(open).await?;
        told.seconds += started.elapsed().as_secs_f64();
        told.rows += part.rows;
        told.bytes += part.bytes;
        // Carrying the rows out is the org's work, and would fill it more from round to round.
        bulk.abort(isthmus_salesforce::bulk::JobKind::Ingest, &part.job.id).await?;
    }
    Ok(told)
}

/// Rows made while they are asked for.
struct Made {
    rows: u64,
}

impl RowSource for Made {
    fn rows(&self, first: u64) -> Rows {
        Box::pin(futures_util::stream::iter((first..self.rows).map(|number| Ok(row(number)))))
    }
}

/// A row of about 130 bytes; one cell in six has to be quoted.
pub(crate) fn row(number: u64) -> Vec<Cell> {
    let texts = [
        format!("Bench Account {number}"),
        format!("+49 30 {:07}", number % 10_000_000),
        format!("https://account-{number}.example"),
        format!("{} Main Street, Floor {}", number % 900, number % 40),
        "Berlin".to_owned(),
        "One of very many accounts".to_owned(),
    ];
    texts.into_iter().map(Cell::Text).collect()
}
