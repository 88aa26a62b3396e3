//! This machine: the store, the cache, and who can reach the admin listener.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::compose;
use crate::cli::doctor::report::Report;
use crate::config::Loaded;
use crate::repository::cache::Cache;
use crate::store::Store;

/// Free bytes below which somebody should look: a busy store grows by less in a month.
const LITTLE_BYTES: u64 = 1024 * 1024 * 1024;

/// Free bytes below which requests will soon not be saved any more.
const FEW_BYTES: u64 = 64 * 1024 * 1024;

/// The name under which a time is noted to see whether it can be.
const PROBE: &str = "doctor";

pub(super) async fn examine(loaded: &Loaded, report: &mut Report) {
    examine_store(loaded, report).await;
    examine_cache(loaded, report);
    examine_admin(loaded, report);
}

async fn examine_store(loaded: &Loaded, report: &mut Report) {
    const TOPIC: &str = "store";
    let path = loaded.settings.store.url.sqlite_path();
    examine_room("store disk", &folder(path), report);
    if !path.exists() {
        let message = format!("`{}` is not there yet", path.display());
        return report.warn(
            TOPIC,
            message,
            "`planwright serve` makes it at its first start",
        );
    }
    let store = match compose::open_store(&loaded.settings).await {
        Ok(store) => store,
        Err(failure) => {
            let hint = "see that `store.url` names a database of this version that may be written";
            return report.unknown(TOPIC, failure.to_string(), hint);
        }
    };
    match probe(&store).await {
        Ok(wrong) if wrong.is_empty() => {
            let message = format!("`{}` is whole and can be written", path.display());
            report.ok(TOPIC, message);
        }
        Ok(wrong) => report.fail(
            TOPIC,
            format!("`{}` is damaged: {}", path.display(), wrong.join("; ")),
            "stop the bot, and put a copy back or move the file away to begin anew",
        ),
        Err(error) => {
            report.unknown(
                TOPIC,
                error.to_string(),
                "see who else holds the file, and its disk",
            );
        }
    }
    store.close().await;
}

async fn probe(store: &Arc<dyn Store>) -> Result<Vec<String>, crate::store::StoreError> {
    store.note(PROBE, compose::now()).await?;
    store.examine().await
}

fn examine_cache(loaded: &Loaded, report: &mut Report) {
    const TOPIC: &str = "cache";
    let cache = &loaded.settings.cache;
    let Some(dir) = cache.folder() else {
        let hint = "set `cache.dir` to a folder on a local disk";
        return report.warn(
            TOPIC,
            "there is none: every plan reads everything anew",
            hint,
        );
    };
    match Cache::open(&dir, cache.max_bytes) {
        Ok(_) => {
            report.ok(TOPIC, format!("`{}` can be used", dir.display()));
            examine_room("cache disk", &dir, report);
        }
        Err(error) => {
            let text = error.to_string();
            let (message, hint) = text.split_once("\nhint: ").unwrap_or((&text, ""));
            report.warn(TOPIC, message, hint);
        }
    }
}

fn examine_admin(loaded: &Loaded, report: &mut Report) {
    const TOPIC: &str = "admin listener";
    let server = &loaded.settings.server;
    let address = server.admin_listen;
    if address.ip().to_canonical().is_loopback() {
        return report.ok(TOPIC, format!("{address}, on this machine only"));
    }
    // The settings do not load without a token here.
    report.warn(
        TOPIC,
        format!("{address} can be reached from other machines; it asks for a token"),
        "let it listen on 127.0.0.1, or let nobody but operators reach it, through TLS",
    );
}

fn folder(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    parent.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn examine_room(topic: &str, folder: &Path, report: &mut Report) {
    let told = match rustix::fs::statvfs(folder) {
        Ok(told) => told,
        Err(error) => {
            let message = format!("`{}`: {error}", folder.display());
            return report.unknown(topic, message, "make the folder, or name another one");
        }
    };
    let free = told.f_bavail.saturating_mul(told.f_frsize);
    let mebibytes = free / (1024 * 1024);
    let message = format!("{mebibytes} MiB free at `{}`", folder.display());
    match free {
        FEW_BYTES..LITTLE_BYTES => report.warn(topic, message, "make room, or use another disk"),
        0..FEW_BYTES => report.fail(topic, message, "make room, or use another disk"),
        _ => report.ok(topic, message),
    }
}
