-- The first ledger. Times are microseconds since 1970 (UTC), ids are text, structures are JSON text.
-- Every row of run, plan_operation, link, base, outbox, cursor and audit carries lane and mapping version.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE org (
    org_id            TEXT PRIMARY KEY NOT NULL,
    name              TEXT NOT NULL COLLATE NOCASE UNIQUE,
    label             TEXT NOT NULL,
    environment       TEXT NOT NULL,
    login_url         TEXT NOT NULL,
    instance_url      TEXT NOT NULL,
    api_version       TEXT NOT NULL,
    user_id           TEXT NOT NULL,
    username          TEXT NOT NULL,
    client_id         TEXT,
    client_secret     TEXT NOT NULL,
    connected_at      INTEGER NOT NULL,
    disconnected_at   INTEGER,
    last_login_trace  TEXT,
    clock_offset_ms   INTEGER
) STRICT;

CREATE TABLE sync (
    sync_id     INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL COLLATE NOCASE,
    state       TEXT NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    deleted_at  INTEGER
) STRICT;
-- A deleted sync keeps its row, because its runs and audit entries stay, and gives its name back.
CREATE UNIQUE INDEX sync_by_name ON sync (name) WHERE deleted_at IS NULL;

CREATE TABLE sync_version (
    sync_id      INTEGER NOT NULL REFERENCES sync (sync_id),
    version      INTEGER NOT NULL,
    yaml         TEXT NOT NULL,
    document     TEXT NOT NULL,
    imported_at  INTEGER NOT NULL,
    PRIMARY KEY (sync_id, version)
) STRICT;

CREATE TABLE lane (
    lane_id      INTEGER PRIMARY KEY AUTOINCREMENT,
    sync_id      INTEGER NOT NULL REFERENCES sync (sync_id),
    name         TEXT NOT NULL COLLATE NOCASE,
    left_org     TEXT NOT NULL REFERENCES org (org_id),
    right_org    TEXT NOT NULL REFERENCES org (org_id),
    lane_values  TEXT NOT NULL,
    retired_at   INTEGER,
    CHECK (left_org <> right_org),
    -- A lane whose orgs change is another lane: links belong to a pair of orgs.
    UNIQUE (sync_id, name, left_org, right_org)
) STRICT;

