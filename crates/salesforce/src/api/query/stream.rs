//! Query results as streams: pages or rows, read as they are wanted.

use futures_util::stream::{self, Stream, TryStreamExt};

use crate::api::query::{Next, QueryOptions, QueryPage, QueryPages};
use crate::client::Client;
use crate::error::Error;
use crate::row::{Row, RowShape};

impl Client {
    /// Goes on from an address that the org sent (`nextRecordsUrl`), also that of child rows inside a record.
    ///
    /// # Errors
    /// [`Error::ForeignHost`] for an address on another host; nothing is sent there.
    pub fn query_from(&self, next_records_url: &str) -> Result<QueryPages, Error> {
        self.url(next_records_url)?;
        let next = Next::More(next_records_url.to_owned());
        Ok(QueryPages { client: self.clone(), options: QueryOptions::default(), next })
    }
}

impl QueryPages {
    /// The pages, one at a time; a page is asked for when it is wanted. It ends with its first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<QueryPage, Error>> + Send {
        stream::try_unfold(self, |mut pages| async move {
            Ok(pages.next_page().await?.map(|page| (page, pages)))
        })
    }

    /// The rows, typed by the shape; one page is held at a time.
    pub fn into_rows(self, shape: RowShape) -> impl Stream<Item = Result<Row, Error>> + Send {
        self.into_stream()
            .and_then(move |page| std::future::ready(page.rows(&shape)))
            .map_ok(|rows| stream::iter(rows.into_iter().map(Ok)))
            .try_flatten()
    }
}
