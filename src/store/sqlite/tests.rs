use std::path::Path;

use futures_util::FutureExt;
use futures_util::future::join_all;
use sqlx::SqlSafeStr;
use tempfile::TempDir;

use crate::domain::command::Command;
use crate::domain::repository::{CommitSha, ForgeKind, RepositoryId, RepositoryName};
use crate::domain::request::{Request, Trigger};
use crate::domain::thread::{
    Author, AuthorKind, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind,
    ThreadNumber, UserId,
};
use crate::store::sqlite::{Sqlite, saved};
use crate::store::tests::{LEASE, NOON, at, command, delivery};
use crate::store::{
    Accepted, JobId, JobState, NewDelivery, Progress, Settlement, Stats, Store, StoreError,
};

async fn new() -> (TempDir, Sqlite) {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("queue.db")).await.unwrap();
    (folder, store)
}

/// Runs SQL on the connection that writes, as a fault or another program would.
async fn tamper(store: &Sqlite, sql: impl SqlSafeStr) {
    sqlx::raw_sql(sql).execute(&store.write).await.unwrap();
}

async fn refusal(path: &Path) -> String {
    let error = Sqlite::open(path).await.err().unwrap().to_string();
    let folder = path.parent().unwrap().display().to_string();
    error.replace(&folder, "FOLDER")
}

fn big(key: &str, number: u64) -> NewDelivery {
    let mut request = command(number, number);
    request.trigger = Trigger::Command {
        comment: CommentId(number),
        place: CommentPlace::Discussion,
        command: Command::Plan {
            focus: "x".repeat(300_000),
        },
    };
    delivery(key, request)
}

/// Lets the file grow no more, as a full disk does.
async fn fill_disk(store: &Sqlite) {
    tamper(store, "PRAGMA max_page_count = 1").await;
}

#[tokio::test]
async fn full_disk_refuses_deliveries_and_is_survived() {
    let (_folder, store) = new().await;
    fill_disk(&store).await;
    let refused = store.accept(big("github:d1", 1)).await.unwrap_err();
    insta::assert_snapshot!(
        refused,
        @"the store is unavailable while saving a delivery: error returned from database: (code: 13) database or disk is full"
    );
    let fate = store.accept(big("github:d1", 1)).await.unwrap();
    assert_eq!(fate, Accepted::Queued(JobId(1)));
}

#[tokio::test]
async fn full_disk_refuses_the_whole_batch_and_is_survived() {
    let (_folder, store) = new().await;
    fill_disk(&store).await;
    let send_all =
        || join_all((1..=5).map(|number| store.accept(big(&format!("d{number}"), number))));
    for fate in send_all().await {
        assert!(matches!(fate, Err(StoreError::Unavailable { .. })));
    }
    for (fate, id) in send_all().await.into_iter().zip(1..) {
        assert_eq!(fate.unwrap(), Accepted::Queued(JobId(id)));
    }
}

#[tokio::test]
async fn full_disk_refuses_the_end_of_a_job_and_is_survived() {
    let (_folder, store) = new().await;
    store.accept(delivery("d1", command(1, 10))).await.unwrap();
    let claim = store.claim(NOON, LEASE).await.unwrap().unwrap();
    let settlement = Settlement::Failed {
        reason: "x".repeat(300_000),
    };
    fill_disk(&store).await;
    let progress = Progress {
        body: Some("x".repeat(300_000)),
        ..Progress::default()
    };
    let unsaved = store.save_progress(&claim.lease, NOON, &progress).await;
    assert!(matches!(unsaved, Err(StoreError::Unavailable { .. })));
    let refused = store.settle(&claim.lease, NOON, &settlement).await;
    assert!(matches!(refused, Err(StoreError::Unavailable { .. })));
    store.settle(&claim.lease, NOON, &settlement).await.unwrap();
    assert_eq!(store.stats().await.unwrap().failed, 1);
}

