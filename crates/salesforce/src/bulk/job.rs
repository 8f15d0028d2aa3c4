//! What a Bulk job is: what is asked for, what the org tells about it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::api::query::QueryScope;
use crate::api::versions::ApiVersion;
use crate::bulk::csv::{Cell, normalized};
use crate::error::Error;

/// A job's id (`750...`): letters and digits, so that it can stand in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct JobId(String);

impl JobId {
    /// Takes an id as the org sends it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but 15 or 18 letters and digits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let formed =
            matches!(text.len(), 15 | 18) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::invalid("Bulk job", format!("{text:?} is no job id")))
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for JobId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The two kinds of jobs, which are two addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Writes records.
    Ingest,
    /// Reads records.
    Query,
}

impl JobKind {
    pub(crate) fn segment(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Query => "query",
        }
    }
}

/// What an ingest job does with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Creates records. Each row sent twice makes two.
    Insert,
    /// Changes records by `Id`.
    Update,
    /// Creates or changes records by an external id.
    Upsert,
    /// Moves records to the recycle bin by `Id`.
    Delete,
    /// Removes records for good by `Id`; needs a permission that nobody has by default.
    HardDelete,
}

/// How lines end in uploads and results. The org refuses a file whose endings are not the job's, byte by byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LineEnding {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    Crlf,
}

impl LineEnding {
    /// The characters.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::Crlf => "\r\n",
        }
    }
}

/// What stands between cells in uploads and results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ColumnDelimiter {
    /// `` ` ``
    Backquote,
    /// `^`
    Caret,
    /// `,`
    #[default]
    Comma,
    /// `|`
    Pipe,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl ColumnDelimiter {
    /// The character.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Backquote => b'`',
            Self::Caret => b'^',
            Self::Comma => b',',
            Self::Pipe => b'|',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// By which columns a result is told from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correlation {
    /// One column whose values are unique in the upload.
    Column(String),
    /// All columns together: for inserts that have no key.
    AllColumns,
}

/// What a result and its row have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// The value of the key column.
    Column(String),
    /// The values of all columns, in the order of the upload.
    AllColumns(Vec<String>),
}

/// A job to write records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestJob {
    /// The object's API name.
    pub object: String,
    /// What is done with the rows.
    pub operation: Operation,
    /// The columns of the upload: field names, or `Relationship.Field` (wire reference 7.1).
    pub columns: Vec<String>,
    /// The key field of an upsert.
    pub external_id: Option<String>,
    /// By which columns results are told apart.
    pub correlation: Correlation,
    /// An assignment rule for cases and leads.
    pub assignment_rule: Option<String>,
    /// How lines end.
    pub line_ending: LineEnding,
    /// What stands between cells.
    pub column_delimiter: ColumnDelimiter,
}

impl IngestJob {
    /// A job with the usual correlation: the external id of an upsert, the `Id` of an update or delete, all columns of an
    /// insert.
    #[must_use]
    pub fn new(
        object: impl Into<String>,
        operation: Operation,
        columns: Vec<String>,
        external_id: Option<String>,
    ) -> Self {
        let correlation = match (operation, &external_id) {
            (Operation::Insert, _) | (Operation::Upsert, None) => Correlation::AllColumns,
            (Operation::Upsert, Some(field)) => Correlation::Column(field.clone()),
            _ => Correlation::Column("Id".to_owned()),
        };
        Self {
            object: object.into(),
            operation,
            columns,
            external_id,
            correlation,
            assignment_rule: None,
            line_ending: LineEnding::default(),
            column_delimiter: ColumnDelimiter::default(),
        }
    }

    /// The key that the result of a row will have.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the row has other columns than the job.
    pub fn key_of(&self, row: &[Cell]) -> Result<RowKey, Error> {
        if row.len() != self.columns.len() {
            return Err(Error::invalid(
                "Bulk row",
                "a row needs as many cells as there are columns",
            ));
        }
        let text = |cell: &Cell| normalized(cell.as_sent(), self.line_ending).into_owned();
        match &self.correlation {
            Correlation::AllColumns => Ok(RowKey::AllColumns(row.iter().map(text).collect())),
            Correlation::Column(name) => {
                let position = position(&self.columns, name);
                let cell = position.and_then(|position| row.get(position));
                cell.map(|cell| RowKey::Column(text(cell)))
                    .ok_or_else(|| Error::invalid("Bulk job", format!("{name} is no column")))
            }
        }
    }
}

