//! Arguments as models write them: mostly JSON objects, with keys and types that are mostly right.

use serde_json::{Map, Value};

use super::{Conclusion, NamedPlace};

/// Most bytes of arguments that are looked at.
const MAX_BYTES: usize = 20_000;

/// Longest text taken from an argument, in characters.
const MAX_CHARACTERS: usize = 300;

/// Longest note, in characters; the transcript is dropped and the notes must not take its place.
const MAX_NOTE_CHARACTERS: usize = 3_600;

/// Most places and unknowns of a conclusion.
const MAX_PLACES: usize = 20;

/// Arguments of one call.
#[derive(Debug, Default)]
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads an object, also one that was put into a string. Nothing at all is an empty object.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > MAX_BYTES {
            return Err(format!("the arguments are longer than {MAX_BYTES} bytes"));
        }
        if text.is_empty() || text == "null" {
            return Ok(Self::default());
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(Value::String(inner)) => match serde_json::from_str(&inner) {
                Ok(Value::Object(fields)) => Ok(Self(fields)),
                _ => Err("the arguments must be a JSON object".to_owned()),
            },
            Ok(_) => Err("the arguments must be a JSON object".to_owned()),
            Err(_) => Err("the arguments are no JSON".to_owned()),
        }
    }

    /// The text of the first of `keys` that there is, shortened; empty when there is none.
    pub(super) fn text(&self, keys: &[&str]) -> String {
        let found = keys.iter().find_map(|key| match self.0.get(*key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(items) => items.first()?.as_str().map(ToOwned::to_owned),
            _ => None,
        });
        let found = found.unwrap_or_default();
        found.trim().chars().take(MAX_CHARACTERS).collect()
    }

    /// The text of the first of `keys`.
    pub(super) fn needed(&self, keys: &[&str]) -> Result<String, String> {
        let text = self.text(keys);
        match (text.is_empty(), keys.first()) {
            (true, Some(key)) => Err(format!("the argument `{key}` is missing")),
            _ => Ok(text),
        }
    }

    /// A path as the snapshot spells paths: without `./`, `/` or spaces around it.
    pub(super) fn path(&self) -> String {
        let text = self.text(&["path", "file", "file_path", "filename", "dir", "directory"]);
        let text = text.trim_matches(['`', '"', '\'']);
        let text = text.trim_start_matches("./").trim_matches('/');
        if text == "." {
            String::new()
        } else {
            text.to_owned()
        }
    }

    /// A line number; `None` when there is none.
    pub(super) fn line(&self, keys: &[&str]) -> Option<u32> {
        let found = keys.iter().find_map(|key| self.0.get(*key))?;
        let number = match found {
            Value::Number(number) => number.as_i64()?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        let line = u32::try_from(number.max(0)).unwrap_or(u32::MAX);
        (line > 0).then_some(line)
    }

    /// Whether a flag is set.
    pub(super) fn flag(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| match self.0.get(*key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        })
    }

    /// The same text for the same arguments, in whatever order they came.
    pub(super) fn canonical(&self) -> String {
        let mut fields: Vec<_> = self.0.iter().collect();
        fields.sort_by_key(|(key, _)| *key);
        let fields = fields.iter().map(|(key, value)| format!("{key}={value}"));
        fields.collect::<Vec<_>>().join(" ")
    }

    /// What a call of `finish` says.
    pub(super) fn conclusion(&self) -> Conclusion {
        let list = |key: &str| match self.0.get(key) {
            Some(Value::Array(items)) => items.as_slice(),
            _ => &[],
        };
        let notes = self.0.get("notes").and_then(Value::as_str);
        let notes = notes.unwrap_or_default().trim().chars();
        let unknowns = list("unknowns").iter().filter_map(Value::as_str);
        Conclusion {
            notes: notes.take(MAX_NOTE_CHARACTERS).collect(),
            places: (list("files").iter().filter_map(place))
                .take(MAX_PLACES)
                .collect(),
            unknowns: unknowns
                .map(|text| text.trim().chars().take(MAX_CHARACTERS).collect::<String>())
                .filter(|text| !text.is_empty())
                .take(MAX_PLACES)
                .collect(),
        }
    }
}

/// A place, written as an object or as a path alone.
fn place(value: &Value) -> Option<NamedPlace> {
    let fields = match value {
        Value::String(path) => Map::from_iter([("path".to_owned(), Value::String(path.clone()))]),
        Value::Object(fields) => fields.clone(),
        _ => return None,
    };
    let arguments = Arguments(fields);
    let path = arguments.path();
    (!path.is_empty()).then(|| NamedPlace {
        path,
        symbol: arguments.text(&["symbol", "name"]),
        why: arguments.text(&["why", "reason"]),
    })
}