#[tokio::test]
async fn delivery_at_fault_does_not_fail_its_neighbours() {
    let (_folder, store) = new().await;
    tamper(
        &store,
        "CREATE TRIGGER picky BEFORE INSERT ON delivery WHEN NEW.key = 'd4' \
         BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )
    .await;
    let sent = (1..=8)
        .map(|number| store.accept(delivery(&format!("d{number}"), command(number, number))));
    let fates: Vec<_> = join_all(sent)
        .await
        .into_iter()
        .map(|fate| fate.is_ok())
        .collect();
    assert_eq!(fates, [true, true, true, false, true, true, true, true]);
    assert_eq!(store.stats().await.unwrap().ready, 7);
    tamper(&store, "DROP TRIGGER picky").await;
    store.accept(delivery("d4", command(4, 4))).await.unwrap();
    assert_eq!(store.stats().await.unwrap().ready, 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delivery_is_answered_only_after_it_is_committed() {
    let (folder, store) = new().await;
    let witness = Sqlite::open(&folder.path().join("queue.db")).await.unwrap();
    let sent = (1..=100_u64).map(|number| {
        let (store, witness) = (&store, &witness);
        async move {
            let key = format!("d{number}");
            store
                .accept(delivery(&key, command(number, number)))
                .await
                .unwrap();
            sqlx::query("SELECT 1 FROM delivery WHERE key = ?")
                .bind(key)
                .fetch_optional(&witness.read)
                .await
                .unwrap()
                .is_some()
        }
    });
    assert!(join_all(sent).await.into_iter().all(|seen| seen));
}

#[tokio::test]
async fn store_whose_writer_died_refuses_instead_of_hanging() {
    let (_folder, store) = new().await;
    let writer = store.writer.lock().await.take().unwrap();
    writer.abort();
    assert!(writer.await.unwrap_err().is_cancelled());
    let refused = store.accept(delivery("d1", command(1, 10))).await;
    assert!(matches!(refused, Err(StoreError::Unavailable { .. })));
    store.close().await;
}

#[tokio::test]
async fn caller_that_is_dropped_leaves_no_transaction_open() {
    let (_folder, store) = new().await;
    store.accept(delivery("d1", command(1, 10))).await.unwrap();
    let claim = store.claim(NOON, LEASE).await.unwrap().unwrap();
    let settlement = Settlement::Abandoned {
        reason: "locked".to_owned(),
    };
    for _ in 0..20 {
        let dropped = store.settle(&claim.lease, NOON, &settlement).now_or_never();
        assert!(dropped.is_none());
        assert!(store.claim(NOON, LEASE).now_or_never().is_none());
        let extended = store.extend(&claim.lease, NOON, at(90)).now_or_never();
        assert!(extended.is_none());
    }
    let fate = store.accept(delivery("d2", command(2, 20))).await.unwrap();
    assert_eq!(fate, Accepted::Queued(JobId(2)));
    assert_eq!(store.stats().await.unwrap().abandoned, 1);
}

#[tokio::test]
async fn job_that_cannot_be_read_is_failed_and_passed_over() {
    for damage in [
        "request = 'not JSON'",
        r#"request = '{"version":"2"}'"#,
        "request = CAST(x'ff' AS TEXT)",
        "commit_sha = 'main'",
        "revision = -1",
        "revision = 99999999999",
    ] {
        let (_folder, store) = new().await;
        store.accept(delivery("d1", command(1, 10))).await.unwrap();
        store.accept(delivery("d2", command(2, 20))).await.unwrap();
        let sql = format!("UPDATE job SET {damage} WHERE id = 1");
        tamper(&store, sqlx::AssertSqlSafe(sql)).await;
        let claim = store.claim(NOON, LEASE).await.unwrap().unwrap();
        assert_eq!(claim.lease.job, JobId(2), "{damage}");
        assert_eq!(store.claim(NOON, LEASE).await.unwrap(), None, "{damage}");
        let jobs = store.jobs(10).await.unwrap();
        let states: Vec<_> = jobs.iter().map(|job| job.state).collect();
        assert_eq!(states, [JobState::Running, JobState::Failed], "{damage}");
    }
}

#[tokio::test]
async fn marker_key_that_was_damaged_is_not_used() {
    let (_folder, store) = new().await;
    tamper(&store, "INSERT INTO meta VALUES ('marker_key', x'00ff')").await;
    insta::assert_snapshot!(
        store.marker_key().await.unwrap_err(),
        @"the store holds something unreadable while reading the marker key: it does not have 32 bytes"
    );
}

#[tokio::test]
async fn database_allows_one_running_job_per_thread_and_one_waiting_per_sender() {
    let (_folder, store) = new().await;
    for state in ["ready", "running"] {
        let twice = "INSERT INTO job (subject, sender, request, state, run_at, created_at, updated_at) \
                     VALUES ('one', 1, '', ?1, 0, 0, 0), ('one', 1, '', ?1, 0, 0, 0)";
        let refused = sqlx::query(twice).bind(state).execute(&store.write).await;
        assert!(refused.is_err(), "{state}");
    }
}

#[tokio::test]
async fn purge_of_more_than_it_deletes_at_once_deletes_all_of_it() {
    let (_folder, store) = new().await;
    tamper(
        &store,
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 900) \
         INSERT INTO job (id, subject, sender, request, state, run_at, created_at, updated_at) \
         SELECT n * 7, 'thread ' || n, 1, '', 'published', 0, 0, 0 FROM number; \
         INSERT INTO delivery SELECT 'github:' || id, id, 0 FROM job; \
         INSERT INTO delivery VALUES ('its job is gone', 9000, 0)",
    )
    .await;
    store.accept(delivery("d1", command(1, 10))).await.unwrap();
    assert_eq!(store.purge(at(1)).await.unwrap(), 1_801);
    let left: Vec<String> = sqlx::query_scalar("SELECT key FROM delivery ORDER BY key")
        .fetch_all(&store.write)
        .await
        .unwrap();
    let wish = format!("wish:{}", command(1, 10).semantic_key());
    assert_eq!(left, ["d1".to_owned(), wish]);
    let stats = Stats {
        ready: 1,
        ..Stats::default()
    };
    assert_eq!(store.stats().await.unwrap(), stats);
}

/// What opening says about a database that was changed by `sql`.
async fn refusal_after(sql: &'static str) -> String {
    let (folder, store) = new().await;
    tamper(&store, sql).await;
    store.close().await;
    refusal(&folder.path().join("queue.db")).await
}

#[tokio::test]
async fn database_of_a_later_version_is_refused() {
    let later = "INSERT INTO _sqlx_migrations VALUES (3, 'later', 0, 1, x'00', 0)";
    insta::assert_snapshot!(refusal_after(later).await, @r"
    the store is unavailable while bringing the database up to date: `FOLDER/queue.db` was last used by a later version, which made its tables anew (migration 3)
    hint: start that version, or restore a copy made before it
    ");
}

#[tokio::test]
async fn database_of_another_build_is_refused() {
    let other = "UPDATE _sqlx_migrations SET checksum = x'00'";
    insta::assert_snapshot!(refusal_after(other).await, @r"
    the store is unavailable while bringing the database up to date: `FOLDER/queue.db` was made by another build (its migration 1 is not ours)
    hint: start that build, or let `store.url` name another file
    ");
}

#[tokio::test]
async fn database_of_another_program_is_refused() {
    let foreign = "DROP TABLE _sqlx_migrations; DROP TABLE meta";
    insta::assert_snapshot!(refusal_after(foreign).await, @r"
    the store is unavailable while bringing the database up to date: `FOLDER/queue.db` holds tables of another program: error returned from database: (code: 1) table job already exists
    hint: let `store.url` name another file
    ");
}

#[tokio::test]
async fn missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(refusal(&folder.path().join("queue.db").join("queue.db")).await, @r"
    the store is unavailable while opening the database: the folder `FOLDER` does not exist
    hint: make it, or let `store.url` name another one
    ");
}

#[tokio::test]
async fn file_that_is_no_database_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "These are my notes, and nobody may overwrite them. ".repeat(40);
    std::fs::write(&path, &text).unwrap();
    insta::assert_snapshot!(refusal(&path).await, @r"
    the store is unavailable while opening the database: `FOLDER/notes.txt` is not an SQLite database
    hint: let `store.url` name another file, or move this one away to begin with an empty store
    ");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn folder_in_place_of_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.db");
    std::fs::create_dir(&path).unwrap();
    insta::assert_snapshot!(
        refusal(&path).await,
        @"the store is unavailable while opening the database: `FOLDER/queue.db`: Is a directory (os error 21)"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn every_file_is_readable_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, store) = new().await;
    store.accept(delivery("d1", command(1, 10))).await.unwrap();
    let mut modes = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        modes.push(format!("{name} {mode:o}"));
    }
    modes.sort();
    let expected = [
        "queue.db 600",
        "queue.db-shm 600",
        "queue.db-wal 600",
        "queue.db.lock 600",
    ];
    assert_eq!(modes, expected);
}

#[tokio::test]
async fn commit_reaches_the_disk_before_it_is_told() {
    let (_folder, store) = new().await;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&store.write)
        .await
        .unwrap();
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&store.write)
        .await
        .unwrap();
    assert_eq!((synchronous, journal.as_str()), (2, "wal"));
}

fn elsewhere(trigger: Trigger) -> Request {
    Request {
        thread: ThreadAddress {
            repository: RepositoryAddress {
                forge: ForgeKind::GitLab,
                host: "git.example.org:8443".to_owned(),
                id: RepositoryId(u64::MAX),
                name: RepositoryName::parse("group/sub/shop").unwrap(),
                installation: None,
            },
            kind: ThreadKind::ChangeRequest,
            number: ThreadNumber(12),
        },
        sender: Author {
            id: UserId(4),
            login: "ren\u{e9}\u{202e}\"\0".to_owned(),
            kind: AuthorKind::Bot,
        },
        trigger,
    }
}

fn asking(command: Command) -> Request {
    elsewhere(Trigger::Command {
        comment: CommentId(5),
        place: CommentPlace::Review,
        command,
    })
}

#[test]
fn request_is_read_back_as_it_was_written() {
    let requests = [
        command(1, 10),
        elsewhere(Trigger::Label {
            name: "needs \"plan\" \u{1f980}".to_owned(),
        }),
        elsewhere(Trigger::Command {
            comment: CommentId(u64::MAX),
            place: CommentPlace::Discussion,
            command: Command::Plan {
                focus: "only\nthe `parser`\u{2028}\0'); DROP TABLE job; --".to_owned(),
            },
        }),
        elsewhere(Trigger::Command {
            comment: CommentId(0),
            place: CommentPlace::Description,
            command: Command::Plan {
                focus: String::new(),
            },
        }),
        asking(Command::Revise {
            feedback: "no\nlibrary".to_owned(),
        }),
        asking(Command::Unknown {
            word: "--x".to_owned(),
        }),
        asking(Command::Check),
        asking(Command::Cancel),
        asking(Command::Config),
        asking(Command::Help),
        elsewhere(Trigger::Push {
            tip: CommitSha::parse(&"a".repeat(40)).unwrap(),
        }),
        elsewhere(Trigger::Withdrawn),
        elsewhere(Trigger::Operator {
            focus: "the queue".to_owned(),
        }),
    ];
    for request in requests {
        let text = saved::write(&request).unwrap();
        assert_eq!(saved::read(&text), Ok(request));
    }
}

/// Written by hand, as version 0.1 saves it. Never change it: files in this shape exist.
const FIRST_SHAPE: &str = r#"{
    "version": "1", "forge": "github", "host": "github.com", "repository_id": 7,
    "repository": "acme/shop", "installation": 99, "change_request": false, "number": 1,
    "sender_id": 1, "sender": "ada", "sender_is_bot": false,
    "trigger": {"kind": "command", "comment": 10, "focus": "focus 10"}
}"#;

#[test]
fn first_shape_stays_readable() {
    assert_eq!(saved::read(FIRST_SHAPE), Ok(command(1, 10)));
    let trigger = r#"{"kind": "command", "comment": 10, "focus": "focus 10"}"#;
    let labeled = FIRST_SHAPE.replace(trigger, r#"{"kind": "label", "name": "plan"}"#);
    let mut expected = command(1, 10);
    expected.trigger = Trigger::Label {
        name: "plan".to_owned(),
    };
    assert_eq!(saved::read(&labeled), Ok(expected));
}

#[test]
fn shape_that_is_not_known_is_refused() {
    let damaged = [
        FIRST_SHAPE.replace("\"version\": \"1\"", "\"version\": \"2\""),
        FIRST_SHAPE.replace("\"github\"", "\"sourcehut\""),
        FIRST_SHAPE.replace("acme/shop", "acme shop"),
        FIRST_SHAPE.replace("\"command\"", "\"reaction\""),
        FIRST_SHAPE.replace("\"number\": 1", "\"number\": -1"),
        String::new(),
    ];
    let refused: Vec<_> = damaged
        .iter()
        .map(|text| saved::read(text).is_err())
        .collect();
    assert_eq!(refused, [true; 6]);
}
