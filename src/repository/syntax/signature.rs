//! The head of a definition in one line.

use tree_sitter::Node;

use super::SIGNATURE_CHARS;
use super::scene::{Draft, line};
use crate::domain::repository::LineRange;

/// Bytes of a head that are looked at; what is behind them would not be kept.
const HEAD_BYTES: usize = 4_000;

/// The lines of a definition and its head: all before its body, with single spaces, shortened.
pub(super) fn lines_and_signature(draft: &Draft<'_>, text: &str) -> (LineRange, String) {
    let first = behind_attributes(draft.whole);
    let start = first.start_byte();
    let body = draft.body.map(|body| body.start_byte());
    let end = body
        .filter(|end| *end > start)
        .unwrap_or(draft.whole.end_byte());
    let last = draft.whole.end_position();
    // A directive's node ends behind its line break.
    let last_row = if last.column == 0 {
        last.row.saturating_sub(1)
    } else {
        last.row
    };
    let lines = LineRange::new(
        line(first.start_position().row),
        line(last_row.max(first.start_position().row)),
    );
    (lines, signature(text, start, end))
}

fn signature(text: &str, start: usize, end: usize) -> String {
    let mut end = end.min(start.saturating_add(HEAD_BYTES)).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(start..end).unwrap_or_default();
    let mut signature = String::new();
    for word in head.split_whitespace() {
        if !signature.is_empty() {
            signature.push(' ');
        }
        signature.push_str(word);
        if signature.len() > SIGNATURE_CHARS * 4 {
            break;
        }
    }
    signature.chars().take(SIGNATURE_CHARS).collect()
}

/// The first part of a definition that is no attribute, annotation or decorator.
fn behind_attributes(whole: Node<'_>) -> Node<'_> {
    let mut cursor = whole.walk();
    if !cursor.goto_first_child() {
        return whole;
    }
    loop {
        let node = cursor.node();
        match node.kind() {
            "modifiers" => {
                if cursor.goto_first_child() {
                    continue;
                }
            }
            "annotation" | "marker_annotation" | "attribute_list" | "decorator" | "comment"
            | "block_comment" | "line_comment" => {}
            _ => return node,
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() || cursor.node() == whole {
                return whole;
            }
        }
    }
}
