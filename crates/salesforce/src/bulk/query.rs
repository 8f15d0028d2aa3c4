//! Reading: a query job, and its rows by locator one page after the other, or several pages at once.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, try_unfold};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use url::form_urlencoded;

use crate::bulk::Bulk;
use crate::bulk::error::BulkError;
use crate::bulk::job::{ColumnDelimiter, JobId, JobInfo, JobKind, JobState, QueryJob};
use crate::bulk::rows::{BulkRow, RowReader};
use crate::client::Call;
use crate::error::{Error, ErrorClass};
use crate::governor::CallCause;

/// Rows of one page: some tens of megabytes, so that a page that is cut costs little, and a million rows take 20 calls.
pub const DEFAULT_PAGE_ROWS: u32 = 50_000;
/// Pages read at once at most: as many as the org names in one answer.
pub const MAX_PARALLEL_PAGES: usize = 5;
/// Times that a page is begun anew without a single further row.
const MAX_BARREN_OPENINGS: u32 = 4;
/// What the org writes into `Sforce-Locator` after the last page.
const NO_LOCATOR: &str = "null";

/// A query job that has ended well.
#[derive(Debug, Clone)]
pub struct QueryRun {
    bulk: Bulk,
    job: JobInfo,
    delimiter: ColumnDelimiter,
    page_rows: u32,
}

impl Bulk {
    /// Creates a query job, without waiting for it.
    ///
    /// # Errors
    /// [`Error`]; `INVALIDENTITY` for an object that Bulk does not know.
    pub async fn start_query(&self, job: &QueryJob) -> Result<JobInfo, Error> {
        self.create_query(job).await
    }

    /// Creates a query job and waits for its end.
    ///
    /// # Errors
    /// [`BulkError::Ended`] when it failed or was aborted; [`Error`] otherwise.
    pub async fn query(&self, job: &QueryJob) -> Result<QueryRun, Error> {
        let created = self.create_query(job).await?;
        let ended = self.wait(JobKind::Query, &created.id).await?;
        self.query_run(ended)
    }

    /// The rows of a query job that has ended, by another process for instance.
    ///
    /// # Errors
    /// [`BulkError::Ended`] for a job that failed or was aborted; [`BulkError::StillRunning`] for one that has not ended.
    pub fn query_run(&self, job: JobInfo) -> Result<QueryRun, Error> {
        let delimiter = job.column_delimiter.unwrap_or_default();
        match job.state {
            JobState::JobComplete => {
                let bulk = self.at_version_of(&job);
                Ok(QueryRun { bulk, job, delimiter, page_rows: DEFAULT_PAGE_ROWS })
            }
            JobState::Failed | JobState::Aborted => {
                let message = job.error_message.unwrap_or_else(|| "no reason was given".to_owned());
                Err(BulkError::Ended { job: job.id, state: job.state, message }.into())
            }
            state => {
                let waited = std::time::Duration::ZERO;
                Err(BulkError::StillRunning { job: job.id, state, waited }.into())
            }
        }
    }
}

impl QueryRun {
    /// The job as it ended.
    #[must_use]
    pub fn job(&self) -> &JobInfo {
        &self.job
    }

    /// The same run with another size of its pages; the org takes it as a wish.
    #[must_use]
    pub fn with_page_rows(mut self, rows: u32) -> Self {
        self.page_rows = rows.max(1);
        self
    }

    /// All rows, one page after the other. A page that is cut is begun anew behind the rows it gave.
    #[must_use]
    pub fn rows(&self) -> QueryRows {
        let page = self.page(self.page_address(None));
        QueryRows { run: self.clone(), page: Some(page), columns: None, locator: None }
    }

    /// All rows, several pages at once (at most [`MAX_PARALLEL_PAGES`]), in no order. Needs API version 58 or later.
    ///
    /// Memory stays that of one piece per page: what is not taken is not read from the connection.
    #[must_use]
    pub fn parallel_rows(&self, pages: usize) -> BoxStream<'static, Result<BulkRow, Error>> {
        let run = self.clone();
        self.pages()
            .map(move |address| match address {
                Ok(address) => page_rows(run.page(address)),
                Err(error) => stream::iter([Err(error)]).boxed(),
            })
            .flatten_unordered(pages.clamp(1, MAX_PARALLEL_PAGES))
            .boxed()
    }

    /// The addresses of all pages, as the org names them.
    fn pages(&self) -> BoxStream<'static, Result<String, Error>> {
        let first = self.bulk.path(JobKind::Query, &self.job.id, "/resultPages");
        let list = PageList { run: self.clone(), named: Vec::new().into_iter(), next: Some(first) };
        try_unfold(list, |mut list| async move { Ok(list.next().await?.map(|page| (page, list))) })
            .boxed()
    }

    fn page_address(&self, locator: Option<&str>) -> String {
        let mut parameters = form_urlencoded::Serializer::new(String::new());
        parameters.append_pair("maxRecords", &self.page_rows.to_string());
        if let Some(locator) = locator {
            parameters.append_pair("locator", locator);
        }
        let rest = format!("/results?{}", parameters.finish());
        self.bulk.path(JobKind::Query, &self.job.id, &rest)
    }

    fn page(&self, address: String) -> Page {
        let (bulk, job, delimiter) = (self.bulk.clone(), self.job.id.clone(), self.delimiter);
        Page { bulk, job, delimiter, address, open: None, given: 0, barren: 0, locator: None }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NamedPages {
    #[serde(default)]
    result_pages: Vec<NamedPage>,
    #[serde(default)]
    next_records_url: Option<String>,
    #[serde(default)]
    done: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NamedPage {
    result_url: String,
}

/// The list of pages, which has pages of its own.
struct PageList {
    run: QueryRun,
    named: std::vec::IntoIter<NamedPage>,
    next: Option<String>,
}

impl PageList {
    async fn next(&mut self) -> Result<Option<String>, Error> {
        loop {
            if let Some(page) = self.named.next() {
                return Ok(Some(page.result_url));
            }
            let Some(address) = self.next.take() else { return Ok(None) };
            let call = Call::get(address.clone(), "jobs/query/{id}/resultPages");
            let fetched = self.run.bulk.client().fetch(call.caused_by(CallCause::Read)).await;
            let list: NamedPages = fetched.map_err(|error| gone(&self.run.job.id, error))?;
            self.next = list.next_records_url.filter(|next| !list.done && *next != address);
            self.named = list.result_pages.into_iter();
        }
    }
}

/// The rows of a query, page after page.
pub struct QueryRows {
    run: QueryRun,
    page: Option<Page>,
    columns: Option<Arc<[String]>>,
    locator: Option<String>,
}

impl QueryRows {
    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// [`BulkError::ResultsGone`] when the org has dropped the results; [`Error::Mismatch`] when a page holds another number
    /// of rows than it says.
    pub async fn next(&mut self) -> Result<Option<BulkRow>, Error> {
        loop {
            let Some(page) = &mut self.page else { return Ok(None) };
            if let Some(row) = page.next(&mut self.columns).await? {
                return Ok(Some(row));
            }
            let following = page.locator.take();
            if following.is_some() && following == self.locator {
                return Err(Error::mismatch("Bulk results", "a page names itself as the next one"));
            }
            self.page =
                following.as_deref().map(|at| self.run.page(self.run.page_address(Some(at))));
            self.locator = following;
        }
    }

    /// The columns, once the first row was asked for.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.columns.as_deref().unwrap_or_default()
    }

    /// The same as a stream, which ends with its first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<BulkRow, Error>> + Send {
        try_unfold(self, |mut rows| async move { Ok(rows.next().await?.map(|row| (row, rows))) })
    }
}

