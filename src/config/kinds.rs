//! Values must be of the kind that the default has: a text, a number, true or false, or a list.

use serde::Deserialize;
use toml::Value;
use toml::de::ValueDeserializer;

use crate::config::ranges::find_range;

/// Reads a variable as a value of the default's kind. Messages leave the text out: it may be secret.
pub(super) fn parse_variable(default: &Value, text: &str) -> Result<Value, String> {
    match default {
        Value::Integer(_) => match text.trim().parse() {
            Ok(number) => Ok(Value::Integer(number)),
            Err(_) => Err(format!("must be {}", kind(default))),
        },
        Value::Boolean(_) => match text.trim() {
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            _ => Err(format!("must be {}", kind(default))),
        },
        Value::Array(_) if text.trim_start().starts_with('[') => {
            let array = ValueDeserializer::parse(text.trim()).and_then(Value::deserialize);
            array.map_err(|_| {
                format!(
                    "must be {}\nhint: such as [\"one\", \"two\"]",
                    kind(default)
                )
            })
        }
        Value::Array(_) if text.trim().is_empty() => Ok(Value::Array(Vec::new())),
        Value::Array(_) => {
            let parts = text.split(',').map(|part| part.trim().to_owned());
            Ok(Value::Array(parts.map(Value::String).collect()))
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// Says what `value` must be when it is not of the default's kind.
pub(super) fn check_kind(default: &Value, value: &Value) -> Result<(), String> {
    let same = match (default, value) {
        (Value::Array(_), Value::Array(items)) => items.iter().all(Value::is_str),
        _ => default.same_type(value),
    };
    if same {
        return Ok(());
    }
    let hint = match (default, value) {
        (Value::String(_), Value::Integer(_)) => "\nhint: write it in quotes",
        (Value::Integer(_) | Value::Boolean(_), Value::String(_)) => {
            "\nhint: write it without quotes"
        }
        (Value::Array(_), Value::String(_)) => "\nhint: write it in brackets, such as [\"one\"]",
        _ => "",
    };
    Err(format!(
        "must be {}, not {}{hint}",
        kind(default),
        kind(value)
    ))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text in quotes",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(items) if !items.iter().all(Value::is_str) => "a list of something else",
        Value::Array(_) => "a list of texts",
        Value::Table(_) => "a table",
    }
}

/// Says what `value` must be when it is a number beyond the range of `key`.
pub(super) fn check_range(key: &str, value: &Value) -> Result<(), String> {
    match (find_range(key), value) {
        (Some(range), Value::Integer(number)) if !range.contains(number) => Err(format!(
            "must be from {} to {}, not {number}",
            range.start(),
            range.end()
        )),
        _ => Ok(()),
    }
}
