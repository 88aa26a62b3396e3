-- Jobs of one thread wait in lanes: plan, check, tell, cancel. Within a lane a sender has one that
-- waits; a job that ends others does not wait for them. `repository` is the part of the subject before
-- the number; `installation` is the forge's, where it has any; `document` is what `body` shows.
ALTER TABLE job ADD COLUMN lane         TEXT    NOT NULL DEFAULT 'plan';
ALTER TABLE job ADD COLUMN repository   TEXT    NOT NULL DEFAULT '';
ALTER TABLE job ADD COLUMN installation INTEGER;
ALTER TABLE job ADD COLUMN document     TEXT;
UPDATE job SET repository = substr(subject, 1, instr(subject, '#') - 1),
    installation = json_extract(request, '$.installation');

DROP INDEX job_ready;
DROP INDEX job_running;
CREATE UNIQUE INDEX job_ready   ON job (subject, lane, sender) WHERE state = 'ready';
CREATE UNIQUE INDEX job_running ON job (subject, lane = 'cancel') WHERE state = 'running';
CREATE INDEX job_recent         ON job (subject, created_at);
CREATE INDEX job_open           ON job (repository) WHERE state IN ('ready', 'running');

-- What a thread's comment shows, and what is needed to check it when the code moves. `open` is what
-- the forge told last.
ALTER TABLE thread ADD COLUMN repository   TEXT    NOT NULL DEFAULT '';
ALTER TABLE thread ADD COLUMN installation INTEGER;
ALTER TABLE thread ADD COLUMN request      TEXT    NOT NULL DEFAULT '';
ALTER TABLE thread ADD COLUMN change       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread ADD COLUMN open         INTEGER NOT NULL DEFAULT 1;
ALTER TABLE thread ADD COLUMN document     TEXT;
UPDATE thread SET repository = substr(subject, 1, instr(subject, '#') - 1);
CREATE INDEX thread_repository ON thread (repository, updated_at);