fn page_rows(page: Page) -> BoxStream<'static, Result<BulkRow, Error>> {
    try_unfold((page, None), |(mut page, mut columns)| async move {
        Ok(page.next(&mut columns).await?.map(|row| (row, (page, columns))))
    })
    .boxed()
}

/// One page of results. The org keeps it as it is while the job exists, so it can be read again.
struct Page {
    bulk: Bulk,
    job: JobId,
    delimiter: ColumnDelimiter,
    address: String,
    open: Option<OpenPage>,
    /// Rows given so far.
    given: u64,
    /// Openings since the last row.
    barren: u32,
    /// The next page, as the head of this one told.
    locator: Option<String>,
}

struct OpenPage {
    reader: RowReader,
    /// Rows read from this body, those that an earlier body gave included.
    read: u64,
    /// Rows it should have.
    stated: Option<u64>,
}

impl Page {
    /// The next row; a body that is cut is asked for again, and the rows that were given are passed over.
    async fn next(
        &mut self,
        columns: &mut Option<Arc<[String]>>,
    ) -> Result<Option<BulkRow>, Error> {
        loop {
            match self.advance(columns).await {
                Err(error @ Error::Transport(_))
                    if error.class() == ErrorClass::Retry && self.barren < MAX_BARREN_OPENINGS =>
                {
                    tracing::info!(job = %self.job, code = error.code(), "result page cut, read on");
                    self.open = None;
                }
                outcome => return outcome,
            }
        }
    }

    async fn advance(
        &mut self,
        columns: &mut Option<Arc<[String]>>,
    ) -> Result<Option<BulkRow>, Error> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin(columns).await?,
        };
        while let Some(row) = open.reader.next().await? {
            open.read += 1;
            if open.read > self.given {
                self.given += 1;
                self.barren = 0;
                self.open = Some(open);
                return Ok(Some(row));
            }
        }
        match open.stated {
            Some(stated) if stated != open.read => {
                let reason = format!("a page of {stated} rows has {}", open.read);
                Err(Error::mismatch("Bulk results", reason))
            }
            _ => Ok(None),
        }
    }

    async fn begin(&mut self, columns: &mut Option<Arc<[String]>>) -> Result<OpenPage, Error> {
        self.barren += 1;
        let call = Call::get(self.address.clone(), "jobs/query/{id}/results")
            .caused_by(CallCause::Read)
            .header("accept", "text/csv")?;
        let response = self.bulk.client().download(&call).await;
        let response = response.map_err(|error| gone(&self.job, error))?;
        let text = |name: &str| response.headers.get(name).and_then(|value| value.to_str().ok());
        let stated = text("sforce-numberofrecords").and_then(|count| count.trim().parse().ok());
        let locator = text("sforce-locator").map(str::trim);
        self.locator = locator
            .filter(|locator| !locator.is_empty() && *locator != NO_LOCATOR)
            .map(str::to_owned);
        let mut reader = RowReader::open(response.body, self.delimiter).await?;
        match columns {
            None => *columns = Some(Arc::clone(reader.columns())),
            Some(first) if **first == **reader.columns() => reader.share(first),
            Some(_) => {
                return Err(Error::mismatch("Bulk results", "two pages have different columns"));
            }
        }
        Ok(OpenPage { reader, read: 0, stated })
    }
}

/// Tells results that are gone from other refusals.
fn gone(job: &JobId, error: Error) -> Error {
    let dropped = ["INVALID_QUERY_LOCATOR", "NOT_FOUND", "ENTITY_IS_DELETED"];
    if dropped.iter().any(|code| error.has_code(code)) {
        return BulkError::ResultsGone { job: job.clone(), reason: error.to_string() }.into();
    }
    error
}
