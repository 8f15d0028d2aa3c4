//! The raw copy: the same bytes over the same endpoints, understanding none of them.

use std::time::Instant;

use futures_util::stream;
use serde_json::{Value, json};

use crate::child::{Share, Told};

/// What is handed to the connection at once, as the client does.
const PIECE_BYTES: u64 = 64 * 1024;
/// The largest upload of one job, as the client's.
const PART_BYTES: u64 = 100_000_000;

type Figures = Result<Told, Box<dyn std::error::Error>>;

fn base(share: &Share, kind: &str) -> String {
    let address = share.instance_url.trim_end_matches('/');
    format!("{address}/services/data/v65.0/jobs/{kind}")
}

/// Reads all result pages of a query job.
pub(crate) async fn down(share: &Share) -> Figures {
    let client = reqwest::Client::builder().gzip(true).build()?;
    let job = share.job.as_deref().unwrap_or_default();
    let results = format!("{}/{job}/results?maxRecords=50000", base(share, "query"));
    let (mut told, mut locator) = (Told::default(), None::<String>);
    let started = Instant::now();
    loop {
        let address = match &locator {
            Some(locator) => format!("{results}&locator={locator}"),
            None => results.clone(),
        };
        let request = client.get(address).bearer_auth(&share.token).header("accept", "text/csv");
        let mut answer = request.send().await?.error_for_status()?;
        let next = answer.headers().get("sforce-locator").and_then(|value| value.to_str().ok());
        locator = next.filter(|next| *next != "null").map(str::to_owned);
        while let Some(piece) = answer.chunk().await? {
            told.bytes += piece.len() as u64;
        }
        if locator.is_none() {
            told.seconds = started.elapsed().as_secs_f64();
            return Ok(told);
        }
    }
}

/// Uploads as many bytes as the client did, in as large parts.
pub(crate) async fn up(share: &Share) -> Figures {
    let client = reqwest::Client::builder().build()?;
    let mut told = Told::default();
    while told.bytes < share.amount {
        let job = create(&client, share).await?;
        let length = PART_BYTES.min(share.amount - told.bytes);
        let started = Instant::now();
        let request = client
            .put(format!("{}/{job}/batches", base(share, "ingest")))
            .bearer_auth(&share.token)
            .header("content-type", "text/csv")
            .body(reqwest::Body::wrap_stream(pieces(length)));
        request.send().await?.error_for_status()?.bytes().await?;
        told.seconds += started.elapsed().as_secs_f64();
        told.bytes += length;
        let abort = client
            .patch(format!("{}/{job}", base(share, "ingest")))
            .bearer_auth(&share.token)
            .json(&json!({"state": "Aborted"}));
        abort.send().await?.error_for_status()?;
    }
    Ok(told)
}

async fn create(
    client: &reqwest::Client,
    share: &Share,
) -> Result<String, Box<dyn std::error::Error>> {
    let body = json!({"object": "Account", "operation": "insert", "contentType": "CSV", "lineEnding": "LF"});
    let request = client.post(base(share, "ingest")).bearer_auth(&share.token).json(&body);
    let job: Value = request.send().await?.error_for_status()?.json().await?;
    Ok(job["id"].as_str().unwrap_or_default().to_owned())
}

type Piece = Result<Vec<u8>, std::convert::Infallible>;

fn pieces(length: u64) -> impl futures_util::Stream<Item = Piece> {
    stream::unfold(length, |left| async move {
        let size = left.min(PIECE_BYTES);
        let piece = vec![b'x'; usize::try_from(size).unwrap_or_default()];
        (size > 0).then_some((Ok(piece), left - size))
    })
}
