//! The settings in use, for people.

use std::fmt::Write;

use toml::Value;

use crate::config::Loaded;
use crate::config::layers::Leaf;
use crate::config::lists;
use crate::config::problem::Origin;

/// Keys whose values are never shown.
pub(super) const SECRET_KEYS: [&str; 8] = [
    "server.admin_token",
    "github.private_key",
    "github.webhook_secrets",
    "gitlab.token",
    "gitlab.webhook_secrets",
    "gitlab.signing_tokens",
    "model.api_key",
    "fallback_model.api_key",
];

/// One setting as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) origin: Origin,
}

impl From<Leaf> for Entry {
    fn from(leaf: Leaf) -> Self {
        let secret = SECRET_KEYS.contains(&lists::documented(&leaf.key).as_ref());
        Self {
            text: text(&leaf.value, secret),
            key: leaf.key,
            origin: leaf.origin,
        }
    }
}

/// The settings in use as TOML, each with a comment that says where it comes from. Secrets are
/// shown as `"…"`; empty ones as `""`.
pub fn show(loaded: &Loaded) -> String {
    let mut out = String::new();
    let mut current = "";
    for entry in &loaded.entries {
        let (section, name) = entry.key.rsplit_once('.').unwrap_or(("", &entry.key));
        if section != current {
            let gap = if current.is_empty() { "" } else { "\n" };
            let head = match lists::find_entry(&entry.key) {
                Some(_) => format!("[[{}]]", lists::APPS),
                None => format!("[{section}]"),
            };
            // Writing to a `String` cannot fail.
            writeln!(out, "{gap}{head}").unwrap_or_default();
            current = section;
        }
        writeln!(out, "{name} = {}  # from {}", entry.text, entry.origin).unwrap_or_default();
    }
    out
}

fn text(value: &Value, secret: bool) -> String {
    match value {
        Value::String(inner) if secret && !inner.is_empty() => "\"…\"".to_owned(),
        Value::String(inner) => quote(inner),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| text(item, secret)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Integer(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        // No setting is of another kind; its kind is better than its value, should one come.
        other => quote(other.type_str()),
    }
}

/// `inner` as a basic string of TOML.
pub(super) fn quote(inner: &str) -> String {
    let mut out = String::from("\"");
    for letter in inner.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            _ if letter.is_control() => {
                write!(out, "\\U{:08X}", u32::from(letter)).unwrap_or_default();
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}
