//! What can be done with an org over REST, Bulk and OAuth, as rows of the page; and the bugs of clients that a run met.

/// One row of the page.
pub(crate) struct Operation {
    /// The name that scripts tell outcomes under.
    pub(crate) id: &'static str,
    /// The heading it stands under.
    pub(crate) group: &'static str,
    /// What it does, in the reader's words.
    pub(crate) title: &'static str,
}

/// A mistake of a client, which its script shows to be one.
pub(crate) struct Bug {
    /// The name that scripts tell it under.
    pub(crate) id: &'static str,
    pub(crate) client: &'static str,
    /// What happens, and what would be right.
    pub(crate) text: &'static str,
}

const SESSION: &str = "Sessions";
const METADATA: &str = "Metadata and limits";
const QUERY: &str = "Queries";
const RECORD: &str = "Single records";
const COLLECTION: &str = "Collections";
const COMPOSITE: &str = "Composite calls";
const REPLICATION: &str = "Replication";
const INGEST: &str = "Bulk API 2.0 in";
const EXTRACT: &str = "Bulk API 2.0 out";
const OLDER: &str = "SOAP and Bulk API v1";
const ERROR: &str = "Errors";
const WHOLE: &str = "Whole jobs";

const fn row(group: &'static str, id: &'static str, title: &'static str) -> Operation {
    Operation { id, group, title }
}

/// Every row, in the page's order.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(SESSION, "session.code", "authorization code with PKCE"),
    row(SESSION, "session.jwt", "JWT bearer"),
    row(SESSION, "session.client-credentials", "client credentials"),
    row(SESSION, "session.token", "an access token that was given"),
    row(SESSION, "session.refresh", "refresh after the session ended, and the call again"),
    row(SESSION, "session.refresh-rotated", "a second refresh when refresh tokens rotate"),
    row(SESSION, "session.revoke", "revoke, and the dead grant's error"),
    row(SESSION, "session.introspect", "introspect"),
    row(SESSION, "session.identity", "identity URL"),
    row(SESSION, "session.userinfo", "userinfo"),
    row(SESSION, "session.refused", "a login that is refused"),
    row(METADATA, "metadata.versions", "API versions"),
    row(METADATA, "metadata.resources", "resources of a version"),
    row(METADATA, "metadata.global", "global describe"),
    row(METADATA, "metadata.describe", "object describe"),
    row(METADATA, "metadata.conditional", "describe only when it changed (304)"),
    row(METADATA, "metadata.basic", "basic information of an object"),
    row(METADATA, "metadata.picklists", "picklist values of a record type (UI API)"),
    row(METADATA, "metadata.limits", "limits"),
    row(METADATA, "metadata.usage", "use of the daily limit, from each answer's header"),
    row(METADATA, "metadata.counts", "record counts"),
    row(QUERY, "query.page", "first page and total size"),
    row(QUERY, "query.pages", "all pages"),
    row(QUERY, "query.page-size", "pages of an asked size"),
    row(QUERY, "query.deleted", "deleted rows too (queryAll)"),
    row(QUERY, "query.parent", "fields of a parent"),
    row(QUERY, "query.children", "child rows in a subquery"),
    row(QUERY, "query.count", "COUNT()"),
    row(QUERY, "query.aggregate", "GROUP BY"),
    row(QUERY, "query.escaped", "quotes and backslashes in a literal"),
    row(QUERY, "query.columns", "metadata of the columns"),
    row(QUERY, "query.explain", "query plan"),
    row(QUERY, "query.search", "SOSL search"),
    row(QUERY, "query.parameterized-search", "parameterized search"),
    row(RECORD, "record.create", "create"),
    row(RECORD, "record.read", "read, all fields and some"),
    row(RECORD, "record.read-by-key", "read by an external id"),
    row(RECORD, "record.update", "update"),
    row(RECORD, "record.delete", "delete"),
    row(RECORD, "record.upsert", "upsert that creates, then updates"),
    row(RECORD, "record.upsert-escaped", "upsert by a key that needs escaping"),
    row(RECORD, "record.upsert-several", "upsert by a key that several records have (300)"),
    row(RECORD, "record.conditional", "update only when unchanged (412)"),
    row(RECORD, "record.blob", "a file's content"),
    row(COLLECTION, "collection.create", "create"),
    row(COLLECTION, "collection.read", "read"),
    row(COLLECTION, "collection.update", "update"),
    row(COLLECTION, "collection.upsert", "upsert"),
    row(COLLECTION, "collection.delete", "delete"),
    row(COLLECTION, "collection.partial", "some rows fail, the others stand"),
    row(COLLECTION, "collection.all-or-none", "one row fails, none stands"),
    row(COMPOSITE, "composite.references", "composite with references between its calls"),
    row(COMPOSITE, "composite.rollback", "composite that is undone as a whole"),
    row(COMPOSITE, "composite.batch", "batch"),
    row(COMPOSITE, "composite.tree", "tree"),
    row(COMPOSITE, "composite.graph", "graph"),
    row(REPLICATION, "replication.updated", "updated"),
    row(REPLICATION, "replication.deleted", "deleted"),
    row(INGEST, "ingest.insert", "insert, with the list of created ids"),
    row(INGEST, "ingest.update", "update, with `#N/A` as null"),
    row(INGEST, "ingest.upsert", "upsert"),
    row(INGEST, "ingest.delete", "delete"),
    row(INGEST, "ingest.hard-delete", "hard delete"),
    row(INGEST, "ingest.failed-rows", "rows that fail, with their errors"),
    row(INGEST, "ingest.abort", "abort"),
    row(INGEST, "ingest.remove", "delete the job"),
    row(INGEST, "ingest.list", "list of jobs"),
    row(INGEST, "ingest.expired", "the session ends before the upload"),
    row(EXTRACT, "extract.page", "a result of one page"),
    row(EXTRACT, "extract.pages", "a result of several pages, by locator"),
    row(EXTRACT, "extract.parallel", "result pages side by side"),
    row(EXTRACT, "extract.deleted", "deleted rows too (queryAll)"),
    row(EXTRACT, "extract.line-ending", "the line ending that was asked for"),
    row(EXTRACT, "extract.refused", "a query that is refused"),
    row(EXTRACT, "extract.abort", "abort"),
    row(EXTRACT, "extract.remove", "delete the job"),
    row(EXTRACT, "extract.list", "list of jobs"),
    row(OLDER, "soap.login", "SOAP login"),
    row(OLDER, "soap.undelete", "SOAP undelete"),
    row(OLDER, "soap.merge", "SOAP merge"),
    row(OLDER, "bulk1.query", "Bulk v1 query job"),
    row(OLDER, "bulk1.ingest", "Bulk v1 ingest job"),
    row(ERROR, "error.field", "an unknown field (INVALID_FIELD)"),
    row(ERROR, "error.object", "an unknown object"),
    row(ERROR, "error.query", "a malformed query (MALFORMED_QUERY)"),
    row(ERROR, "error.required", "a required field is missing (REQUIRED_FIELD_MISSING)"),
    row(ERROR, "error.duplicate", "a key that another record has (DUPLICATE_VALUE)"),
    row(
        ERROR,
        "error.duplicate-rule",
        "a duplicate rule objects, and names the records (DUPLICATES_DETECTED)",
    ),
    row(ERROR, "error.deleted", "a deleted record"),
    row(ERROR, "error.missing", "a record that never was"),
    row(ERROR, "error.session", "an ended session (INVALID_SESSION_ID)"),
    row(ERROR, "error.limit", "the daily limit is used up (REQUEST_LIMIT_EXCEEDED)"),
    row(ERROR, "error.unavailable", "503 with a page of HTML"),
    row(ERROR, "error.retried", "503 that is tried again"),
    row(WHOLE, "job.sync", "rows of one org brought to another by collections, lookups too"),
    row(WHOLE, "job.sync-again", "the same again writes nothing"),
    row(WHOLE, "job.refused-rows", "rows that the target refuses are told"),
    row(WHOLE, "job.sync-bulk", "changed rows brought over by Bulk API 2.0"),
];

