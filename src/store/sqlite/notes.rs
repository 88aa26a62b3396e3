//! For who looks after a store: times noted under a name, among the values that the whole deployment
//! shares, and what the database finds wrong with itself.

use sqlx::Row;
use sqlx::sqlite::SqlitePool;

use crate::store::sqlite::{corrupt, unavailable};
use crate::store::{Millis, StoreError};

/// Keeps the names apart from those of other values.
fn full_name(name: &str) -> String {
    format!("note:{name}")
}

pub(super) async fn noted(pool: &SqlitePool, name: &str) -> Result<Option<Millis>, StoreError> {
    let doing = "reading a noted time";
    let row = sqlx::query("SELECT value FROM meta WHERE name = ?")
        .bind(full_name(name))
        .fetch_optional(pool)
        .await
        .map_err(unavailable(doing))?;
    row.map(|row| {
        let bytes: Vec<u8> = row.try_get(0).map_err(unavailable(doing))?;
        let bytes = bytes
            .try_into()
            .map_err(|_| corrupt(doing)("it does not have 8 bytes".to_owned()))?;
        Ok(Millis(i64::from_be_bytes(bytes)))
    })
    .transpose()
}

pub(super) async fn note(pool: &SqlitePool, name: &str, at: Millis) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES (?, ?) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(full_name(name))
    .bind(at.0.to_be_bytes().as_slice())
    .execute(pool)
    .await
    .map_err(unavailable("noting a time"))?;
    Ok(())
}

/// What the database finds wrong with itself.
pub(super) async fn examine(pool: &SqlitePool) -> Result<Vec<String>, StoreError> {
    let doing = "looking for damage";
    let rows = sqlx::query("PRAGMA quick_check(5)")
        .fetch_all(pool)
        .await
        .map_err(unavailable(doing))?;
    let mut wrong = Vec::new();
    for row in rows {
        let line: String = row.try_get(0).map_err(unavailable(doing))?;
        if line != "ok" {
            wrong.push(line);
        }
    }
    Ok(wrong)
}
