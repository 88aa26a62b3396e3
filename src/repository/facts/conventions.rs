//! Things that the repository does in one way, with a place that shows how.

use crate::domain::document::Convention;
use crate::domain::plan::Target;
use crate::domain::repository::LineRange;
use crate::repository::index::Index;

/// Files that must share a habit before it counts as one.
const SHARED_BY: usize = 2;

/// Names of what programs call their settings.
const SETTINGS: &[&str] = &[
    "Settings",
    "Config",
    "Configuration",
    "AppConfig",
    "settings",
    "config",
];

/// Names that only occur where something is logged, best known first.
const LOGGERS: &[&str] = &[
    "tracing",
    "getLogger",
    "LoggerFactory",
    "slog",
    "zap",
    "logrus",
    "ILogger",
    "LoggerInterface",
    "winston",
    "pino",
    "log4rs",
    "env_logger",
    "spdlog",
    "glog",
    "structlog",
    "loguru",
    "logger",
];

/// The conventions found, in a fixed order.
pub(super) fn find(index: &Index) -> Vec<Convention> {
    let found = [
        ("error type", error_type(index)),
        ("configuration", settings(index)),
        ("logging", logging(index)),
    ];
    found
        .into_iter()
        .filter_map(|(topic, target)| {
            Some(Convention {
                topic: topic.to_owned(),
                target: target?,
            })
        })
        .collect()
}

/// Kinds that errors and settings are defined as.
fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "struct" | "enum" | "class" | "interface" | "type" | "trait" | "record"
    )
}

/// The error type that most files use.
fn error_type(index: &Index) -> Option<Target> {
    most_used(index, |name| {
        ["Error", "Exception"]
            .iter()
            .any(|ending| name.ends_with(ending))
    })
}

/// The type of the settings that most files use.
fn settings(index: &Index) -> Option<Target> {
    most_used(index, |name| SETTINGS.contains(&name))
}

fn most_used(index: &Index, fits: impl Fn(&str) -> bool) -> Option<Target> {
    let mut best: Option<(usize, Target)> = None;
    for (position, file) in index.snapshot().files.iter().enumerate() {
        if !is_ordinary(index, position) || !index.defines(position, &fits) {
            continue;
        }
        for definition in index.definitions(position) {
            if !is_type(definition.kind) || !fits(&definition.name) {
                continue;
            }
            let users = index.find_users(&definition.name).len();
            if users >= SHARED_BY && best.as_ref().is_none_or(|(most, _)| users > *most) {
                let lines = Some(definition.lines);
                let path = file.path.clone();
                best = Some((users, Target::Verified { path, lines }));
            }
        }
    }
    best.map(|(_, target)| target)
}

/// The first line of ordinary code that names the logger in use.
fn logging(index: &Index) -> Option<Target> {
    LOGGERS.iter().find_map(|logger| {
        let users = index.find_users(logger).into_iter();
        let users: Vec<usize> = users.filter(|file| is_ordinary(index, *file)).collect();
        if users.len() < SHARED_BY {
            return None;
        }
        let file = index.snapshot().files.get(*users.first()?)?;
        let mut lines = file.text.as_deref()?.lines().zip(1_u32..);
        let (_, line) = lines.find(|(line, _)| line.contains(logger))?;
        Some(Target::Verified {
            path: file.path.clone(),
            lines: Some(LineRange::new(line, line)),
        })
    })
}

/// Code that is no test, no example and no support.
fn is_ordinary(index: &Index, file: usize) -> bool {
    let standing = index.standing(file);
    standing.is_code() && !standing.is_test() && !standing.is_aside() && !standing.is_support()
}
