//! What can be saved of a plan that was cut off: everything up to its last whole change.

use serde_json::{Value, json};

use super::{MAX_ANSWER_BYTES, StringScan, begins_object, without_trailing_commas};
use crate::planner::draft::{Draft, Step};

/// Longest title of a step that we write, in characters.
const MAX_TITLE: usize = 80;

/// The lists that come after the changes and are lost with the end.
const LATER_LISTS: [&str; 5] = [
    "steps",
    "dependencies",
    "risks",
    "architecture_notes",
    "out_of_scope",
];

/// The draft that `text` begins, with a step for each whole change; `None` when no change is whole.
pub(in crate::planner) fn read_prefix(text: &str) -> Option<Draft> {
    let text = text.get(..text.floor_char_boundary(MAX_ANSWER_BYTES))?;
    let spoken = text.rsplit_once("</think>").map_or(text, |(_, rest)| rest);
    let start = spoken
        .match_indices('{')
        .map(|(at, _)| spoken.get(at..).unwrap_or_default())
        .find(|rest| begins_object(rest))?;
    let end = end_of_changes(start)?;
    let closed = format!("{}]}}", start.get(..end)?);
    let mut value: Value = serde_json::from_str(&without_trailing_commas(&closed)).ok()?;
    for list in LATER_LISTS {
        if let Some(fields) = value.as_object_mut() {
            fields.insert(list.to_owned(), json!([]));
        }
    }
    let mut draft: Draft = serde_json::from_value(value).ok()?;
    draft.check_limits().ok()?;
    draft.steps = (1..)
        .zip(&draft.changes)
        .map(|(number, change)| {
            let first = change.what.split(". ").next().unwrap_or_default();
            Step {
                id: format!("T{number}"),
                title: first.chars().take(MAX_TITLE).collect(),
                detail: change.what.clone(),
                changes: vec![change.id.clone()],
            }
        })
        .collect();
    Some(draft)
}

/// Where the last whole entry of the list `changes` ends; `None` when there is none.
fn end_of_changes(text: &str) -> Option<usize> {
    let mut scan = StringScan::default();
    let mut depth = 0_usize;
    let (mut key_start, mut key) = (0, "");
    let mut within = false;
    let mut end = None;
    for (at, byte) in text.bytes().enumerate() {
        let was_inside = scan.inside;
        if scan.is_inside(byte) {
            if depth == 1 && !was_inside {
                key_start = at + 1;
            } else if depth == 1 && !scan.inside {
                key = text.get(key_start..at).unwrap_or_default();
            }
            continue;
        }
        match byte {
            b'{' | b'[' => {
                depth += 1;
                within = within || (depth == 2 && byte == b'[' && key == "changes");
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if within && depth == 2 {
                    end = Some(at + 1);
                }
                if within && depth < 2 {
                    break;
                }
            }
            _ => {}
        }
    }
    end
}