CREATE TABLE run (
    run_id             INTEGER PRIMARY KEY AUTOINCREMENT,
    sync_id            INTEGER NOT NULL REFERENCES sync (sync_id),
    lane_id            INTEGER NOT NULL REFERENCES lane (lane_id),
    mapping_version    INTEGER NOT NULL,
    kind               TEXT NOT NULL,
    state              TEXT NOT NULL,
    end_state          TEXT,
    build              TEXT NOT NULL,
    left_api_version   TEXT,
    right_api_version  TEXT,
    started_at         INTEGER NOT NULL,
    planned_at         INTEGER,
    ended_at           INTEGER,
    plan_counts        TEXT,
    counts             TEXT,
    stop_cause         TEXT,
    rows_sent          INTEGER NOT NULL DEFAULT 0,
    calls              INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX run_by_sync ON run (sync_id, run_id);
CREATE INDEX run_open ON run (run_id) WHERE state <> 'ended';

CREATE TABLE plan_operation (
    run_id           INTEGER NOT NULL REFERENCES run (run_id),
    ordinal          INTEGER NOT NULL,
    lane_id          INTEGER NOT NULL,
    mapping_version  INTEGER NOT NULL,
    mapping          TEXT NOT NULL,
    wave             INTEGER NOT NULL,
    action           TEXT NOT NULL,
    source_id        TEXT NOT NULL,
    target_id        TEXT,
    operation        TEXT NOT NULL,
    outcome          TEXT,
    outcome_kind     TEXT,
    cause_code       TEXT,
    decided_at       INTEGER,
    PRIMARY KEY (run_id, ordinal)
) STRICT;
CREATE INDEX plan_operation_by_outcome ON plan_operation (run_id, outcome_kind, ordinal);
CREATE INDEX plan_operation_by_cause ON plan_operation (run_id, cause_code, ordinal) WHERE cause_code IS NOT NULL;
CREATE INDEX plan_operation_by_action ON plan_operation (run_id, action, ordinal);
CREATE INDEX plan_operation_by_source ON plan_operation (run_id, mapping, source_id);

CREATE TABLE link (
    link_id          INTEGER PRIMARY KEY AUTOINCREMENT,
    lane_id          INTEGER NOT NULL REFERENCES lane (lane_id),
    mapping          TEXT NOT NULL,
    mapping_version  INTEGER NOT NULL,
    created_run      INTEGER REFERENCES run (run_id),
    created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX link_by_mapping ON link (lane_id, mapping, link_id);

-- Lane and mapping stand here again, so that a unique index can hold a record to one link per mapping.
CREATE TABLE link_member (
    link_id    INTEGER NOT NULL REFERENCES link (link_id) ON DELETE CASCADE,
    side       TEXT NOT NULL,
    lane_id    INTEGER NOT NULL,
    mapping    TEXT NOT NULL,
    org_id     TEXT NOT NULL REFERENCES org (org_id),
    record_id  TEXT NOT NULL,
    PRIMARY KEY (link_id, side)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX link_member_by_record ON link_member (lane_id, mapping, org_id, record_id);

CREATE TABLE base (
    link_id          INTEGER NOT NULL REFERENCES link (link_id) ON DELETE CASCADE,
    side             TEXT NOT NULL,
    lane_id          INTEGER NOT NULL,
    mapping_version  INTEGER NOT NULL,
    state            TEXT NOT NULL,
    fingerprint      BLOB NOT NULL,
    held_values      TEXT NOT NULL,
    written_at       INTEGER NOT NULL,
    PRIMARY KEY (link_id, side)
) STRICT;
CREATE INDEX base_settling ON base (lane_id, link_id) WHERE state = 'settling';

CREATE TABLE outbox (
    outbox_id        INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id           INTEGER NOT NULL,
    ordinal          INTEGER NOT NULL,
    lane_id          INTEGER NOT NULL,
    mapping_version  INTEGER NOT NULL,
    request          INTEGER NOT NULL,
    org_id           TEXT NOT NULL REFERENCES org (org_id),
    object           TEXT NOT NULL,
    target_id        TEXT,
    record_key       TEXT,
    base             TEXT NOT NULL,
    desired          TEXT NOT NULL,
    attempt          INTEGER NOT NULL,
    payload          TEXT NOT NULL,
    answer           TEXT,
    state            TEXT NOT NULL,
    intended_at      INTEGER NOT NULL,
    sent_at          INTEGER,
    request_ends_at  INTEGER,
    answered_at      INTEGER,
    FOREIGN KEY (run_id, ordinal) REFERENCES plan_operation (run_id, ordinal)
) STRICT;
CREATE INDEX outbox_by_operation ON outbox (run_id, ordinal);
CREATE INDEX outbox_by_request ON outbox (run_id, request);
CREATE INDEX outbox_by_target ON outbox (org_id, target_id, outbox_id) WHERE target_id IS NOT NULL;
CREATE INDEX outbox_open ON outbox (lane_id, outbox_id) WHERE state <> 'done';

CREATE TABLE cursor (
    org_id           TEXT NOT NULL REFERENCES org (org_id),
    object           TEXT NOT NULL COLLATE NOCASE,
    lane_id          INTEGER NOT NULL REFERENCES lane (lane_id),
    mapping_version  INTEGER NOT NULL,
    read_mark        INTEGER,
    settled_mark     INTEGER,
    PRIMARY KEY (org_id, object, lane_id)
) STRICT;

-- The trail holds no values and refers to nothing, so that it outlives erasures and deleted syncs.
CREATE TABLE audit (
    counter          INTEGER PRIMARY KEY NOT NULL,
    encoding         INTEGER NOT NULL,
    bytes            BLOB NOT NULL,
    previous_hash    BLOB NOT NULL,
    hash             BLOB NOT NULL,
    run_id           INTEGER,
    lane_id          INTEGER,
    mapping_version  INTEGER,
    org_id           TEXT
) STRICT;
CREATE INDEX audit_by_run ON audit (run_id, counter) WHERE run_id IS NOT NULL;
CREATE TRIGGER audit_is_never_edited BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;

CREATE TABLE quarantine (
    lane_id               INTEGER NOT NULL REFERENCES lane (lane_id),
    mapping               TEXT NOT NULL,
    source_id             TEXT NOT NULL,
    mapping_version       INTEGER NOT NULL,
    run_id                INTEGER NOT NULL REFERENCES run (run_id),
    cause                 TEXT NOT NULL,
    payload               TEXT NOT NULL,
    source_fingerprint    BLOB NOT NULL,
    describe_fingerprint  BLOB NOT NULL,
    attempts              INTEGER NOT NULL,
    since                 INTEGER NOT NULL,
    next_try_at           INTEGER NOT NULL,
    PRIMARY KEY (lane_id, mapping, source_id)
) STRICT;

CREATE TABLE describe_cache (
    org_id      TEXT NOT NULL REFERENCES org (org_id),
    object      TEXT NOT NULL COLLATE NOCASE,
    schema      TEXT NOT NULL,
    fetched_at  INTEGER NOT NULL,
    PRIMARY KEY (org_id, object)
) STRICT;