pub(crate) fn position(columns: &[String], name: &str) -> Option<usize> {
    columns.iter().position(|column| column.eq_ignore_ascii_case(name))
}

/// A job to read records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryJob {
    /// The query. No GROUP BY, OFFSET, TYPEOF, aggregates, compound fields or child rows; ORDER BY and LIMIT make it slow.
    pub soql: String,
    /// With or without deleted records.
    pub scope: QueryScope,
    /// What stands between cells.
    pub column_delimiter: ColumnDelimiter,
}

impl QueryJob {
    /// A job that reads what is not deleted.
    #[must_use]
    pub fn new(soql: impl Into<String>) -> Self {
        Self {
            soql: soql.into(),
            scope: QueryScope::Living,
            column_delimiter: ColumnDelimiter::default(),
        }
    }
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum JobState {
    /// Takes its upload.
    Open,
    /// Waits for its turn.
    UploadComplete,
    /// Runs.
    InProgress,
    /// Ended; single rows may have failed.
    JobComplete,
    /// Ended by the org; rows done before stay done.
    Failed,
    /// Ended by somebody; rows done before stay done.
    Aborted,
    /// A state that this build does not know.
    Other(String),
}

impl JobState {
    const KNOWN: [Self; 6] = [
        Self::Open,
        Self::UploadComplete,
        Self::InProgress,
        Self::JobComplete,
        Self::Failed,
        Self::Aborted,
    ];

    /// The state as the org writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Open => "Open",
            Self::UploadComplete => "UploadComplete",
            Self::InProgress => "InProgress",
            Self::JobComplete => "JobComplete",
            Self::Failed => "Failed",
            Self::Aborted => "Aborted",
            Self::Other(text) => text,
        }
    }

    /// True for a state that no job leaves again.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::JobComplete | Self::Failed | Self::Aborted)
    }
}

impl From<String> for JobState {
    fn from(text: String) -> Self {
        Self::KNOWN.into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Other(text))
    }
}

impl From<JobState> for String {
    fn from(state: JobState) -> Self {
        state.as_str().to_owned()
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What the org tells about a job. Lists mix in jobs of the old Bulk API, which lack much of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobInfo {
    /// The job.
    pub id: JobId,
    /// How far it is.
    pub state: JobState,
    /// The object.
    #[serde(default)]
    pub object: Option<String>,
    /// `insert`, `upsert`, `query`, ...
    #[serde(default)]
    pub operation: Option<String>,
    /// The key field of an upsert.
    #[serde(default)]
    pub external_id_field_name: Option<String>,
    /// The user who created it.
    #[serde(default)]
    pub created_by_id: Option<String>,
    /// When, by the org's clock.
    #[serde(default)]
    pub created_date: Option<String>,
    /// `V2Ingest`, `V2Query`, `Classic`.
    #[serde(default)]
    pub job_type: Option<String>,
    /// The API version it was created with: its results are given to the same version only.
    #[serde(default)]
    pub api_version: Option<f64>,
    /// How lines end.
    #[serde(default)]
    pub line_ending: Option<LineEnding>,
    /// What stands between cells.
    #[serde(default)]
    pub column_delimiter: Option<ColumnDelimiter>,
    /// Rows done so far, **failed ones included**.
    #[serde(default)]
    pub number_records_processed: u64,
    /// Rows failed so far.
    #[serde(default)]
    pub number_records_failed: u64,
    /// Times the org began again.
    #[serde(default)]
    pub retries: u64,
    /// Milliseconds the org worked on it.
    #[serde(default)]
    pub total_processing_time: u64,
    /// Why it failed.
    #[serde(default)]
    pub error_message: Option<String>,
}

impl JobInfo {
    /// The version the job was created with, where it is told and one that this build knows.
    pub(crate) fn version(&self) -> Option<ApiVersion> {
        let version: ApiVersion = format!("{:.1}", self.api_version?).parse().ok()?;
        (ApiVersion::MIN..=ApiVersion::MAX).contains(&version).then_some(version)
    }
}