/// Every bug that a client's checks show.
pub(crate) const BUGS: &[Bug] = &[
    Bug {
        id: "jsforce-rotation",
        client: "jsforce",
        text: "drops a rotated refresh token, so its second refresh sends the dead one and is refused",
    },
    Bug {
        id: "jsforce-raw-key",
        client: "jsforce",
        text: "puts the external id's value into the URL unencoded, so a key with a slash names another resource",
    },
    Bug {
        id: "jsforce-backslash",
        client: "jsforce",
        text: "its query builder escapes quotes but not backslashes, so a value with one is a malformed query",
    },
    Bug {
        id: "jsforce-pages",
        client: "jsforce",
        text: "ends the stream of a Bulk query after the first page, so a result of several pages is an uncaught error",
    },
    Bug {
        id: "jsforce-upload",
        client: "jsforce",
        text: "refreshes after a 401 on a Bulk upload but never sends the file again, so the caller waits for ever",
    },
    Bug {
        id: "sf-line-ending",
        client: "sf",
        text: "`data export bulk --line-ending LF` asks for CRLF, as every given value does; without the switch it asks for LF",
    },
    Bug {
        id: "sfdmu-silence",
        client: "sfdmu",
        text: "ends with success and names no row when the target refused some",
    },
    Bug {
        id: "simple-salesforce-delete",
        client: "simple-salesforce",
        text: "reads the empty answer to a job's deletion as JSON and fails, after the job is gone",
    },
    Bug {
        id: "aiosalesforce-raw-key",
        client: "aiosalesforce",
        text: "puts the external id's value into the URL unencoded, so a key with a slash names another resource",
    },
];
