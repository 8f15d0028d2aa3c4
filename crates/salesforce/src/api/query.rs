//! Queries: `GET /query`, page by page (REST API Developer Guide, "Query", "Query More Results").

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::form_urlencoded;

use crate::client::{Call, Client};
use crate::error::Error;
use crate::row::{LooseRow, Row, RowShape};

mod long;
mod stream;

/// The fewest rows per page that may be asked for.
pub const MIN_BATCH: u16 = 200;
/// The most rows per page; also what the org gives when nothing is asked.
pub const MAX_BATCH: u16 = 2000;

/// How a query is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueryOptions {
    /// Rows per page, a hint to the org, held between [`MIN_BATCH`] and [`MAX_BATCH`].
    pub batch_size: Option<u16>,
    /// Which rows.
    pub scope: QueryScope,
}

/// Which rows a query sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueryScope {
    /// Living rows.
    #[default]
    Living,
    /// Soft-deleted and archived rows too (`queryAll`).
    WithDeleted,
}

/// A query under way. Nothing is sent before the first [`QueryPages::next_page`].
#[derive(Debug)]
pub struct QueryPages {
    client: Client,
    options: QueryOptions,
    next: Next,
}

#[derive(Debug)]
enum Next {
    First(String),
    More(String),
    End,
}

/// One page, kept as its bytes until rows are asked of it.
#[derive(Debug, Clone)]
pub struct QueryPage {
    body: Bytes,
    /// Where the query result begins in `body`: a composite answer wraps it.
    range: std::ops::Range<usize>,
    /// Rows of the whole query as the org counts them.
    pub total_size: u64,
    /// Rows on this page.
    pub len: usize,
    /// No page follows.
    pub done: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageHead {
    total_size: u64,
    done: bool,
    next_records_url: Option<String>,
    records: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct PageBody<'a> {
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

impl Client {
    /// Prepares a query of living rows.
    #[must_use]
    pub fn query(&self, soql: impl Into<String>) -> QueryPages {
        self.query_with(soql, QueryOptions::default())
    }

    /// Prepares a query.
    #[must_use]
    pub fn query_with(&self, soql: impl Into<String>, options: QueryOptions) -> QueryPages {
        QueryPages { client: self.clone(), options, next: Next::First(soql.into()) }
    }

    /// The number of rows of a `SELECT COUNT() FROM ...`.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn count(&self, soql: impl Into<String>) -> Result<u64, Error> {
        let page = self.query(soql).next_page().await?;
        Ok(page.map_or(0, |page| page.total_size))
    }
}

impl QueryPages {
    /// The next page; `None` after the last. After an error the same page is asked for again by the next call.
    ///
    /// # Errors
    /// `INVALID_QUERY_LOCATOR` when the org has dropped the query: begin anew. [`Error::ForeignHost`] when the org names
    /// a next page on another host; nothing is sent there.
    pub async fn next_page(&mut self) -> Result<Option<QueryPage>, Error> {
        let page = match &self.next {
            Next::End => return Ok(None),
            Next::First(soql) => self.client.first_page(soql, self.options).await?,
            Next::More(address) => {
                let call = self.options.apply(Call::get(address.clone(), "query/{locator}"))?;
                QueryPage::read(self.client.send(call).await?)?
            }
        };
        let (page, following) = page;
        self.next = match (following, &self.next) {
            (None, _) => Next::End,
            (Some(address), Next::More(this)) if address == *this => {
                return Err(Error::decode("query", "a page names itself as the next one"));
            }
            (Some(address), _) => {
                self.client.url(&address)?;
                Next::More(address)
            }
        };
        Ok(Some(page))
    }

    /// Reads all pages that are left. For small results only: everything is held at once.
    ///
    /// # Errors
    /// As [`QueryPages::next_page`].
    pub async fn all_rows(&mut self, shape: &RowShape) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        while let Some(page) = self.next_page().await? {
            rows.extend(page.rows(shape)?);
        }
        Ok(rows)
    }
}

impl QueryOptions {
    fn header(self) -> Option<String> {
        let size = self.batch_size?.clamp(MIN_BATCH, MAX_BATCH);
        Some(format!("batchSize={size}"))
    }

    fn apply(self, call: Call) -> Result<Call, Error> {
        match self.header() {
            Some(value) => call.header("sforce-query-options", &value),
            None => Ok(call),
        }
    }
}

impl Client {
    async fn first_page(
        &self,
        soql: &str,
        options: QueryOptions,
    ) -> Result<(QueryPage, Option<String>), Error> {
        let resource = match options.scope {
            QueryScope::Living => "query",
            QueryScope::WithDeleted => "queryAll",
        };
        let encoded: String = form_urlencoded::byte_serialize(soql.as_bytes()).collect();
        let path = self.data_path(&format!("{resource}?q={encoded}"));
        if path.len() > crate::client::MAX_URL_BYTES {
            return self.long_query(path, options).await;
        }
        let call = options.apply(Call::get(path, resource))?;
        QueryPage::read(self.send(call).await?)
    }
}

impl QueryPage {
    fn read(response: crate::transport::Response) -> Result<(Self, Option<String>), Error> {
        let head: PageHead = crate::client::decode("query", &response)?;
        let range = 0..response.body.len();
        Ok(Self::from_head(head, response.body, range))
    }

    fn from_head(
        head: PageHead,
        body: Bytes,
        range: std::ops::Range<usize>,
    ) -> (Self, Option<String>) {
        let following = head.next_records_url.filter(|_| !head.done);
        let page = Self {
            body,
            range,
            total_size: head.total_size,
            len: head.records.len(),
            done: following.is_none(),
        };
        (page, following)
    }

    /// True when the page has no rows; more pages may follow all the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The rows, typed by the shape.
    ///
    /// # Errors
    /// [`Error::Decode`] when a row lacks a field of the shape or a value is not of its type.
    pub fn rows(&self, shape: &RowShape) -> Result<Vec<Row>, Error> {
        self.records()?.iter().map(|record| shape.read(record)).collect()
    }

    /// The rows as they come, columns in the query's order, for results whose fields are not known beforehand.
    ///
    /// # Errors
    /// [`Error::Decode`]
    pub fn loose_rows(&self) -> Result<Vec<LooseRow>, Error> {
        self.records()?.iter().map(|record| LooseRow::read(record)).collect()
    }

    fn records(&self) -> Result<Vec<&RawValue>, Error> {
        let slice = self.body.get(self.range.clone()).unwrap_or_default();
        let page: PageBody<'_> = serde_json::from_slice(slice).map_err(|cause| {
            Error::decode("query", format!("line {} column {}", cause.line(), cause.column()))
        })?;
        Ok(page.records)
    }
}

#[cfg(test)]
mod tests;
