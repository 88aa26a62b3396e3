//! Opening the file: who else has it open, its tables, and the jobs of processes that are gone.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, SqlSafeStr};

use crate::store::StoreError;
use crate::store::sqlite::{primary_code, unavailable};

/// How long a connection waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a caller waits for a connection; forges give up on a webhook after ten seconds.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections that read beside the one that writes: the workers and the status page.
const READERS: u32 = 2;

/// How long we wait for another process that is opening the same file, and how often we look.
const OPENING_TIMEOUT: Duration = Duration::from_secs(30);
const OPENING_POLL: Duration = Duration::from_millis(20);

const OPENING: &str = "opening the database";
const MIGRATING: &str = "bringing the database up to date";

/// `SQLite`'s code for a file that is something else.
const NOT_A_DATABASE: u32 = 26;

/// `SQLite`'s code for a statement that does not fit the tables that are there.
const SQL_ERROR: u32 = 1;

/// The tables, change by change. One that was released is never changed again.
const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "queue", include_str!("migrations/0001_queue.sql")),
    (2, "lanes", include_str!("migrations/0002_lanes.sql")),
];

/// What is open.
pub(super) struct Opened {
    pub(super) write: SqlitePool,
    pub(super) read: SqlitePool,
    pub(super) presence: Option<File>,
}

/// Opens the file, making it when it is missing, and brings its tables up to date. Jobs that run
/// are due at once when no other process has the file open: whoever ran them is gone.
pub(super) async fn open(path: &Path) -> Result<Opened, StoreError> {
    prepare_file(path)?;
    let lock = Lock::take(path).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.clone())
        .await
        .map_err(|error| explain(path, &error))?;
    migrate(path, &write).await?;
    if lock.alone {
        take_back_all(&write).await?;
    }
    let read = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(options);
    let presence = lock.share(path).await?;
    Ok(Opened {
        write,
        read,
        presence,
    })
}

fn refuse(why: String) -> StoreError {
    StoreError::Unavailable {
        doing: OPENING,
        why,
    }
}

fn explain(path: &Path, error: &sqlx::Error) -> StoreError {
    let path = path.display();
    refuse(if primary_code(error) == Some(NOT_A_DATABASE) {
        format!(
            "`{path}` is not an SQLite database\nhint: let `store.url` name another file, or move \
             this one away to begin with an empty store"
        )
    } else {
        format!("`{path}`: {error}")
    })
}

/// Makes the file, readable for its owner alone, before the database writes into it.
fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(folder) = folder
        && !folder.is_dir()
    {
        return Err(refuse(format!(
            "the folder `{}` does not exist\nhint: make it, or let `store.url` name another one",
            folder.display()
        )));
    }
    open_private(path)
        .map(drop)
        .map_err(|error| refuse(format!("`{}`: {error}", path.display())))
}

fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The lock file beside the database. Every process that has the database open holds it shared; the
/// one that opens it while nobody else has it holds it alone until its tables are in order.
struct Lock {
    /// `None` where the file system knows no locks.
    file: Option<File>,
    alone: bool,
}

impl Lock {
    async fn take(path: &Path) -> Result<Self, StoreError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let name = PathBuf::from(name);
        let file = open_private(&name)
            .map_err(|error| refuse(format!("`{}`: {error}", name.display())))?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                file: Some(file),
                alone: true,
            }),
            Err(TryLockError::WouldBlock) => Ok(Self {
                file: wait_for_share(file, path).await?,
                alone: false,
            }),
            Err(TryLockError::Error(_)) => Ok(Self {
                file: None,
                alone: false,
            }),
        }
    }

    /// Lets others in. Whoever comes between the two steps finds no job of ours running yet.
    async fn share(self, path: &Path) -> Result<Option<File>, StoreError> {
        match self.file {
            Some(file) if self.alone => {
                file.unlock().map_err(|error| refuse(error.to_string()))?;
                wait_for_share(file, path).await
            }
            file => Ok(file),
        }
    }
}

async fn wait_for_share(file: File, path: &Path) -> Result<Option<File>, StoreError> {
    let waiting = async {
        loop {
            match file.try_lock_shared() {
                Ok(()) => return true,
                Err(TryLockError::WouldBlock) => tokio::time::sleep(OPENING_POLL).await,
                Err(TryLockError::Error(_)) => return false,
            }
        }
    };
    match tokio::time::timeout(OPENING_TIMEOUT, waiting).await {
        Ok(locked) => Ok(locked.then_some(file)),
        Err(_) => Err(refuse(format!(
            "another process has been opening `{}` for {} seconds\nhint: end it, then start again",
            path.display(),
            OPENING_TIMEOUT.as_secs()
        ))),
    }
}

/// Applies what is missing, in one transaction, so that two processes cannot do it twice.
async fn migrate(path: &Path, pool: &SqlitePool) -> Result<(), StoreError> {
    let migrations = MIGRATIONS.map(|(version, name, text)| {
        let kind = MigrationType::Simple;
        Migration::new(version, name.into(), kind, text.into_sql_str(), false)
    });
    let migrator = Migrator {
        migrations: migrations.to_vec().into(),
        ..Migrator::DEFAULT
    };
    let mut connection = pool.acquire().await.map_err(unavailable(MIGRATING))?;
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(unavailable(MIGRATING))?;
    migrator
        .run(&mut *transaction)
        .await
        .map_err(|error| explain_migration(path, &error))?;
    transaction.commit().await.map_err(unavailable(MIGRATING))
}

fn explain_migration(path: &Path, error: &MigrateError) -> StoreError {
    let path = path.display();
    let why = match error {
        MigrateError::VersionMissing(version) => format!(
            "`{path}` was last used by a later version, which made its tables anew \
             (migration {version})\nhint: start that version, or restore a copy made before it"
        ),
        MigrateError::VersionMismatch(version) => format!(
            "`{path}` was made by another build (its migration {version} is not ours)\n\
             hint: start that build, or let `store.url` name another file"
        ),
        MigrateError::ExecuteMigration(cause, _) if primary_code(cause) == Some(SQL_ERROR) => {
            format!(
                "`{path}` holds tables of another program: {cause}\n\
                 hint: let `store.url` name another file"
            )
        }
        _ => format!("`{path}`: {error}"),
    };
    StoreError::Unavailable {
        doing: MIGRATING,
        why,
    }
}

async fn take_back_all(pool: &SqlitePool) -> Result<(), StoreError> {
    sqlx::query("UPDATE job SET lease_until = 0 WHERE state = 'running'")
        .execute(pool)
        .await
        .map(drop)
        .map_err(unavailable("taking back the jobs of a dead process"))
}
