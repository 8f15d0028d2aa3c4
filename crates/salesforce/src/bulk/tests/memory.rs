//! Constant memory: a transport and a source that count what is made and what is taken, over far more bytes than any buffer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};

use super::stub::{BulkStub, Outcome, answer, bulk, client, columns, text};
use crate::bulk::{BulkSettings, Cell, IngestJob, JobInfo, Operation, RowSource, SourceError};
use crate::transport::{
    Request, StreamedRequest, StreamedResponse, Transport, TransportError, Upload,
};

/// More than a hundred times what may be under way.
const BYTES: u64 = 96_000_000;
const PIECE: usize = 16 * 1024;
/// What a reader or a writer may hold: a piece or two of each side.
const MAX_UNDER_WAY: u64 = 512 * 1024;

/// Counts bytes that were made and not yet taken.
#[derive(Default)]
struct Flow {
    made: AtomicU64,
    taken: AtomicU64,
    most: AtomicU64,
}

impl Flow {
    fn make(&self, bytes: usize) {
        let made = self.made.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let taken = self.taken.load(Ordering::Relaxed);
        self.most.fetch_max(made.saturating_sub(taken), Ordering::Relaxed);
    }

    fn take(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn most(&self) -> u64 {
        self.most.load(Ordering::Relaxed)
    }
}

/// Gives result pages of one row over and over, and takes uploads without keeping them.
struct Hose {
    flow: Arc<Flow>,
    org: BulkStub,
}

const ROW: &str = "\"001Hs00002aBcDeIAK\",\"Acme \"\"Holding\"\", Berlin\"\n";

impl Hose {
    fn page(&self) -> BoxStream<'static, Result<Bytes, TransportError>> {
        let piece = Bytes::from(ROW.repeat(PIECE / ROW.len()));
        let pieces = BYTES / piece.len() as u64;
        let flow = Arc::clone(&self.flow);
        let header = stream::iter([Ok(Bytes::from_static(b"\"Id\",\"Name\"\n"))]);
        let rows = stream::iter(0..pieces).map(move |_| {
            flow.make(piece.len());
            Ok(piece.clone())
        });
        header.chain(rows).boxed()
    }
}

impl Transport for Hose {
    fn send(&self, request: Request) -> BoxFuture<'_, Outcome> {
        self.org.send(request)
    }

    fn stream(
        &self,
        request: StreamedRequest,
    ) -> BoxFuture<'_, Result<StreamedResponse, TransportError>> {
        Box::pin(async move {
            let mut response: StreamedResponse = answer(201, Vec::new()).into();
            if request.url.path().ends_with("/results") {
                response = answer(200, Vec::new()).into();
                response.body = self.page();
            }
            if let Upload::Pieces { mut pieces, .. } = request.body {
                while let Some(piece) = pieces.try_next().await? {
                    self.flow.take(piece.len());
                }
            }
            Ok(response)
        })
    }
}

fn hose() -> (Arc<Hose>, Arc<Flow>) {
    let flow = Arc::new(Flow::default());
    (Arc::new(Hose { flow: Arc::clone(&flow), org: BulkStub::default() }), flow)
}

fn ended() -> JobInfo {
    let body = r#"{"id":"750Hs00000kLmNoIAK","state":"JobComplete","apiVersion":65.0}"#;
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn reading_holds_a_piece_and_a_row_however_much_there_is() {
    let (hose, flow) = hose();
    let run = client(hose).bulk(BulkSettings::default()).query_run(ended()).unwrap();
    let (mut rows, mut count) = (run.rows(), 0_u64);
    while let Some(row) = rows.next().await.unwrap() {
        count += 1;
        flow.take(ROW.len());
        assert_eq!(row.cells().map(str::len).sum::<usize>(), 40);
    }
    assert!(count * ROW.len() as u64 > BYTES - PIECE as u64 * 2, "{count} rows");
    assert!(flow.most() <= MAX_UNDER_WAY, "{} bytes under way", flow.most());
}

const NAME: &str = "Acme Holding, Berlin, first floor";

/// Makes rows while they are asked for.
struct Spring(Arc<Flow>);

impl RowSource for Spring {
    fn rows(&self, first: u64) -> BoxStream<'static, Result<Vec<Cell>, SourceError>> {
        let flow = Arc::clone(&self.0);
        stream::iter(first..)
            .map(move |number| {
                let row = vec![text(&format!("K-{number:012}")), text(NAME)];
                // The key, the delimiter, the name in quotes, the line ending.
                flow.make(14 + 1 + NAME.len() + 2 + 1);
                Ok(row)
            })
            .boxed()
    }
}

#[tokio::test]
async fn writing_holds_a_piece_however_large_the_part_is() {
    let (hose, flow) = hose();
    let job = IngestJob::new("Account", Operation::Insert, columns(&["Ext__c", "Name"]), None);
    let mut ingest = bulk(hose, BYTES).ingest(job, Arc::new(Spring(Arc::clone(&flow)))).unwrap();
    let open = ingest.open().await.unwrap().unwrap();
    let part = ingest.upload(open).await.unwrap();
    assert!(part.bytes <= BYTES && part.bytes > BYTES - 100, "{}", part.bytes);
    assert!(flow.most() <= MAX_UNDER_WAY, "{} bytes under way", flow.most());
}
