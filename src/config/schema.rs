//! The settings as a JSON Schema, for editors and for whoever generates configuration files.
//!
//! Everything in it is taken from where it is decided: keys, defaults and words from the example, limits
//! from the ranges that are checked.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use toml::Value;

use crate::config::layers::{EXAMPLE, Layers};
use crate::config::lists;
use crate::config::ranges::find_range;

/// The dialect that the schema is written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Keys that choose between a few words. The tests compare them with what is accepted.
pub(super) const CHOICES: [(&str, &[&str]); 7] = [
    (
        "model.provider",
        &["none", "anthropic", "openai", "gemini", "ollama"],
    ),
    ("model.api", &["auto", "responses", "chat"]),
    (
        "model.schema",
        &["auto", "native", "tool", "json", "prompt"],
    ),
    ("model.tools", &["auto", "never"]),
    (
        "policy.minimum_role",
        &["read", "triage", "write", "maintain", "admin"],
    ),
    (
        "budgets.profile",
        &["auto", "outline", "small", "single", "standard", "deep"],
    ),
    ("log.format", &["text", "json"]),
];

/// The schema of a configuration file, indented, with a line end.
pub fn schema() -> String {
    let words = words_of_example();
    let mut sections: Map<String, Json> = Map::new();
    for leaf in Layers::of_example().leaves {
        let Some((section, name)) = leaf.key.split_once('.') else {
            continue;
        };
        let entry = sections.entry(section).or_insert_with(|| {
            json!({
                "type": "object",
                "description": words.get(section),
                "additionalProperties": false,
                "properties": {},
            })
        });
        if let Some(properties) = entry.get_mut("properties").and_then(Json::as_object_mut) {
            let mut property = property(&leaf.key, &leaf.value);
            property.insert("description".to_owned(), json!(words.get(&leaf.key)));
            properties.insert(name.to_owned(), property.into());
        }
    }
    if let Some(app) = sections.get(lists::APP).cloned() {
        let list = json!({"type": "array", "items": app});
        sections.insert(lists::APPS.to_owned(), list);
    }
    let schema = json!({
        "$schema": DIALECT,
        "title": "Planwright's settings",
        "type": "object",
        "additionalProperties": false,
        "properties": sections,
    });
    format!("{schema:#}")
}

/// What may stand for a key, from its default and its limits.
fn property(key: &str, default: &Value) -> Map<String, Json> {
    let mut property = Map::new();
    let mut put = |name: &str, value: Json| property.insert(name.to_owned(), value);
    match default {
        Value::Integer(number) => {
            put("type", json!("integer"));
            put("default", json!(number));
            if let Some(range) = find_range(key) {
                put("minimum", json!(range.start()));
                put("maximum", json!(range.end()));
            }
        }
        Value::Boolean(truth) => {
            put("type", json!("boolean"));
            put("default", json!(truth));
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            put("type", json!("array"));
            put("items", json!({"type": "string"}));
            put("default", json!(items));
        }
        other => {
            put("type", json!("string"));
            put("default", json!(other.as_str().unwrap_or_default()));
            if let Some(choices) = find_choices(key) {
                put("enum", json!(choices));
            }
        }
    }
    property
}

/// What may stand for a key that chooses between words; the second model has the first one's.
pub(super) fn find_choices(key: &str) -> Option<&'static [&'static str]> {
    let key = match key.strip_prefix("fallback_model.") {
        Some(name) => format!("model.{name}"),
        None => key.to_owned(),
    };
    let found = CHOICES.iter().find(|(known, _)| *known == key);
    found.map(|(_, choices)| *choices)
}

/// The comment above each section and each key of the example.
fn words_of_example() -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    let mut section = "";
    let mut block: Vec<&str> = Vec::new();
    for line in EXAMPLE.lines() {
        let opened = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(comment) = line.strip_prefix('#') {
            block.push(comment.strip_prefix(' ').unwrap_or(comment));
        } else if let Some(name) = opened {
            section = name;
            words.insert(name.to_owned(), block.join("\n"));
            block.clear();
        } else if let Some((name, _)) = line.split_once(" = ") {
            words.insert(format!("{section}.{name}"), block.join("\n"));
            block.clear();
        } else {
            block.clear();
        }
    }
    words
}
