//! What a model said, read as the document that it was asked for.
//!
//! The wrapping is forgiven (thoughts before it, code fences, prose around, trailing commas), the
//! shape is not. No input makes this recurse deeply or run long.

mod prefix;

use serde::de::DeserializeOwned;

use crate::planner::draft::{DraftError, check_value_limits, parse_json};

pub(in crate::planner) use prefix::read_prefix;

/// Most bytes of an answer that are looked at: ten times the longest plan seen.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// Most `{` that are tried as the beginning of the document.
const MAX_STARTS: usize = 8;

/// Finds the document in `text` and reads it as `T`.
///
/// # Errors
/// When there is no JSON object, when it is cut, or when the most promising one has another shape.
pub(in crate::planner) fn read_answer<T>(text: &str) -> Result<T, DraftError>
where
    T: DeserializeOwned + serde::Serialize,
{
    if text.len() > MAX_ANSWER_BYTES {
        return Err(DraftError::TooLarge {
            limit_bytes: MAX_ANSWER_BYTES,
        });
    }
    let spoken = text.rsplit_once("</think>").map_or(text, |(_, rest)| rest);
    let (mut objects, cut) = find_objects(spoken);
    objects.sort_by_key(|object| std::cmp::Reverse(object.len()));
    let mut first_error = None;
    for object in objects {
        let read = parse_json(&without_trailing_commas(object))
            .and_then(|value: T| check_value_limits(&value).map(|()| value));
        match read {
            Ok(value) => return Ok(value),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    let without = |why: &str| DraftError::Syntax {
        why: why.to_owned(),
    };
    Err(match first_error {
        _ if cut => without("the JSON object does not end"),
        Some(error) => error,
        None => without("the answer holds no JSON object"),
    })
}

/// The complete objects of `text` that do not lie inside another one, and whether there is one that
/// does not end.
fn find_objects(text: &str) -> (Vec<&str>, bool) {
    let mut objects = Vec::new();
    let mut cut = false;
    let mut from = 0;
    for _ in 0..MAX_STARTS {
        let Some(start) = text
            .get(from..)
            .and_then(|rest| rest.find('{'))
            .map(|at| from + at)
        else {
            break;
        };
        let rest = text.get(start..).unwrap_or_default();
        let object = complete_object(rest);
        cut = cut || (object.is_none() && begins_object(rest));
        from = start + object.map_or(1, str::len);
        objects.extend(object);
    }
    (objects, cut)
}

/// Whether `text` looks like JSON and not like a brace in prose.
fn begins_object(text: &str) -> bool {
    (text.strip_prefix('{')).is_some_and(|rest| rest.trim_start().starts_with('"'))
}

/// The object that `text` begins with, up to its closing brace.
fn complete_object(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut scan = StringScan::default();
    for (at, byte) in text.bytes().enumerate() {
        if scan.is_inside(byte) {
            continue;
        }
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return text.get(..=at);
                }
            }
            _ => {}
        }
    }
    None
}

/// `text` without commas that only space separates from a closing bracket.
fn without_trailing_commas(text: &str) -> String {
    let mut kept = Vec::with_capacity(text.len());
    let mut scan = StringScan::default();
    for byte in text.bytes() {
        if !scan.is_inside(byte) && matches!(byte, b'}' | b']') {
            let last = kept
                .iter()
                .rposition(|before: &u8| !before.is_ascii_whitespace());
            if let Some(last) = last.filter(|last| kept.get(*last) == Some(&b',')) {
                kept.remove(last);
            }
        }
        kept.push(byte);
    }
    // Only whole ASCII characters were removed, so this never replaces anything.
    String::from_utf8_lossy(&kept).into_owned()
}

/// Tells whether bytes of JSON are part of a string.
#[derive(Default)]
struct StringScan {
    inside: bool,
    escaped: bool,
}

impl StringScan {
    /// Whether `byte`, the next one, is part of a string, quotes included.
    fn is_inside(&mut self, byte: u8) -> bool {
        if self.inside {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.inside = false,
                _ => {}
            }
            return true;
        }
        self.inside = byte == b'"';
        self.inside
    }
}

#[cfg(test)]
mod tests;
