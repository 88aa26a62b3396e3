-- Single values that the whole deployment shares.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests and how far they have come. `state` is one of ready, running, published, abandoned,
-- failed. Times are milliseconds since 1970 UTC. Ids are never given twice: deliveries outlive the
-- jobs that they point to. `posting` says that a post was begun whose outcome may be unknown.
CREATE TABLE job (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subject      TEXT    NOT NULL,
    sender       INTEGER NOT NULL,
    request      TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    rearmed      INTEGER NOT NULL DEFAULT 0,
    token        INTEGER NOT NULL DEFAULT 0,
    run_at       INTEGER NOT NULL,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    commit_sha   TEXT,
    body         TEXT,
    revision     INTEGER,
    posting      INTEGER NOT NULL DEFAULT 0,
    reason       TEXT    NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

-- One running job for each thread and one waiting job for each of its senders, kept by the database
-- itself. A request never takes the place of somebody else's: its sender may turn out to have no
-- right to ask.
CREATE UNIQUE INDEX job_ready   ON job (subject, sender) WHERE state = 'ready';
CREATE UNIQUE INDEX job_running ON job (subject) WHERE state = 'running';
CREATE INDEX job_due            ON job (run_at)  WHERE state = 'ready';
CREATE INDEX job_leased         ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_state          ON job (state);
CREATE INDEX job_doubt          ON job (subject) WHERE posting = 1;

-- Every delivery that asked for work, under the forge's own id, and every wish that was told,
-- under its semantic key.
CREATE TABLE delivery (
    key         TEXT PRIMARY KEY,
    job_id      INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_job ON delivery (job_id);

-- The comment that a thread has from us.
CREATE TABLE thread (
    subject    TEXT PRIMARY KEY,
    comment_id INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
